"""Plan and run a build: what is out of date, the jobs that make it, and what to say at the end."""

import contextlib
import dataclasses
import functools
import os
import pathlib
import platform
import posixpath
import sys
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field

from analysis import __version__
from analysis.build import files, fingerprints, folders, jobs, processes
from analysis.build.files import STATE
from analysis.build.fingerprints import NEIGHBOURS
from analysis.build.folders import COMPARISON, INDEX, RESULTS, Folder
from analysis.build.jobs import Outcome, PageJob
from analysis.build.requests import CaseRequest, Request, check_out
from analysis.pages import PAGES
from analysis.show.revision import GIVEN, revision

FORCED = "asked for with --force"
LOG = f"{STATE}/last-run.log"
ERROR_MARK = b'data-report-error="true"'  # in the page of a notebook that failed


@dataclass(frozen=True)
class Step:
    """One thing to make: its path within the output folder, why ("": no need), and the job (jobs.run)."""

    name: str
    key: dict[str, str]
    reason: str
    job: str
    arguments: tuple
    case: tuple = ()

    @property
    def executed(self) -> str:
        """Where the notebook that ran is kept."""
        return f"{STATE}/{pathlib.PurePosixPath(self.name).with_suffix('.ipynb')}"


@dataclass
class Report:
    """Built and why, failed and why, up to date, cases not on the index and why, headlines that changed."""

    built: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    fresh: list[str] = field(default_factory=list)
    not_shown: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)


class Plan:
    """What an output folder needs for a request, as it stands now."""

    def __init__(self, request: Request) -> None:
        self.request, self.manifest = request, fingerprints.load(request.out)
        self.folder = Folder(request, self.manifest)

    def cases(self) -> list[Step]:
        """Return the steps of the cases that are asked for, a case's together: its result is run once."""
        steps = []
        for case in self.request.cases:
            # one that is soon to be read, then the longest, so that none is left alone at the end
            first, *others = self.request.notebooks
            steps += [self._page(case, stem) for stem in (first, *reversed(others))]
            key, name = fingerprints.results(*case.case), f"{case.folder}/{RESULTS}"
            steps.append(self._step(name, key, "products.results", case, case=case.case))
        return steps

    def _page(self, case: CaseRequest, stem: str) -> Step:
        meta, base = self.folder.surroundings(case, stem), self.folder.base_of(case, stem)
        variables = _variables(BURN_REPORT_CASE=case.folder, BURN_REPORT_BASE=base)
        key = fingerprints.page(stem, PAGES[stem].all_scenarios, case.scenario, case.values, meta, variables)
        values = {"scenario": case.scenario, **case.values}
        job = PageJob(stem, values, meta, "", variables, self.request.timeout)
        step = self._step(f"{case.folder}/{stem}.html", key, "worker.run_page", job)
        if step.reason != f"changed: {NEIGHBOURS}":
            return step
        executed = self.request.out / step.executed  # exported again when it is kept as it ran
        if self.manifest[step.name].files.get(step.executed) != fingerprints.digest_of(executed):
            return step
        job = PageJob(stem, values, meta, executed=executed.read_text(encoding="utf-8"))
        return dataclasses.replace(step, job="worker.export_again", arguments=(job,))

    def comparison(self) -> list[Step]:
        """Return the step of the comparison, or none where there is nothing to compare."""
        out, shown = self.request.out, self.folder.shown
        if len(shown) < 2 or COMPARISON not in PAGES:
            return []
        first = [(case, stems[0]) for case in shown if (stems := self.folder.pages_of(case))]
        words = self.folder.titles
        meta = {
            "title": folders.title(COMPARISON), "index_href": f"{INDEX}.html", "preview": f"{COMPARISON}.png",
            "scenarios": [folders.link(words.get(case, case), f"{case}/{stem}.html") for case, stem in first],
        }  # fmt: skip
        key = fingerprints.overview(out, shown, meta, COMPARISON)
        # folders relative to where the notebook runs, so that no page holds a path of this machine
        job = PageJob(COMPARISON, {"folders": shown}, meta, str(out), _variables(), self.request.timeout)
        return [self._step(f"{COMPARISON}.html", key, "worker.run_page", job)]

    def index(self, coming: Collection[str] = ()) -> Step:
        """Return the step of the index, which names pages that failed, but none of those `coming`."""
        out, shown, not_shown = self.request.out, self.folder.shown, self.folder.not_shown
        pages = {case: self.folder.pages_of(case) for case in shown}
        named = [(case, stem, f"{case}/{stem}.html") for case in shown for stem in pages[case]]
        there = [(case, stem, out / name) for case, stem, name in named if name not in coming]
        failed = [each for *each, path in there if path.exists() and ERROR_MARK in path.read_bytes()]
        meta = {
            "comparison": f"{COMPARISON}.html" in coming or (out / f"{COMPARISON}.html").exists(),
            "pages": pages,
            "failed": {case: [stem for of_case, stem in failed if of_case == case] for case in shown},
        }
        key = fingerprints.overview(out, shown, [meta, not_shown], INDEX)
        return self._step(f"{INDEX}.html", key, "products.index", str(out), shown, not_shown, meta)

    def _step(self, name: str, key: dict[str, str], job: str, *arguments, case: tuple = ()) -> Step:
        reason = fingerprints.stale_because(self.manifest.get(name), key, self.request.out)
        reason = FORCED if self.request.force else reason
        return Step(name, key, reason, job, arguments, case)


def _variables(**more: str) -> dict[str, str]:
    """Return what cells find in their environment: previews wanted, the revision, `more` if not empty."""
    given = {name: value for name, value in more.items() if value}
    return {"BURN_REPORT_PREVIEW": "1", GIVEN: revision()} | given


@contextlib.contextmanager
def only_one(out: pathlib.Path, say: Callable[[str], None]) -> Iterator[Callable[[str], None]]:
    """Hold the right to build into `out`, for which a second build waits; give what writes to its log."""
    (out / STATE).mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        held = stack.enter_context((out / STATE / "lock").open("w"))
        if files.lock(held, wait=False) is False:
            say("Another build is writing into this folder; waiting for it to end.")
            files.lock(held, wait=True)
        files.sweep(out)
        file = (out / LOG).open("w", encoding="utf-8", errors="backslashreplace", buffering=1)
        log = functools.partial(print, file=stack.enter_context(file))
        log(f"burn-report {__version__}, {revision()}")
        log(f"Python {platform.python_version()}, {platform.platform()}; arguments: {sys.argv[1:]}")
        try:
            yield log
        except BaseException as problem:
            log(f"ended by {type(problem).__name__}: {problem}")
            raise


def run(request: Request, watch, say: Callable[[str], None], pool: Executor | None = None) -> Report:
    """Build what is out of date; InputError before anything is written.

    `watch` has start(names) and done(name, problem); `say` shows a line; `pool` runs the jobs, by default
    fresh processes on this machine.
    """
    check_out(request.out)
    with contextlib.ExitStack() as stack:
        if pool is None:
            pool = stack.enter_context(processes.executor(request.jobs, request.keep_seconds))
            if request.force or not fingerprints.load(request.out):
                pool.submit(os.getpid)  # a server is certain to be needed: it imports while the plan is made
        plan = Plan(request)
        steps = [*plan.cases(), *plan.comparison(), plan.index()]
        if not any(step.reason for step in steps):
            return Report(fresh=[step.name for step in steps], not_shown=plan.folder.not_shown)
        if any(step.reason and step.job != "worker.export_again" for step in steps):
            cases = [case.case for case in request.cases]
            pool.submit(jobs.run, "products.check", cases, request.notebooks).result()
        with only_one(request.out, say) as log:
            return _make(request, Work(request.out, pool, watch, log))


def _make(request: Request, work: "Work") -> Report:
    """Make what is needed, planned anew: another build may have written here while this one waited."""
    work.submit(Plan(request).cases())
    while any(step.job == "products.results" for step in work.waiting.values()):
        work.finish_some()
    work.submit(Plan(request).comparison())
    # the index waits for no page; it is made again where one has failed meanwhile, or no longer does
    work.finish([Plan(request).index(coming=[step.name for step in work.waiting.values()])])
    last = Plan(dataclasses.replace(request, force=False))
    work.finish([step for step in [last.index()] if step.reason])
    work.report.fresh = [name for name in work.report.fresh if name not in work.report.built]
    work.report.not_shown = last.folder.not_shown
    return work.report


class Work:
    """Steps on their way through a pool: what they make is moved into place and remembered as it arrives."""

    def __init__(self, out: pathlib.Path, pool: Executor, watch, log: Callable[[str], None]) -> None:
        self.out, self.pool, self.watch, self.log = out, pool, watch, log
        self.report = Report()
        self.waiting: dict[Future, Step] = {}

    def submit(self, steps: list[Step]) -> None:
        """Start what has to be made."""
        self.report.fresh += [step.name for step in steps if not step.reason]
        stale = [step for step in steps if step.reason]
        self.watch.start([step.name for step in stale])
        self.waiting |= {self.pool.submit(jobs.run, step.job, *step.arguments): step for step in stale}

    def finish(self, steps: list[Step]) -> None:
        """Make these and whatever is under way."""
        self.submit(steps)
        while self.waiting:
            self.finish_some()

    def finish_some(self) -> None:
        """Wait for what is ready next, and keep it."""
        for future in wait(self.waiting, return_when=FIRST_COMPLETED).done:
            step = self.waiting.pop(future)
            outcome = self._kept(step, future)
            if outcome.error:
                self.report.failed[step.name] = outcome.error
            else:
                self.report.built[step.name] = step.reason
                self.report.failed.pop(step.name, None)
                self.report.said += outcome.said
            self.watch.done(step.name, outcome.error)
            what = f"failed: {outcome.error}" if outcome.error else f"made ({step.reason})"
            self.log(f"{step.name}: {what}\n{outcome.detail}".rstrip())

    def _kept(self, step: Step, future: Future) -> Outcome:
        """Move what a job made into place and remember it; return it, or what went wrong."""
        try:
            outcome = future.result()
        except (RuntimeError, OSError, ValueError) as problem:
            return Outcome({}, error=str(problem), detail=getattr(problem, "detail", ""))
        folder = posixpath.dirname(step.name)
        made = {posixpath.join(folder, name): content for name, content in outcome.files.items()}
        if outcome.executed:
            made[step.executed] = outcome.executed
        try:
            for name, content in made.items():
                files.write(self.out / name, content)
            if not outcome.error:
                fingerprints.remember(self.out, step.name, step.key, made, step.case)
        except OSError as problem:
            return dataclasses.replace(outcome, error=str(problem))
        return outcome
