"""burn-report: build the report for scenarios and own numbers, list what can be set, check the data."""

import pathlib
import sys
from typing import Annotated

import typer
from rich.console import Console

from analysis import __version__, cli_sweep
from analysis.errors import InputError, unknown

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="An analytical report on a reported cash burn of about one billion dollars a month.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
INTERRUPTED = 130
terminal = Console(stderr=True, highlight=False, soft_wrap=True, markup=False)


@app.command()
def build(
    scenarios: Annotated[
        list[str] | None, typer.Argument(help="Scenarios to build; all when none is named.", show_default=False)
    ] = None,
    notebook: Annotated[list[str] | None, typer.Option(help="Only this page; may be repeated.", show_default=False)] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="NAME=VALUE", help="Change an input: a number, low,central,high, a word or a month. Repeatable."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Folder of a case that differs from its scenario (default: custom).")] = None,
    out: Annotated[
        pathlib.Path | None, typer.Option(help="Output folder (default: reports/ of the project).", show_default=False)
    ] = None,
    jobs: Annotated[int | None, typer.Option(help="Pages built at the same time (default: one more than cores).")] = None,
    draws: Annotated[str | None, typer.Option(help="Number of draws, 8 times a power of two.")] = None,
    seed: Annotated[str | None, typer.Option(help="Seed of the draws.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Build everything again.")] = False,
    timeout: Annotated[int, typer.Option(help="Seconds after which a cell is ended.")] = 300,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Say for each page why it was or was not built.")] = False,
) -> None:
    """Run the notebooks for scenarios and write HTML pages, results.json and an index."""
    from analysis.report import build as building
    from analysis.report import requests
    from analysis.report.pages import PAGES
    from analysis.report.progress import Progress

    for page in notebook or []:
        if page not in PAGES:
            raise unknown("notebook", page, PAGES)
    jobs = requests.workers_by_default() + 1 if jobs is None else jobs  # one computes while another waits for its kernel
    _whole("--jobs", jobs, 64)
    _whole("--timeout", timeout, 86400)
    values = {key: value for key, value in (("draws", draws), ("seed", seed)) if value is not None}
    request = requests.Request(
        cases=requests.cases(scenarios or [], settings or [], name, values),
        notebooks=list(dict.fromkeys(notebook or PAGES)),
        out=(out or requests.keys.ROOT / "reports").absolute(),
        jobs=jobs,
        force=force,
        timeout=timeout,
    )
    with Progress(terminal) as progress:
        report = building.run(request, progress, terminal.print)
    _tell(report, request.out, verbose)


def _tell(report, out: pathlib.Path, verbose: bool) -> None:
    if verbose:
        for page in sorted(report.fresh):
            print(f"{page}: up to date")
        for page, reason in sorted(report.built.items()):
            print(f"{page}: built ({reason})")
    for page, problem in sorted(report.failed.items()):
        terminal.print(f"{page}: failed\n  " + "\n  ".join(problem.strip().splitlines()[-6:]))
    counts = f"{len(report.built)} built, {len(report.fresh)} up to date" + (
        f", {len(report.failed)} failed" if report.failed else ""
    )
    if not report.built and not report.failed:
        counts = f"Nothing has changed: {len(report.fresh)} pages are up to date"
    print(f"{counts}. Open {out / 'index.html'}")
    if report.failed:
        raise typer.Exit(1)


@app.command()
def compare(
    folders: Annotated[
        list[pathlib.Path], typer.Argument(metavar="DIR_A DIR_B ...", help="Result folders; each is compared with the first.")
    ],
    out: Annotated[pathlib.Path, typer.Option(help="The page to write.")] = pathlib.Path("compare.html"),
    timeout: Annotated[int, typer.Option(help="Seconds after which a cell is ended.")] = 300,
) -> None:
    """Compare result folders: write a page (compare.html, here) and say what changed in inputs and headlines."""
    from analysis.report import compare as comparing

    _whole("--timeout", timeout, 86400)
    try:
        lines = comparing.run(folders, out, timeout)
    except RuntimeError as problem:
        terminal.print(f"The comparison could not be made: {problem}")
        raise typer.Exit(1) from None
    print("\n".join(lines))
    terminal.print(f"Open {out.absolute()}")


def _whole(option: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise InputError(f"{option}: a whole number from 1 to {most} is expected; given {value}")


app.command()(cli_sweep.sweep)


@app.command()
def scenarios() -> None:
    """List the scenarios: what would have to be true, and how many inputs each changes."""
    from analysis import inputs

    for scenario in inputs.load().scenarios.values():
        print(f"{scenario.name}  ({scenario.title}; weight {scenario.weight:g}; changes {len(scenario.overrides)} inputs)")
        print(f"    {scenario.world}\n")


@app.command()
def parameters() -> None:
    """List everything that --set and papermill -p take: name, value as reported, unit, bounds, meaning."""
    from rich.table import Table

    from analysis import inputs
    from analysis.parameters import SETTINGS, Settings

    table = Table("name", "value (5th, 50th, 95th percentile)", "unit", "allowed", "meaning", box=None, pad_edge=False)
    defaults = Settings()
    for name, meaning in SETTINGS.items():
        table.add_row(name, str(getattr(defaults, name)), "", "", meaning)
    for row in inputs.load().assumptions.itertuples():
        value = f"{row.central:g}" if row.low != row.low else f"{row.low:g}, {row.central:g}, {row.high:g}"
        table.add_row(row.name, value, row.unit, f"{row.minimum:g} to {row.maximum:g}", row.label)
    Console(width=None if sys.stdout.isatty() else 180, markup=False, highlight=False).print(table)


@app.command()
def check() -> None:
    """Check data/: tables, references, scenarios; say what is wrong, with file, row and column."""
    from analysis import inputs
    from analysis.parameters import resolve

    tables = inputs.load()
    for name in tables.scenarios:
        resolve(tables, name)
    print(
        f"data/ is sound: {len(tables.claims)} claims, {len(tables.evidence)} published figures from {len(tables.sources)} sources, "
        f"{len(tables.assumptions)} assumptions, {len(tables.scenarios)} scenarios."
    )


@app.command()
def version() -> None:
    """Show the version."""
    print(__version__)


def main() -> None:
    """Run the command; bad input ends with exit code 2 and one message, never with a traceback."""
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # typer makes a code of Ctrl-C
            raise KeyboardInterrupt
        sys.exit(code if isinstance(code, int) else 0)
    except InputError as problem:
        terminal.print(f"Error: {problem}")
        sys.exit(2)
    except typer.Exit as done:
        sys.exit(done.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        terminal.print("Stopped. What was finished is in place; the next run completes the rest.")
        sys.exit(INTERRUPTED)
    except OSError as problem:
        terminal.print(f"Error: {problem.strerror or problem}: {problem.filename or ''}".rstrip(": "))
        sys.exit(1)
    except Exception as problem:
        if hasattr(problem, "format_message"):  # the command line itself: unknown option, missing value
            terminal.print(f"Error: {problem.format_message()}")
            sys.exit(2)
        raise


if __name__ == "__main__":
    main()
