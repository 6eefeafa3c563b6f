"""Time and memory of builds against the two command-line tools in a loop, on the same notebooks, scenarios and machine."""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from analysis.build import folders, requests
from analysis.inputs import place

BIN = pathlib.Path(sys.executable).parent


def timed(command: str | list[str], check: bool = True, **options) -> float:
    """Run a command (a string goes through the shell) and return its wall time in seconds."""
    start = time.perf_counter()
    subprocess.run(command, check=check, capture_output=True, shell=isinstance(command, str), **options)
    return time.perf_counter() - start


def first_and_last(out: pathlib.Path, keep_minutes: float = 0) -> tuple[float, float]:
    """Return the seconds until the first page of a case can be read, and until the command has ended."""
    start, first = time.perf_counter(), 0.0
    command = build(out, "as_reported", "--set", "monthly_burn_usd_m=1200", "--keep", str(keep_minutes))
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            if not first and list(out.glob("custom/*.html")):
                first = time.perf_counter() - start
            time.sleep(0.02)
    return first, time.perf_counter() - start


def floor(cores: int) -> tuple[float, float, float]:
    """Return importing once and the processor's time of all cells, in seconds, and what no build can beat."""
    command = [sys.executable, str(pathlib.Path(__file__).parent / "floor.py")]
    said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=place.ROOT).stdout
    importing, cells = map(float, said.split()[-2:])
    return importing, cells, importing + cells / cores


def fresh_clone(folder: pathlib.Path) -> float:
    """Return the seconds that `make report` takes in a fresh clone; packages come from the cache, if there is one."""
    subprocess.run(["git", "clone", "-q", str(place.ROOT), str(folder / "clone")], check=True)
    return timed(["make", "report"], cwd=folder / "clone")


def build(out: pathlib.Path, *arguments: str, root: pathlib.Path = place.ROOT) -> list[str]:
    """Return the command that builds into `out` with the code in `root`."""
    return [sys.executable, "-m", "analysis", "build", *arguments, "--out", str(out)]


def loop(out: pathlib.Path, parallel: int) -> float:
    """Run papermill and nbconvert once per notebook and scenario, one after the other or under xargs -P."""
    runs = [
        (page, name, f"-p scenario {name}")
        for name in requests.scenario_titles()
        for page in folders.case_pages()
    ]
    runs.append(("scenario_comparison", "all", ""))  # over the results that are kept in reports/
    lines = [
        f"{BIN}/papermill {place.ROOT}/notebooks/{page}.ipynb {out}/{name}-{page}.ipynb {options} && "
        f"{BIN}/jupyter nbconvert --to burn "
        f"{out}/{name}-{page}.ipynb"
        for page, name, options in runs
    ]  # fmt: skip
    out.mkdir()
    if parallel == 1:
        return sum(timed(line) for line in lines)
    script = out / "lines"
    script.write_text("\n".join(lines) + "\n")
    return timed(f"xargs -P {parallel} -I LINE sh -c LINE < {script}")


def peak_memory(command: list[str], cwd: pathlib.Path) -> float:
    """Return the peak of the proportional memory of a command's whole process tree, in MB (Linux)."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak, ended = 0.0, threading.Event()
    threading.Thread(target=lambda: (process.wait(), ended.set()), daemon=True).start()
    while not ended.wait(0.1):
        peak = max(peak, sum(map(proportional, tree(process.pid))))
    return peak / 1024


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants."""
    found = [pid]
    for parent in found:
        for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def proportional(pid: int) -> int:
    """Return the proportional set size of a process in kB, so that shared pages count once."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def many_scenarios(folder: pathlib.Path, count: int) -> pathlib.Path:
    """Return a copy of the project with `count` scenarios."""
    copy = pathlib.Path(tempfile.mkdtemp(prefix=f"{count}-", dir=folder)) / "project"
    shutil.copytree(
        place.ROOT, copy, ignore=shutil.ignore_patterns(".venv", ".git", "reports", "__pycache__")
    )
    text = (copy / "data" / "scenarios" / "critics.yaml").read_text(encoding="utf-8")
    for number in range(count - len(requests.scenario_titles())):
        named = text.replace("title: Critics", f"title: Critics {number}", 1)  # no two of one title
        (copy / "data" / "scenarios" / f"extra_{number:02d}.yaml").write_text(named, encoding="utf-8")
    return copy


def one_changed(folder: pathlib.Path) -> tuple[int, float]:
    """Return the number of pages, and the seconds, that a build takes after one scenario file was changed."""
    copy = many_scenarios(folder, len(requests.scenario_titles()))
    timed(build(copy / "out"), cwd=copy)
    scenario = copy / "data" / "scenarios" / "critics.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8") + "\n# a remark\n", encoding="utf-8")
    start = time.perf_counter()
    said = subprocess.run(build(copy / "out"), cwd=copy, check=True, capture_output=True, text=True).stdout
    return int(said.split()[0]), time.perf_counter() - start


class Cold:
    """Cold builds of everything and of one scenario. A virtual machine's speed varies: they are timed more than once, medians count."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder = folder
        self.all: list[float] = []
        self.one: list[float] = []

    def time(self) -> None:
        """Time both once more."""
        self.all.append(timed(build(self.folder / "all", "--force")))
        self.one.append(timed(build(self.folder / "one", "as_reported", "--force")))

    def rows(self, scenarios: int, cores: int) -> list[tuple[str, str, str]]:
        """Return the rows that need nothing but these times."""
        cold, one = self.seconds, statistics.median(self.one)
        each = ", ".join(f"{seconds:.1f}" for seconds in self.all)
        what = f"cold build of everything ({scenarios} scenarios, {cores} cores)"
        return [
            (what, f"{cold:.1f} s (of {each})", "–"),
            ("one more scenario", f"{(cold - one) / (scenarios - 1):.1f} s", "≤ 2.5 s"),
        ]

    @property
    def seconds(self) -> float:
        """The median time of everything."""
        return statistics.median(self.all)


def measure(quick: bool = False) -> list[tuple[str, str, str]]:
    """Return rows: what, measured, must reach. `quick` leaves out what takes minutes."""
    cores = requests.cores()
    scenarios = len(requests.scenario_titles())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        cold = Cold(folder)
        cold.time()
        nothing = timed(build(folder / "all"))
        first, case = first_and_last(folder / "case")
        first_and_last(folder / "before", keep_minutes=1)
        time.sleep(5)  # in which someone looks at the pages
        next_first, next_case = first_and_last(folder / "next", keep_minutes=1)
        changed, seconds = one_changed(folder)
        importing, cells, least = floor(cores)
        single = [
            ("nothing changed", f"{nothing:.2f} s", "≤ 0.8 s"),
            ("one case of three pages, from the command to its closing line, nothing running", f"{case:.1f} s", "≤ 4 s"),
            ("the same, first page readable", f"{first:.1f} s", "≤ 3 s"),
            ("one case of three pages, the next command of a terminal: a server has stayed", f"{next_case:.1f} s", "≤ 4 s"),
            ("the same, first page readable", f"{next_first:.1f} s", "≤ 3 s"),
            ("one scenario file changed", f"{changed} files built in {seconds:.1f} s", "its pages and those that show it"),
        ]  # fmt: skip

        def common() -> list[tuple[str, str, str]]:
            parts = f"{least:.1f} s (cells {cells:.1f} s, importing {importing:.1f} s)"
            against = (
                "against the floor: cells ÷ cores + importing once",
                f"{cold.seconds / least:.2f} × {parts}",
                "≤ 1.3 ×",
            )
            return [*cold.rows(scenarios, cores), against, *single]

        if quick:
            return common()
        alone = loop(folder / "loop", 1)
        cold.time()
        pair = loop(folder / "pair", 2)
        cold.time()
        few, many = (
            peak_memory(build(copy / "out", "--force"), copy)
            for copy in (many_scenarios(folder, n) for n in (scenarios, 50))
        )
        return [
            *common(),
            ("loop of papermill and jupyter nbconvert over the same notebooks", f"{alone:.0f} s = {alone / cold.seconds:.1f} ×", "≥ 10 ×"),
            ("the loop under xargs -P2", f"{pair:.0f} s = {pair / cold.seconds:.1f} ×", "≥ 5 ×"),
            (f"peak memory of all processes, {scenarios} and 50 scenarios", f"{few:.0f} and {many:.0f} MB", "< 1000 MB, within 10 %"),
            ("`make report` in a fresh clone", f"{fresh_clone(folder):.0f} s", "≤ 60 s"),
            ("`make test`", f"{timed(['make', 'test'], check=False, cwd=place.ROOT) / 60:.1f} min", "≤ 6 min"),
        ]  # fmt: skip


if __name__ == "__main__":
    for row in measure("--quick" in sys.argv):
        print(" | ".join(row))
