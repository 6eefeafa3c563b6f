"""The commands that show what there is: scenarios, parameters, a page's sentences, findings, pages."""

import json
import pathlib
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from analysis.inputs.errors import InputError, unknown

COLUMNS = ("name", "group", "value", "unit", "allowed", "meaning")  # of a parameter
# FORCE_COLOR, which every Jupyter kernel sets, makes no terminal of a pipe
terminal = Console(
    stderr=True, highlight=False, soft_wrap=True, markup=False, force_terminal=sys.stderr.isatty()
)
WIDE = 180  # columns of a table for whoever is not a terminal
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, for machines.")]
CHANGE = "Change an input: a number, low,central,high, a word or a month. Repeatable."
Timeout = Annotated[int, typer.Option(min=1, max=86400, help="Seconds after which a cell is ended.")]
Settings = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help=CHANGE)]


def tell_failed(report) -> None:
    """Say which pages of a build or a sweep failed, each with the last lines of its problem."""
    for page, problem in sorted(report.failed.items()):
        terminal.print(f"{page}: failed\n  " + "\n  ".join(problem.strip().splitlines()[-6:]))


def _table(rows: list[dict[str, object]]) -> None:
    """Print rows as a table; the keys of the first are its heads."""
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(str, row.values()))
    width = None if sys.stdout.isatty() else WIDE
    Console(width=width, markup=False, highlight=False).print(table)
    print()


def scenarios() -> None:
    """List the scenarios: what would have to be true, and how many inputs each changes."""
    from analysis.inputs import tables

    _table([
        {"name": each.name, "title": each.title, "weight": f"{each.weight:g}", "builds on": each.base or "",
         "sets": len(each.overrides), "what would have to be true": f"{each.world}\n"}
        for each in tables.load().scenarios.values()
    ])  # fmt: skip


def parameters(
    group: Annotated[str | None, typer.Option(help="Only this group.")] = None,
    search: Annotated[str, typer.Option(metavar="TEXT", help="Only what has this in name or meaning.")] = "",
    as_json: AsJson = False,
) -> None:
    """List what --set and papermill -p take, by group: name, value as reported, unit, bounds, meaning."""
    found = _parameters()
    groups = list(dict.fromkeys(row["group"] for row in found))
    if group not in (None, *groups):
        raise unknown("group", group, groups)
    found = [row for row in found if group in (None, row["group"])]
    found = [row for row in found if search.lower() in f"{row['name']} {row['meaning']}".lower()]
    if not found:
        raise InputError(f"no parameter has {search!r} in its name or meaning")
    if as_json:
        print(json.dumps(found, indent=1, ensure_ascii=False))
        return
    for name in dict.fromkeys(row["group"] for row in found):
        print(name)
        _table([_written(row) for row in found if row["group"] == name])


def _parameters() -> list[dict[str, object]]:
    """Return every parameter: name, group, value as reported (low, central, high), unit, bounds, meaning."""
    from analysis.inputs import tables
    from analysis.inputs.parameters import BASE, SETTINGS, resolve

    data = tables.load()
    case = resolve(data, BASE)
    rows = [(name, "settings", getattr(case.settings, name), "", "", SETTINGS[name]) for name in SETTINGS]
    for each, row in zip(case.estimates, data.assumptions.itertuples(), strict=True):
        value = each.central if each.certain else [each.low, each.central, each.high]
        allowed = f"{each.minimum:g} to {each.maximum:g}"
        rows.append((each.name, row.group, value, each.unit, allowed, row.label))
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def _written(row: dict[str, object]) -> dict[str, object]:
    values = row["value"] if isinstance(row["value"], list) else [row["value"]]
    text = ",".join(f"{each:g}" if isinstance(each, float) else str(each) for each in values)
    about = {name: row[name] for name in COLUMNS[3:]}
    return {"name": row["name"], "value (5th, 50th, 95th percentile)": text, **about}


def check_page(page: str, kind: str = "page") -> None:
    """Refuse what is no page of a case; `kind`: what the command calls it."""
    from analysis.build import folders

    if page not in folders.case_pages():
        raise unknown(kind, page, folders.case_pages())


def text(
    page: Annotated[str, typer.Argument(help="A page of a case, index or scenario_comparison.")],
    scenario: Annotated[str, typer.Option(help="Of which scenario, for a page of a case.")] = "as_reported",
    settings: Settings = None,
) -> None:
    """Print a page's sentences with the figures of a case, each under its name in the page's text file."""
    from jinja2.runtime import Macro

    from analysis.build import requests
    from analysis.pages import PAGES
    from analysis.show.notebook import begin
    from analysis.show.page import Page

    if page in ("index", "scenario_comparison"):
        found = begin("scenario_comparison", {})  # of the cases in reports/
    else:
        check_page(page)
        found = begin(page, {"scenario": scenario, **requests.changes(settings or [], {})})
    if page == "index":
        given = found.measures.results, found.tables, {}, {}, {}, True
        found = Page(PAGES[page], found.tables, PAGES[page].module("measures").Measures(*given))
    words = found.text
    for name in words.names(""):
        value = words.own[name]
        # others only their section can fill in
        if isinstance(value, str) or (isinstance(value, Macro) and not value.arguments):
            print(f"{name}\n    {' '.join(words.words(name).striptags().split())}\n")


def check(
    as_json: AsJson = False,
    out: Annotated[pathlib.Path | None, typer.Option(help="Folder to look at (default: reports/).")] = None,
) -> None:
    """Find what would stop a build: data, scenarios, notebooks, output folder, machine; and say the mend."""
    from analysis.build import checking

    found, sound = checking.run(out)
    if as_json:
        said = {"sound": sound, "findings": [vars(each) for each in found]}
        print(json.dumps(said, indent=1, ensure_ascii=False))
    else:
        for each in found:
            print(f"{each.kind}: {each.what}" + (f"\n  {each.mend}" if each.mend else ""))
        print(sound)
    if any(each.kind == "error" for each in found):
        raise typer.Exit(2)
