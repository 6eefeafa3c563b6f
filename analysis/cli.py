"""burn-report: build the report for scenarios and own numbers, show what can be set, check before a build."""

import os
import pathlib
import signal
import sys
import traceback
from typing import Annotated

import typer

from analysis import __version__, cli_lists
from analysis.build import requests
from analysis.cli_lists import Settings, Timeout, terminal
from analysis.inputs.errors import InputError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="An analytical report on a reported cash burn of about one billion dollars a month.",
    epilog="Every command takes --debug: where an error came from, line by line.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 128  # and the number of the signal: the exit code of a command that was stopped
STOPPING = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
DEBUG = "--debug"
Out = Annotated[pathlib.Path | None, typer.Option(help="Where (default: reports/; with changes out/, here).")]
Draws = Annotated[str | None, typer.Option(help="Number of draws, 8 times a power of two.")]
Seed = Annotated[str | None, typer.Option(help="Seed of the draws.")]
JOBS = "Pages built at the same time (default: cores, one more for several cases)."
KEEP = "How long, from its start, a server stays for the next command (default: 5 at a terminal, else 0)."
MOST_TASKS = 512  # of a sweep
SCHEDULER = "Of a running Dask cluster, tcp://…; without it a local one."
COMPARED = pathlib.Path("out", "compare.html")


class Stopped(BaseException):
    """A signal, its argument, asked the command to end. No KeyboardInterrupt: typer would forget which."""


@app.command()
def build(
    scenarios: Annotated[list[str] | None, typer.Argument(help="Scenarios; all when none is named.")] = None,
    settings: Settings = None,
    notebook: Annotated[list[str] | None, typer.Option(help="Only this page; may be repeated.")] = None,
    name: Annotated[str | None, typer.Option(help="Folder of a changed case (default: custom).")] = None,
    out: Out = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=requests.MOST_JOBS, help=JOBS)] = None,
    draws: Draws = None,
    seed: Seed = None,
    force: Annotated[bool, typer.Option("--force", help="Build everything again.")] = False,
    timeout: Timeout = 300,
    keep: Annotated[float | None, typer.Option(min=0, max=1440, metavar="MINUTES", help=KEEP)] = None,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say only what is wrong.")] = False,
) -> None:
    """Run the notebooks for scenarios: HTML pages, results.json, a workbook, and an index of them all."""
    from analysis.build import build as building
    from analysis.build import folders
    from analysis.build.progress import Progress

    pages = folders.case_pages()
    for page in notebook or []:
        cli_lists.check_page(page, "notebook")
    values = requests.changes(settings or [], {"draws": draws, "seed": seed})
    cases = requests.cases(scenarios or [], name, values)
    request = requests.Request(
        cases=cases,
        notebooks=[page for page in pages if page in (notebook or pages)],
        out=requests.place_for(out, values),
        jobs=jobs or requests.jobs_by_default(len(cases)),
        force=force,
        timeout=timeout,
        keep_seconds=60 * (keep if keep is not None else 5 * terminal.is_terminal),
    )
    with Progress(terminal, quiet=quiet) as progress:
        report = building.run(request, progress, terminal.print)
    _tell(report, request.out, quiet)


def _tell(report, out: pathlib.Path, quiet: bool) -> None:
    from analysis.build.build import LOG

    for folder, reason in report.not_shown.items():
        terminal.print(f"{folder}: not shown ({reason})")
    cli_lists.tell_failed(report)
    if report.failed:
        terminal.print(f"What happened, line by line: {out / LOG}")
    elif quiet:
        return
    for line in report.said:
        print(line)
    failed = f", {len(report.failed)} failed" if report.failed else ""
    counts = f"{len(report.built)} built, {len(report.fresh)} up to date{failed}"
    if not report.built and not report.failed:
        counts = f"Nothing has changed: {len(report.fresh)} files are up to date"
    index = out / "index.html"
    print(f"{counts}. Open {index}" if index.exists() else f"{counts}.")
    if report.failed:
        raise typer.Exit(1)


@app.command()
def compare(
    folders: Annotated[list[pathlib.Path], typer.Argument(metavar="DIR_A DIR_B ...", help="Result folders.")],
    out: Annotated[pathlib.Path, typer.Option(help="The page to write.")] = COMPARED,
    timeout: Timeout = 300,
) -> None:
    """Compare result folders with the first: write a page, say what changed in inputs and headlines."""
    from analysis.build import compare as comparing

    lines = comparing.run(folders, out, timeout)
    print("\n".join(lines))
    terminal.print(f"Open {out.absolute()}")


@app.command()
def sweep(
    file: Annotated[pathlib.Path, typer.Argument(metavar="SWEEP.yaml", help="What varies: see data/sweeps/")],
    out: Annotated[pathlib.Path | None, typer.Option(help="Where (default: out/NAME of the file).")] = None,
    engine: Annotated[str, typer.Option(help="local: processes of this machine; dask: a cluster.")] = "local",
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help=SCHEDULER)] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=MOST_TASKS, help="At once (default: cores).")] = None,
    max_cases: Annotated[int, typer.Option(min=1, max=10**9, help="More are refused.")] = 100_000,
    reports: Annotated[int, typer.Option(min=0, max=100, help="Full reports of so many telling cases.")] = 0,
    csv: Annotated[bool, typer.Option("--csv", help="Write table.csv too.")] = False,
    no_page: Annotated[bool, typer.Option("--no-page", help="Write the table only.")] = False,
    draws: Annotated[str | None, typer.Option(help="Draws per case instead of the file's.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Compute everything again.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many cases and how long.")] = False,
    timeout: Timeout = 300,
) -> None:
    """Run the model for many cases: write a table, a row per case, and a page on where the answer flips."""
    from analysis.build import sweeping
    from analysis.build.progress import Progress

    if no_page and reports:
        raise InputError("--no-page: full reports come with the page; leave one of it and --reports out")
    request = sweeping.Request(
        path=file, out=(out or pathlib.Path("out") / file.stem).absolute(), engine=engine,
        scheduler=scheduler, jobs=jobs or min(requests.cores(), MOST_TASKS),
        most=max_cases, reports=reports, csv=csv, force=force, draws=draws, dry_run=dry_run,
        timeout=timeout, page=not no_page,
    )  # fmt: skip
    try:
        with Progress(terminal) as progress:
            report = sweeping.run(request, progress, terminal.print)
    except RuntimeError as problem:
        terminal.print(f"The sweep was not finished: {problem}")
        terminal.print("Finished blocks are kept; the same command goes on from there.")
        raise typer.Exit(1) from None
    if dry_run:
        return
    cli_lists.tell_failed(report)
    cases, computed = sweeping.count(report.cases, "case"), sweeping.count(report.computed, "block")
    shown = request.out / (sweeping.store.TABLE if no_page else sweeping.PAGE)
    print(f"{cases}; {computed} computed, {report.kept:,} found finished. Open {shown}")
    if report.failed:
        raise typer.Exit(1)


for command in (cli_lists.scenarios, cli_lists.parameters, cli_lists.text, cli_lists.check):
    app.command()(command)


@app.command()
def version() -> None:
    """Show the version."""
    print(__version__)


def _stop(signum: int, _) -> None:
    raise Stopped(signum)


def _listen() -> None:
    """Hear other signals that end a command as Ctrl-C is heard; those that are ignored stay so."""
    for signum in STOPPING:
        if signal.getsignal(signum) == signal.SIG_DFL:
            signal.signal(signum, _stop)


def main() -> None:
    """Run the command; what goes wrong is one message and an exit code, a traceback only if asked for."""
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG]
    _listen()
    try:
        code = app(args=arguments, standalone_mode=False)
        if code == 130:  # typer makes a code of Ctrl-C
            raise KeyboardInterrupt
        sys.stdout.flush()
    except BaseException as problem:
        if DEBUG in sys.argv[1:]:
            traceback.print_exc()
        code = _said(problem)
    sys.exit(code if isinstance(code, int) else 0)


def _said(problem: BaseException) -> int:
    """Say what went wrong in one message and return the exit code."""
    if isinstance(problem, typer.Abort | KeyboardInterrupt | Stopped):
        terminal.print("Stopped. What was finished is in place; the next run completes the rest.")
        return INTERRUPTED + (problem.args[0] if isinstance(problem, Stopped) else signal.SIGINT)
    if isinstance(problem, BrokenPipeError | SystemExit):  # of rich, typer: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED + 13
    if isinstance(problem, OSError):
        terminal.print(f"Error: {problem.strerror or problem}: {problem.filename or ''}".rstrip(": "))
        return 1
    if hasattr(problem, "format_message"):  # the command line itself: unknown option, missing value
        problem = InputError(problem.format_message())
    if isinstance(problem, InputError):
        terminal.print(f"Error: {problem}")
        return 2
    hint = "" if DEBUG in sys.argv[1:] else f" (the same command with {DEBUG} shows where)"
    said = problem if isinstance(problem, RuntimeError) else repr(problem)
    terminal.print(f"Error: {said}{hint}")
    return 1
