"""Words from a page's text file: numbers, what they rest on, and faults that name file and line."""

import dataclasses
import sys

import pytest
from markupsafe import Markup

from analysis import pages
from analysis.inputs.errors import InputError
from analysis.show import template
from analysis.show import text as words
from analysis.show.quantity import Quantity

RUNWAY = Quantity(9.39, "months", ("A01", "A20"), low=5.3, high=15.2, id="runway_months.p50")


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a text file for a page that exists in this test only, and return its words with facts."""
    monkeypatch.setattr(pages, "__path__", [str(tmp_path)])

    def written(template: str, **facts: object) -> words.Text:
        folder = tmp_path / "demo"
        folder.mkdir(exist_ok=True)
        (folder / words.FILE).write_text(template, encoding="utf-8")
        words.fixed.cache_clear()
        words._environment.cache_clear()
        return words.Text("demo", facts)

    return written


def test_a_number_is_written_by_its_own_formatter_with_its_exact_value_and_id(write):
    text = write("{% macro lasts() %}\nCash lasts {{ f.runway }}.\n{% endmacro %}", runway=RUNWAY)
    assert (
        text.words("lasts") == 'Cash lasts <data value="9.39" data-id="runway_months.p50">9.4 months</data>.'
    )


def test_the_markers_of_a_sentence_follow_from_the_numbers_it_prints(write):
    text = write(
        "{% macro lasts() %}Cash lasts {{ f.runway | between }};"
        ' {{ cite("E038") }}{{ f.other | plain }}.{% endmacro %}',
        runway=RUNWAY,
        other=Quantity(2.0, "count", ("E001", "A01")),
        unused=Quantity(3.0, "count", ("E999",)),
    )
    sentence = Markup(text.sentence("lasts"))
    assert sentence.striptags().endswith("between 5.3 and 15 months; 2. [A01][A20][E038][E001]")
    assert list(text.markers.used) == ["A01", "A20", "E038", "E001"]
    assert text.refs("lasts") == ("A01", "A20", "E038", "E001")


def test_a_source_is_marked_once_in_a_paragraph_and_its_first_use_can_be_returned_to(write):
    text = write(
        "{% macro lasts() %}{{ f.runway }}{% endmacro %}{% set silent = 'Nothing.' %}", runway=RUNWAY
    )
    cited: set[str] = set()
    first, second = (text.sentence("lasts", cited=cited) for _ in range(2))
    assert 'id="use-A01"' in first and "marker" not in second
    assert 'id="use-A01"' not in text.sentence("lasts")
    assert "marker" not in text.sentence("silent")


def test_markup_in_data_shows_as_text(write):
    nasty = "<script>alert(1)</script> ]]> & \"'"
    text = write(
        '{% macro said() %}{{ f.who }} {{ f.q }}{% endmacro %}{% set labels = {"a": "<b>"} %}',
        who=nasty,
        q=RUNWAY,
    )
    assert "<script" not in text.words("said") and "&lt;script&gt;" in text.words("said")
    assert text.words("said").striptags().startswith(nasty)


FAULTS = {
    "an unknown fact": ("line 2", "runwy", "{% macro a() %}\n{{ f.runwy }}{% endmacro %}"),
    "an unknown fact in a branch": (
        "line 2",
        "runwy",
        "{% macro a() %}\n{% if f.runwy %}x{% endif %}{% endmacro %}",
    ),
    "an unknown filter": ("line 2", "mony", "\n{{ f.runway | mony }}"),
    "an unknown macro": ("line 3", "listd", "{% macro a() %}\n\n{{ listd(3) }}{% endmacro %}"),
    "a bare fraction": ("line 1", "without a formatter", "{% macro a() %}{{ f.runway.value }}{% endmacro %}"),
    "None": ("line 2", "None is printed", "{% macro a() %}\n{{ f.nothing }}{% endmacro %}"),
    "a macro left open": ("line", "endmacro", "{% macro a() %}\n x"),
    "two texts of one quantity": (
        "line 2",
        "one quantity, two texts",
        "{% macro a() %}{{ f.runway }}\n{{ f.precise }}{% endmacro %}",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_text_names_file_and_line(write, fault):
    line, said, template = FAULTS[fault]
    with pytest.raises(InputError) as refused:
        write(template, runway=RUNWAY, nothing=None, precise=dataclasses.replace(RUNWAY, digits=3)).words("a")
    assert f"demo/text.en.j2, {line}" in str(refused.value) and said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_name_says_the_nearest(write):
    text = write("{% macro lasts() %}{{ f.runwy }}{% endmacro %}", runway=RUNWAY)
    with pytest.raises(InputError, match="runway"):
        text.words("lasts")
    with pytest.raises(InputError, match="lasts"):
        text.words("last")


def test_labels_need_no_facts_and_an_unknown_one_names_the_file(write):
    write(
        '{% set title = "Demo" %}{% set labels = {"power": "Electricity"} %}'
        "{% macro a() %}{{ f.x }}{% endmacro %}"
    )
    assert words.Labels("demo")["power"] == "Electricity" and words.fixed("demo")["title"] == "Demo"
    with pytest.raises(InputError, match="power"):
        words.Labels("demo")["powr"]


def test_helpers_that_pages_share(write):
    text = write(
        '{% from "shared.en.j2" import plural, listed, ranging %}'
        '{% macro a() %}{{ plural(1, "option", "options") }}, {{ plural(4, "option", "options") }}, '
        '{{ plural(200000, "chip", "chips") }}: {{ listed(["<a>", f.runway, "c"]) }}{% endmacro %}'
        "{% macro b() %}{{ ranging(f.runway) }}; {{ listed([]) }}{{ listed([1]) }}{% endmacro %}"
        '{% macro c() %}{{ ("nine " ~ "of ten") | sentence_case }}{% endmacro %}',
        runway=RUNWAY,
    )
    assert text.words("a").striptags() == "one option, four options, 200,000 chips: <a>, 9.4 months and c"
    assert text.words("b").striptags() == "between 5.3 and 15 months in nine of ten simulations; 1"
    assert text.words("c") == "Nine of ten"


class TestCompiledTemplates:
    @pytest.fixture(autouse=True)
    def kept(self, monkeypatch, tmp_path):
        monkeypatch.setattr(sys, "dont_write_bytecode", False)
        monkeypatch.setattr(template.COMPILED, "directory", str(tmp_path))
        (tmp_path / "x.j2").write_text(
            "{{ 'fast' | changed }}{% set a = 'slow' | changed %}, {{ a }}", "utf-8"
        )
        return tmp_path

    def said(self, folder, changed):
        """Return what a process that starts anew would print."""
        environment = words._environment.__wrapped__((str(folder),))
        environment.filters["changed"] = changed
        return environment.get_template("x.j2").render()

    def test_they_are_kept_and_made_anew_after_a_change(self, kept):
        assert self.said(kept, str.upper) == "FAST, SLOW"
        assert len(list(kept.glob("*.jinja"))) == 1
        (kept / "x.j2").write_text("{{ 'new' | changed }}", "utf-8")
        assert self.said(kept, str.upper) == "NEW"

    def test_what_filters_make_is_of_now(self, kept):
        self.said(kept, str.upper)
        assert self.said(kept, str.title) == "Fast, Slow"

    def test_nothing_is_kept_where_python_keeps_nothing(self, kept, monkeypatch):
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        assert self.said(kept, str.upper) == "FAST, SLOW"
        assert not list(kept.glob("*.jinja"))

    def test_a_folder_that_cannot_be_written_is_no_error(self, kept, monkeypatch):
        monkeypatch.setattr(template.COMPILED, "directory", str(kept / "missing"))
        assert self.said(kept, str.upper) == "FAST, SLOW"

    def test_a_damaged_file_is_made_anew(self, kept):
        self.said(kept, str.upper)
        [file] = kept.glob("*.jinja")
        file.write_bytes(file.read_bytes()[:-20])
        assert self.said(kept, str.upper) == "FAST, SLOW"
