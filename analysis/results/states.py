"""The scenarios as possible worlds: what each mix is worth there, and its regret. Model README, section 7."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.inputs.errors import InputError
from analysis.inputs.parameters import SETTINGS, Case, resolve
from analysis.inputs.tables import Tables
from analysis.model.options import PORTFOLIOS
from analysis.results.results import Measures, Result, of_portfolios
from analysis.results.ties import by_scramble, tied

NEAR = 0.10  # "within 10 % of the best"
VALUE = "value_usd_m"


@dataclass(frozen=True)
class States:
    """Mean value of every portfolio in every possible world, all with the same number of draws."""

    names: tuple[str, ...]  # scenarios of weight above 0
    by_scramble: np.ndarray  # means of eight scrambles, usd_m, (worlds, portfolios as in PORTFOLIOS, 8)

    @property
    def means(self) -> np.ndarray:
        """Mean value, (worlds, portfolios), usd_m."""
        return self.by_scramble.mean(axis=2)

    @property
    def regret(self) -> np.ndarray:
        """The best mean value in a world less a portfolio's own, (worlds, portfolios), usd_m."""
        return self.means.max(axis=1, keepdims=True) - self.means

    @property
    def ties(self) -> np.ndarray:
        """Whether a portfolio is the best of a world or ties with it, (worlds, portfolios)."""
        found = [
            [tied(each, of_world[leader]) for each in of_world]
            for of_world, leader in zip(self.by_scramble, self.means.argmax(axis=1), strict=True)
        ]
        return np.array(found)

    @property
    def near_best(self) -> np.ndarray:
        """Whether a portfolio is within 10 % of the best of a world or ties with it, (worlds, portfolios)."""
        return (self.regret <= NEAR * self.means.max(axis=1, keepdims=True)) | self.ties

    @property
    def max_regret_by_scramble(self) -> np.ndarray:
        """The largest regret as each scramble has it, against the best of all draws, (portfolios, 8)."""
        leaders = self.by_scramble[np.arange(len(self.names)), self.means.argmax(axis=1)]
        lost = leaders[:, None, :] - self.by_scramble
        return lost[self.regret.argmax(axis=0), np.arange(len(PORTFOLIOS))]


def states(result: Result, tables: Tables) -> States:
    """Return the scenarios of weight above 0 as possible worlds; the result stands for its own scenario.

    The other worlds take the settings that were changed for the result, its draws and its seed among them.
    Raises InputError when all weights are 0.
    """
    scenarios = {name: each for name, each in tables.scenarios.items() if each.weight > 0}
    if not scenarios:
        names = ", ".join(tables.scenarios)
        raise InputError(f"weight: all scenarios ({names}) have weight 0; at least one must be above 0")
    changed = {name: getattr(result.settings, name) for name in SETTINGS if name in result.case.changed}
    common = changed | {name: getattr(result.settings, name) for name in ("seed", "draws")}
    values = {
        name: worth(resolve(tables, name, common)) for name in scenarios if name != result.case.scenario
    }
    values[result.case.scenario] = worth(result.case, result.portfolios)
    return States(tuple(scenarios), np.array([values[name] for name in scenarios]))


_known: dict[tuple, np.ndarray] = {}  # of this process and the one that it was forked from, by what decides


def worth(case: Case, drawn: Mapping[str, Measures] | None = None) -> np.ndarray:
    """Return what the mixes are worth, (portfolios, 8), found once. `drawn`: its portfolios, if known."""
    key = case.settings, case.estimates, case.correlations
    if key not in _known:
        drawn = drawn or of_portfolios(case.sample(), case.settings, (VALUE,))
        _known[key] = np.array([by_scramble(drawn[name][VALUE]) for name in PORTFOLIOS])
    return _known[key]
