"""Plan and run a build: what is out of date, the jobs that make it, and what to say at the end."""

import contextlib
import pathlib
import posixpath
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field

from analysis.build import files, fingerprints, folders, jobs, processes
from analysis.build.files import STATE
from analysis.build.fingerprints import NEIGHBOURS
from analysis.build.folders import COMPARISON, INDEX, RESULTS, Folder
from analysis.build.jobs import Outcome, PageJob, ResultsJob
from analysis.build.log import Log
from analysis.build.requests import CaseRequest, Request, check_out
from analysis.pages import PAGES
from analysis.show.revision import GIVEN, revision


@dataclass(frozen=True)
class Step:
    """One thing to make. `name`: its path within the output folder; `reason`: why it has to be made, or "".

    `job`: the function that makes it (jobs.run).
    """

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
    """What a build did: page -> why it was built, page -> what went wrong, pages that were up to date.

    `not_shown`: case -> why it is not on the index; `said`: what changed against the scenarios' headlines.
    """

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
        return [step for case in self.request.cases for step in self._case(case)]

    def _case(self, case: CaseRequest) -> Iterator[Step]:
        for stem in reversed(
            self.request.notebooks
        ):  # the longer ones first, so that none is left alone at the end
            yield self._page(case, stem)
        what = (case.scenario, case.values)
        job = ResultsJob(what, case.folder)
        yield self._step(
            f"{case.folder}/{RESULTS}", fingerprints.results(*what), "products.results", job, case=what
        )

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
        return Step(step.name, key, step.reason, "worker.export_again", (job,))

    def comparison(self) -> list[Step]:
        """Return the step of the comparison, or none where there is nothing to compare."""
        out, shown = self.request.out, self.folder.shown
        if len(shown) < 2 or COMPARISON not in PAGES:
            return []
        first = {case: stems[0] for case in shown if (stems := self.folder.pages_of(case))}
        menu = [
            {"title": self.folder.titles.get(case, case), "href": f"{case}/{stem}.html", "current": False}
            for case, stem in first.items()
        ]
        meta = {
            "title": folders.title(COMPARISON), "index_href": f"{INDEX}.html", "preview": f"{COMPARISON}.png",
            "scenarios": menu,
        }  # fmt: skip
        key = fingerprints.overview(out, shown, meta, COMPARISON)
        # folders relative to where the notebook runs, so that no page holds a path of this machine
        job = PageJob(COMPARISON, {"folders": shown}, meta, str(out), _variables(), self.request.timeout)
        return [self._step(f"{COMPARISON}.html", key, "worker.run_page", job)]

    def index(self) -> Step:
        """Return the step of the index. It says which pages failed, so it comes last."""
        out, shown = self.request.out, self.folder.shown
        there = {
            case: [path.name for path in sorted((out / case).glob("*.html")) if self._is_noted(path)]
            for case in shown
        }
        meta = {
            "comparison": (out / f"{COMPARISON}.html").exists(),
            "pages": {case: self.folder.pages_of(case) for case in shown},
        }
        key = fingerprints.overview(out, shown, [there, meta, self.folder.not_shown])
        arguments = (str(out), shown, self.folder.not_shown, meta)
        return self._step(f"{INDEX}.html", key, "products.index", *arguments)

    def _is_noted(self, page: pathlib.Path) -> bool:
        """Say whether a page is as it was made: not one that says why it could not be."""
        entry = self.manifest.get(page.relative_to(self.request.out).as_posix())
        return entry is not None and not fingerprints.stale_because(entry, entry.key, self.request.out)

    def _step(self, name: str, key: dict[str, str], job: str, *arguments, case: tuple = ()) -> Step:
        reason = fingerprints.stale_because(self.manifest.get(name), key, self.request.out)
        return Step(
            name, key, "asked for with --force" if self.request.force else reason, job, arguments, case
        )


def _variables(**more: str) -> dict[str, str]:
    """Return what cells find in their environment: previews wanted, the revision, `more` if not empty."""
    given = {name: value for name, value in more.items() if value}
    return {"BURN_REPORT_PREVIEW": "1", GIVEN: revision()} | given


@contextlib.contextmanager
def only_one(out: pathlib.Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the right to build into `out`; a second build waits for the first."""
    (out / STATE).mkdir(parents=True, exist_ok=True)
    with (out / STATE / "lock").open("w") as file:
        if not files.lock(file, wait=False):
            say("Another build is writing into this folder; waiting for it to end.")
            files.lock(file, wait=True)
        yield


def run(request: Request, watch, say: Callable[[str], None], pool: Executor | None = None) -> Report:
    """Build what is out of date. `watch`: has start(names), done(step, problem); `say` shows a line.

    `pool`: runs the jobs, by default fresh processes on this machine. Raises InputError before anything is
    written when a case is impossible or a notebook is not as it should be.
    """
    check_out(request.out)
    with contextlib.ExitStack() as stack:
        if pool is None:
            pool = stack.enter_context(processes.executor(request.jobs))
            if request.force or not fingerprints.load(request.out):
                processes.warm_up(pool)  # certain to be needed: it imports while the plan is made
        plan = Plan(request)
        steps = [*plan.cases(), *plan.comparison(), plan.index()]
        if not any(step.reason for step in steps):
            return Report(fresh=[step.name for step in steps], not_shown=plan.folder.not_shown)
        if any(step.reason and step.job != "worker.export_again" for step in steps):
            cases = [(case.scenario, case.values) for case in request.cases]
            pool.submit(jobs.run, "products.check", cases, request.notebooks).result()
        with only_one(request.out, say), Log(request.out) as log:
            return _Work(request, pool, watch, log).do()


class _Work:
    """Steps on their way through a pool: what they make is moved into place and remembered as it arrives."""

    def __init__(self, request: Request, pool: Executor, watch, log: Log) -> None:
        self.request, self.pool, self.watch, self.log = request, pool, watch, log
        self.report = Report()
        self.waiting: dict[Future, Step] = {}

    def do(self) -> Report:
        """Do what is needed, planned anew: another build may have written here while this one waited."""
        files.sweep(self.request.out)
        self._submit(Plan(self.request).cases())
        while any(step.job == "products.results" for step in self.waiting.values()):
            self._finish_some()
        self._submit(Plan(self.request).comparison())
        while self.waiting:
            self._finish_some()
        last = Plan(self.request)
        self._submit([last.index()])
        self._finish_some()
        self.report.not_shown = last.folder.not_shown
        return self.report

    def _submit(self, steps: list[Step]) -> None:
        self.report.fresh += [step.name for step in steps if not step.reason]
        stale = [step for step in steps if step.reason]
        self.watch.start([step.name for step in stale])
        self.waiting |= {self.pool.submit(jobs.run, step.job, *step.arguments): step for step in stale}

    def _finish_some(self) -> None:
        for future in wait(self.waiting, return_when=FIRST_COMPLETED).done:
            step = self.waiting.pop(future)
            outcome, problem = self._keep(step, future)
            self.log.step(step, outcome, problem)
            if problem:
                self.report.failed[step.name] = problem
            else:
                self.report.built[step.name] = step.reason
            self.watch.done(step.name, problem)

    def _keep(self, step: Step, future: Future) -> tuple[Outcome | None, str]:
        """Move what a job made into place and remember it; return it and what went wrong."""
        out, outcome = self.request.out, None
        try:
            outcome = future.result()
            folder = posixpath.dirname(step.name)
            made = {posixpath.join(folder, name): content for name, content in outcome.files.items()}
            if outcome.executed:
                made[step.executed] = outcome.executed
            if outcome.error:
                for name, content in made.items():
                    files.write(out / name, content)
                return outcome, outcome.error
            folders.keep(out, step.name, step.key, made, step.case)
            self.report.said += outcome.said
        except (RuntimeError, OSError, ValueError) as error:
            return outcome or Outcome({}, detail=getattr(error, "detail", "")), str(error)
        return outcome, ""
