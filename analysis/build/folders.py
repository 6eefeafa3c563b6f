"""Which cases and pages stand in an output folder, and which of them belong to the data and code of now.

Others are named as not shown: their figures would be read as if they were of now, too.
"""

import functools
import json
import re
from collections.abc import Mapping

from analysis.build import fingerprints
from analysis.build.fingerprints import NEIGHBOURS, PLACE, Entry
from analysis.build.requests import CaseRequest, Request, scenario_titles
from analysis.inputs import place
from analysis.pages import PAGES

RESULTS = "results.json"
COMPARISON, INDEX = "scenario_comparison", "index"
TITLE = re.compile(r"{%-?\s*set title = \"([^\"]+)\"")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@functools.cache
def title(stem: str) -> str:
    """Return a page's title from its words, without what it takes to fill in their numbers."""
    path = place.PACKAGE / "pages" / stem / "text.en.j2"
    found = TITLE.search(path.read_text(encoding="utf-8")) if path.is_file() else None
    return found[1] if found else stem.replace("_", " ").capitalize()


def case_pages() -> list[str]:
    """Return the pages that every case has, in their order."""
    return [stem for stem, page in PAGES.items() if page.kind == "case"]


def link(words: str, href: str, current: bool = False) -> dict:
    """Return an entry of a page's menu."""
    return {"title": words, "href": href, "current": current}


class Folder:
    """An output folder with what is asked for: cases shown, scenarios first; cases not shown and why."""

    def __init__(self, request: Request, manifest: Mapping[str, Entry]) -> None:
        self.request, self.manifest, self.titles = request, manifest, scenario_titles()
        self.asked = {case.folder: case for case in request.cases}
        there = {path.parent.name for path in request.out.glob(f"*/{RESULTS}")} - self.asked.keys()
        self.not_shown = {name: reason for name in sorted(there) if (reason := self._why_not(name))}
        shown = (there - self.not_shown.keys()) | self.asked.keys()
        scenarios = [name for name in self.titles if name in shown]
        self.shown = scenarios + sorted(shown - set(scenarios))

    def _why_not(self, name: str) -> str:
        """Return why a case that was made before cannot stand beside those of now, as far as files tell."""
        try:
            content = json.loads((self.request.out / name / RESULTS).read_text(encoding="utf-8"))
            scenario = str(content["scenario"])
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return f"its {RESULTS} cannot be read; build it again or remove the folder"
        if scenario not in self.titles:
            return f"its scenario {scenario} is no longer in data/scenarios; remove the folder"
        entry = self.manifest.get(f"{name}/{RESULTS}")
        if entry and entry.case:
            now = fingerprints.results(*entry.case)
            if fingerprints.stale_because(entry, now, self.request.out):
                return "made from other inputs or code than now; build it again"
        return ""

    def case(self, folder: str) -> tuple[str, dict] | None:
        """Return scenario and values of a shown case; None when nothing is known of how it was made."""
        if folder in self.asked:
            return self.asked[folder].case
        entry = self.manifest.get(f"{folder}/{RESULTS}")
        return tuple(entry.case) if entry and entry.case else None

    def pages_of(self, folder: str) -> list[str]:
        """Return the pages of a shown case that are there, or will be, and belong to its results."""
        coming = self.request.notebooks if folder in self.asked else ()
        return [stem for stem in case_pages() if stem in coming or self._stands(folder, stem)]

    def _stands(self, folder: str, stem: str) -> bool:
        out, name = self.request.out, f"{folder}/{stem}.html"
        entry, case = self.manifest.get(name), self.case(folder)
        if entry is None or case is None:
            # a report that was cloned: its results say whether it is of now; what was not built here
            # beside pages that were may be of other inputs
            half_known = folder in self.asked or any(each.startswith(f"{folder}/") for each in self.manifest)
            return (out / name).exists() and not half_known
        now = fingerprints.page(stem, PAGES[stem].all_scenarios, *case, {}, {})
        same = all(entry.key.get(part) == now[part] for part in now if part not in (NEIGHBOURS, PLACE))
        return same and not fingerprints.stale_because(entry, entry.key, out)

    def base_of(self, case: CaseRequest, stem: str) -> str:
        """Return where, seen from a scenario's page, the same page of the base is; "" where it has none."""
        if case.scenario == place.BASE or case.values or place.BASE not in self.shown:
            return ""
        own = self.case(place.BASE) in (None, (place.BASE, {})) and stem in self.pages_of(place.BASE)
        return f"../{place.BASE}" if own else ""

    def surroundings(self, case: CaseRequest, stem: str) -> dict:
        """Return what the shell shows around a page: neighbours, links, what lies beside it."""
        titles, folder = self.titles, case.folder
        others = [name for name in titles if name in self.shown and stem in self.pages_of(name)]
        return {
            "title": title(stem),
            "scenario_title": titles[case.scenario] + (f" ({folder})" if folder != case.scenario else ""),
            "index_href": "../index.html",
            "comparison_href": f"../{COMPARISON}.html" if len(self.shown) > 1 else "",
            "preview": f"{stem}.png",
            "pages": [link(title(name), f"{name}.html", name == stem) for name in self.pages_of(folder)],
            "scenarios": [link(titles[name], f"../{name}/{stem}.html", name == folder) for name in others],
            "data": [
                {"title": "Results", "href": RESULTS, "type": "application/json"},
                {"title": "Workbook", "href": f"{folder}.xlsx", "type": SHEET},
            ],
        }
