"""The command line: bad input ends with exit code 2, names the culprit and what is allowed, and writes
nothing.
"""

import itertools
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from analysis import cli
from analysis.build import folders, processes
from analysis.inputs import place
from tests.commands import run
from tests.test_safe_names import NAMES

BAD = [
    # scenarios and pages
    (["critcs"], "Nearest: critics"),
    (["Critics"], "unknown scenario"),
    ([""], "unknown scenario"),
    (["../critics"], "unknown scenario"),
    (["critics.yaml"], "Nearest: critics"),
    (["critics", "--notebook", "revenue"], "Nearest: revenue_gap"),
    (["critics", "--notebook", "../x"], "unknown notebook"),
    # --set: form and names
    (["critics", "--set", "monthly_burn_usd_m"], "NAME=VALUE"),
    (["critics", "--set", "=5"], "NAME=VALUE"),
    (["critics", "--set", "monthly_burn_usd_m="], "NAME=VALUE"),
    (["critics", "--set", "monthly_burn=5"], "Nearest: monthly_burn_usd_m"),
    (["critics", "--set", "partner_compute_shar=0.5"], "Nearest: partner_compute_share"),
    (["critics", "--set", "Monthly_burn_usd_m=5"], "Nearest: monthly_burn_usd_m"),
    (["critics", "--set", "x=1\nimport os; os.system('true')=3"], "unknown parameter"),
    (["critics", "--set", "__import__('os').system('true')=3"], "unknown parameter"),
    (["critics", "--set", "monthly_burn_usd_m=5", "--set", "monthly_burn_usd_m=6"], "given twice"),
    # --set: numbers
    (["critics", "--set", "monthly_burn_usd_m=1,5"], "low,central,high"),
    (["critics", "--set", "monthly_burn_usd_m=1,2,3,4"], "low,central,high"),
    (["critics", "--set", "monthly_burn_usd_m=1.000,5"], "low,central,high"),
    (["critics", "--set", "monthly_burn_usd_m=1bn"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=$900"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=1_000"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=0x10"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=１２"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=nan"], "finite"),
    (["critics", "--set", "monthly_burn_usd_m=inf"], "finite"),
    (["critics", "--set", "monthly_burn_usd_m=1e999"], "finite"),
    (["critics", "--set", "monthly_burn_usd_m=-1"], "allowed is 0"),
    (["critics", "--set", "monthly_burn_usd_m=1e9"], "allowed is 0 to 100000"),
    (["critics", "--set", "monthly_burn_usd_m=3,2,1"], "low < central < high"),
    (["critics", "--set", "monthly_burn_usd_m=2,2,2"], "low < central < high"),
    (["critics", "--set", "monthly_burn_usd_m=0,2,3"], "positive domain"),
    (["critics", "--set", "monthly_burn_usd_m=1,nan,3"], "finite"),
    (["critics", "--set", "monthly_burn_usd_m=True"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=__import__('os')"], "a number is expected"),
    (["critics", "--set", "monthly_burn_usd_m=<script>alert(1)</script>"], "a number is expected"),
    (["critics", "--set", "growth_endurance=1.2"], "allowed is 0.001 to 1"),
    (["critics", "--set", "growth_endurance=0"], "allowed is 0.001 to 1"),
    (["critics", "--set", "growth_subscriptions_per_month=20"], "allowed is -0.5 to 1"),
    (["critics", "--set", "serving_cost_ratio=1"], "allowed is 0 to 0.99"),
    (["critics", "--set", "committed_funding_month=-1"], "allowed is 0"),
    # shares
    (["critics", "--set", "partner_compute_share=1.1"], "allowed is 0 to 1"),
    # settings
    (["critics", "--set", "burn_basis=netto"], "Nearest: net"),
    (["critics", "--set", "burn_basis=1"], "unknown burn_basis"),
    (["critics", "--set", "start_month=2025-13"], "YYYY-MM"),
    (["critics", "--set", "start_month=June 2025"], "YYYY-MM"),
    (["critics", "--set", "start_month=2025-6"], "YYYY-MM"),
    (["critics", "--set", "start_month=1025-06"], "YYYY-MM"),
    (["critics", "--set", "target_month=2025-06"], "after start_month"),
    (["critics", "--set", "target_month=2024-01"], "after start_month"),
    (["critics", "--set", "horizon_months=0"], "1 to 240"),
    (["critics", "--set", "horizon_months=241"], "1 to 240"),
    (["critics", "--set", "horizon_months=12.5"], "whole number"),
    (["critics", "--set", "horizon_months=a year"], "a number is expected"),
    # draws, seed, jobs, time
    (["critics", "--draws", "1000"], "Nearest: 512, 1024"),
    (["critics", "--draws", "8"], "from 16"),
    (["critics", "--draws", "0"], "draws"),
    (["critics", "--draws", "many"], "a number is expected"),
    (["critics", "--seed", "-1"], "0 to"),
    (["critics", "--seed", "1.5"], "whole number"),
    (["critics", "--jobs", "0"], "--jobs"),
    (["critics", "--jobs", "two"], "jobs"),
    (["critics", "--timeout", "0"], "--timeout"),
    # folders
    (["critics", "--set", "pue=1.3", "--name", "../x"], "--name"),
    (["critics", "--set", "pue=1.3", "--name", "/tmp/x"], "--name"),
    (["critics", "--set", "pue=1.3", "--name", ".hidden"], "--name"),
    (["critics", "--set", "pue=1.3", "--name", "a b"], "--name"),
    (["critics", "--set", "pue=1.3", "--name", ""], "--name"),
    (["critics", "--set", "pue=1.3", "--name", "x" * 65], "--name"),
    (["critics", "--set", "pue=1.3", "--name", "as_reported"], "is a scenario"),
    (["critics", "--set", "pue=1.3", "--name", "Critics"], "is a scenario"),
    (["critics", "--set", "pue=1.3", "--name", "index.html"], "could be a file"),
    (["critics", "--set", "pue=1.3", "--name", "scenario_comparison.HTML"], "could be a file"),
    (["critics", "--set", "pue=1.3", "--name", "index.json"], "could be a file"),
    (["critics", "--name", "x"], "--set NAME=VALUE"),
    # the command line itself
    (["critics", "--sett", "pue=1.3"], "--set"),
]


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """Jobs run in this process, which has the libraries."""
    monkeypatch.setattr(processes, "executor", lambda workers, *_: ThreadPoolExecutor(workers))


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[" ".join(arguments)[:60] for arguments, _ in BAD])
def test_bad_input_ends_with_2_names_the_culprit_and_writes_nothing(
    monkeypatch, capfd, tmp_path, arguments, said
):
    assert run(monkeypatch, "build", *arguments, "--out", tmp_path / "out") == 2
    captured = capfd.readouterr()
    assert said in captured.err and captured.err.count("\n") == 1
    assert "Traceback" not in captured.err + captured.out
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_no_name_is_refused_on_every_command_that_takes_one(monkeypatch, capfd, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PWNED", raising=False)
    names = [name for name in NAMES if isinstance(name, str)]
    for name, command in itertools.product(names, ("build", "text")):
        given = ["critics"] if command == "build" else ["revenue_gap"]
        assert run(monkeypatch, command, *given, "--set", f"{name}=3") == 2
        assert capfd.readouterr().err.count("\n") == 1
    assert "PWNED" not in os.environ and not list(tmp_path.iterdir())


class TestOut:
    @pytest.mark.parametrize("below", ["", "out"])
    def test_a_file_is_refused(self, monkeypatch, capfd, tmp_path, below):
        (tmp_path / "file").write_text("mine")
        assert run(monkeypatch, "build", "critics", "--out", tmp_path / "file" / below) == 2
        assert "is not a folder" in capfd.readouterr().err
        assert (tmp_path / "file").read_text() == "mine"


class TestLists:
    def test_scenarios(self, monkeypatch, capsys, tables):
        assert run(monkeypatch, "scenarios") == 0
        assert all(name in capsys.readouterr().out for name in [next(iter(tables.scenarios))])

    def test_parameters_by_group(self, monkeypatch, capsys, tables):
        assert run(monkeypatch, "parameters") == 0
        shown = capsys.readouterr().out
        assert all(name in shown for name in [*tables.assumptions.index, "burn_basis", "horizon_months"])
        assert run(monkeypatch, "parameters", "--group", "partner") == 0
        shown = capsys.readouterr().out
        assert "partner_lead_months" in shown and "monthly_burn_usd_m" not in shown

    def test_parameters_searched_and_for_machines(self, monkeypatch, capsys):
        assert run(monkeypatch, "parameters", "--search", "Electricity", "--json") == 0
        (found,) = json.loads(capsys.readouterr().out)
        assert found["name"] == "electricity_usd_per_kwh" and len(found["value"]) == 3

    @pytest.mark.parametrize("command", ["parameters", "version"])
    def test_nobody_reads_on(self, command):
        """As with cat and others: nothing is said, and the exit code is that of SIGPIPE."""
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "analysis", command], stdout=write, stderr=subprocess.PIPE, cwd=place.ROOT
        )
        os.close(write)
        assert (done.returncode, done.stderr) == (141, b"")

    @pytest.mark.parametrize(
        ("option", "said"),
        [
            (("--group", "partnr"), "Nearest: partner"),
            (("--search", "qqq"), "no parameter"),
        ],
    )
    def test_what_does_not_exist_is_said(self, monkeypatch, capsys, option, said):
        assert run(monkeypatch, "parameters", *option) == 2
        assert said in capsys.readouterr().err

    def test_the_sentences_of_a_page(self, monkeypatch, capsys):
        assert run(monkeypatch, "text", "revenue_gap", "--scenario", "critics", "--set", "draws=128") == 0
        said = capsys.readouterr().out
        assert "verdict\n    " in said and "<" not in said

    @pytest.mark.parametrize("page", ["index", "scenario_comparison"])
    def test_the_sentences_of_a_page_of_several_cases(self, monkeypatch, capsys, page):
        assert run(monkeypatch, "text", page) == 0
        assert "figure_strips\n    " in capsys.readouterr().out


class TestCheck:
    def test_the_project_is_sound(self, monkeypatch, capsys):
        assert run(monkeypatch, "check") == 0
        assert "data/ is sound" in capsys.readouterr().out

    def test_for_machines(self, monkeypatch, capsys, tmp_path):
        (tmp_path / "old").mkdir()
        (tmp_path / "old" / "results.json").write_text('{"scenario": "gone"}')
        assert run(monkeypatch, "check", "--json", "--out", tmp_path) == 0
        findings = json.loads(capsys.readouterr().out)["findings"]
        assert [each["kind"] for each in findings if "no longer in data/scenarios" in each["what"]] == [
            "warning"
        ]

    def test_an_output_folder_that_cannot_be_is_an_error(self, monkeypatch, capsys, tmp_path):
        (tmp_path / "file").touch()
        assert run(monkeypatch, "check", "--out", tmp_path / "file") == 2
        assert "error: --out" in capsys.readouterr().out


class TestErrors:
    @pytest.mark.parametrize(
        ("problem", "code", "said"),
        [
            (PermissionError(13, "Permission denied", "/x"), 1, "Error: Permission denied: /x"),
            (
                RuntimeError("what happened"),
                1,
                "Error: what happened (the same command with --debug shows where)",
            ),
            (KeyboardInterrupt(), 130, "Stopped."),
            (cli.Stopped(15), 143, "Stopped."),
        ],
    )
    def test_each_is_one_line_and_a_code(self, monkeypatch, capfd, problem, code, said):
        def fail(*_):
            raise problem

        monkeypatch.setattr(folders, "case_pages", fail)
        assert run(monkeypatch, "build") == code
        said_all = capfd.readouterr().err
        assert said in said_all and "Traceback" not in said_all

    def test_debug_shows_where(self, monkeypatch, capfd):
        assert run(monkeypatch, "build", "critcs", "--debug") == 2
        assert "Traceback" in capfd.readouterr().err


class TestStart:
    def test_help_imports_none_of_the_heavy_libraries(self):
        code = (
            "import sys; sys.argv = ['burn-report', '--help']\n"
            "from analysis import cli\n"
            "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
            "heavy = ('pandas', 'papermill', 'matplotlib', 'numpy', 'nbconvert')\n"
            "print([name for name in heavy if name in sys.modules])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=place.ROOT
        )
        assert done.stdout.strip().endswith("[]"), done.stdout[-300:]
