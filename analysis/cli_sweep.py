"""The command `burn-report sweep`: its options, and what it says at the end."""

import pathlib
from typing import Annotated

import typer

from analysis.cli_lists import terminal
from analysis.inputs.errors import InputError

MOST_JOBS = 512


def sweep(
    file: Annotated[
        pathlib.Path,
        typer.Argument(metavar="SWEEP.yaml", help="What is varied and what is kept; see data/sweeps/."),
    ],
    out: Annotated[
        pathlib.Path | None,
        typer.Option(help="Output folder (default: out/NAME of the file).", show_default=False),
    ] = None,
    engine: Annotated[str, typer.Option(help="local: processes of this machine; dask: a cluster.")] = "local",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Of a running Dask cluster, tcp://…; without it a local one."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            help="Blocks computed at the same time (default: number of cores).", min=1, max=MOST_JOBS
        ),
    ] = None,
    max_cases: Annotated[
        int, typer.Option(help="More cases than that are refused.", min=1, max=10**9)
    ] = 100_000,
    reports: Annotated[
        int, typer.Option(help="Build full reports of that many of the most telling cases.", min=0, max=100)
    ] = 0,
    csv: Annotated[bool, typer.Option("--csv", help="Write table.csv too.")] = False,
    no_page: Annotated[bool, typer.Option("--no-page", help="Write the table only.")] = False,
    draws: Annotated[
        str | None, typer.Option(help="Draws per case instead of the file's, 8 times a power of two.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Compute everything again.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many cases there are and about how long they take.")
    ] = False,
    timeout: Annotated[
        int, typer.Option(help="Seconds after which a cell of a page is ended.", min=1, max=86400)
    ] = 300,
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

    for page, problem in sorted(report.failed.items()):
        terminal.print(f"{page}: failed\n  " + "\n  ".join(problem.strip().splitlines()[-6:]))
    computed = sweeping.count(report.computed, "block")
    cases = sweeping.count(report.cases, "case")
    print(f"{cases}; {computed} computed, {report.kept:,} found finished. Open {out / shown}")
    if report.failed:
        raise typer.Exit(1)
