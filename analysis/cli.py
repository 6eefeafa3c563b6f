"""burn-report: build the report for scenarios and own numbers, show what can be set, check before a build."""

import os
import pathlib
import signal
import sys
import traceback
from typing import Annotated

import typer
from rich.console import Console

from analysis import __version__, cli_lists, cli_sweep
from analysis.inputs.errors import InputError, unknown

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
terminal = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change an input: a number, low,central,high, a word or a month. Repeatable.",
    ),
]
Draws = Annotated[str | None, typer.Option(help="Number of draws, 8 times a power of two.")]
Seed = Annotated[str | None, typer.Option(help="Seed of the draws.")]
Timeout = Annotated[int, typer.Option(help="Seconds after which a cell is ended.")]


class Stopped(BaseException):
    """The command was asked to end by a signal. No KeyboardInterrupt, of which typer would forget the
    number.
    """

    signum = signal.SIGTERM


@app.command()
def build(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(help="Scenarios to build; all when none is named.", show_default=False),
    ] = None,
    settings: Settings = None,
    notebook: Annotated[
        list[str] | None, typer.Option(help="Only this page; may be repeated.", show_default=False)
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Folder of a case that differs from its scenario (default: custom).")
    ] = None,
    out: Annotated[
        pathlib.Path | None,
        typer.Option(
            help="Output folder (default: reports/ of the project; with changes out/, here).",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(help="Pages built at the same time (default: one more than cores).")
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    force: Annotated[bool, typer.Option("--force", help="Build everything again.")] = False,
    timeout: Timeout = 300,
    verbose: Annotated[
        bool, typer.Option("-v", "--verbose", help="Say for each page why it was or was not built.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("-q", "--quiet", help="Say nothing unless something is wrong.")
    ] = False,
) -> None:
    """Run the notebooks for scenarios: HTML pages, results.json, a workbook, and an index of them all."""
    from analysis.build import build as building
    from analysis.build import folders, requests
    from analysis.build.progress import Progress

    pages = folders.case_pages()
    for page in notebook or []:
        if page not in pages:
            raise unknown("notebook", page, pages)
    jobs = requests.jobs_by_default() if jobs is None else jobs
    check_whole("--jobs", jobs, requests.MOST_JOBS)
    check_whole("--timeout", timeout, 86400)
    values = requests.changes(settings or [], {"draws": draws, "seed": seed})
    request = requests.Request(
        cases=requests.cases(scenarios or [], name, values),
        notebooks=[page for page in pages if page in (notebook or pages)],
        out=requests.place_for(out, values),
        jobs=jobs,
        force=force,
        timeout=timeout,
    )
    with Progress(terminal, quiet=quiet) as progress:
        report = building.run(request, progress, terminal.print)
    _tell(report, request.out, verbose, quiet)


def _tell(report, out: pathlib.Path, verbose: bool, quiet: bool) -> None:
    if verbose:
        for page in sorted(report.fresh):
            print(f"{page}: up to date")
        for page, reason in sorted(report.built.items()):
            print(f"{page}: built ({reason})")
    for folder, reason in report.not_shown.items():
        terminal.print(f"{folder}: not shown ({reason})")
    tell_failures(report.failed, out)
    if quiet and not report.failed:
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


def tell_failures(failed: dict[str, str], out: pathlib.Path) -> None:
    """Say what could not be made, why, and where more is written."""
    from analysis.build.log import FILE

    for page, problem in sorted(failed.items()):
        terminal.print(f"{page}: failed\n  " + "\n  ".join(problem.strip().splitlines()[-6:]))
    if failed:
        terminal.print(f"What happened, line by line: {out / FILE}")


@app.command()
def compare(
    folders: Annotated[
        list[pathlib.Path],
        typer.Argument(metavar="DIR_A DIR_B ...", help="Result folders; each is compared with the first."),
    ],
    out: Annotated[pathlib.Path, typer.Option(help="The page to write.")] = pathlib.Path(
        "out", "compare.html"
    ),
    timeout: Timeout = 300,
) -> None:
    """Compare result folders: write a page and say what changed in inputs and headlines."""
    from analysis.build import compare as comparing

    check_whole("--timeout", timeout, 86400)
    lines = comparing.run(folders, out, timeout)
    print("\n".join(lines))
    terminal.print(f"Open {out.absolute()}")


@app.command()
def excel(
    scenario: Annotated[str, typer.Argument(help="A scenario.")],
    settings: Settings = None,
    out: Annotated[
        pathlib.Path | None, typer.Option(help="The file to write (default: out/SCENARIO.xlsx).")
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
) -> None:
    """Write the workbook of a case: inputs, the central path and the options in live formulas, evidence,
    checks.
    """
    from analysis import excel as workbook
    from analysis.build import files, requests

    values = requests.changes(settings or [], {"draws": draws, "seed": seed})
    path = out or pathlib.Path(requests.OWN, f"{scenario}.xlsx")
    if path.suffix != ".xlsx" or path.is_dir():
        raise InputError(f"--out: the name of an .xlsx file is expected; given {path}")
    requests.check_place(path.absolute().parent, path, "cannot be there")
    result, tables = cli_lists.result_of(scenario, values)
    files.write(path, workbook.write(result, tables))
    print(f"Open {path.absolute()}")


app.command()(cli_sweep.sweep)
app.command("open")(cli_lists.open_page)
for command in (cli_lists.scenarios, cli_lists.parameters, cli_lists.text, cli_lists.check):
    app.command()(command)


@app.command()
def version() -> None:
    """Show the version."""
    print(__version__)


def check_whole(option: str, value: int, most: int, least: int = 1) -> None:
    """Refuse an option that is not a whole number within its bounds."""
    if not least <= value <= most:
        raise InputError(f"{option}: a whole number from {least} to {most} is expected; given {value}")


def _stop(signum: int, _) -> None:
    stopped = Stopped()
    stopped.signum = signum
    raise stopped


def _listen() -> None:
    """Let whoever ends this command by a signal be heard as Ctrl-C is; signals that are ignored stay so."""
    for signum in STOPPING:
        if signal.getsignal(signum) == signal.SIG_DFL:
            signal.signal(signum, _stop)


def main() -> None:
    """Run the command; what goes wrong ends with one message and an exit code, never with a traceback unless
    asked.
    """
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG]
    _listen()
    try:
        code = app(args=arguments, standalone_mode=False)
        if code == 130:  # typer makes a code of Ctrl-C
            raise KeyboardInterrupt
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except SystemExit:
        raise
    except BaseException as problem:
        if DEBUG in sys.argv[1:]:
            traceback.print_exc()
        sys.exit(_said(problem))


def _said(problem: BaseException) -> int:
    """Say what went wrong in one message and return the exit code."""
    if isinstance(problem, typer.Exit):
        return problem.exit_code
    if isinstance(problem, InputError):
        terminal.print(f"Error: {problem}")
        return 2
    if isinstance(problem, typer.Abort | KeyboardInterrupt | Stopped):
        terminal.print("Stopped. What was finished is in place; the next run completes the rest.")
        return INTERRUPTED + getattr(problem, "signum", signal.SIGINT)
    if isinstance(problem, BrokenPipeError):  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED + 13
    if isinstance(problem, OSError):
        terminal.print(f"Error: {problem.strerror or problem}: {problem.filename or ''}".rstrip(": "))
        return 1
    if hasattr(problem, "format_message"):  # the command line itself: unknown option, missing value
        terminal.print(f"Error: {problem.format_message()}")
        return 2
    hint = "" if DEBUG in sys.argv[1:] else f" (the same command with {DEBUG} shows where)"
    said = problem if isinstance(problem, RuntimeError) else repr(problem)
    terminal.print(f"Error: {said}{hint}")
    return 1


if __name__ == "__main__":
    from analysis.__main__ import main as isolated

    isolated()
