"""What a build plans, writes, keeps and says: the plan with jobs that make next to nothing, then a small
project for real.
"""

import json
import os
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from analysis.build import build, files, fingerprints, folders, jobs, processes, products, requests
from analysis.build.jobs import Outcome
from analysis.inputs import place
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import change
from analysis.results.results import Result
from tests import commands
from tests.commands import FAST, finish, pages, start, tree


class Watch:
    """Counts what a build announces and finishes."""

    def __init__(self):
        self.announced, self.finished = [], []

    def start(self, names):
        self.announced += names

    def done(self, name, problem):
        self.finished.append(name)


@pytest.fixture
def made(monkeypatch):
    """Jobs that make next to nothing; `made` lists what they were asked for, `made.fail` what is to go
    wrong.
    """

    class Made(list):
        """What was asked for."""

    asked = Made()
    asked.fail = {}

    def run_page(job):
        asked.append(
            (job.notebook, job.values["scenario"])
            if "scenario" in job.values
            else (job.notebook, *job.values["folders"])
        )
        error = asked.fail.get(job.notebook, "")
        mark = build.ERROR_MARK.decode() if error else ""
        text = f"{job.notebook} {sorted(job.values.items())} {sorted(job.variables.items())} {job.meta} {error}{mark}"
        return Outcome({f"{job.notebook}.html": text, f"{job.notebook}.png": b"png"}, error, executed="{}")

    def run_results(job):
        (scenario, values), folder = job.case, job.folder
        asked.append(("results", folder))
        return Outcome(
            {"results.json": json.dumps({"scenario": scenario, "values": values})},
            said=[f"{folder} moved"] if values else [],
        )

    def run_index(out, shown, not_shown, meta):
        asked.append(("index", *shown))
        return Outcome({"index.html": json.dumps([shown, not_shown, meta])})

    def export_again(job):
        asked.append(("again", job.notebook, job.values["scenario"]))
        return Outcome(
            {f"{job.notebook}.html": str(job.meta), f"{job.notebook}.png": b"png"}, executed=job.executed
        )

    asked.jobs = {
        "worker.run_page": run_page, "worker.export_again": export_again, "products.results": run_results,
        "products.index": run_index, "products.check": lambda *_: None,
    }  # fmt: skip
    monkeypatch.setattr(jobs, "run", lambda name, *args: asked.jobs[name](*args))
    return asked


def request(out, *scenarios, values=None, name=None, notebooks=("cost_breakdown", "revenue_gap"), **more):
    return requests.Request(
        requests.cases(list(scenarios), name, values or {}), list(notebooks), out, 2, **more
    )


def run(asked_for, **options):
    with ThreadPoolExecutor(2) as pool:
        return build.run(asked_for, options.get("watch", Watch()), options.get("say", print), pool)


def index(out):
    return json.loads((out / "index.html").read_text())


class TestPlan:
    def test_every_page_results_comparison_and_index_are_made_once(self, made, tmp_path):
        watch = Watch()
        report = run(request(tmp_path, "as_reported", "critics"), watch=watch)
        wanted = {
            f"{case}/{file}"
            for case in ("as_reported", "critics")
            for file in ("results.json", "cost_breakdown.html", "revenue_gap.html")
        }
        assert (
            set(report.built)
            == wanted | {"index.html", "scenario_comparison.html"}
            == set(watch.finished)
            == set(watch.announced)
        )
        assert ("index", "as_reported", "critics") in made and len(made) == 8

    def test_nothing_changed_starts_nothing(self, made, tmp_path):
        run(request(tmp_path, "critics"))
        before, count = tree(tmp_path), len(made)
        report = run(request(tmp_path, "critics"))
        assert (report.built, report.failed, len(report.fresh)) == ({}, {}, 4)
        assert tree(tmp_path) == before and len(made) == count

    def test_force_makes_all_of_it_again(self, made, tmp_path):
        run(request(tmp_path, "critics"))
        assert len(run(request(tmp_path, "critics", force=True)).built) == 4

    def test_another_value_is_another_page_and_says_what_changed(self, made, tmp_path):
        run(request(tmp_path, "critics", values={"pue": "1.3"}, name="mine"))
        report = run(request(tmp_path, "critics", values={"pue": "1.4"}, name="mine"))
        assert report.built["mine/revenue_gap.html"] == "changed: parameters" and report.said == [
            "mine moved"
        ]

    def test_a_new_neighbour_exports_again_and_runs_nothing(self, made, tmp_path):
        run(request(tmp_path, "critics"))
        del made[:]
        report = run(request(tmp_path, "critics", "price_war"))
        assert {each for each in made if each[0] == "again"} == {
            ("again", name, "critics") for name in ("cost_breakdown", "revenue_gap")
        }
        assert report.built["critics/revenue_gap.html"] == "changed: neighbours"

    def test_a_notebook_that_was_not_kept_as_it_ran_runs_again(self, made, tmp_path):
        run(request(tmp_path, "critics"))
        (tmp_path / files.STATE / "critics" / "revenue_gap.ipynb").write_text("{ }")
        del made[:]
        run(request(tmp_path, "critics", "price_war"))
        assert ("revenue_gap", "critics") in made

    @pytest.mark.parametrize(
        "file", ["critics/revenue_gap.html", "critics/results.json", "critics/revenue_gap.png", "index.html"]
    )
    @pytest.mark.parametrize("change", ["edited", "removed"])
    def test_a_file_that_is_not_as_it_was_made_is_made_again(self, made, tmp_path, file, change):
        run(request(tmp_path, "critics"))
        before = tree(tmp_path)
        (tmp_path / file).unlink() if change == "removed" else (tmp_path / file).write_text("mine")
        assert any(
            "not there as it was made" in reason or "result" in reason
            for reason in run(request(tmp_path, "critics")).built.values()
        )
        assert pages(tmp_path) == {
            name: text for name, text in before.items() if not name.startswith(files.STATE)
        }

    def test_results_that_died_before_they_were_noted_are_not_taken_for_those_of_other_inputs(
        self, made, tmp_path
    ):
        """A build is killed between a page and its note; then its inputs are put back as they were."""
        run(request(tmp_path, "critics"))
        (tmp_path / "critics" / "revenue_gap.html").write_text("made from other inputs")
        assert "critics/revenue_gap.html" in run(request(tmp_path, "critics")).built

    def test_a_scenario_page_knows_where_its_base_is(self, made, tmp_path):
        run(request(tmp_path, "critics"))
        assert "BURN_REPORT_BASE" not in (tmp_path / "critics" / "revenue_gap.html").read_text()
        report = run(request(tmp_path, "as_reported", "critics"))
        assert "place" in report.built["critics/revenue_gap.html"]
        assert (
            "('BURN_REPORT_BASE', '../as_reported')"
            in (tmp_path / "critics" / "revenue_gap.html").read_text()
        )
        assert "BURN_REPORT_BASE" not in (tmp_path / "as_reported" / "revenue_gap.html").read_text()

    def test_a_case_of_ones_own_has_no_base(self, made, tmp_path):
        run(request(tmp_path, "as_reported"))
        run(request(tmp_path, "critics", values={"pue": "1.3"}, name="mine"))
        text = (tmp_path / "mine" / "revenue_gap.html").read_text()
        assert "BURN_REPORT_BASE" not in text and "('BURN_REPORT_CASE', 'mine')" in text


def test_other_draws_keep_the_scenarios_name_and_stay_out_of_the_reports():
    (case,) = requests.cases(["critics"], None, {"draws": "128"})
    assert case.folder == "critics"
    assert requests.place_for(None, case.values).name == requests.OWN
    assert requests.place_for(None, {}) == place.REPORTS
    assert [case.folder for case in requests.cases(["critics", "price_war"], None, {"pue": "1.3"})] == [
        "custom-critics",
        "custom-price_war",
    ]


class TestFailure:
    def test_one_page_fails_and_the_rest_is_there(self, made, tmp_path):
        made.fail["revenue_gap"] = "cell 3, line 2: ValueError: boom"
        report = run(request(tmp_path, "critics"))
        assert (
            report.failed == {"critics/revenue_gap.html": "cell 3, line 2: ValueError: boom"}
            and len(report.built) == 3
        )
        assert (tmp_path / files.STATE / "critics" / "revenue_gap.ipynb").exists()
        assert "boom" in (tmp_path / files.STATE / "last-run.log").read_text()

    def test_only_that_page_is_tried_again(self, made, tmp_path):
        made.fail["revenue_gap"] = "boom"
        run(request(tmp_path, "critics"))
        made.fail.clear()
        del made[:]
        run(request(tmp_path, "critics"))
        assert set(made) == {("revenue_gap", "critics"), ("index", "critics")}

    def test_the_index_waits_for_no_page_and_names_one_that_fails(self, made, tmp_path):
        for problem, failed in (("boom", ["revenue_gap"]), ("", [])):
            made.fail["revenue_gap"] = problem
            run(request(tmp_path, "critics"))
            assert index(tmp_path)[2]["failed"] == {"critics": failed}

    def test_a_job_that_dies_is_a_failed_page(self, made, tmp_path):
        def dies(job):
            raise processes.JobFailed("the job's process ended without an answer")

        made.jobs["worker.run_page"] = dies
        assert set(run(request(tmp_path, "critics")).failed) == {
            "critics/cost_breakdown.html",
            "critics/revenue_gap.html",
        }

    def test_bad_input_writes_nothing(self, made, tmp_path):
        def refuse(*_):
            raise InputError("no")

        made.jobs["products.check"] = refuse
        with pytest.raises(InputError):
            run(request(tmp_path / "out", "critics"))
        assert not list(tmp_path.iterdir())

    def test_a_disk_without_room_fails_the_page_and_keeps_the_old_one(self, made, tmp_path, monkeypatch):
        run(request(tmp_path, "critics"))
        before = pages(tmp_path)
        write = files.write

        def full(path, content):
            if path.suffix == ".html":
                raise OSError(28, "No space left on device")
            write(path, content)

        monkeypatch.setattr(files, "write", full)
        report = run(request(tmp_path, "critics", force=True))
        assert "No space left" in report.failed["critics/revenue_gap.html"]
        assert pages(tmp_path) == before


class TestWhatIsShown:
    """The index and the comparison hold the cases of now, and say which others are left out."""

    def test_a_scenario_that_is_gone_is_named_and_breaks_nothing(self, made, tmp_path):
        run(request(tmp_path, "as_reported", "critics"))
        (tmp_path / "critics" / "results.json").write_text('{"scenario": "sceptics"}')
        report = run(request(tmp_path, "as_reported", "price_war"))
        shown, left_out, _ = index(tmp_path)
        assert (
            shown == ["as_reported", "price_war"]
            and "sceptics is no longer in data/scenarios" in left_out["critics"]
        )
        assert report.not_shown == left_out and report.failed == {}
        assert ("scenario_comparison", "as_reported", "price_war") in made

    @pytest.mark.parametrize("content", ["", "[]", "{", '{"scenario": []}', "\x00"])
    def test_a_damaged_result_is_named_too(self, made, tmp_path, content):
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "results.json").write_text(content)
        run(request(tmp_path, "as_reported"))
        assert index(tmp_path)[0] == ["as_reported"] and "old" in index(tmp_path)[1]

    def test_a_case_of_other_inputs_is_not_shown_beside_those_of_now(self, made, tmp_path, monkeypatch):
        run(request(tmp_path, "as_reported", "critics"))
        monkeypatch.setattr(
            fingerprints,
            "shared",
            lambda: dict.fromkeys(("data", "code", "words and templates", "versions", "revision"), "new"),
        )
        run(request(tmp_path, "as_reported"))
        assert (
            index(tmp_path)[0] == ["as_reported"] and "other inputs or code" in index(tmp_path)[1]["critics"]
        )

    def test_a_page_of_other_inputs_is_not_linked(self, made, tmp_path):
        run(request(tmp_path, "critics", values={"pue": "1.3"}, name="mine"))
        run(request(tmp_path, "critics", values={"pue": "1.4"}, name="mine", notebooks=["cost_breakdown"]))
        assert index(tmp_path)[2]["pages"] == {"mine": ["cost_breakdown"]}

    def test_a_report_that_was_cloned_keeps_its_cases(self, made, tmp_path):
        run(request(tmp_path, "as_reported", "critics"))
        for path in (tmp_path / files.STATE).iterdir():
            path.unlink() if path.is_file() else None
        run(request(tmp_path, "as_reported"))
        assert index(tmp_path)[0] == ["as_reported", "critics"]

    def test_a_second_build_keeps_what_the_first_made_while_it_waited(self, made, tmp_path, monkeypatch):
        """The second plans, then waits for the folder, in which the first finishes meanwhile."""
        first = request(tmp_path, "as_reported", "critics")
        real = build.only_one

        def waiting(out, say):
            monkeypatch.setattr(build, "only_one", real)
            run(first)
            return real(out, say)

        monkeypatch.setattr(build, "only_one", waiting)
        run(request(tmp_path, "price_war"))
        assert index(tmp_path)[0] == ["as_reported", "critics", "price_war"]

    def test_a_sixth_scenario_changes_counts_by_itself(self, made, tmp_path, monkeypatch):
        titles = requests.scenario_titles() | {"cheap_power": "Cheap power"}
        for module in (requests, folders):
            monkeypatch.setattr(module, "scenario_titles", lambda: titles)
        run(request(tmp_path))
        assert index(tmp_path)[0] == list(titles)
        assert (
            "'href': '../cheap_power/revenue_gap.html'"
            in (tmp_path / "critics" / "revenue_gap.html").read_text()
        )


def test_what_lies_beyond_the_months_that_are_modelled_is_not_called_never(base_case):
    short = Result(change(base_case, {"horizon_months": 3}))
    said = products.headlines(short.metrics, 3)
    assert said["runway_months"] == "not within 3 months"
    assert "never" not in " ".join(said.values())
    assert list(products.moved(said, said, "As reported")) == []


class TestFiles:
    def test_a_failed_write_keeps_the_old_file_and_leaves_nothing(self, tmp_path, monkeypatch):
        files.write(tmp_path / "page.html", "old")

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            files.write(tmp_path / "page.html", "new")
        assert tree(tmp_path) == {"page.html": b"old"}

    def test_sweep_removes_only_half_done_work(self, tmp_path):
        (tmp_path / "critics" / f"{files.PART}x").mkdir(parents=True)
        (tmp_path / f"{files.PART}y").write_text("half")
        (tmp_path / "critics" / "page.html").write_text("whole")
        files.sweep(tmp_path)
        assert set(tree(tmp_path)) == {"critics/page.html"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A small project and what a build of a case of one's own makes in it."""
    project = commands.project(tmp_path_factory.mktemp("built"))
    arguments = (
        "build",
        "critics",
        "--set",
        "monthly_burn_usd_m=700, 1200,1600",
        "--name",
        "dearer",
        "--out",
        "o ut",
        *FAST,
    )
    return project, finish(start(*arguments, cwd=project)), arguments


@pytest.mark.slow
@pytest.mark.xdist_group("build")
class TestForReal:
    def test_pages_pictures_results_workbook_index_and_schema_are_written(self, built):
        project, said, _ = built
        found = set(pages(project / "o ut")) - {"dearer/dearer.xlsx"}
        assert found == {
            "index.html",
            "index.json",
            "results.schema.json",
            "dearer/demo.html",
            "dearer/demo.png",
            "dearer/results.json",
        }
        assert str(project / "o ut" / "index.html") in said
        assert (project / "o ut" / "dearer" / "demo.png").read_bytes().startswith(b"\x89PNG")

    def test_results_name_the_case(self, built):
        results = json.loads((built[0] / "o ut" / "dearer" / "results.json").read_text(encoding="utf-8"))
        assert (results["scenario"], results["draws"]) == ("critics", 128)
        assert results["inputs"]["monthly_burn_usd_m"]["origin"] == "override"

    def test_the_end_says_what_moved_against_the_scenario(self, built):
        assert re.search(r"dearer against Critics:\n  .+: .+, in Critics .+\n", built[1])

    def test_the_executed_notebook_holds_no_path_and_no_time(self, built):
        text = (built[0] / "o ut" / files.STATE / "dearer" / "demo.ipynb").read_text(encoding="utf-8")
        nbformat.validate(nbformat.reads(text, as_version=4))
        assert (
            str(built[0]) not in text
            and str(place.ROOT) not in text
            and "start_time" not in text
            and "iopub" not in text
        )

    def test_the_command_in_the_foot_makes_the_same_page_again(self, built):
        import html
        import shlex

        page = (built[0] / "o ut" / "dearer" / "demo.html").read_text(encoding="utf-8")
        command = html.unescape(re.search(r"burn-report build [^<]+", page[page.index("page-foot") :])[0])
        again = ["--name", "dearer", "--out", "again"]
        finish(start(*shlex.split(command)[1:], *again, cwd=built[0]))
        made = (built[0] / "again" / "dearer" / "demo.html").read_bytes()
        assert made == (built[0] / "o ut" / "dearer" / "demo.html").read_bytes()

    def test_an_own_chart_is_on_the_page(self, built):
        *cells, last = commands.demo_page.NOTEBOOK
        own = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
        commands.write_notebook(built[0], (*cells, own, last))
        finish(start("build", "critics", "--out", "own", *FAST, cwd=built[0]))
        assert "data:image/png;base64" in (built[0] / "own" / "critics" / "demo.html").read_text(
            encoding="utf-8"
        )
        commands.write_notebook(built[0], (*cells, last))


class TestNotebooks:
    """What would make a page contradict the index is refused before anything runs."""

    @pytest.fixture
    def notebook(self, monkeypatch, tmp_path):
        monkeypatch.setattr(products, "NOTEBOOKS", tmp_path)
        return shutil.copy(place.NOTEBOOKS / "revenue_gap.ipynb", tmp_path / "revenue_gap.ipynb")

    def test_as_committed_it_is_fine(self, notebook):
        assert products.check_notebook("revenue_gap") == ""

    def test_a_lost_tag(self, notebook):
        book = nbformat.read(notebook, 4)
        del book.cells[0].metadata["tags"]
        nbformat.write(book, notebook)
        assert "tag parameters" in products.check_notebook("revenue_gap")

    def test_a_saved_value(self, notebook):
        text = notebook.read_text(encoding="utf-8")
        notebook.write_text(
            text.replace("monthly_burn_usd_m: float = None", "monthly_burn_usd_m: float = 2000"),
            encoding="utf-8",
        )
        assert "was saved" in products.check_notebook("revenue_gap")

    @pytest.mark.parametrize("content", ["", "[]", "{}", '{"cells": 3}', "\x00"])
    def test_a_damaged_or_missing_file(self, notebook, content):
        notebook.write_text(content, encoding="utf-8")
        assert "not readable as a notebook" in products.check_notebook("revenue_gap")
        notebook.unlink()
        assert "missing" in products.check_notebook("revenue_gap")
