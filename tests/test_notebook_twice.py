"""Notebooks that run again: any number of times in one kernel, whoever set the parameters; a wrong value is
one line.
"""

import pathlib
import sys

import nbformat
import papermill
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from analysis import pages
from analysis.inputs import place
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import resolve
from analysis.pages import PageSpec
from analysis.results.results import Result, as_dict, to_json
from analysis.show import notebook
from tests import demo_page

PARAMETERS = demo_page.NOTEBOOK[0]
BEGIN = """
from analysis.show.notebook import begin

page = begin("demo")
burn = page.case["monthly_burn_usd_m"].central
"""


@pytest.fixture(scope="module")
def shell():
    main = sys.modules["__main__"]  # IPython puts a stand-in there that a process to be started cannot take
    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()
    sys.modules["__main__"] = main


def run(shell, cells) -> dict:
    """Run cells as a kernel does and return its names.

    An error is raised; what was shown last is in _shown.
    """
    for cell in cells:
        with capture_output() as shown:
            done = shell.run_cell(cell, store_history=True)
        shell.user_ns["_shown"] = shown.stdout + shown.stderr
        done.raise_error()
    return shell.user_ns


@pytest.fixture
def demo_pages(tmp_path, monkeypatch):
    monkeypatch.setattr(pages, "__path__", [str(demo_page.write(tmp_path))])
    pages._pages.cache_clear()
    yield tmp_path
    pages._pages.cache_clear()


@pytest.fixture
def kernel(demo_pages, shell):
    """A kernel that knows the demo's pages: called with cells, it runs them."""
    shell.reset()
    return lambda *cells: run(shell, cells)


def test_a_notebook_runs_again_and_again_in_one_kernel(kernel):
    for _ in range(3):
        kernel(*demo_page.NOTEBOOK)


def test_a_change_of_the_first_cell_counts_from_the_next_run(kernel):
    assert kernel(PARAMETERS, BEGIN)["burn"] == 1000
    changed = PARAMETERS.replace("monthly_burn_usd_m: float = None", "monthly_burn_usd_m: float = 1200")
    assert kernel(changed, BEGIN)["burn"] == 1200
    assert kernel(PARAMETERS, BEGIN)["burn"] == 1000


def test_names_of_other_cells_are_no_parameters(kernel):
    names = kernel(PARAMETERS, BEGIN, "draws = 3\nparts = 4", "import numpy as np\nhorizon_months = 7", BEGIN)
    assert names["page"].case.settings.draws == 8192
    assert names["page"].case.settings.horizon_months == 60


def test_what_papermill_injects_adds_to_the_parameters_cell(kernel):
    injected = '# Parameters\nscenario = "critics"\nopening_cash_usd_m = 3000\n'
    first = PARAMETERS.replace("float = None", "float = 1200")
    page = kernel(first, injected, BEGIN)["page"]
    assert page.case.scenario == "critics" and page.case["opening_cash_usd_m"].central == 3000
    assert page.case["monthly_burn_usd_m"].central == 1200
    page = kernel(PARAMETERS, BEGIN)["page"]  # run again by hand, without the injected cell
    assert page.case.scenario == "as_reported"


def test_parameters_may_stand_in_the_cell_that_begins(kernel):
    for burn in (1300, 1400):  # the second time, the names of the first are there
        assert kernel(f'scenario = "critics"\nmonthly_burn_usd_m = {burn}\n' + BEGIN)["burn"] == burn


def test_a_first_cell_without_the_scenario_and_one_with_a_magic_are_read_too(kernel):
    assert kernel("monthly_burn_usd_m = 1300", "%time 1 + 1", BEGIN)["burn"] == 1300


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (PARAMETERS + "monthly_burn_usd_n = 3\n", "monthly_burn_usd_m"),
        (PARAMETERS.replace("float = None", "float = -5"), "allowed is 0 to"),
        (PARAMETERS.replace("float = None", "float = [3, 2, 1]"), "low < central < high"),
        (PARAMETERS.replace('"as_reported"', '"critcs"'), "critics"),
        (PARAMETERS.replace('"as_reported"', "3"), "a name is expected"),
        (PARAMETERS + "stray = 3\n", "unknown parameter 'stray'"),
        (PARAMETERS + 'horizon_months = "soon"\n', "horizon_months"),
    ],
)
def test_a_wrong_parameter_is_one_line_without_a_traceback_and_the_next_run_works(kernel, shell, cell, said):
    with pytest.raises(InputError, match=said):
        kernel(cell, BEGIN)
    shown = shell.user_ns["_shown"].strip()
    assert said in shown and "\n" not in shown and "Traceback" not in shown
    assert kernel(PARAMETERS, BEGIN)["burn"] == 1000


@pytest.fixture
def results(tmp_path, monkeypatch, tables):
    """Two result folders, in the working folder."""
    for scenario in ("as_reported", "critics"):
        case = resolve(tables, scenario, {"draws": 64, "horizon_months": 24})
        (tmp_path / scenario).mkdir()
        content = to_json(as_dict(Result(case)))
        (tmp_path / scenario / "results.json").write_text(content, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


COMPARE = 'from analysis.show.notebook import begin\n\nmeasures = begin("several").measures'


def test_a_page_of_several_cases_takes_folders_and_a_baseline(kernel, results):
    first = 'folders: list = ["as_reported", "critics"]\nbaseline: str = None\n'
    for chosen, baseline in (("None", "as_reported"), ('"critics"', "critics")):
        measures = kernel(first.replace("str = None", f"str = {chosen}"), COMPARE)["measures"]
        assert list(measures.results) == ["as_reported", "critics"] and measures.baseline == baseline


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('folders = "as_reported"', "a list of result folders"),
        ('folders = ["as_reported", "nowhere"]', "nowhere/results.json: No such file"),
        ('folders = ["as_reported"]\nbaseline = "as_reportd"', "Nearest: as_reported"),
        ('folders = ["as_reported"]\nbaseline = ["as_reported"]', "unknown baseline"),
        ("folders = None\nscenario = 3", "unknown parameter 'scenario'"),
    ],
)
def test_a_wrong_folder_or_baseline_is_one_line(kernel, results, cell, said):
    with pytest.raises(InputError, match=said):
        kernel(cell, COMPARE)


@pytest.mark.parametrize("stem", [name for name, page in pages.PAGES.items() if page.kind == "case"])
def test_each_notebook_runs_twice_in_one_kernel_with_another_first_cell(shell, stem):
    """Each code cell, in order; the second time with another burn, which the page then says."""
    shell.reset()
    content = nbformat.read(place.NOTEBOOKS / f"{stem}.ipynb", as_version=4)
    first, *others = [cell.source for cell in content.cells if cell.cell_type == "code"]
    for burn in (1000, 1234):
        page = run(shell, [f"{first}\nmonthly_burn_usd_m = {burn}\ndraws = 64", *others])["page"]
        assert page.case["monthly_burn_usd_m"].central == burn


@pytest.mark.slow
def test_papermill_takes_any_input_by_name_and_fails_on_a_wrong_one_with_one_line(demo_pages, monkeypatch):
    root = pathlib.Path(notebook.__file__).parents[2]
    known = f"import sys\nsys.path.insert(0, {str(root)!r})\nimport analysis.pages\n"
    (demo_pages / "sitecustomize.py").write_text(
        f"{known}analysis.pages.__path__.append({str(demo_pages)!r})\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(demo_pages))
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
    )
    made.cells = [nbformat.v4.new_code_cell(source) for source in (PARAMETERS, BEGIN, "page.appendix()")]
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, demo_pages / "demo.ipynb")
    paths = [str(demo_pages / name) for name in ("demo.ipynb", "out.ipynb")]
    done = papermill.execute_notebook(
        *paths, {"opening_cash_usd_m": [2000, 3000, 4000], "draws": 64}, progress_bar=False
    )
    assert "--set opening_cash_usd_m=2000,3000,4000 --draws 64" in str(done.cells[-1].outputs)
    with pytest.raises(Exception, match=r"^[^\n]*Nearest: opening_cash_usd_m[^\n]*$"):
        papermill.execute_notebook(*paths, {"opening_cash_usd_n": 3000}, progress_bar=False)


def cells(first: str, tags=("parameters",)) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook()
    made.cells = [
        nbformat.v4.new_markdown_cell("Title"),
        nbformat.v4.new_code_cell(first, metadata={"tags": list(tags)}),
    ]
    return made


def test_a_parameters_cell_that_leaves_all_to_the_scenario_is_sound(tables):
    assert notebook.check_parameters_cell(cells(PARAMETERS), PageSpec("demo", 1), tables) == ""
    swept = PageSpec("demo", 1, kind="sweep")
    assert notebook.check_parameters_cell(cells('folder: str = "."'), swept, tables) == ""


@pytest.mark.parametrize(
    ("first", "said"),
    [
        (PARAMETERS.replace("float = None", "float = 1200"), "monthly_burn_usd_m = '1200' was saved"),
        (PARAMETERS.replace('"as_reported"', '"critics"'), "was saved"),
        (PARAMETERS.replace("monthly_burn_usd_m", "monthly_burn"), "Nearest: monthly_burn_usd_m"),
        (PARAMETERS.replace(": float", ""), "a typed name"),
        (PARAMETERS + "import os\n", "a typed name"),
        ("", "nothing is set"),
    ],
)
def test_what_was_saved_by_mistake_in_the_first_cell_is_named(tables, first, said):
    assert said in notebook.check_parameters_cell(cells(first), PageSpec("demo", 1), tables)
    assert "tag" in notebook.check_parameters_cell(cells(PARAMETERS, tags=()), PageSpec("demo", 1), tables)
