"""Plan and run a build: which pages are out of date, the jobs that make them, and what to say at the end."""

import contextlib
import json
import os
import pathlib
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, as_completed
from dataclasses import dataclass, field

import yaml

from analysis.errors import InputError, shown, unknown
from analysis.report import files, keys
from analysis.report.jobs import PageJob, call
from analysis.report.pages import COMPARISON, PAGES
from analysis.report.processes import FreshProcesses

SCENARIOS = keys.ROOT / "data" / "scenarios"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class CaseRequest:
    """A scenario with overrides as given on the command line, and the folder its pages go to."""

    scenario: str
    values: dict[str, str]
    folder: str


@dataclass(frozen=True)
class Request:
    """What `burn-report build` was asked for."""

    cases: list[CaseRequest]
    notebooks: list[str]
    out: pathlib.Path
    jobs: int
    force: bool = False
    timeout: int = 300


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


def scenario_titles() -> dict[str, str]:
    """Return scenario -> title, in the order of the files; a file that cannot be read keeps its name (the check says why)."""
    titles = {}
    for path in sorted(SCENARIOS.glob("*.yaml")):
        with contextlib.suppress(yaml.YAMLError, UnicodeDecodeError, AttributeError, OSError):
            titles[path.stem] = str(yaml.safe_load(path.read_text(encoding="utf-8")).get("title", path.stem))
        titles.setdefault(path.stem, path.stem)
    return {name: titles[name] for name in sorted(titles, key=lambda name: (name != "as_reported", name))}


def requests(scenarios: list[str], settings: list[str], name: str | None, values: dict[str, str]) -> list[CaseRequest]:
    """Return the cases that a command line names. `settings`: NAME=VALUE; `values`: draws and seed when given."""
    known = scenario_titles()
    for scenario in scenarios:
        if scenario not in known:
            raise unknown("scenario", scenario, known)
    changes: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise InputError(f"--set: NAME=VALUE is expected; given {shown(setting)}")
        if key.strip() in changes:
            raise InputError(f"--set: {key.strip()} is given twice")
        changes[key.strip()] = value.strip()
    if name is not None:
        check_name(name, changes, known)
    chosen = list(dict.fromkeys(scenarios or known))
    folder = name or "custom"
    folders = {s: (folder if len(chosen) == 1 else f"{folder}-{s}") if changes else s for s in chosen}
    return [CaseRequest(scenario, changes | values, folders[scenario]) for scenario in chosen]


def check_name(name: str, changes: dict[str, str], known: dict[str, str]) -> None:
    """Refuse a folder name that could leave the output folder, hide, or overwrite a scenario's own pages."""
    if not NAME.fullmatch(name) or name.endswith("."):
        raise InputError(
            f"--name: letters, digits, '.', '_' and '-' are allowed, 64 at most, a letter or digit first; given {shown(name)}"
        )
    if not changes:
        raise InputError("--name: names a case that differs from its scenario; give a difference with --set NAME=VALUE")
    if name in known:
        raise InputError(f"--name: {name} is a scenario; its folder holds the scenario's own pages")


def check_out(out: pathlib.Path) -> None:
    """Refuse an output folder that is a file or cannot be written; nothing is created here."""
    place = out
    while not place.exists():
        place = place.parent
    if not place.is_dir():
        raise InputError(f"--out: {shown(str(out))} is not a folder ({place.name} is a file)")
    if not os.access(place, os.W_OK | os.X_OK):
        raise InputError(f"--out: {shown(str(out))} cannot be written to; check its permissions")


def plan(request: Request) -> tuple[list[Step], list[str]]:
    """Return every step with its key and reason ("" when up to date), and the pages that are up to date."""
    old = keys.load(request.out)
    cases = shown_cases(request)
    steps = []
    for case in request.cases:
        key = keys.results(case.scenario, case.values)
        target = request.out / case.folder / "results.json"
        steps.append(_step(request, old, f"{case.folder}/results.json", key, ("run_results", case.scenario, case.values, target)))
        for notebook in request.notebooks:
            meta = surroundings(case, notebook, cases, request)
            key = keys.page(notebook, case.scenario, case.values, meta)
            values = {"scenario": case.scenario, **case.values}
            job = PageJob(notebook, values, meta, request.out / case.folder / notebook, request.timeout)
            steps.append(_step(request, old, f"{case.folder}/{notebook}.html", key, ("run_page", job)))
    return steps, cases


def _step(request: Request, old: dict, name: str, key: dict[str, str], job: tuple) -> Step:
    reason = "asked for with --force" if request.force else keys.why(old.get(name), key, (request.out / name).exists())
    return Step(name, key, reason, job)


def shown_cases(request: Request) -> list[str]:
    """Return the folders that the index shows: scenarios first, then other cases that are there."""
    there = {path.parent.name for path in request.out.glob("*/results.json")} | {case.folder for case in request.cases}
    scenarios = [name for name in scenario_titles() if name in there]
    return scenarios + sorted(there - set(scenarios))


def surroundings(case: CaseRequest, notebook: str, cases: list[str], request: Request) -> dict:
    """Return what the template shows around a page: title, neighbours, links."""
    spec, titles = PAGES[notebook], scenario_titles()
    same = [name for name in titles if name in cases]
    there = [name for name in PAGES if name in request.notebooks or (request.out / case.folder / f"{name}.html").exists()]
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


def run(request: Request, watch, say: Callable[[str], None]) -> Report:
    """Build what is out of date. `watch`: has start(names), done(step, problem); `say` shows a line.

    Raises InputError before anything is written when a case is impossible.
    """
    report = Report()
    check_out(request.out)
    with FreshProcesses(request.jobs) as pool:
        try:
            steps, cases = plan(request)
            stale = [step for step in steps if step.reason]
            report.fresh = [step.name for step in steps if not step.reason]
            if not stale and not any(step.reason for step in _overviews(request, cases)):
                report.fresh += [step.name for step in _overviews(request, cases)]
                return report
            if stale:
                _check(pool, request)
            request.out.mkdir(parents=True, exist_ok=True)
            with only_one(request.out, say):
                files.sweep(request.out)
                _run_all(pool, stale, request, report, watch)
                for step in _overviews(request, cases):  # each sees what the one before has built
                    _run_all(pool, [step] if step.reason else [], request, report, watch)
        except BaseException:
            pool.stop()
            raise
    return report


def _check(pool: FreshProcesses, request: Request) -> None:
    problem = pool.submit(call, "check", [(case.scenario, case.values) for case in request.cases]).result()
    if problem:
        raise InputError(problem)


def _overviews(request: Request, cases: list[str]) -> Iterator[Step]:
    if (keys.ROOT / "notebooks" / f"{COMPARISON.name}.ipynb").exists() and len(cases) > 1:
        key = keys.overview(request.out, cases, COMPARISON.name)
        job = ("run_comparison", request.out, cases, request.timeout)
        yield _step(request, keys.load(request.out), f"{COMPARISON.name}.html", key, job)
    key = keys.overview(request.out, cases)
    yield _step(request, keys.load(request.out), "index.html", key, ("run_index", request.out, cases))


def _run_all(pool: FreshProcesses, steps: list[Step], request: Request, report: Report, watch) -> None:
    watch.start([step.name for step in steps])
    futures: dict[Future, Step] = {pool.submit(call, *step.job): step for step in steps}
    for future in as_completed(futures):
        step = futures[future]
        problem = ""
        try:
            outcome = future.result()
            problem, report.cell_seconds = outcome.error, report.cell_seconds + outcome.cell_seconds
        except (RuntimeError, OSError) as error:
            problem = str(error)
        if problem:
            report.failed[step.name] = problem
        else:
            report.built[step.name] = step.reason
            _remember(request.out, step)
        watch.done(step.name, problem)


def _remember(out: pathlib.Path, step: Step) -> None:
    manifest = keys.load(out) | {step.name: step.key}
    files.write(out / keys.MANIFEST, json.dumps(manifest, indent=1, sort_keys=True) + "\n")


def workers_by_default() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
