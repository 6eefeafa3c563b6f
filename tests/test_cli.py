"""The command line: bad input ends with exit code 2, names the culprit and what is allowed, and writes nothing."""

import subprocess
import sys

import pytest

from analysis import cli, inputs

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
    (["critics", "--set", "share_computer=0.5"], "Nearest: share_compute"),
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
    (["critics", "--set", "share_compute=1.1"], "allowed is 0 to 1"),
    (["critics", "--set", "share_compute=0.9", "--set", "share_talent=0.2"], "must not exceed 1"),
    (
        [
            "critics",
            *(part for name in ("compute", "talent", "data", "compliance", "other") for part in ("--set", f"share_{name}=0.1")),
        ],
        "must sum to 1",
    ),
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
    (["critics", "--name", "x"], "--set NAME=VALUE"),
    # the command line itself
    (["critics", "--sett", "pue=1.3"], "--set"),
]


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["burn-report", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


@pytest.mark.parametrize(("arguments", "said"), BAD, ids=[" ".join(arguments)[:60] for arguments, _ in BAD])
def test_bad_input_ends_with_2_names_the_culprit_and_writes_nothing(monkeypatch, capfd, tmp_path, arguments, said):
    assert run(monkeypatch, "build", *arguments, "--out", str(tmp_path / "out")) == 2
    captured = capfd.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err + captured.out
    assert not list(tmp_path.iterdir())


class TestOut:
    def test_a_file_is_refused(self, monkeypatch, capfd, tmp_path):
        (tmp_path / "file").write_text("mine")
        assert run(monkeypatch, "build", "critics", "--out", str(tmp_path / "file")) == 2
        assert "is not a folder" in capfd.readouterr().err
        assert (tmp_path / "file").read_text() == "mine"

    def test_a_folder_below_a_file_is_refused(self, monkeypatch, capfd, tmp_path):
        (tmp_path / "file").write_text("mine")
        assert run(monkeypatch, "build", "critics", "--out", str(tmp_path / "file" / "out")) == 2
        assert "is not a folder" in capfd.readouterr().err


class TestLists:
    def test_scenarios(self, monkeypatch, capsys):
        assert run(monkeypatch, "scenarios") == 0
        shown = capsys.readouterr().out
        assert all(name in shown for name in inputs.load().scenarios)

    def test_parameters(self, monkeypatch, capsys):
        assert run(monkeypatch, "parameters") == 0
        shown = capsys.readouterr().out
        assert all(name in shown for name in [*inputs.load().assumptions.index, "burn_basis", "horizon_months"])

    def test_check(self, monkeypatch, capsys):
        assert run(monkeypatch, "check") == 0
        assert "data/ is sound" in capsys.readouterr().out


class TestStart:
    def test_help_imports_none_of_the_heavy_libraries(self):
        code = (
            "import sys; sys.argv = ['burn-report', '--help']\n"
            "from analysis import cli\n"
            "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
            "print([name for name in ('pandas', 'papermill', 'matplotlib', 'numpy', 'nbconvert') if name in sys.modules])"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
        assert done.stdout.strip().endswith("[]"), done.stdout[-300:]

    def test_it_works_from_any_folder(self, tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "analysis.cli", "check"], cwd=tmp_path, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
