"""The pages of the report, each a folder here, found by scanning: a new page is a new folder and a notebook.

A folder `stem/` defines PAGE in its __init__.py; measures, charts, tables, facts and words lie beside it.
"""

import functools
import importlib
import pathlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType


@dataclass(frozen=True)
class PageSpec:
    """A page. `kind`: case (of a scenario), comparison, sweep or index. `topics`: of the claims it takes up.

    `sections`: key -> names or groups of the inputs that it rests on, "options" for those of all options,
    None for all. On a case's page, a section whose inputs are all as in "As reported" is a line with a link.
    `all_scenarios`: whether a case's page shows every scenario, so that a change of any makes it out of date.
    `parts`: those of a case's result that it shows, made once for all jobs.
    """

    stem: str
    order: int
    kind: str = "case"
    topics: tuple[str, ...] = ()
    sections: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    all_scenarios: bool = False
    parts: tuple[str, ...] = ("metrics", "paths")

    @property
    def title(self) -> str:
        """The title, from the page's text."""
        from analysis.show import text  # the registry is read before anything is shown

        return text.fixed(self.stem)["title"]

    @property
    def notebook(self) -> str:
        """The file name of its notebook."""
        return f"{self.stem}.ipynb"

    def rests_on(self, key: str) -> tuple[str, ...] | None:
        """Return names or groups of the inputs that a section rests on, None for all of them."""
        from analysis.model.levers import OPTIONS  # no numbers before they are asked for

        found = self.sections[key]
        return tuple(OPTIONS) if found == ("options",) else found

    def module(self, name: str) -> ModuleType:
        """Return the page's module `measures`, `charts`, `tables` or `facts`."""
        return importlib.import_module(f"{__name__}.{self.stem}.{name}")


@functools.cache
def _pages() -> dict[str, PageSpec]:
    """Return stem -> page of every folder here, in order."""
    rooms = {path.parent.name for root in __path__ for path in pathlib.Path(root).glob("[a-z]*/__init__.py")}
    found = [importlib.import_module(f"{__name__}.{stem}").PAGE for stem in rooms]
    return {page.stem: page for page in sorted(found, key=lambda page: (page.order, page.stem))}


def __getattr__(name: str) -> object:
    if name == "PAGES":  # found when first asked for: a page's own module imports this one
        return _pages()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
