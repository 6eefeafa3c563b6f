"""`burn-report sweep`: a sweep file in; a table, a page and, when asked for, full reports of its most telling
cases out.

Finished blocks are kept in the output folder until the table is whole, so that a sweep that is stopped goes
on where it was.
"""

import json
import pathlib
import shlex
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field

from analysis.build import build, engines, files, fingerprints, folders, jobs, processes
from analysis.build.fingerprints import Entry
from analysis.build.jobs import PageJob
from analysis.build.requests import CaseRequest, check_out
from analysis.build.requests import Request as BuildRequest
from analysis.inputs import place, tables
from analysis.inputs.errors import InputError
from analysis.sweep import block, results, spec, store
from analysis.sweep.spec import Spec

PAGE = "sweep.html"
KEY = "key.json"
MOST_REPORTS = 100
TIMED_SECONDS = 0.5
WAITING_PER_JOB = 3  # blocks handed out ahead, so that no job waits and memory does not grow with the sweep


@dataclass(frozen=True)
class Request:
    """What `burn-report sweep` was asked for. `jobs`: at once on this machine; `draws`: instead of the
    file's.
    """

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
    """What a sweep did. `computed`, `kept`: blocks run now and found finished; `failed`: page -> what went
    wrong.
    """

    cases: int
    computed: int = 0
    kept: int = 0
    made: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)


def run(request: Request, watch, say: Callable[[str], None]) -> Report:
    """Run a sweep. `watch`: has start(names), done(name, problem); `say` shows a line.

    Raises InputError before anything is written when the file, the folder or the cluster cannot be used.
    """
    engines.check(request.engine, request.scheduler)
    check_out(request.out)
    wanted = spec.read(request.path, tables.load(), request.draws, request.most)
    if request.reports > wanted.cases:
        raise InputError(f"--reports: the sweep has {wanted.cases:,} cases; given {request.reports}")
    report = Report(wanted.cases)
    if request.dry_run:
        say(announcement(wanted, request.jobs))
        return report
    request.out.mkdir(parents=True, exist_ok=True)
    with build.only_one(request.out, say):
        files.sweep(request.out)
        content = results.describe(wanted, command(request))
        _make_table(request, wanted, content, report, watch, say)
        _make_csv(request, report)
        if request.page:
            _make_page(request, content, report, watch)
    if request.reports and not report.failed:
        _make_reports(request, report, watch, say)
    return report


def command(request: Request) -> str:
    """Return the command that makes the sweep again, quoted for a shell, without a path outside the
    project.
    """
    path = request.path.absolute()
    name = path.relative_to(place.ROOT).as_posix() if path.is_relative_to(place.ROOT) else path.name
    more = [] if request.most == spec.MOST_CASES else ["--max-cases", str(request.most)]
    drawn = ["--draws", request.draws] if request.draws else []
    return shlex.join(["burn-report", "sweep", name, *drawn, *more])


def announcement(wanted: Spec, workers: int) -> str:
    """Return how many cases there are and about how long they take; times a few of them."""
    sizes = (
        " × ".join(f"{len(axis.values):,}" for axis in wanted.axes)
        if wanted.kind == "grid"
        else "Sobol points"
    )
    blocks = len(store.blocks(wanted))
    duration = _duration(seconds_per_case(wanted) * wanted.cases / min(workers, blocks))
    counted = f"{count(wanted.cases, 'case')} ({sizes}), {count(blocks, 'block')}"
    return f"{counted}, about {duration} with {count(workers, 'job')}."


def count(number: int, name: str) -> str:
    """Return a number of things: "1 block", "1,200 blocks"."""
    ending = "" if number == 1 else "s"
    return f"{number:,} {name}{ending}"


def seconds_per_case(wanted: Spec) -> float:
    """Return about how long a case takes on this machine, from a few of them."""
    block.table(wanted, 0, 1)  # what all cases share is not counted
    most, timed, started = min(wanted.cases, store.block_rows(wanted)), 1, time.perf_counter()
    block.table(wanted, 0, 1)
    while (passed := time.perf_counter() - started) < TIMED_SECONDS and timed < most:
        timed, started = min(2 * timed, most), time.perf_counter()
        block.table(wanted, 0, timed)
    return passed / timed


def _duration(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{max(1, round(seconds))} s"


# ---- the table ----
def _make_table(
    request: Request, wanted: Spec, content: dict, report: Report, watch, say: Callable[[str], None]
) -> None:
    key = fingerprints.table(content)
    kept = store.Store(request.out, wanted, fingerprints.digest(key))
    if not request.force and not _stale(request.out, store.TABLE, key):
        report.kept = len(store.blocks(wanted))
        return
    if request.force:
        kept.forget()
    _say_what_is_of_no_use(kept, key, say)
    missing = kept.missing()
    report.kept = len(store.blocks(wanted)) - len(missing)
    if missing:
        with engines.executor(request.engine, request.scheduler, request.jobs) as (pool, workers):
            say(announcement(wanted, workers))
            if report.kept:
                say(f"Finished already: {count(report.kept, 'block')}; left: {len(missing):,}.")
            _compute(pool, workers, wanted, kept, missing, report, watch)
    kept.assemble()
    files.write(request.out / results.FILE, _text(content))
    folders.remember(request.out, store.TABLE, key, [store.TABLE])
    kept.forget()
    report.made += [store.TABLE, results.FILE]


def _stale(out: pathlib.Path, name: str, key: dict[str, str]) -> str:
    return fingerprints.stale_because(fingerprints.load(out).get(name), key, out)


def _text(content: dict) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _say_what_is_of_no_use(kept: store.Store, key: dict[str, str], say: Callable[[str], None]) -> None:
    """Say why finished blocks of an earlier run, if there are any, cannot be used; note what those of this
    run depend on.
    """
    for path in sorted(kept.folder.parent.glob(f"*/{KEY}")):
        if path.parent != kept.folder:
            try:
                old = Entry(json.loads(path.read_text(encoding="utf-8")))
            except (OSError, ValueError):
                old = None
            why = fingerprints.stale_because(old, key, path.parent)
            say(f"Finished blocks of an earlier run are not used ({why}).")
    files.write(kept.folder / KEY, json.dumps(key, indent=1, sort_keys=True) + "\n")


def _compute(
    pool: Executor, workers: int, wanted: Spec, kept: store.Store, missing: list, report: Report, watch
) -> None:
    """Run the missing blocks, a few ahead of what is running, and keep each as soon as it is there."""
    watch.start([_name(*each) for each in missing])
    waiting, running = iter(missing), {}
    while _fill(pool, running, waiting, wanted, workers * WAITING_PER_JOB):
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            start, stop = running.pop(future)
            kept.keep(start, future.result())
            report.computed += 1
            watch.done(_name(start, stop), "")


def _fill(pool: Executor, running: dict[Future, tuple], waiting: Iterator, wanted: Spec, most: int) -> bool:
    """Hand out blocks until `most` are running or waiting for a worker; return whether there is anything to
    wait for.
    """
    while len(running) < most and (each := next(waiting, None)) is not None:
        running[pool.submit(store.compute, wanted, *each)] = each
    return bool(running)


def _name(start: int, stop: int) -> str:
    return f"cases {start:,} to {stop - 1:,}"


def _make_csv(request: Request, report: Report) -> None:
    if request.csv and (store.TABLE in report.made or not (request.out / store.CSV).exists()):
        store.write_csv(request.out)
        report.made.append(store.CSV)
    elif store.TABLE in report.made:
        (request.out / store.CSV).unlink(missing_ok=True)  # of an earlier table


# ---- the page, and full reports of single cases ----
def _make_page(request: Request, content: dict, report: Report, watch) -> None:
    key = fingerprints.sweep_page(content)
    if not request.force and not _stale(request.out, PAGE, key):
        return
    files.write(request.out / results.FILE, _text(content))
    watch.start([PAGE])
    job = PageJob(
        "sweep", {"folder": "."}, {}, str(request.out), {}, request.timeout
    )  # no path of this machine
    with processes.executor(1) as pool:
        try:
            outcome = pool.submit(jobs.run, "worker.run_page", job).result()
            problem = outcome.error
            if problem:
                files.write(request.out / PAGE, outcome.files[PAGE])
            else:
                folders.keep(request.out, PAGE, key, outcome.files)
        except (RuntimeError, OSError) as error:
            problem = str(error)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    watch.done(PAGE, problem)
    if problem:
        report.failed[PAGE] = problem
    else:
        report.made.append(PAGE)


def _make_reports(request: Request, report: Report, watch, say: Callable[[str], None]) -> None:
    from analysis.pages.sweep import measures

    found = results.read(request.out)
    cases = measures.notable_cases(found, request.reports)
    chosen = [CaseRequest(*measures.provenance(found, case), f"case-{case}") for case in cases]
    asked = BuildRequest(
        chosen, folders.case_pages(), request.out / "reports", request.jobs, request.force, request.timeout
    )
    with engines.executor(request.engine, request.scheduler, request.jobs) as (pool, _):
        done = build.run(asked, watch, say, pool)
    report.made += [f"reports/{name}" for name in done.built]
    report.failed |= {f"reports/{name}": problem for name, problem in done.failed.items()}
