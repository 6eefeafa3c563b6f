"""The commands that show what there is: scenarios, parameters, a page's sentences."""

import functools
import json
import pathlib
import sys
import webbrowser
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from analysis.inputs.errors import InputError, unknown


def result_of(scenario: str, values: dict[str, str]):
    """Return the result of a case, not yet computed, and the tables."""
    from analysis.inputs import tables
    from analysis.inputs.parameters import resolve
    from analysis.results.results import Result

    data = tables.load()
    return Result(resolve(data, scenario, values)), data


def scenarios() -> None:
    """List the scenarios: what would have to be true, and how many inputs each changes."""
    from analysis.inputs import tables

    for scenario in tables.load().scenarios.values():
        based = f"; builds on {scenario.base}" if scenario.base else ""
        print(
            f"{scenario.name}  ({scenario.title}; weight {scenario.weight:g}; "
            f"sets {len(scenario.overrides)} inputs{based})"
        )
        print(f"    {scenario.world}\n")


def parameters(
    group: Annotated[str | None, typer.Option(help="Only this group.", show_default=False)] = None,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only what has this in its name or meaning.")
    ] = None,
    page: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only what moves this page.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for machines.")] = False,
) -> None:
    """List what --set and papermill -p take, by group: name, value as reported, unit, bounds, meaning."""
    found = _parameters()
    groups = list(dict.fromkeys(row["group"] for row in found))
    if group is not None and group not in groups:
        raise unknown("group", group, groups)
    moving = _moving(page) if page else None
    needle = (search or "").lower()
    chosen = [
        row
        for row in found
        if (group in (None, row["group"]))
        and needle in f"{row['name']} {row['meaning']}".lower()
        and (moving is None or row["name"] in moving or row["group"] in moving or row["group"] == "settings")
    ]
    if not chosen:
        raise InputError(f"no parameter has {search!r} in its name or meaning")
    if as_json:
        print(json.dumps(chosen, indent=1, ensure_ascii=False))
        return
    for name in groups:
        _show(name, [row for row in chosen if row["group"] == name])


def _parameters() -> list[dict]:
    """Return every parameter: name, group, value as reported (low, central, high), unit, bounds, meaning."""
    from analysis.inputs import tables
    from analysis.inputs.parameters import SETTINGS, Settings

    defaults = Settings()
    found = [
        {
            "name": name,
            "group": "settings",
            "value": getattr(defaults, name),
            "unit": "",
            "allowed": "",
            "meaning": meaning,
        }
        for name, meaning in SETTINGS.items()
    ]
    for row in tables.load().assumptions.itertuples():
        value = row.central if row.low != row.low else [row.low, row.central, row.high]
        bounds = f"{row.minimum:g} to {row.maximum:g}"
        found.append(
            {
                "name": row.name,
                "group": row.group,
                "value": value,
                "unit": row.unit,
                "allowed": bounds,
                "meaning": row.label,
            }
        )
    return found


def _moving(page: str) -> set[str] | None:
    """Return names and groups of the inputs that a page's sections rest on; None where one rests on all."""
    from analysis.build import folders
    from analysis.pages import PAGES

    if page not in folders.case_pages():
        raise unknown("page", page, folders.case_pages())
    sections = PAGES[page].sections.values()
    return (
        None
        if any(section.inputs is None for section in sections)
        else {n for each in sections for n in each.inputs}
    )


def _show(group: str, rows: list[dict]) -> None:
    if not rows:
        return
    table = Table(
        "name", "value (5th, 50th, 95th percentile)", "unit", "allowed", "meaning", box=None, pad_edge=False
    )
    for row in rows:
        value = row["value"] if isinstance(row["value"], list) else [row["value"]]
        text = ",".join(f"{each:g}" if isinstance(each, float) else str(each) for each in value)
        table.add_row(row["name"], text, row["unit"], row["allowed"], row["meaning"])
    print(group)
    Console(width=None if sys.stdout.isatty() else 180, markup=False, highlight=False).print(table)
    print()


def text(
    page: Annotated[str, typer.Argument(help="A page of a case.")],
    scenario: Annotated[str, typer.Option(help="Of which scenario.")] = "as_reported",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="As in build.")
    ] = None,
) -> None:
    """Print a page's sentences with the figures of a case, each under its name in the page's text file."""
    from analysis.build import folders, requests
    from analysis.show.notebook import begin

    if page not in folders.case_pages():
        raise unknown("page", page, folders.case_pages())
    words = begin(page, {"scenario": scenario, **requests.changes(settings or [], {})}).text
    for name in words.names(""):
        value = getattr(words, name)
        macro = isinstance(value, functools.partial)
        # others only their section can fill in
        if isinstance(value, str) or (macro and not value.args[0].arguments):
            print(f"{name}\n    {' '.join(words.words(name).striptags().split())}\n")


def open_page(
    scenario: Annotated[
        str | None, typer.Argument(help="A scenario, or the folder of a case of yours.")
    ] = None,
    page: Annotated[str | None, typer.Argument(help="One of its pages.")] = None,
    out: Annotated[
        pathlib.Path | None, typer.Option(help="Output folder (default: reports/, then out/).")
    ] = None,
) -> None:
    """Open the report, a case or one of its pages in the browser."""
    from analysis.build import folders, requests
    from analysis.inputs import place

    places = [out] if out else [place.REPORTS, pathlib.Path(requests.OWN)]
    pages = folders.case_pages()
    if page is not None and page not in pages:
        raise unknown("page", page, pages)
    wanted = (
        [f"{scenario}/{name}.html" for name in ([page] if page else pages)] if scenario else ["index.html"]
    )
    found = [path for folder in places for name in wanted if (path := folder / name).is_file()]
    if not found:
        there = sorted(path.parent.name for folder in places for path in folder.glob("*/results.json"))
        known = [*requests.scenario_titles(), *there]
        if scenario and scenario not in known:
            raise unknown("case", scenario, known)
        raise InputError(f"{wanted[0]} is not built yet; run burn-report build {scenario or ''}".rstrip())
    print(found[0].absolute())
    webbrowser.open(found[0].absolute().as_uri())


def check(
    as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON, for machines.")] = False,
    out: Annotated[
        pathlib.Path | None, typer.Option(help="Output folder to look at (default: reports/).")
    ] = None,
) -> None:
    """Find what would stop a build: data, scenarios, notebooks, output folder, this machine; and say the
    mend.
    """
    from analysis.build import checking

    found, sound = checking.run(out)
    if as_json:
        print(
            json.dumps(
                {"sound": sound, "findings": [vars(each) for each in found]}, indent=1, ensure_ascii=False
            )
        )
    else:
        for each in found:
            print(f"{each.kind}: {each.what}" + (f"\n  {each.mend}" if each.mend else ""))
        print(sound)
    if any(each.kind == "error" for each in found):
        raise typer.Exit(2)
