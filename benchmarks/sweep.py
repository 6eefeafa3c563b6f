"""Speed and memory of sweeps: cases per second, two jobs against one, a long table against a short one, cost of a block."""

import contextlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import wait

from build import peak_memory, timed

from analysis.build import engines, processes
from analysis.inputs import place, tables
from analysis.sweep import block, spec, store

METRICS = ["runway_months", "cash_out_probability_12m"]
AXES = {
    "monthly_burn_usd_m": {"from": 600, "to": 1400, "step": 10},
    "growth_subscriptions_per_month": {"from": 0.04, "to": 0.16, "step": 0.01},
}
NARROW = """
axes:
  monthly_burn_usd_m: {{from: 1, to: {count}, step: 1}}
  growth_endurance: {{from: 0.01, to: 1, step: 0.01}}
metrics: [runway_months]
draws: 16
"""


def grid(*more: str, draws: int = 1024) -> spec.Spec:
    """Return a grid of 1,053 cases over two inputs."""
    return spec.parse({"axes": AXES, "metrics": [*METRICS, *more], "draws": draws}, tables.load())


def cases_per_second(wanted: spec.Spec, cases: int) -> float:
    """Return the speed of one process, best of three, by the processor's time: what else runs does not count."""
    block.table(wanted, 0, 2)
    times = []
    for _ in range(3):
        started = time.process_time()
        block.table(wanted, 0, cases)
        times.append(time.process_time() - started)
    return cases / min(times)


def seconds(engine: str, jobs: int, wanted: spec.Spec, blocks: list[tuple[int, int]]) -> float:
    """Return the time that blocks take on an engine that is up already."""
    with contextlib.ExitStack() as stack:
        if engine == "local":
            submit = stack.enter_context(processes.executor(jobs)).submit
        else:
            submit, _ = stack.enter_context(engines.cluster(None, jobs))
        wait([submit(store.compute, wanted, 0, 1) for _ in range(jobs)])
        started = time.perf_counter()
        for future in [submit(store.compute, wanted, *each) for each in blocks]:
            future.result()
        return time.perf_counter() - started


def overhead(engine: str, count: int) -> float:
    """Return what a block costs beside its cases, in seconds: very small blocks, one after the other, less their own time."""
    wanted = grid(draws=16)
    blocks = [(0, 1)] * count
    block.table(wanted, 0, 1)
    started = time.perf_counter()
    for each in blocks:
        store.compute(wanted, *each)
    own = time.perf_counter() - started
    return (seconds(engine, 1, wanted, blocks) - own) / count


def memory(folder: pathlib.Path, burns: int) -> float:
    """Return the peak memory in MB of all processes of a sweep of 100 cases per burn, with two jobs."""
    file = folder / f"sweep-{burns}.yaml"
    file.write_text(NARROW.format(count=burns))
    return peak_memory(command(file, folder / str(burns)), place.ROOT)


def command(file: pathlib.Path, out: pathlib.Path) -> list[str]:
    """Return the command that makes a sweep's table with two jobs."""
    return [
        sys.executable,
        "-m",
        "analysis",
        "sweep",
        str(file),
        "--out",
        str(out),
        "--jobs",
        "2",
        "--no-page",
    ]


def said_and_taken(folder: pathlib.Path, draws: int) -> str:
    """Return what --dry-run says of a sweep's time against the time that it takes."""
    file = folder / f"draws-{draws}.yaml"
    file.write_text(json.dumps({"axes": AXES, "metrics": METRICS, "draws": draws}))
    asked = command(file, folder / file.stem)
    answer = subprocess.run([*asked, "--dry-run"], check=True, capture_output=True, text=True).stderr
    number, unit = re.search(r"about (\d+) (s|minutes)", answer).groups()
    return f"{int(number) * (60 if unit == 'minutes' else 1) / timed(asked):.2f}"


def measure(quick: bool = False) -> list[tuple[str, str, str]]:
    """Return rows: what, measured, must reach. `quick` leaves out memory and takes fewer blocks."""
    plain, whole = cases_per_second(grid(), 200), cases_per_second(grid("portfolios"), 32)
    blocks = store.blocks(grid("portfolios"))[: 4 if quick else 12]
    times = [
        [seconds("local", jobs, grid("portfolios"), blocks) for jobs in (1, 2)]
        for _ in range(1 if quick else 3)
    ]
    one, two = map(min, zip(*times, strict=True))  # the best, as of cases: what else runs counts least
    rows = [
        ("sweep: cases per second on one core, 1024 draws, without mixes", f"{plain:.0f}", "≥ 400"),
        ("the same with all mixes of options", f"{whole:.0f}", "≥ 60"),
        ("the same over 2 jobs against 1", f"{one / two:.2f} ×", "≥ 1.7 ×"),
        ("overhead of a block in a fresh process", f"{overhead('local', 40) * 1000:.0f} ms", "–"),
        ("overhead of a block through Dask on this machine", f"{overhead('dask', 100) * 1000:.0f} ms", "–"),
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        some = (16, 1024) if quick else (16, 128, 1024, 8192)
        said = ", ".join(said_and_taken(folder, draws) for draws in some)
        what = f"--dry-run: time said ÷ time taken, {', '.join(map(str, some))} draws"
        rows.append((what, said, "0.7 to 1.3"))
        if not quick:
            few, many = memory(folder, 10), memory(folder, 1000)
            what = "peak memory of a sweep of 1,000 and of 100,000 cases"
            rows.append((what, f"{few:.0f} and {many:.0f} MB", "within 10 %"))
    return rows


if __name__ == "__main__":
    for row in measure("--quick" in sys.argv):
        print(" | ".join(row))
