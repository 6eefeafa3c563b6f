"""`burn-report sweep` as typed: the same bytes however it is spread, stopped or hurt; what is wrong is said; nothing stays."""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from analysis.inputs import place
from analysis.build import engines, fingerprints
from analysis.sweep import spec, store

pytestmark = pytest.mark.slow
LONG = """
axes:
  monthly_burn_usd_m: {from: 100, to: 1300, step: 80}
  growth_subscriptions_per_month: {from: 0.02, to: 0.20, step: 0.02}
metrics: [runway_months, portfolios]
draws: 1024
"""
SHORT = LONG.replace("step: 80", "step: 300").replace("draws: 1024", "draws: 64")
WAIT = 90


@pytest.fixture(scope="module")
def long_table(tmp_path_factory, tables):
    """The file of a sweep of five blocks and the bytes of its table, computed in this process block by block."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "long.yaml").write_text(LONG)
    wanted = spec.read(folder / "long.yaml", tables)
    kept = store.Store(folder, wanted, "key")
    for start, stop in reversed(store.blocks(wanted)):
        kept.keep(start, store.compute(wanted, start, stop))
    kept.assemble()
    assert len(store.blocks(wanted)) == 5
    return folder / "long.yaml", (folder / "table.parquet").read_bytes()


def command(file, out, *options, root=place.ROOT):
    return [sys.executable, "-m", "analysis", "sweep", str(file), "--out", str(out), "--no-page", *options]


def environment(root=place.ROOT):
    return os.environ | {"PYTHONPATH": str(root)}


def run(*arguments, code=0, **options):
    done = subprocess.run(command(*arguments), capture_output=True, text=True, timeout=WAIT, env=environment(), **options)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def finished(said):
    """Return how many blocks the command says that it computed and found finished."""
    return tuple(map(int, re.search(r"(\d+) blocks computed, (\d+) found finished", said).groups()))


def until(true, seconds=WAIT):
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
    return found


def descendants(pid):
    found = [pid]
    for parent in found:
        for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found[1:]


def alive(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@contextlib.contextmanager
def started(arguments, **options):
    """Start a command in a session of its own and end it, and all that it started, afterwards."""
    interruptible = {
        "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)
    }  # also when the tests run in the background
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True, **interruptible, **options
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def blocks_in(out):
    return sorted((out / store.BLOCKS).glob("*/*.arrow"))


@pytest.mark.parametrize("options", [("--jobs", "1"), ("--jobs", "3"), ("--engine", "dask", "--jobs", "2")], ids=" ".join)
def test_the_table_is_the_same_byte_for_byte_however_it_is_spread(long_table, tmp_path, options):
    file, expected = long_table
    said = run(file, tmp_path / "out", *options)
    assert (tmp_path / "out" / "table.parquet").read_bytes() == expected
    assert finished(said) == (5, 0)
    assert "160 cases (16 × 10), 5 blocks, about" in said
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [".burn-report", "sweep.json", "table.parquet"]


@pytest.mark.parametrize("engine", engines.ENGINES)
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name)
def test_a_sweep_that_is_stopped_goes_on_where_it_was(long_table, tmp_path, engine, how):
    file, expected = long_table
    out = tmp_path / "out"
    with started(command(file, out, "--engine", engine, "--jobs", "1"), env=environment()) as process:
        until(lambda: len(blocks_in(out)) >= 2)
        children = descendants(process.pid)
        assert children
        os.kill(process.pid, how)
        said = process.communicate(timeout=WAIT)[0]
        assert process.returncode == (130 if how == signal.SIGINT else -how)
        assert "Traceback" not in said
        assert how == signal.SIGKILL or "Stopped. What was finished is in place" in said
        until(lambda: not any(map(alive, children)), 20)
    there = len(blocks_in(out))
    assert 2 <= there < 5
    assert not (out / "table.parquet").exists()
    said = run(file, out, "--jobs", "2")
    assert finished(said) == (5 - there, there), said
    assert (out / "table.parquet").read_bytes() == expected


def test_killing_a_dask_worker_loses_no_case(long_table, tmp_path):
    file, expected = long_table
    out = tmp_path / "out"
    with started(command(file, out, "--engine", "dask", "--jobs", "2"), env=environment()) as process:
        until(lambda: blocks_in(out))
        workers = [pid for pid in descendants(process.pid) if b"spawn_main" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
        assert len(workers) == 2
        os.kill(workers[0], signal.SIGKILL)
        said = process.communicate(timeout=WAIT)[0]
    assert process.returncode == 0, said
    assert finished(said) == (5, 0)
    assert (out / "table.parquet").read_bytes() == expected


@contextlib.contextmanager
def cluster(folder, workers, root=place.ROOT):
    """Start a scheduler and workers as processes of their own, as README has it; give the address, and the processes in this order."""
    dask = [sys.executable, "-m", "dask"]
    file, options = folder / "scheduler.json", {"cwd": folder, "env": environment(root)}
    with contextlib.ExitStack() as stack:
        scheduler = stack.enter_context(
            started(
                [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)],
                **options,
            )
        )
        address = until(lambda: file.exists() and re.search(r'"address": "(tcp://127[^"]+)"', file.read_text()))[1]
        made = [
            stack.enter_context(
                started([*dask, "worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"], **options)
            )
            for _ in range(workers)
        ]
        yield address, [scheduler, *made]


class TestCluster:
    def test_a_scheduler_and_two_workers_give_the_same_table_also_when_one_is_killed(self, long_table, tmp_path):
        file, expected = long_table
        with cluster(tmp_path, 2) as (address, processes):
            options = ("--engine", "dask", "--scheduler", address)
            assert finished(run(file, tmp_path / "whole", *options)) == (5, 0)
            with started(command(file, tmp_path / "hurt", *options), env=environment()) as process:
                until(lambda: blocks_in(tmp_path / "hurt"))
                os.killpg(processes[1].pid, signal.SIGKILL)
                said = process.communicate(timeout=WAIT)[0]
            assert process.returncode == 0, said
            assert alive(processes[2].pid)  # a cluster that was there before stays
        for name in ("whole", "hurt"):
            assert (tmp_path / name / "table.parquet").read_bytes() == expected

    def test_a_scheduler_that_dies_leaves_what_is_finished(self, long_table, tmp_path):
        with cluster(tmp_path, 1) as (address, processes):
            arguments = command(long_table[0], tmp_path / "out", "--engine", "dask", "--scheduler", address)
            with started(arguments, env=environment()) as process:
                until(lambda: blocks_in(tmp_path / "out"))
                processes[0].kill()
                said = process.communicate(timeout=WAIT)[0]
        assert process.returncode == 1, said
        assert "The sweep was not finished: the scheduler was lost" in said
        assert "Traceback" not in said
        assert blocks_in(tmp_path / "out")

    def test_workers_with_other_code_are_refused_by_name_before_anything_is_written(self, long_table, tmp_path):
        copy = tmp_path / "copy"
        shutil.copytree(place.ROOT / "analysis", copy / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(place.DATA, copy / "data")
        (copy / "analysis" / "model" / "cash.py").open("a").write("# changed\n")
        with cluster(tmp_path, 1, root=copy) as (address, _):
            said = run(long_table[0], tmp_path / "out", "--engine", "dask", "--scheduler", address, code=2)
        assert re.search(r"worker tcp://127\S+ is not like this command: its code is \w{16}, ours is \w{16}", said)
        assert "Traceback" not in said
        assert not (tmp_path / "out" / "table.parquet").exists()

    def test_no_workers(self, long_table, tmp_path):
        with cluster(tmp_path, 0) as (address, _):
            said = run(long_table[0], tmp_path / "out", "--engine", "dask", "--scheduler", address, code=2)
        assert f"{address} has no workers; start some with: dask worker {address}" in said

    def test_no_scheduler(self, long_table, tmp_path):
        before = time.monotonic()
        said = run(long_table[0], tmp_path / "out", "--engine", "dask", "--scheduler", "tcp://127.0.0.1:9", code=2)
        assert "nothing answers at tcp://127.0.0.1:9 within" in said
        assert "Traceback" not in said
        assert time.monotonic() - before < 40


class TestAgain:
    def test_what_is_finished_is_not_computed_again_unless_forced(self, tmp_path):
        (tmp_path / "short.yaml").write_text(SHORT)
        file, out = tmp_path / "short.yaml", tmp_path / "out"
        assert finished(run(file, out, "--csv")) == (1, 0)
        first = (out / "table.parquet").read_bytes()
        assert finished(run(file, out)) == (0, 1)
        assert (out / "table.csv").exists()
        assert finished(run(file, out, "--force")) == (1, 0)
        assert (out / "table.parquet").read_bytes() == first
        assert not (out / "table.csv").exists()  # it belonged to the table before
        blocks = out / store.BLOCKS / "other"
        blocks.mkdir(parents=True)
        (blocks / "key.json").write_text("{}")
        file.write_text(SHORT.replace("1300", "1600"))
        said = run(file, out)
        assert finished(said) == (1, 0)
        assert "blocks of an earlier run are not used (changed: code, data" in said
        assert not blocks.exists()
        assert (out / "table.parquet").read_bytes() != first

    def test_dry_run_says_cases_and_time_and_writes_nothing(self, tmp_path):
        (tmp_path / "short.yaml").write_text(SHORT)
        said = run("short.yaml", "out", "--dry-run", "--jobs", "1", cwd=tmp_path)
        assert re.search(r"50 cases \(5 × 10\), 1 block, about \d+ s with 1 job\.", said)
        assert [path.name for path in tmp_path.iterdir()] == ["short.yaml"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--engine", "dusk"), "Nearest: dask"),
        (("--scheduler", "tcp://127.0.0.1:9"), "only --engine dask"),
        (("--engine", "dask", "--scheduler", "127.0.0.1"), "tcp://"),
        (("--max-cases", "49"), "50 cases (5 × 10) are more than the 49"),
        (("--max-cases", "0"), "--max-cases"),
        (("--jobs", "0"), "--jobs"),
        (("--reports", "101"), "--reports"),
        (("--reports", "1"), "leave one of"),
        (("--draws", "1000"), "Nearest: 512, 1024"),
        (("--timeout", "0"), "--timeout"),
        (("--outt", "x"), "--outt"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_bad_input_ends_with_2_and_writes_nothing(tmp_path, options, said):
    (tmp_path / "short.yaml").write_text(SHORT)
    assert said in run(tmp_path / "short.yaml", tmp_path / "out", *options, code=2)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "said"), [("none.yaml", "missing"), (".", "not readable"), ("bad.yaml", "bad.yaml: unknown key")]
)
def test_a_file_that_cannot_be_used_ends_with_2(tmp_path, name, said):
    (tmp_path / "bad.yaml").write_text("axis: {}\n")
    assert said in run(tmp_path / name, tmp_path / "out", code=2)


def test_an_output_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "short.yaml").write_text(SHORT)
    assert "is not a folder" in run(tmp_path / "short.yaml", tmp_path / "short.yaml", code=2)


def test_what_differs_on_a_worker_is_named():
    ours = engines.about()
    assert engines.difference(ours, dict(ours)) == ""
    assert engines.difference(ours, ours | {"numpy": "1.0"}) == f"its numpy is 1.0, ours is {ours['numpy']}"
    assert "unknown" in engines.difference(ours, {})
    assert ours["code"] == fingerprints.shared()["code"]
