"""`burn-report sweep`: a sweep file in; a table, a page and, when asked for, reports of telling cases out."""

import contextlib
import json
import os
import pathlib
import shlex
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from timeit import timeit

from analysis import STARTED
from analysis.build import build, engines, files, fingerprints, folders, jobs, processes, requests
from analysis.inputs import place, tables
from analysis.inputs.errors import InputError
from analysis.sweep import block, spec, store
from analysis.sweep.spec import Spec

PAGE = "sweep.html"
TIMED_SECONDS = 0.3
# about, in times of this command's own start, which tells how fast the machine is: command with server, a
# block beside its cases, the page, a report; and how much longer than its work a start takes at most
BESIDES, BLOCK, PAGE_MADE, REPORT, MOST_WAITING = 3.2, 0.02, 0.9, 4.0, 3.0
WAITING_PER_JOB = 3  # blocks handed out ahead, so that no job waits and memory does not grow with the sweep


@dataclass(frozen=True)
class Request:
    """What was asked for. `jobs`: at once on this machine; `draws`: instead of the file's."""

    path: pathlib.Path
    out: pathlib.Path
    engine: str = "local"
    scheduler: str | None = None
    jobs: int = 1
    most: int = spec.MOST_CASES
    reports: int = 0
    csv: bool = False
    force: bool = False
    draws: str | None = None
    dry_run: bool = False
    page: bool = True
    timeout: int = 300


@dataclass
class Report:
    """What was done. `computed`, `kept`: blocks run now and found finished; `failed`: page -> why."""

    cases: int
    computed: int = 0
    kept: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def run(request: Request, watch, say: Callable[[str], None]) -> Report:
    """Run a sweep; InputError before anything is written. `watch` and `say` as for a build."""
    engines.check(request.engine, request.scheduler)
    requests.check_out(request.out)
    wanted = spec.read(request.path, tables.load(), request.draws, request.most)
    if request.reports > wanted.cases:
        raise InputError(f"--reports: the sweep has {wanted.cases:,} cases; given {request.reports}")
    if request.dry_run:
        say(announcement(wanted, request, request.jobs))
        return Report(wanted.cases)
    with processes.executor(request.jobs) as pool, contextlib.ExitStack() as stack:
        with build.only_one(request.out, say) as log:
            work = _Work(request, wanted, build.Work(request.out, pool, watch, log), say, stack)
            work.make_table()
            if request.page:
                work.make_page()
        if request.reports and not work.report.failed:
            work.make_reports()
    return work.report


def command(request: Request) -> str:
    """Return the command that makes the sweep again, quoted for a shell, without a path of this machine."""
    path = request.path.absolute()
    name = path.relative_to(place.ROOT).as_posix() if path.is_relative_to(place.ROOT) else path.name
    more = [] if request.most == spec.MOST_CASES else ["--max-cases", str(request.most)]
    drawn = ["--draws", request.draws] if request.draws else []
    return shlex.join(["burn-report", "sweep", name, *drawn, *more])


def estimate(wanted: Spec, workers: int, page: bool, reports: int = 0) -> float:
    """Return about how many seconds a sweep takes on this machine; times a few of its cases."""
    start = min(time.perf_counter() - STARTED, MOST_WAITING * time.process_time())
    most, timed, passed = min(store.block_rows(wanted), wanted.cases), 1, 0.0
    first = timeit(partial(block.table, wanted, 0, 1), number=1)  # with what a block makes once
    while timed < most and passed < TIMED_SECONDS:
        timed = min(2 * timed, most)
        passed = timeit(partial(block.table, wanted, 0, timed), number=1)
    times = [start * BLOCK + first + passed / timed * (end - at - 1) for at, end in store.blocks(wanted)]
    busiest = max(sum(times[job::workers]) for job in range(workers))
    return start * (BESIDES + PAGE_MADE * page + REPORT * reports / workers) + busiest


def announcement(wanted: Spec, request: Request, workers: int) -> str:
    """Return how many cases there are and about how long they take, with page and reports."""
    sizes = [f"{len(axis.values):,}" for axis in wanted.axes] if wanted.kind == "grid" else ["Sobol points"]
    blocks = count(len(store.blocks(wanted)), "block")
    counted = f"{count(wanted.cases, 'case')} ({' × '.join(sizes)}), {blocks}"
    duration = _duration(estimate(wanted, workers, request.page, request.reports))
    return f"{counted}, about {duration} with {count(workers, 'job')}."


def count(number: int, name: str) -> str:
    """Return a number of things: "1 block", "1,200 blocks"."""
    ending = "" if number == 1 else "s"
    return f"{number:,} {name}{ending}"


def _duration(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{max(1, round(seconds))} s"


class _Work:
    """The parts of a sweep, made one after the other; `report` counts them. `pages`: makes the page."""

    def __init__(self, request: Request, wanted: Spec, pages: build.Work, say: Callable, stack) -> None:
        self.request, self.wanted, self.pages, self.say, self.stack = request, wanted, pages, say, stack
        self.out, self.report = request.out, Report(wanted.cases, failed=pages.report.failed)
        self.content = asdict(store.describe(wanted, command(request)))

    def _reason(self, name: str, key: dict[str, str]) -> str:
        old = fingerprints.load(self.out).get(name)
        return build.FORCED if self.request.force else fingerprints.stale_because(old, key, self.out)

    def _describe(self) -> None:
        text = json.dumps(self.content, indent=1, ensure_ascii=False, allow_nan=False)
        files.write(self.out / store.FILE, f"{text}\n")

    def make_table(self) -> None:
        """Compute the blocks that are missing and join them; a CSV of an earlier table goes."""
        key, blocks = fingerprints.table(self.content), len(store.blocks(self.wanted))
        kept, csv = store.Store(self.out, self.wanted, fingerprints.digest(key)), self.out / store.CSV
        if self._reason(store.TABLE, key):
            if self.request.force:
                kept.forget()
            if list(kept.folder.parent.glob("*")) not in ([], [kept.folder]):
                self.say("Finished blocks of an earlier run are not used: what they depend on has changed.")
            missing = kept.missing()
            self.report.kept = blocks - len(missing)
            self._compute(kept, missing)
            kept.assemble()
            self._describe()
            fingerprints.remember(self.out, store.TABLE, key, [store.TABLE])
            kept.forget()
            csv.unlink(missing_ok=True)
        else:
            self.report.kept = blocks
        if self.request.csv and not csv.exists():
            store.write_csv(self.out)

    def _compute(self, kept: store.Store, missing: list) -> None:
        """Run blocks, a few ahead of what is running, and keep each as soon as it is there."""
        if not missing:
            return
        submit, workers = self._workers()
        self.say(announcement(self.wanted, self.request, workers))
        if self.report.kept:
            self.say(f"Finished already: {count(self.report.kept, 'block')}; left: {len(missing):,}.")
        names = {start: f"cases {start:,} to {stop - 1:,}" for start, stop in missing}
        self.pages.watch.start(list(names.values()))
        waiting, running = iter(missing), {}
        while self.report.computed < len(missing):
            for each in islice(waiting, workers * WAITING_PER_JOB - len(running)):
                running[submit(store.compute, self.wanted, *each)] = each[0]
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                start = running.pop(future)
                kept.keep(start, _content(future))
                self.report.computed += 1
                self.pages.watch.done(names[start], "")

    def _workers(self) -> tuple[Callable[..., Future], int]:
        """Start what computes blocks; return what submits them, and how many are computed at once."""
        request, pool = self.request, self.pages.pool
        if request.engine == "dask":
            return self.stack.enter_context(engines.cluster(request.scheduler, request.jobs))
        pool.submit(os.getpid)  # a server imports while the announcement times a few cases
        return pool.submit, request.jobs

    def make_page(self) -> None:
        """Run the notebook of the page."""
        key = fingerprints.sweep_page(self.content)
        reason = self._reason(PAGE, key)
        if reason:
            self._describe()
        # the folder as seen from where the notebook runs: no path of this machine
        job = jobs.PageJob("sweep", {"folder": "."}, {}, str(self.out), {}, self.request.timeout)
        self.pages.finish([build.Step(PAGE, key, reason, "worker.run_page", (job,))])

    def make_reports(self) -> None:
        """Build full reports of the most telling cases."""
        from analysis.pages.sweep import measures

        found = store.read(self.out)
        cases = measures.notable_cases(found, self.request.reports)
        chosen = [requests.CaseRequest(*measures.provenance(found, case), f"case-{case}") for case in cases]
        out, given = self.out / "reports", self.request
        asked = requests.Request(chosen, folders.case_pages(), out, given.jobs, given.force, given.timeout)
        done = build.run(asked, self.pages.watch, self.say, self.pages.pool)
        self.report.failed |= {f"reports/{name}": problem for name, problem in done.failed.items()}


def _content(block: Future) -> bytes:
    """Return a block; raises RuntimeError for all that can happen to it, on a cluster too."""
    try:
        return block.result()
    except Exception as problem:
        raise RuntimeError(str(problem) or "the cluster was lost") from problem
