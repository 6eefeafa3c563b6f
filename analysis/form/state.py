"""What a form holds, without a widget: values per input, what differs from the scenario, commands, a file."""

import functools
import json
import pathlib
import re
import shlex

import pandas as pd
import yaml

from analysis.inputs import tables as data
from analysis.inputs.errors import InputError, shown
from analysis.inputs.parameters import Case, resolve
from analysis.inputs.tables import Tables
from analysis.results.metrics import METRICS
from analysis.results.results import Result
from analysis.show.quantity import from_metric

HEADLINES = (
    "cash_out_month", "runway_months", "cash_out_probability_12m", "funding_need_usd_m",
    "break_even_probability", "unexplained_usd_m_per_month",
)  # fmt: skip
CHOSEN = ("burn_basis", "horizon_months", "target_month")  # settings that the form offers
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
CASE = "my-case"  # the folder of a case that differs from its scenario
OUT = "out"


class State:
    """A changed scenario: `values`: input -> (low, central, high) in its unit; `chosen`: setting -> value."""

    def __init__(self, tables: Tables, scenario: str) -> None:
        self.tables, self.scenario = tables, scenario
        self.usual = resolve(tables, scenario)
        self.values = {each.name: (each.low, each.central, each.high) for each in self.usual.estimates}
        self.chosen = {name: getattr(self.usual.settings, name) for name in CHOSEN}

    def overrides(self) -> dict[str, object]:
        """Return what differs from the scenario: one number where an input is certain, else three."""
        found: dict[str, object] = {}
        for name, (low, central, high) in self.values.items():
            given = self.usual[name]
            if (low, central, high) != (given.low, given.central, given.high):
                found[name] = central if low == central == high else [low, central, high]
        usual = vars(self.usual.settings)
        return found | {name: value for name, value in self.chosen.items() if value != usual.get(name)}

    def case(self) -> Case:
        """Return the checked case. Raises InputError, one line, for what cannot be."""
        return resolve(self.tables, self.scenario, self.overrides())

    def arguments(self, out: str) -> list[str]:
        """Return what follows `burn-report` to build this case in the folder `out`."""
        changed = self.case().changed
        sets = [part for name, value in changed.items() for part in ("--set", f"{name}={value}")]
        named = ["--name", CASE] if sets else []
        return ["build", self.scenario, *sets, *named, "--out", out]

    def commands(self) -> tuple[str, str]:
        """Return the burn-report line and the papermill line that make this case, quoted for a shell."""
        build = shlex.join(["burn-report", *self.arguments(OUT)])
        given = json.dumps({"scenario": self.scenario, **self.overrides()})
        page = "revenue_gap.ipynb"
        mill = shlex.join(["papermill", f"notebooks/{page}", f"{OUT}/{page}", "-y", given])
        return build, f"mkdir -p {OUT} && {mill}"

    def headlines(self, compared: str = "") -> pd.DataFrame:
        """Return a row per headline as texts: what; here, scenario and compared, each with a `_range`."""
        columns = {"here": _headlines(self.case()), "scenario": _as_it_stands(self.tables, self.scenario)}
        if compared:
            columns["compared"] = _as_it_stands(self.tables, compared)
        frame = pd.DataFrame({"what": [METRICS[name].label for name in HEADLINES]})
        for column, texts in columns.items():
            frame[[column, f"{column}_range"]] = texts
        return frame

    def save(self, name: str, title: str, world: str, reason: str, folder: pathlib.Path) -> pathlib.Path:
        """Write the case as a scenario file and return its path; nothing is left if check refuses it."""
        if not NAME.fullmatch(name):
            allowed = "small letters, digits and _ are allowed, a letter first"
            raise InputError(f"name: {allowed}; given {shown(name)}")
        for what, given in (("title", title), ("what would have to be true", world), ("reason", reason)):
            if not given.strip():
                raise InputError(f"{what}: a text is expected; given nothing")
        self.case()
        content = self._content(title.strip(), world.strip(), reason.strip())
        path = folder / "scenarios" / f"{name}.yaml"
        try:
            with path.open("x", encoding="utf-8") as file:  # one that exists is left as it is
                yaml.safe_dump(content, file, sort_keys=False, allow_unicode=True, width=100)
            data.load(folder)
        except FileExistsError:
            raise InputError(f"name: there is a scenario {name} already; choose another name") from None
        except BaseException as problem:
            path.unlink(missing_ok=True)
            if not isinstance(problem, OSError):
                raise
            raise InputError(f"{path.name}: cannot be written in scenarios/ ({problem.strerror})") from None
        return path

    def _content(self, title: str, world: str, reason: str) -> dict[str, object]:
        changed = self.overrides()
        settings = {name: changed.pop(name) for name in CHOSEN if name in changed}
        overrides = {
            name: {"estimate": value, "basis": "judgement", "claims": [], "evidence": [], "why": reason}
            for name, value in changed.items()
        }
        about = {"title": title, "world": world, "claims": list(self.tables.scenario(self.scenario).claims)}
        return about | {"weight": 0, "base": self.scenario, "settings": settings, "overrides": overrides}


def _headlines(case: Case) -> list[tuple[str, str]]:
    """Return each headline as text, with its range or ""."""
    result = Result(case)
    found = [from_metric(result, name) for name in HEADLINES]
    return [(str(each), "" if each.low is None else each.interval) for each in found]


@functools.lru_cache
def _as_it_stands(tables: Tables, scenario: str) -> list[tuple[str, str]]:
    return _headlines(resolve(tables, scenario))
