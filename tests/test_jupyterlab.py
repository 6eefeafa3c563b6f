"""The notebooks and the form in a real JupyterLab, in a browser, as a person uses them."""

import subprocess

import pytest

from analysis.inputs.place import ROOT
from tests import lab as labs

# one worker, so that one server serves all
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("jupyterlab")]
CASE_PAGES = ("cost_breakdown", "revenue_gap", "strategic_options")


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    """A JupyterLab that runs; the project's tracked notebooks are as they were when it has ended."""
    before = tracked()
    with labs.running(tmp_path_factory.mktemp("lab")) as server:
        yield server
    assert tracked() == before


def tracked() -> str:
    """Return what git sees in notebooks/ and data/; "" where there is no git."""
    command = ["git", "status", "--porcelain", "--", "notebooks", "data"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("stem", CASE_PAGES)
def test_a_notebook_runs_again_with_another_number_and_looks_as_the_page_does(lab, browser, stem):
    with lab.open(browser, f"{stem}.ipynb") as book:
        book.run_all()
        assert book.errors() == []
        assert "$1.2bn a month (" not in book.text()
        book.type_first_cell(
            lambda cell: cell.replace("monthly_burn_usd_m: float = None", "monthly_burn_usd_m: float = 1200")
        )
        book.run_all()
        assert book.errors() == []
        assert "$1.2bn a month" in book.text()
        assert book.formulas() == 0
        assert book.blank() == []
        assert book.drawings() and set(book.drawings()) == {1}
        assert book.axe() == []
        book.scheme("dark")
        assert book.axe() == []


def test_a_wrong_value_in_the_first_cell_is_one_line(lab, browser):
    with lab.open(browser, "revenue_gap.ipynb") as book:
        book.type_first_cell(lambda cell: cell.replace('"as_reported"', '"as_reportet"'))
        book.run_all()
        assert book.errors()[0].strip() == "unknown scenario 'as_reportet'. Nearest: as_reported."


def test_the_form_as_a_person_uses_it(lab, browser, tables):
    with lab.open(browser, "rerun.ipynb") as book:
        book.run_all()
        assert book.errors() == []
        page = book.page
        burn = page.get_by_label("Monthly burn at the start, central")
        burn.fill("1200")
        burn.press("Tab")
        page.get_by_label("Compare with").select_option(label=tables.scenarios["critics"].title)
        page.get_by_role("button", name="Run", exact=True).press("Enter")
        page.get_by_text("What moved against").wait_for()
        page.get_by_role("button", name="Copy command").press("Enter")
        commands = page.get_by_label("Commands, for a terminal")
        page.wait_for_function("(field) => field.value", arg=commands.element_handle())
        assert "--set monthly_burn_usd_m=700,1200,1700" in commands.input_value()
        assert book.formulas() == 0
        assert book.axe() == []
        book.scheme("dark")
        assert book.axe() == []


def test_the_form_says_what_is_wrong_and_loses_nothing(lab, browser):
    with lab.open(browser, "rerun.ipynb") as book:
        book.run_all()
        page = book.page
        groups = page.get_by_label("Inputs of the group")
        groups.select_option(label="Cut back")
        share = page.get_by_label("Cut of spending by focusing, high")
        share.fill("7")
        share.press("Tab")
        page.get_by_role("alert").or_(page.get_by_role("status")).filter(has_text="0 to 1").wait_for()
        assert float(share.input_value()) == 1
        page.get_by_label("File name").fill("critics")
        page.get_by_label("File name").press("Tab")
        page.get_by_role("button", name="Save as scenario").click()
        page.get_by_role("alert").filter(has_text="critics already").wait_for()
        assert page.get_by_label("File name").input_value() == "critics"
