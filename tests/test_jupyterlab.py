"""The notebooks and the form in a real JupyterLab, in a browser, as a person uses them."""

import subprocess

import pytest

from analysis.inputs.place import ROOT
from tests import commands
from tests import lab as labs

# one worker, so that one server and one window serve all
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("jupyterlab")]
BURN = ("monthly_burn_usd_m: float = None", "monthly_burn_usd_m: float = 3400"), "$3.4bn a month"
NOTEBOOKS = {  # what is changed in the first cell, and what the outputs say then and not before
    "cost_breakdown": BURN,
    "revenue_gap": BURN,
    "strategic_options": BURN,
    "scenario_comparison": (("baseline: str = None", 'baseline: str = "critics"'), "not as in “Critics”"),
}
SWEEP = "title: Burn\nbase: critics\ndraws: 64\naxes: {monthly_burn_usd_m: [600, 1200]}\n"


@pytest.fixture(scope="module")
def lab(tmp_path_factory, browser):
    """A JupyterLab that is open; the project's tracked notebooks are as they were when it has ended."""
    before = tracked()
    with labs.running(tmp_path_factory.mktemp("lab"), browser) as window:
        yield window
    assert tracked() == before


def tracked() -> str:
    """Return what git sees in notebooks/ and data/; "" where there is no git."""
    command = ["git", "status", "--porcelain", "--", "notebooks", "data"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def check_looks(book) -> None:
    """No text as a formula, nothing blank, one drawing per figure, no violation in light and dark."""
    assert book.formulas() == 0
    assert book.blank() == []
    assert book.drawings() and set(book.drawings()) == {1}
    assert book.axe() == []
    book.scheme("dark")
    assert book.axe("color-contrast") == []
    book.scheme("light")


@pytest.mark.parametrize("stem", NOTEBOOKS)
def test_a_notebook_runs_again_with_another_value_and_looks_as_the_page_does(lab, stem):
    change, said = NOTEBOOKS[stem]
    with lab.open(f"{stem}.ipynb") as book:
        book.run_all()
        assert book.errors() == [] and said not in book.text()
        book.change_first_cell(*change)
        book.run_all()
        assert book.errors() == [] and said in book.text()
        check_looks(book)
        marker = book.page.locator(f"{labs.OUTPUTS} a[href^='#A'], {labs.OUTPUTS} a[href^='#E']").first
        marker.click()
        target = book.page.locator(marker.get_attribute("href"))
        book.page.wait_for_function(
            "(row) => { const place = row.getBoundingClientRect(); return place.height && place.top < innerHeight; }",
            arg=target.element_handle(),
        )


def test_a_wrong_value_in_the_first_cell_is_one_line_and_the_right_one_works_after_it(lab):
    sweep = lab.folder / "burn.yaml"
    sweep.write_text(SWEEP)
    made = commands.start("sweep", sweep, "--out", lab.folder / "burn", "--no-page", cwd=lab.folder)
    with lab.open("sweep.ipynb") as book:
        book.run_all()
        (said,) = book.errors()
        missing = "sweep.json: No such file or directory; run burn-report sweep first"
        assert said.strip() == f"{lab.folder.name}/{missing}"
        commands.finish(made)
        book.change_first_cell('"."', '"burn"')
        book.run_all()
        assert book.errors() == [] and "1,200" in book.text()
        check_looks(book)


def test_the_form_as_a_person_uses_it(lab, tables):
    """Change a number, compare, copy the commands, be told what cannot be, build the pages and open one."""
    with lab.open("rerun.ipynb") as book:
        book.run_all()
        assert book.errors() == []
        page = book.page
        page.get_by_label("Monthly burn at the start, central").fill("1200")
        page.keyboard.press("Tab")
        page.get_by_label("Compare with").select_option(label=tables.scenarios["critics"].title)
        page.get_by_role("button", name="Run", exact=True).press("Enter")
        page.get_by_text("What moved against").wait_for()

        page.get_by_role("button", name="Copy command").press("Enter")
        page.get_by_role("button", name="Copy burn-report line").press("Enter")
        page.get_by_role("button", name="Copied").wait_for()
        assert "--set monthly_burn_usd_m=700,1200,1700" in page.evaluate("navigator.clipboard.readText()")
        assert book.formulas() == 0
        assert book.axe() == []
        book.scheme("dark")
        assert book.axe("color-contrast") == []
        book.scheme("light")

        page.get_by_label("File name").fill("critics")
        page.keyboard.press("Tab")
        for field in ("Title", "What must be true", "Why these numbers"):
            page.get_by_label(field, exact=True).fill("A text.")
            page.keyboard.press("Tab")
        page.get_by_role("button", name="Save as scenario").click()
        page.get_by_role("alert").filter(has_text="critics already").wait_for()
        assert page.get_by_label("File name").input_value() == "critics"

        page.get_by_label("Inputs of the group").select_option(label="Cut back")
        share = page.get_by_label("Cut of spending by focusing, high")
        share.fill("7")
        share.press("Tab")
        page.get_by_role("alert").or_(page.get_by_role("status")).filter(has_text="0 to 1").wait_for()
        assert float(share.input_value()) == 1
        share.fill("0.9")
        share.press("Tab")

        page.get_by_role("button", name="Build pages").click()
        page.get_by_text("done, the last").wait_for()
        page.get_by_text("The pages are built.").wait_for()
        page.get_by_role("link", name="report/my-case/revenue_gap.html").click()  # opens beside the form
        opened = page.frame_locator(".jp-HTMLViewer iframe").get_by_role("main")
        opened.wait_for()
        assert "$1.2bn a month" in opened.inner_text()
