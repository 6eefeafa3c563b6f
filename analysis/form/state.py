"""What a form holds, without a widget: values per input, what differs from the scenario, commands, a scenario file."""

import json
import os
import pathlib
import re
import shlex
import tempfile
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
FROM_HERE = "out"


@dataclass
class State:
    """A scenario and what the user has changed in it. `values`: input -> (low, central, high); `chosen`: setting -> value."""

    tables: Tables
    scenario: str
    values: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    chosen: dict[str, object] = field(default_factory=dict)

    @property
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

    def commands(self) -> tuple[str, str]:
        """Return the burn-report line and the papermill line that make this case."""
        sets = [
            part for name, value in self.overrides().items() for part in ("--set", f"{name}={typed(value)}")
        ]
        named = ["--name", "my-case", "--out", FROM_HERE] if sets else []
        build = shlex.join(["burn-report", "build", self.scenario, *sets, *named])
        given = json.dumps({"scenario": self.scenario, **self.overrides()})
        mill = shlex.join(
            ["papermill", "notebooks/revenue_gap.ipynb", f"{FROM_HERE}/revenue_gap.ipynb", "-y", given]
        )
        return build, mill

    def headlines(self, compared: str = "") -> pd.DataFrame:
        """Return the headlines: what, here, scenario, compared ("" for none); texts, with the range where there is one."""
        results = {"here": Result(self.case()), "scenario": Result(self.usual)}
        if compared:
            results["compared"] = Result(resolve(self.tables, compared))
        rows = []
        for name in HEADLINES:
            row = {"what": METRICS[name].label}
            for column, result in results.items():
                quantity = from_metric(result, name)
                row[column] = str(quantity)
                row[f"{column}_range"] = quantity.interval if quantity.low is not None else ""
            rows.append(row)
        return pd.DataFrame(rows)

    def save(
        self, name: str, title: str, world: str, reason: str, folder: pathlib.Path = DATA
    ) -> pathlib.Path:
        """Write the case as a scenario file and return its path. Nothing is written that the check would refuse."""
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
        except InputError:
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
    """Return what a reader wants to know of an input: label, unit, bounds, basis, sources (publisher, address), why."""
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


def typed(value: object) -> str:
    """Return an override as a command line has it."""
    if isinstance(value, list):
        return ",".join(typed(part) for part in value)
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _write(path: pathlib.Path, text: str) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except OSError as problem:
        raise InputError(
            f"{path.name}: cannot be written in {path.parent.name}/ ({problem.strerror})"
        ) from None
