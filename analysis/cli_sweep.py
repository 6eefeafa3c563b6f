"""The command `burn-report sweep`: its options, and what it says at the end."""

import pathlib
from typing import Annotated

import typer

from analysis.cli_lists import Timeout, tell_failed, terminal
from analysis.inputs.errors import InputError

MOST_JOBS = 512
SCHEDULER = "Of a running Dask cluster, tcp://…; without it a local one."


def sweep(
    file: Annotated[pathlib.Path, typer.Argument(metavar="SWEEP.yaml", help="What varies: see data/sweeps/")],
    out: Annotated[pathlib.Path | None, typer.Option(help="Where (default: out/NAME of the file).")] = None,
    engine: Annotated[str, typer.Option(help="local: processes of this machine; dask: a cluster.")] = "local",
    scheduler: Annotated[str | None, typer.Option(metavar="ADDRESS", help=SCHEDULER)] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=MOST_JOBS, help="At once (default: cores).")] = None,
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
    from analysis.build import requests, sweeping
    from analysis.build.progress import Progress

    if no_page and reports:
        raise InputError("--no-page: full reports come with the page; leave one of it and --reports out")
    request = sweeping.Request(
        path=file, out=(out or pathlib.Path("out") / file.stem).absolute(), engine=engine,
        scheduler=scheduler, jobs=jobs or min(requests.cores(), MOST_JOBS),
        most=max_cases, reports=reports, csv=csv, force=force, draws=draws, dry_run=dry_run,
        timeout=timeout, page=not no_page,
    )  # fmt: skip
    try:
        with Progress(terminal, lines=False) as progress:
            report = sweeping.run(request, progress, terminal.print)
    except RuntimeError as problem:
        terminal.print(f"The sweep was not finished: {problem}")
        terminal.print("Finished blocks are kept; the same command goes on from there.")
        raise typer.Exit(1) from None
    if not dry_run:
        _tell(report, request.out, sweeping.PAGE if request.page else sweeping.store.TABLE)


def _tell(report, out: pathlib.Path, shown: str) -> None:
    from analysis.build import sweeping

    tell_failed(report)
    computed = sweeping.count(report.computed, "block")
    cases = sweeping.count(report.cases, "case")
    print(f"{cases}; {computed} computed, {report.kept:,} found finished. Open {out / shown}")
    if report.failed:
        raise typer.Exit(1)
