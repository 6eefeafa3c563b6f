"""The form of rerun.ipynb without a browser: what it holds, says, saves and starts."""

import html
import json
import re
import shlex
import shutil
import sys

import nbformat
import pytest

from analysis import cli
from analysis.build import requests
from analysis.form import Form
from analysis.form import state as states
from analysis.inputs import tables as inputs
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import BASE, resolve
from analysis.inputs.place import NOTEBOOKS
from analysis.results.results import Result
from analysis.show.evidence import grounds
from analysis.show.quantity import from_metric
from tests.test_safe_names import NAMES

WORDS = ("Twelve hundred", "Spending is higher than was reported.", "A round number to see what it does.")
HOSTILE = [
    "_x", "X", "../x", "a/b", "a.yaml", "$(touch x)", "`x`", "é", "а", "-rf", "con:", "a" * 60,
    *(name for name in NAMES if isinstance(name, str) and not states.NAME.fullmatch(name)),
]  # fmt: skip


def text(message):
    return message.value.replace("&#39;", "'").replace("&lt;", "<")


def shown(form):
    return form.outcome.outputs[0]["data"]["text/html"]


def copied(form):
    """Return the command lines that are shown, as a button copies them."""
    found = re.findall(r"<code>(.*?)</code>", form.lines.outputs[0]["data"]["text/html"])
    return [html.unescape(line) for line in found]


@pytest.fixture
def state(tables):
    return states.State(tables, BASE)


@pytest.fixture
def dearer(state):
    state.values["monthly_burn_usd_m"] = (1200.0, 1200.0, 1200.0)
    state.values["pue"] = (1.1, 1.2, 1.5)
    state.chosen["horizon_months"] = 36
    return state


@pytest.fixture
def form(copy_of_data):
    return Form(copy_of_data)


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestState:
    def test_a_scenario_as_it_stands_changes_nothing(self, tables):
        for name in tables.scenarios:
            state = states.State(tables, name)
            assert state.overrides() == {}
            assert state.case() == resolve(tables, name)

    def test_the_build_line_makes_the_same_case(self, dearer, tables):
        line = shlex.split(dearer.commands()[0])
        assert line[:3] == ["burn-report", "build", BASE]
        sets = [line[place + 1] for place, part in enumerate(line) if part == "--set"]
        assert resolve(tables, BASE, requests.changes(sets, {})).estimates == dearer.case().estimates
        assert "horizon_months=36" in sets

    def test_the_papermill_line_makes_the_same_case(self, dearer, tables):
        line = shlex.split(dearer.commands()[1])
        given = json.loads(line[line.index("-y") + 1])
        case = resolve(tables, given.pop("scenario"), given)
        assert (case.estimates, case.settings) == (dearer.case().estimates, dearer.case().settings)

    def test_headlines_are_those_of_the_model(self, dearer, tables):
        frame = dearer.headlines("critics").set_index("what")
        cases = {"here": dearer.case(), "scenario": dearer.usual, "compared": resolve(tables, "critics")}
        for column, case in cases.items():
            result = Result(case)
            expected = [str(from_metric(result, name)) for name in states.HEADLINES]
            assert list(frame[column]) == expected, column

    def test_every_input_says_what_it_is(self, tables):
        for scenario, world in tables.scenarios.items():
            names = tables.assumptions.index if scenario == BASE else world.overrides
            for name in names:
                about = grounds(name, scenario, tables)
                assert about["basis"] and about["why"]
                assert all(url.startswith("http") for _, _, url in about["sources"])


class TestSaving:
    def test_what_is_saved_is_the_case_and_passes_the_check(self, dearer, copy_of_data):
        path = dearer.save("dearer", *WORDS, folder=copy_of_data)
        case = resolve(inputs.load(copy_of_data), "dearer")
        assert [(e.name, e.low, e.central, e.high) for e in case.estimates] == [
            (e.name, e.low, e.central, e.high) for e in dearer.case().estimates
        ]
        assert case.settings == dearer.case().settings
        assert path.stat().st_mode & 0o044, "others can read it, as they can the other scenarios"

    def test_a_scenario_on_a_scenario(self, tables, copy_of_data):
        state = states.State(tables, "critics")
        state.values["pue"] = (1.1, 1.2, 1.5)
        state.save("dearer_critics", *WORDS, folder=copy_of_data)
        saved = resolve(inputs.load(copy_of_data), "dearer_critics")
        usual = resolve(tables, "critics")
        differing = [e.name for e in saved.estimates if e.central != usual[e.name].central]
        assert differing == (["pue"] if usual["pue"].central != 1.2 else [])
        assert (saved["pue"].low, saved["pue"].high) == (1.1, 1.5)

    def test_a_name_that_is_no_name_of_a_scenario_writes_nothing(self, dearer, copy_of_data):
        before = files(copy_of_data.parent)
        for name in HOSTILE:
            with pytest.raises(InputError, match=r"^name: small letters") as problem:
                dearer.save(name, *WORDS, folder=copy_of_data)
            assert "\n" not in str(problem.value)
        assert files(copy_of_data.parent) == before

    @pytest.mark.parametrize("action", ["case", "commands", "headlines", "save"])
    def test_a_name_that_is_no_input_gets_nowhere(self, tables, copy_of_data, action):
        before = files(copy_of_data.parent)
        given = ("hostile", *WORDS, copy_of_data) if action == "save" else ()
        for name in NAMES:
            for held in ("values", "chosen"):
                state = states.State(tables, BASE)
                getattr(state, held)[name] = (3.0, 3.0, 3.0) if held == "values" else 3
                with pytest.raises(InputError, match="unknown") as problem:
                    getattr(state, action)(*given)
                assert "\n" not in str(problem.value)
        assert files(copy_of_data.parent) == before

    def test_a_scenario_that_exists_stays(self, dearer, copy_of_data):
        before = files(copy_of_data)
        with pytest.raises(InputError, match="critics already"):
            dearer.save("critics", *WORDS, folder=copy_of_data)
        (copy_of_data / "scenarios" / "fresh.yaml").write_text("mine")  # made since the form was opened
        with pytest.raises(InputError, match="fresh already"):
            dearer.save("fresh", *WORDS, folder=copy_of_data)
        (copy_of_data / "scenarios" / "fresh.yaml").unlink()
        assert files(copy_of_data) == before

    @pytest.mark.parametrize("missing", range(3))
    def test_a_scenario_needs_its_words(self, dearer, copy_of_data, missing):
        words = [*WORDS]
        words[missing] = " "
        before = files(copy_of_data)
        with pytest.raises(InputError, match="a text is expected"):
            dearer.save("dearer", *words, folder=copy_of_data)
        assert files(copy_of_data) == before

    def test_what_the_check_refuses_is_not_left_behind(self, dearer, copy_of_data):
        before = files(copy_of_data)
        with pytest.raises(InputError, match=r"dearer\.yaml"):
            dearer.save("dearer", "two\nlines", *WORDS[1:], folder=copy_of_data)
        assert files(copy_of_data) == before

    def test_a_folder_that_cannot_be_written_is_one_line(self, dearer, copy_of_data):
        shutil.rmtree(copy_of_data / "scenarios")
        with pytest.raises(InputError, match=r"^dearer.yaml: cannot be written in scenarios/ \(No such file"):
            dearer.save("dearer", *WORDS, folder=copy_of_data)


class TestForm:
    def test_every_input_is_in_a_group_with_its_bounds(self, form):
        for group in form.group.options.values():
            form.group.value = group
        assert set(form.numbers) == set(form.tables.assumptions.index)
        for name, fields in form.numbers.items():
            given = form.state.usual[name]
            assert [each.value for each in fields] == [given.low, given.central, given.high]
            assert all((each.min, each.max) == (given.minimum, given.maximum) for each in fields)
        assert form.read().overrides() == {}

    def test_run_says_what_moved(self, form):
        form.run()
        assert "Nothing moved" in shown(form)
        form.numbers["monthly_burn_usd_m"][1].value = 1200
        form.compared.value = "critics"
        form.run()
        assert "What moved" in shown(form) and form.tables.scenarios["critics"].title in shown(form)
        here = str(from_metric(Result(form.state.case()), "runway_months"))
        assert f"<strong>{here}</strong>" in shown(form)
        assert form.message.value == ""

    def test_what_is_out_of_bounds_is_not_taken_and_the_line_says_what_is(self, form):
        fields = form.numbers["serving_cost_ratio"]
        fields[2].value = 7
        assert fields[2].value == 0.99
        assert "0 to 0.99 is allowed" in text(form.message)

    def test_values_in_the_wrong_order_are_said_at_once_and_stay(self, form):
        form.run()
        before = shown(form)
        form.numbers["monthly_burn_usd_m"][1].value = 9000
        assert 'role="alert"' in form.message.value and "low < central < high" in text(form.message)
        form.run()
        assert shown(form) == before
        assert form.numbers["monthly_burn_usd_m"][1].value == 9000
        form.numbers["monthly_burn_usd_m"][2].value = 9900
        assert form.message.value == ""

    def test_a_certain_input_stays_certain(self, form):
        name = next(e.name for e in form.state.usual.estimates if e.certain)
        form.group.value = form.tables.assumptions.loc[name, "group"]
        fields = form.numbers[name]
        fields[1].value = (fields[1].min + fields[1].max) / 2
        assert len({each.value for each in fields}) == 1
        assert form.message.value == ""

    def test_settings_and_a_wrong_month(self, form):
        form.horizon.value = 24
        form.target.value = "soon"
        assert "target_month" in text(form.message)
        form.target.value = "2027-01"
        assert form.read().overrides() == {"horizon_months": 24, "target_month": "2027-01"}

    def test_another_scenario_brings_its_own_values(self, form):
        form.numbers["monthly_burn_usd_m"][1].value = 1200
        form.scenario.value = "critics"
        assert form.read().overrides() == {}
        assert form.state.case() == resolve(form.tables, "critics")

    def test_saving_says_the_file_or_what_is_wrong_and_loses_nothing(self, form, copy_of_data):
        form.numbers["monthly_burn_usd_m"][1].value = 1200
        form.name.value, form.title.value, form.world.value, form.reason.value = "critics", *WORDS
        form.save()
        assert "critics already" in text(form.message)
        assert form.numbers["monthly_burn_usd_m"][1].value == 1200 and form.title.value == WORDS[0]
        form.name.value = "dearer"
        form.save()
        assert "Saved as dearer.yaml" in text(form.message)
        assert resolve(inputs.load(copy_of_data), "dearer")["monthly_burn_usd_m"].central == 1200

    def test_what_is_typed_is_escaped(self, form):
        form.target.value = "<img src=x onerror=alert(1)>"
        assert "<img" not in form.message.value and "&lt;img" in form.message.value

    def test_commands_are_shown(self, form):
        form.numbers["monthly_burn_usd_m"][1].value = 1200
        form.command()
        assert copied(form) == [*form.state.commands()]
        assert "--set monthly_burn_usd_m=700,1200,1700" in copied(form)[0]


class TestBuilding:
    """The thread that watches a build; the build itself is a script that says what a build says."""

    def start(self, form, tmp_path, monkeypatch, script):
        monkeypatch.chdir(tmp_path)
        form.numbers["monthly_burn_usd_m"][1].value = 1200
        said = []
        form.message.observe(lambda change: said.append(change.new), names="value")
        form._build([sys.executable, "-c", script], "my-case")
        return said

    def test_progress_then_links(self, form, tmp_path, monkeypatch):
        folder = tmp_path / "report" / "my-case"
        folder.mkdir(parents=True)
        (folder / "revenue_gap.html").write_text("")
        script = "print('done  my-case/revenue_gap.html')\nprint('done  index.html')"
        said = self.start(form, tmp_path, monkeypatch, script)
        assert [each for each in said if "2 done, the last index.html" in each]
        assert "The pages are built" in said[-1]
        assert 'href="report/index.html"' in shown(form)
        assert 'href="report/my-case/revenue_gap.html"' in shown(form)

    def test_a_build_that_fails_is_said_and_the_form_goes_on(self, form, tmp_path, monkeypatch):
        said = self.start(form, tmp_path, monkeypatch, "print('no <room>'); raise SystemExit(2)")
        assert "no &lt;room&gt;" in said[-1] and 'role="alert"' in said[-1]
        form.run()
        assert "What moved" in shown(form)

    def test_the_command_is_one_that_builds(self, dearer, monkeypatch):
        asked = []
        monkeypatch.setattr("analysis.build.build.run", lambda request, *_: asked.append(request) or 1 / 0)
        with pytest.raises(ZeroDivisionError):
            cli.app(dearer.arguments("report"), standalone_mode=False)
        assert asked[0].out.name == "report"
        assert [case.folder for case in asked[0].cases] == ["my-case"]


def test_the_notebook_runs(monkeypatch, capsys):
    """Its cells, one after the other, as a kernel would."""
    names = {}
    for cell in nbformat.read(NOTEBOOKS / "rerun.ipynb", as_version=4).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    assert isinstance(names["form"], Form)
