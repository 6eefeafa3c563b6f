"""Plan and run a build: which pages are out of date, the jobs that make them, and what to say at the end."""

import contextlib
import json
import os
import pathlib
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field

from analysis.errors import InputError
from analysis.report import files, keys
from analysis.report.jobs import PageJob, call
from analysis.report.pages import COMPARISON, PAGES
from analysis.report.processes import FreshProcesses
from analysis.report.requests import CaseRequest, Request, check_out, scenario_titles


@dataclass
class Step:
    """One thing to make: its path within the output folder, its key, why, and the job (function, arguments)."""

    name: str
    key: dict[str, str]
    reason: str
    job: tuple = ()


@dataclass
class Report:
    """What a build did: page -> why it was built, page -> what went wrong, pages that were up to date."""

    built: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    cell_seconds: float = 0.0


def plan(request: Request) -> tuple[list[Step], list[str]]:
    """Return every step with its key and reason ("" when up to date), and the pages that are up to date."""
    old = keys.load(request.out)
    cases = shown_cases(request)
    steps = []
    for case in request.cases:
        key = keys.results(case.scenario, case.values)
        steps.append(_step(request, old, f"{case.folder}/results.json", key, ("run_results", case.scenario, case.values)))
        for notebook in reversed(request.notebooks):  # the longer ones first, so that none is left alone at the end
            meta = surroundings(case, notebook, cases, request)
            key = keys.page(notebook, case.scenario, case.values, meta)
            values = {"scenario": case.scenario, **case.values}
            job = PageJob(notebook, values, meta, request.timeout)
            steps.append(_step(request, old, f"{case.folder}/{notebook}.html", key, ("run_page", job)))
    return sorted(steps, key=lambda step: step.job[0] != "run_results"), cases  # the comparison waits for results only


def _step(request: Request, old: dict, name: str, key: dict[str, str], job: tuple) -> Step:
    reason = "asked for with --force" if request.force else keys.why(old.get(name), key, (request.out / name).exists())
    return Step(name, key, reason, job)


def shown_cases(request: Request) -> list[str]:
    """Return the folders that the index shows: scenarios first, then other cases that are there."""
    there = {path.parent.name for path in request.out.glob("*/results.json")} | {case.folder for case in request.cases}
    scenarios = [name for name in scenario_titles() if name in there]
    return scenarios + sorted(there - set(scenarios))


def pages_of(folder: str, request: Request) -> list[str]:
    """Return the pages of a case that are there or will be."""
    coming = request.notebooks if folder in [case.folder for case in request.cases] else ()
    return [name for name in PAGES if name in coming or (request.out / folder / f"{name}.html").exists()]


def surroundings(case: CaseRequest, notebook: str, cases: list[str], request: Request) -> dict:
    """Return what the template shows around a page: title, neighbours, links."""
    spec, titles = PAGES[notebook], scenario_titles()
    same = [name for name in titles if name in cases]
    there = pages_of(case.folder, request)
    return {
        "title": spec.title,
        "description": spec.question,
        "scenario": case.scenario,
        "scenario_title": titles[case.scenario] + (f" ({case.folder})" if case.folder != case.scenario else ""),
        "notebook": notebook,
        "index_href": "../index.html",
        "notebooks": [{"title": PAGES[name].title, "href": f"{name}.html", "current": name == notebook} for name in there],
        "scenarios": [
            {"title": titles[name], "href": f"../{name}/{notebook}.html", "current": name == case.folder} for name in same
        ],
    }


@contextlib.contextmanager
def only_one(out: pathlib.Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the right to build into `out`; a second build waits for the first."""
    try:
        import fcntl
    except ImportError:  # a platform without it has no second build to fear here
        yield
        return
    lock = pathlib.Path(tempfile.gettempdir()) / f"burn-report-{os.getuid()}-{keys.digest(str(out.resolve()))}.lock"
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another build is writing into this folder; waiting for it to end.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def run(request: Request, watch, say: Callable[[str], None], pool: Executor | None = None) -> Report:
    """Build what is out of date. `watch`: has start(names), done(step, problem); `say` shows a line.

    `pool`: runs the jobs, by default fresh processes on this machine. Raises InputError before anything is written when
    a case is impossible.
    """
    check_out(request.out)
    with contextlib.ExitStack() as stack:
        if pool is None:
            pool = stack.enter_context(FreshProcesses(request.jobs))
            if request.force or not keys.load(request.out):
                pool.warm_up()  # certain to be needed: it imports while the plan is made
        steps, cases = plan(request)
        stale = [step for step in steps if step.reason]
        report = Report(fresh=[step.name for step in steps if not step.reason])
        overviews = [*_comparison(request, cases), _index(request, cases)]
        if not stale and not any(step.reason for step in overviews):
            report.fresh += [step.name for step in overviews]
            return report
        try:
            if stale:
                _check(pool, request)
            request.out.mkdir(parents=True, exist_ok=True)
            stack.enter_context(only_one(request.out, say))
            files.sweep(request.out)
            work = _Work(request, report, pool, watch)
            work.do(stale, after_results=lambda: _comparison(request, cases))
            work.do([_index(request, cases)])  # says which pages failed, so it comes last
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return report


def _check(pool: Executor, request: Request) -> None:
    problem = pool.submit(call, "check", [(case.scenario, case.values) for case in request.cases]).result()
    if problem:
        raise InputError(problem)


def _comparison(request: Request, cases: list[str]) -> list[Step]:
    if len(cases) < 2 or not (keys.ROOT / "notebooks" / f"{COMPARISON.name}.ipynb").exists():
        return []
    pages = {case: pages_of(case, request) for case in cases}
    links = {case: f"{case}/{names[0]}.html" if names else "" for case, names in pages.items()}
    key = keys.overview(request.out, cases, links, COMPARISON.name)
    job = ("run_comparison", request.out, links, request.timeout)
    return [_step(request, keys.load(request.out), f"{COMPARISON.name}.html", key, job)]


def _index(request: Request, cases: list[str]) -> Step:
    there = [path.relative_to(request.out).as_posix() for case in cases for path in sorted((request.out / case).glob("*.html"))]
    comparison = (request.out / f"{COMPARISON.name}.html").exists()
    key = keys.overview(request.out, cases, [there, comparison])
    return _step(request, keys.load(request.out), "index.html", key, ("run_index", request.out, cases))


@dataclass
class _Work:
    """Steps on their way through a pool: what they make is moved into place and remembered as it arrives."""

    request: Request
    report: Report
    pool: Executor
    watch: object
    waiting: dict[Future, Step] = field(default_factory=dict)

    def do(self, steps: list[Step], after_results: Callable[[], list[Step]] | None = None) -> None:
        """Do stale steps; what `after_results` plans joins them as soon as no results.json is on its way."""
        self._submit(steps)
        while self.waiting or after_results:
            if after_results and not any(step.job[0] == "run_results" for step in self.waiting.values()):
                self._submit(after_results())
                after_results = None
            for future in wait(self.waiting, return_when=FIRST_COMPLETED).done:
                self._finish(self.waiting.pop(future), future)

    def _submit(self, steps: list[Step]) -> None:
        self.report.fresh += [step.name for step in steps if not step.reason]
        stale = [step for step in steps if step.reason]
        self.watch.start([step.name for step in stale])
        self.waiting |= {self.pool.submit(call, *step.job): step for step in stale}

    def _finish(self, step: Step, future: Future) -> None:
        report = self.report
        try:
            outcome = future.result()
            for name, text in outcome.files.items():
                files.write((self.request.out / step.name).parent / name, text)
            problem, report.cell_seconds = outcome.error, report.cell_seconds + outcome.cell_seconds
        except (RuntimeError, OSError) as error:
            problem = str(error)
        if problem:
            report.failed[step.name] = problem
        else:
            report.built[step.name] = step.reason
            manifest = keys.load(self.request.out) | {step.name: step.key}
            files.write(self.request.out / keys.MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")
        self.watch.done(step.name, problem)
