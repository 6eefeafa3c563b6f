"""Builds as a user runs them: what is written, what is not, and what is left when something goes wrong."""

import json
import os
import pathlib
import re
import signal
import subprocess
import sys

import nbformat
import pytest

from analysis import inputs
from analysis.report import files, keys
from analysis.report.requests import scenario_titles

FAST = ["--draws", "128"]
ENTRIES = [
    "scenario",
    "version",
    "seed",
    "draws",
    "start_month",
    "horizon_months",
    "burn_basis",
    "target_month",
    "inputs",
    "metrics",
    "portfolios",
]


def burn_report(*arguments: str, cwd: pathlib.Path | None = None, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "analysis.cli", *arguments]
    return subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=300)


def tree(folder: pathlib.Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "out"
    done = burn_report("build", "critics", "--set", "monthly_burn_usd_m=1200", "--name", "dearer", "--out", str(out), *FAST)
    assert done.returncode == 0, done.stderr
    return out, done


class TestBuild:
    def test_it_writes_pages_notebooks_results_and_an_index(self, built):
        out, done = built
        pages = ("cost_breakdown", "revenue_gap", "strategic_options")
        wanted = {
            "index.html",
            "dearer/results.json",
            keys.MANIFEST,
            *(f"dearer/{page}.{end}" for page in pages for end in ("html", "ipynb")),
        }
        assert set(tree(out)) == wanted
        assert str(out / "index.html") in done.stdout

    def test_results_name_the_case(self, built):
        results = json.loads((built[0] / "dearer" / "results.json").read_text(encoding="utf-8"))
        assert list(results)[: len(ENTRIES)] == ENTRIES
        assert (results["scenario"], results["draws"]) == ("critics", 128)
        assert results["inputs"]["monthly_burn_usd_m"] == {
            "low": 1200.0, "central": 1200.0, "high": 1200.0, "unit": "usd_m_per_month", "origin": "override",
        }  # fmt: skip
        assert results["inputs"]["growth_endurance"]["origin"] == "scenario"
        assert results["inputs"]["gpus_installed"]["origin"] == "assumptions"
        assert len(results["portfolios"]) == 16

    def test_the_page_says_how_it_is_made_again(self, built):
        text = (built[0] / "dearer" / "revenue_gap.html").read_text(encoding="utf-8")
        command = re.search(r'<pre class="command">(burn-report build [^<]+)</pre>', text[text.index("page-foot") :])[1]
        assert "build critics" in command
        assert "--set monthly_burn_usd_m=1200" in command
        assert "--draws 128" in command

    def test_executed_notebooks_hold_no_path_and_no_time(self, built):
        for path in built[0].glob("*/*.ipynb"):
            text = path.read_text(encoding="utf-8")
            nbformat.validate(nbformat.reads(text, as_version=4))
            assert str(inputs.ROOT) not in text
            assert "start_time" not in text and "iopub" not in text

    def test_nothing_changed_starts_nothing(self, built):
        before = tree(built[0])
        done = burn_report(
            "build", "critics", "--set", "monthly_burn_usd_m=1200", "--name", "dearer", "--out", str(built[0]), *FAST, "-v"
        )
        assert done.returncode == 0
        assert "Nothing has changed" in done.stdout
        assert "dearer/revenue_gap.html: up to date" in done.stdout
        assert tree(built[0]) == before

    def test_another_value_says_what_changed(self, built, tmp_path):
        done = burn_report("build", "critics", "--set", "monthly_burn_usd_m=1100", "--name", "dearer", "--out", str(built[0]), *FAST, "-v",
                           "--notebook", "cost_breakdown")  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "dearer/cost_breakdown.html: built (changed: parameters)" in done.stdout


class TestSameBytes:
    def test_place_jobs_locale_zone_and_hash_seed_change_nothing(self, tmp_path):
        one, two = tmp_path / "one", tmp_path / "somewhere" / "else"
        arguments = ["build", "price_war", *FAST, "--out"]
        first = burn_report(*arguments, str(one), "--jobs", "1", TZ="UTC", PYTHONHASHSEED="1")
        second = burn_report(
            *arguments, str(two), "--jobs", "3", cwd=tmp_path, TZ="Asia/Tokyo", LC_ALL="C", LANG="de_DE.UTF-8", PYTHONHASHSEED="2"
        )
        assert first.returncode == second.returncode == 0, first.stderr + second.stderr
        left, right = tree(one), tree(two)
        assert left.keys() == right.keys()
        assert [name for name in left if left[name] != right[name]] == []


class TestFailure:
    def test_a_cell_that_takes_too_long_ends_as_a_readable_page(self, tmp_path):
        done = burn_report(
            "build",
            "critics",
            "--draws",
            "262144",
            "--timeout",
            "1",
            "--notebook",
            "cost_breakdown",
            "--out",
            str(tmp_path / "out"),
        )
        assert done.returncode == 1
        assert "critics/cost_breakdown.html: failed" in done.stderr
        page = (tmp_path / "out" / "critics" / "cost_breakdown.html").read_text(encoding="utf-8")
        assert "could not be built" in page and "--timeout" in page and "Critics" in page
        assert "Not built: Cost breakdown" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")

    def test_a_killed_build_leaves_only_whole_files_and_the_next_completes_it(self, tmp_path):
        out = tmp_path / "out"
        command = [sys.executable, "-m", "analysis.cli", "build", "critics", "price_war", *FAST, "--out", str(out)]
        with subprocess.Popen(
            command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, start_new_session=True
        ) as running:
            for line in running.stderr:
                if line.startswith("done"):
                    break
            running.send_signal(signal.SIGKILL)
            running.stderr.read()  # ends when the last process of the build has let go of its end
        assert not [path for path in out.rglob(f"{files.PREFIX}*")]
        for path in out.rglob("*.html"):
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        done = burn_report("build", "critics", "price_war", *FAST, "--out", str(out))
        assert done.returncode == 0, done.stderr
        assert len(list(out.glob("*/*.html"))) == 6

    def test_two_builds_into_one_folder_do_not_mix(self, tmp_path):
        command = [
            sys.executable,
            "-m",
            "analysis.cli",
            "build",
            "critics",
            "--notebook",
            "cost_breakdown",
            *FAST,
            "--out",
            str(tmp_path / "out"),
        ]
        pair = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        outputs = [process.communicate(timeout=300) for process in pair]
        assert [process.returncode for process in pair] == [0, 0], outputs
        assert (tmp_path / "out" / "critics" / "cost_breakdown.html").is_file()
        assert not list((tmp_path / "out").rglob(f"{files.PREFIX}*"))


class TestFiles:
    def test_a_failed_write_keeps_the_old_file_and_leaves_nothing(self, tmp_path, monkeypatch):
        target = tmp_path / "page.html"
        files.write(target, "old")

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            files.write(target, "new")
        assert tree(tmp_path) == {"page.html": b"old"}

    def test_sweep_removes_only_half_done_work(self, tmp_path):
        (tmp_path / "critics" / f"{files.PREFIX}x").mkdir(parents=True)
        (tmp_path / f"{files.PREFIX}y").write_text("half")
        (tmp_path / "critics" / "page.html").write_text("whole")
        files.sweep(tmp_path)
        assert set(tree(tmp_path)) == {"critics/page.html"}


class TestKeys:
    def test_touching_a_file_changes_nothing_and_editing_it_does(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("1")
        before = keys.files(tmp_path, "*.csv")
        os.utime(path, (1, 1))
        assert keys.files(tmp_path, "*.csv") == before
        path.write_text("2")
        assert keys.files(tmp_path, "*.csv") != before

    def test_a_scenario_touches_its_own_pages_and_those_that_show_it(self, monkeypatch, tmp_path):
        before = {(n, s): keys.page(n, s, {}, {}) for n in ("revenue_gap", "strategic_options") for s in scenario_titles()}
        real = keys.files

        def edited(folder, *patterns):
            extra = "edited" if folder.name == "scenarios" and {"critics.yaml", "*.yaml"} & set(patterns) else ""
            return keys.digest(real(folder, *patterns), extra) if extra else real(folder, *patterns)

        monkeypatch.setattr(keys, "files", edited)
        changed = {key for key, old in before.items() if keys.page(*key, {}, {}) != old}
        assert changed == {("revenue_gap", "critics"), *(("strategic_options", s) for s in scenario_titles())}

    def test_why_names_what_changed(self):
        assert keys.why({"a": "1", "b": "1"}, {"a": "1", "b": "2"}, True) == "changed: b"
        assert keys.why({"a": "1"}, {"a": "1"}, True) == ""
        assert keys.why({"a": "1"}, {"a": "1"}, False) == "not there yet"


class TestPapermill:
    def test_papermill_itself_runs_a_page_with_parameters(self, tmp_path):
        out = tmp_path / "out.ipynb"
        done = subprocess.run(
            [sys.executable, "-m", "papermill", str(inputs.ROOT / "notebooks" / "revenue_gap.ipynb"), str(out), "-p", "scenario", "critics",
             "-p", "monthly_burn_usd_m", "1200", "-p", "draws", "128"], cwd=tmp_path, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        assert "1.2bn" in out.read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("monthly_brun_usd_m", "1200", "Nearest: monthly_burn_usd_m"),
            ("monthly_burn_usd_m", "-5", "allowed is 0"),
            ("scenario", "critcs", "Nearest: critics"),
        ],
    )
    def test_a_wrong_parameter_stops_papermill_in_the_first_cell(self, tmp_path, name, value, said):
        done = subprocess.run(
            [sys.executable, "-m", "papermill", str(inputs.ROOT / "notebooks" / "revenue_gap.ipynb"), str(tmp_path / "out.ipynb"), "-p", name, value],
            cwd=tmp_path, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode != 0
        assert said in done.stderr

    def test_help_shows_every_parameter(self):
        path = str(inputs.ROOT / "notebooks" / "revenue_gap.ipynb")
        done = subprocess.run(
            [sys.executable, "-m", "papermill", "--help-notebook", path], capture_output=True, text=True, timeout=120
        )
        for name in ["scenario", "burn_basis", *inputs.load().assumptions.index]:
            assert re.search(rf"^\s+{name}:", done.stdout, flags=re.M), name
