"""`burn-report sweep`: the same bytes however it is spread or stopped; what is wrong is said; nothing stays."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pyarrow.parquet as pq
import pytest

from analysis import cli
from analysis.build import engines, fingerprints, processes, sweeping
from analysis.inputs import place
from analysis.sweep import spec, store
from tests import commands

LONG = """
axes:
  monthly_burn_usd_m: {from: 100, to: 1300, step: 300}
  growth_subscriptions_per_month: {from: 0.02, to: 0.20, step: 0.02}
metrics: [runway_months, portfolios]
draws: 2048
"""
SHORT = LONG.replace("draws: 2048", "draws: 64").replace(", portfolios", "")


@pytest.fixture(scope="module")
def long_table(tmp_path_factory, tables):
    """The file of a sweep of four blocks and the bytes of its table, computed here from the last block on."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "long.yaml").write_text(LONG)
    wanted = spec.read(folder / "long.yaml", tables)
    kept = store.Store(folder, wanted, "key")
    for start, stop in reversed(store.blocks(wanted)):
        kept.keep(start, store.compute(wanted, start, stop))
    kept.assemble()
    assert len(store.blocks(wanted)) == 4
    return folder / "long.yaml", (folder / "table.parquet").read_bytes()


@pytest.fixture
def here(monkeypatch):
    """Jobs run in this process, which has the libraries."""
    monkeypatch.setattr(processes, "executor", lambda workers, *_: ThreadPoolExecutor(workers))


@pytest.fixture
def short(tmp_path):
    (tmp_path / "short.yaml").write_text(SHORT)
    return tmp_path / "short.yaml"


@pytest.fixture
def sweep(monkeypatch, capfd):
    """Run the command without its page in this process: its exit code and all that it said, in one text."""

    def run(file, out, *options):
        code = commands.run(monkeypatch, "sweep", file, "--out", out, "--no-page", *options)
        captured = capfd.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return code, captured.err + captured.out

    return run


def finished(said: tuple[int, str]) -> tuple[int, int]:
    """Return how many blocks a command that went well computed and found finished."""
    assert said[0] == 0, said[1]
    return tuple(map(int, re.search(r"(\d+) blocks? computed, (\d+) found finished", said[1]).groups()))


@pytest.mark.parametrize("options", [("--jobs", "2"), ("--engine", "dask", "--jobs", "2")], ids=" ".join)
def test_the_table_is_the_same_byte_for_byte_however_it_is_spread(long_table, sweep, tmp_path, options):
    file, expected = long_table
    said = sweep(file, tmp_path / "out", *options)
    assert finished(said) == (4, 0)
    assert "50 cases (5 × 10), 4 blocks, about" in said[1]
    assert (tmp_path / "out" / "table.parquet").read_bytes() == expected
    there = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert there == [".burn-report", "sweep.json", "table.parquet"]


def test_a_sweep_that_is_killed_goes_on_where_it_was(long_table, here, sweep, tmp_path):
    file, expected = long_table
    out = tmp_path / "out"
    options = ("--out", out, "--jobs", "1", "--no-page")
    with commands.start("sweep", file, *options, cwd=place.ROOT) as process:
        end = time.monotonic() + 120
        while not list(out.glob(f"{store.BLOCKS}/*/*.arrow")):
            assert process.poll() is None and time.monotonic() < end, process.communicate()
            time.sleep(0.02)
        process.kill()
    there = len(list(out.glob(f"{store.BLOCKS}/*/*.arrow")))
    assert 1 <= there < 4
    assert not (out / "table.parquet").exists()
    said = sweep(file, out, "--jobs", "1")
    assert finished(said) == (4 - there, there)
    assert f"Finished already: {there} block" in said[1]
    assert (out / "table.parquet").read_bytes() == expected
    assert not (out / store.BLOCKS).exists()


def test_what_is_finished_is_not_computed_again_unless_forced(here, sweep, short, tmp_path):
    out = tmp_path / "out"
    said = sweep(short, out, "--csv")
    assert finished(said) == (1, 0)
    assert "50 cases; 1 block computed, 0 found finished. Open" in said[1]
    first = (out / "table.parquet").read_bytes()
    assert finished(sweep(short, out)) == (0, 1)
    assert (out / "table.csv").exists()
    assert finished(sweep(short, out, "--force")) == (1, 0)
    assert (out / "table.parquet").read_bytes() == first
    assert not (out / "table.csv").exists()  # it belonged to the table before


def test_blocks_of_another_sweep_are_not_used(here, sweep, short, tmp_path):
    old = tmp_path / "out" / store.BLOCKS / "other"
    old.mkdir(parents=True)
    said = sweep(short, tmp_path / "out")
    assert finished(said) == (1, 0)
    assert "blocks of an earlier run are not used: what they depend on has changed" in said[1]
    assert not old.exists()


def test_the_default_folder_is_named_after_the_file(here, monkeypatch, capfd, short, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert commands.run(monkeypatch, "sweep", "short.yaml", "--no-page", "--draws", "16") == 0
    assert pq.read_table(tmp_path / "out" / "short" / "table.parquet").num_rows == 50


def test_dry_run_says_cases_and_time_and_writes_nothing(sweep, short, tmp_path):
    code, said = sweep(short, tmp_path / "out", "--dry-run", "--jobs", "1")
    assert code == 0
    assert re.search(r"50 cases \(5 × 10\), 1 block, about \d+ (s|minutes) with 1 job\.", said)
    assert [path.name for path in tmp_path.iterdir()] == ["short.yaml"]


BAD = [
    (["--engine", "dusk"], "Nearest: dask"),
    (["--scheduler", "tcp://127.0.0.1:9"], "only --engine dask"),
    (["--engine", "dask", "--scheduler", "127.0.0.1"], "tcp://"),
    (["--max-cases", "49"], "50 cases (5 × 10) are more than the 49"),
    (["--max-cases", "0"], "--max-cases"),
    (["--jobs", "0"], "--jobs"),
    (["--reports", "101"], "--reports"),
    (["--reports", "1"], "leave one of"),
    (["--draws", "1000"], "Nearest: 512, 1024"),
    (["--timeout", "0"], "--timeout"),
    (["--outt", "x"], "--outt"),
]


@pytest.mark.parametrize(("options", "said"), BAD, ids=[" ".join(options) for options, _ in BAD])
def test_bad_input_ends_with_2_and_writes_nothing(sweep, short, tmp_path, options, said):
    code, told = sweep(short, tmp_path / "out", *options)
    assert code == 2
    assert said in told
    assert [path.name for path in tmp_path.iterdir()] == ["short.yaml"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("none.yaml", "missing"), (".", "not readable"), ("bad.yaml", "bad.yaml: unknown key")],
)
def test_a_file_that_cannot_be_used_ends_with_2(sweep, tmp_path, name, said):
    (tmp_path / "bad.yaml").write_text("axis: {}\n")
    code, told = sweep(tmp_path / name, tmp_path / "out")
    assert code == 2
    assert said in told and told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_an_output_folder_that_is_a_file_is_refused(sweep, short):
    code, told = sweep(short, short)
    assert code == 2
    assert "is not a folder" in told
    assert short.read_text() == SHORT


def test_counts_are_said_in_words(monkeypatch, capsys):
    monkeypatch.setattr(sweeping, "run", lambda *_: sweeping.Report(1, computed=1))
    cli.app(["sweep", "one.yaml"], standalone_mode=False)
    assert capsys.readouterr().out.startswith("1 case; 1 block computed, 0 found finished. Open ")


def test_what_differs_on_a_worker_is_named():
    ours = engines.about()
    assert engines.difference(ours, dict(ours)) == ""
    assert engines.difference(ours, ours | {"numpy": "1.0"}) == f"its numpy is 1.0, ours is {ours['numpy']}"
    assert "unknown" in engines.difference(ours, {})
    assert ours["code"] == fingerprints.shared()["code"]
