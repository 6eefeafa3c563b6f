"""The committed report is the one that this code makes, and keeps the rules that readers rely on."""

import json
import re
from functools import cache

import html5lib
import pytest

from analysis import __version__, pages
from analysis.inputs import tables as data
from analysis.inputs.parameters import resolve
from analysis.inputs.place import DATA, REPORTS
from analysis.results import stored
from analysis.results.results import Result, as_dict, to_json

SCENARIOS = sorted(path.stem for path in (DATA / "scenarios").glob("[a-z]*.yaml"))
CASE_PAGES = [stem for stem, spec in pages.PAGES.items() if spec.kind == "case"]
ALL = [f"{scenario}/{stem}.html" for scenario in SCENARIOS for stem in CASE_PAGES]
ALL += ["index.html", "scenario_comparison.html"]
MOST_RAW, MOST_ZIPPED = 600_000, 150_000
NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def differences(old: object, new: object, where: str = "") -> list[str]:
    """Return where two results differ: structure exactly, numbers by more than 1e-9 relative."""
    if isinstance(old, dict) and isinstance(new, dict):
        found = [f"{where}.{key}: only on one side" for key in sorted(old.keys() ^ new.keys())]
        for key in sorted(old.keys() & new.keys()):
            found += differences(old[key], new[key], f"{where}.{key}")
        return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [
            each
            for n, pair in enumerate(zip(old, new, strict=True))
            for each in differences(*pair, f"{where}[{n}]")
        ]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
    same = abs(old - new) <= 1e-9 * max(abs(old), abs(new)) if numbers else old == new
    return [] if same else [f"{where}: {old} -> {new}"]


class TestDifferences:
    def test_a_number_off_by_more_than_1e_9_is_found(self):
        assert differences({"a": [1.0, 2.0]}, {"a": [1.0, 2.0 + 1e-8]}) == [".a[1]: 2.0 -> 2.00000001"]

    def test_a_number_off_by_less_is_not(self):
        assert differences({"a": 1.0}, {"a": 1.0 + 1e-12}) == []

    def test_null_and_missing_are_found(self):
        assert differences({"a": None}, {"a": 1.0}) == [".a: None -> 1.0"]
        assert differences({"a": 1, "b": 1}, {"a": 1}) == [".b: only on one side"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_rebuilt_results_equal_the_committed_ones(tables, scenario):
    new = json.loads(to_json(as_dict(Result(resolve(tables, scenario)))))
    old = json.loads((REPORTS / scenario / "results.json").read_text(encoding="utf-8"))
    found = differences(old, new)
    assert not found, "results have changed: rebuild reports/ and say so in CHANGELOG.md\n" + "\n".join(
        found[:20]
    )


def test_all_that_belongs_to_the_report_is_there():
    wanted = [*ALL, "index.json", "index.png", "index.schema.json", "results.schema.json"]
    wanted += [f"{scenario}/{scenario}.xlsx" for scenario in SCENARIOS]
    assert [name for name in wanted if not (REPORTS / name).is_file()] == []
    assert (REPORTS / "results.schema.json").read_text(encoding="utf-8") == stored.schema_json()


def test_results_hold_against_the_schema_beside_them():
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((REPORTS / "results.schema.json").read_text(encoding="utf-8"))
    for scenario in SCENARIOS:
        jsonschema.validate(
            json.loads((REPORTS / scenario / "results.json").read_text(encoding="utf-8")), schema
        )


@cache
def text_of(name: str) -> str:
    return (REPORTS / name).read_text(encoding="utf-8")


@cache
def tree_of(name: str):
    return html5lib.parse(text_of(name), namespaceHTMLElements=True)


def hrefs(name: str) -> list[str]:
    return [element.get("href", "") for element in tree_of(name).iter(f"{NAMESPACE}a")]


def ids(name: str) -> set[str]:
    return {element.get("id") for element in tree_of(name).iter() if isinstance(element.tag, str)}


class TestPages:
    def test_weight(self):
        import gzip

        sizes = {
            name: (len(text_of(name).encode()), len(gzip.compress(text_of(name).encode()))) for name in ALL
        }
        assert {
            name: size for name, size in sizes.items() if size[0] > MOST_RAW or size[1] > MOST_ZIPPED
        } == {}

    def test_every_link_leads_somewhere(self):
        broken = []
        for name in ALL:
            folder = (REPORTS / name).parent
            for href in hrefs(name):
                path, _, anchor = href.partition("#")
                if path.startswith(("http:", "https:", "data:")):
                    continue
                target = (folder / path).resolve() if path else (REPORTS / name).resolve()
                if not target.is_file():
                    broken.append(f"{name}: {href}")
                elif anchor and target.suffix == ".html":
                    inside = target.relative_to(REPORTS.resolve()).as_posix()
                    broken += [] if anchor in ids(inside) else [f"{name}: {href}"]
        assert broken == []

    def test_every_marker_has_its_row_and_every_row_an_address_or_our_judgement(self):
        bare = []
        for name in ALL:
            used = set(re.findall(r'class="marker" href="#([ACE]\d+)"', text_of(name)))
            bare += [f"{name}: {mark}" for mark in used - ids(name)]
            rows = {
                e.get("id"): e for e in tree_of(name).iter() if isinstance(e.tag, str) and e.get("id") in used
            }
            for mark, row in rows.items():
                outside = any(a.get("href", "").startswith("http") for a in row.iter(f"{NAMESPACE}a"))
                words = "".join(row.itertext())
                inside = any(a.get("href", "").startswith("#E") for a in row.iter(f"{NAMESPACE}a"))
                if not (outside or inside or "judgement" in words or mark.startswith("C")):
                    bare.append(f"{name}: {mark} leads nowhere")
        assert bare == []

    def test_one_quantity_has_one_value(self):
        """Numbers marked with the same id are written alike on all pages of a scenario."""
        clashes = []
        marked = re.compile(r'<data value="[^"]*" data-id="([^"]+)">([^<]+)</data>')
        for scenario in SCENARIOS:
            seen: dict[str, str] = {}
            for stem in CASE_PAGES:
                for identity, words in marked.findall(text_of(f"{scenario}/{stem}.html")):
                    if seen.setdefault(identity, words) != words:
                        clashes.append(f"{scenario}: {identity} is {seen[identity]!r} and {words!r}")
        assert sorted(set(clashes)) == []

    def test_no_phrase_that_readers_stumbled_over(self):
        banned = (
            "which is likely",
            "beyond two standard errors",
            "0 to 1 of",
            "KEY BACKTEST",
            "our arithmetic",
            "usd m",
        )
        visible = {name: re.sub(r"<(script|style)\b.*?</\1>", "", text_of(name), flags=re.S) for name in ALL}
        assert [f"{name}: {words}" for name in ALL for words in banned if words in visible[name]] == []

    def test_nothing_is_fetched_and_no_path_of_a_machine_is_named(self):
        for name in ALL:
            text = text_of(name)
            assert "default-src 'none'" in text, name
            assert not re.search(r'(src|srcset)="(?!data:)', text), name


def test_the_front_page_says_the_cut_off_and_the_version():
    text = text_of("index.html")
    assert __version__ in text
    assert json.loads((REPORTS / "index.json").read_text(encoding="utf-8"))["version"] == __version__


def test_the_readme_answers_with_the_numbers_of_the_report():
    """The dates and amounts in the answer are those of "As reported"."""
    readme = (REPORTS.parent / "README.md").read_text(encoding="utf-8").replace("\n", " ")
    metrics = json.loads((REPORTS / "as_reported" / "results.json").read_text(encoding="utf-8"))["metrics"]
    from analysis.inputs import months

    for part in ("p5", "p50", "p95"):
        assert months.name(metrics["cash_out_month"][part]) in readme, part
    assert "$870m" in readme
    assert data.load().evidence.loc["E038", "value"] / 9 == pytest.approx(867, abs=1)
