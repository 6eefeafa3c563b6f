"""What a form holds, without a widget: values per input, what differs from the scenario, commands, a file."""

import functools
import json
import pathlib
import re
import shlex
from dataclasses import dataclass, field

import pandas as pd
import yaml

from analysis.inputs import tables as data
from analysis.inputs.errors import InputError, shown
from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import Case, resolve
from analysis.inputs.place import DATA
from analysis.inputs.tables import Tables
from analysis.results.metrics import METRICS
from analysis.results.results import Result
from analysis.show.quantity import from_metric

HEADLINES = (
    "cash_out_month",
    "runway_months",
    "cash_out_probability_12m",
    "funding_need_usd_m",
    "break_even_probability",
    "unexplained_usd_m_per_month",
)
CHOSEN = ("burn_basis", "horizon_months", "target_month")  # settings that the form offers
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
CASE = "my-case"  # the folder of a case that differs from its scenario
OUT = "out"


@dataclass
class State:
    """A scenario and what the user changed in it.

    `values`: input -> (low, central, high), in its unit; `chosen`: setting -> value.
    """

    tables: Tables
    scenario: str
    values: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    chosen: dict[str, object] = field(default_factory=dict)

    @functools.cached_property
    def usual(self) -> Case:
        """The scenario as it stands."""
        return resolve(self.tables, self.scenario)

    def overrides(self) -> dict[str, object]:
        """Return what differs from the scenario: one number where an input is certain, else three."""
        usual = self.usual
        found: dict[str, object] = {}
        for name, (low, central, high) in self.values.items():
            given = usual[name]
            if (low, central, high) != (given.low, given.central, given.high):
                found[name] = central if low == central == high else [low, central, high]
        for name, value in self.chosen.items():
            if value != getattr(usual.settings, name):
                found[name] = value
        return found

    def case(self) -> Case:
        """Return the checked case. Raises InputError, one line, for what cannot be."""
        return resolve(self.tables, self.scenario, self.overrides())

    def arguments(self, out: str) -> list[str]:
        """Return what follows `burn-report` to build this case in the folder `out`."""
        changed = self.overrides()
        sets = [part for name, value in changed.items() for part in ("--set", f"{name}={as_argument(value)}")]
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
        """Return a row per headline, as texts.

        Columns: what, here, scenario, compared (for a second scenario); and each of these with `_range`:
        that of nine in ten simulations, "" where there is none.
        """
        columns = {"here": _headlines(Result(self.case())), "scenario": self._of_scenario(self.scenario)}
        if compared:
            columns["compared"] = self._of_scenario(compared)
        rows = []
        for name in HEADLINES:
            row = {"what": METRICS[name].label}
            for column, found in columns.items():
                row[column], row[f"{column}_range"] = found[name]
            rows.append(row)
        return pd.DataFrame(rows)

    @functools.cached_property
    def _known(self) -> dict[str, dict[str, tuple[str, str]]]:
        return {}

    def _of_scenario(self, name: str) -> dict[str, tuple[str, str]]:
        if name not in self._known:
            self._known[name] = _headlines(Result(resolve(self.tables, name)))
        return self._known[name]

    def save(
        self, name: str, title: str, world: str, reason: str, folder: pathlib.Path = DATA
    ) -> pathlib.Path:
        """Write the case as a scenario file and return its path; nothing is left if check refuses it."""
        path = folder / "scenarios" / f"{name}.yaml"
        if not NAME.fullmatch(name):
            raise InputError(
                f"name: small letters, digits and _ are allowed, a letter first; given {shown(name)}"
            )
        if path.exists() or name in self.tables.scenarios:
            raise InputError(f"name: there is a scenario {name} already; choose another name")
        for what, given in (("title", title), ("what would have to be true", world), ("reason", reason)):
            if not given.strip():
                raise InputError(f"{what}: a text is expected; given nothing")
        self.case()
        content = self._content(title.strip(), world.strip(), reason.strip())
        _write(path, yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100))
        try:
            data.load(folder)
        except BaseException:
            path.unlink()
            raise
        return path

    def _content(self, title: str, world: str, reason: str) -> dict[str, object]:
        changed = self.overrides()
        usual = self.tables.scenario(self.scenario)
        overrides = {
            name: {"estimate": value, "basis": "judgement", "claims": [], "evidence": [], "why": reason}
            for name, value in changed.items()
            if name not in CHOSEN
        }
        settings = {name: value for name, value in changed.items() if name in CHOSEN}
        content = {
            "title": title,
            "world": world,
            "claims": list(usual.claims),
            "weight": 0,
            "base": self.scenario,
        }
        return content | ({"settings": settings} if settings else {}) | {"overrides": overrides}


def start(tables: Tables, scenario: str) -> State:
    """Return the state of a scenario as it stands."""
    state = State(tables, scenario)
    usual = state.usual
    state.values = {each.name: (each.low, each.central, each.high) for each in usual.estimates}
    state.chosen = {name: getattr(usual.settings, name) for name in CHOSEN}
    return state


def about(tables: Tables, scenario: str, estimate: Estimate) -> dict[str, object]:
    """Return what a reader wants to know of an input.

    Keys: label, unit, bounds (minimum, maximum), basis, sources (each id, publisher, address), why.
    """
    row = tables.assumptions.loc[estimate.name]
    own = tables.scenario(scenario).overrides.get(estimate.name)
    evidence = own.evidence if own else tuple(row["evidence"].split())
    rows = tables.evidence.loc[list(evidence)]
    sources = [
        (ref, *tables.sources.loc[source, ["publisher", "url"]]) for ref, source in rows["source"].items()
    ]
    return {
        "label": row["label"],
        "unit": row["unit"],
        "bounds": (estimate.minimum, estimate.maximum),
        "basis": own.basis if own else row["basis"],
        "sources": sources,
        "why": own.why if own else row["why"],
    }


def as_argument(value: object) -> str:
    """Return an override as a command line has it."""
    if isinstance(value, list):
        return ",".join(as_argument(part) for part in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _headlines(result: Result) -> dict[str, tuple[str, str]]:
    """Return headline -> (text, its range or "")."""
    quantities = {name: from_metric(result, name) for name in HEADLINES}
    return {
        name: (str(each), each.interval if each.low is not None else "") for name, each in quantities.items()
    }


def _write(path: pathlib.Path, text: str) -> None:
    """Write a new file whole or not at all; one that exists is left as it is."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise InputError(f"name: {path.name} exists already; choose another name") from None
    except OSError as problem:
        path.unlink(missing_ok=True)
        place = f"{path.parent.name}/"
        raise InputError(f"{path.name}: cannot be written in {place} ({problem.strerror})") from None
