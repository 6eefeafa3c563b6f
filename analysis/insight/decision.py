"""Decisions under uncertainty: regret over possible worlds, and what information is worth. Model README, section 6.

Values are those to today's shareholders, millions of US dollars, on common random numbers: the differences between
portfolios are differences of the same runs.
"""

import functools
import weakref
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import shared
from analysis.draws import SCRAMBLES
from analysis.errors import InputError
from analysis.inputs import Tables
from analysis.insight.portfolios import ERRORS, ROUNDING, standard_errors, title
from analysis.model.options import PORTFOLIOS, Path, World
from analysis.parameters import SETTINGS, resolve
from analysis.results import Run

NEAR = 0.10  # "within 10 % of the best"
FEWER = 4  # the other worlds take a quarter of the draws
FEWEST = 2 * SCRAMBLES
BINS = 8  # more bins choose on noise, fewer blur a switch from one portfolio to another
CLEAR = 3.0  # standard errors from which one input of some sixty counts as more than noise
LUCK = "investor_patience"  # chance: it cannot be found out beforehand


# ---- regret over possible worlds ----
@dataclass(frozen=True)
class Worlds:
    """Mean value of every portfolio in every possible world.

    `names`, `titles`: (worlds,); `weights`: (worlds,), summing to 1; `by_scramble`: (worlds, portfolios, 8);
    `draws`: of the worlds other than the page's own.
    """

    names: tuple[str, ...]
    titles: tuple[str, ...]
    weights: np.ndarray
    by_scramble: np.ndarray
    draws: int

    @property
    def means(self) -> np.ndarray:
        """Mean value, (worlds, portfolios)."""
        return self.by_scramble.mean(axis=2)


_KEPT: "weakref.WeakKeyDictionary[Run, tuple[Tables, Worlds]]" = weakref.WeakKeyDictionary()


def worlds(run: Run, tables: Tables) -> Worlds:
    """Return the five scenarios as possible worlds, computed once per run; the run stands for its own scenario.

    The others have the run's settings and a quarter of its draws, which are the first of the same draws. A world of
    weight 0 is left out as impossible. Raises InputError when all weights are 0.
    """
    kept = _KEPT.get(run)
    if kept is None or kept[0] is not tables:
        _KEPT[run] = kept = (tables, _worlds(run, tables))
    return kept[1]


def _worlds(run: Run, tables: Tables) -> Worlds:
    names = tuple(name for name in tables.scenarios if tables.scenarios[name].weight > 0)
    weights = normal_weights({name: scenario.weight for name, scenario in tables.scenarios.items()})
    draws = max(FEWEST, run.settings.draws // FEWER)
    settings = {name: getattr(run.settings, name) for name in SETTINGS} | {"draws": draws}
    own = run.case.scenario

    def values_in(name: str) -> np.ndarray:  # one world at a time: memory must not grow with their number
        if name == own:
            return _means(run.portfolios)
        case = resolve(tables, name, settings)
        return shared.once("values", case, lambda: _means(Run(case).of_portfolios(_value)))

    means = np.array([values_in(name) for name in names])
    return Worlds(names, tuple(_title(name, run, tables) for name in names), weights, means, draws)


def normal_weights(weights: dict[str, float]) -> np.ndarray:
    """Return the weights above 0, in order, scaled to sum to 1. Raises InputError when there is none."""
    positive = np.array([weight for weight in weights.values() if weight > 0])
    if not len(positive):
        raise InputError(f"weight: all scenarios ({', '.join(weights)}) have weight 0; at least one must be above 0")
    return positive / positive.max() / (positive / positive.max()).sum()


def _title(name: str, run: Run, tables: Tables) -> str:
    changed = name == run.case.scenario and any(key not in SETTINGS for key in run.case.changed)
    return tables.scenarios[name].title + (" (changed)" if changed else "")


def _means(found: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    return np.array([found[name]["value_usd_m"].reshape(SCRAMBLES, -1).mean(axis=1) for name in PORTFOLIOS])


def _value(world: World, path: Path) -> dict[str, np.ndarray]:
    return {"value_usd_m": world.value(path)}


def regret(means: np.ndarray) -> np.ndarray:
    """Return the best mean value in each world less a portfolio's own, (worlds, portfolios)."""
    return means.max(axis=1, keepdims=True) - means


def relative(means: np.ndarray) -> np.ndarray:
    """Return regret as a share of the best in each world, (worlds, portfolios); 0 where the best is worth nothing."""
    best = np.broadcast_to(means.max(axis=1, keepdims=True), means.shape)
    return np.divide(regret(means), best, out=np.zeros_like(means), where=best > 0)


def near_best(means: np.ndarray) -> np.ndarray:
    """Return whether a portfolio is within 10 % of the best in a world, (worlds, portfolios)."""
    return relative(means) <= NEAR


def regret_errors(possible: Worlds) -> tuple[np.ndarray, np.ndarray]:
    """Return the standard errors of regret and of its share, each (worlds, portfolios), from paired scrambles."""
    leader = np.take_along_axis(possible.by_scramble, possible.means.argmax(axis=1)[:, None, None], axis=1)
    lost = leader - possible.by_scramble
    share = np.divide(lost, leader, out=np.zeros_like(lost), where=leader > 0)
    return standard_errors(lost), standard_errors(share)


def regret_matrix(possible: Worlds) -> pd.DataFrame:
    """Return one row per world and portfolio: mean value, regret in dollars and as a share of the best, and `rank`.

    `rank` is "best", "level" (regret below two standard errors of the paired difference) or "behind". Within a world the
    portfolio of the smallest largest share comes first.
    """
    means, (errors, share_errors) = possible.means, regret_errors(possible)
    lost = regret(means)
    rank = np.where(lost <= ERRORS * errors, "level", "behind")
    rank[np.arange(len(means)), means.argmax(axis=1)] = "best"
    rows = len(possible.names), len(PORTFOLIOS)
    order = np.tile(relative(means).max(axis=0), rows[0])
    frame = pd.DataFrame(
        {
            "world": np.repeat(possible.titles, rows[1]),
            "portfolio": [title(name) for name in PORTFOLIOS] * rows[0],
            "mean_value_usd_m": means.ravel(),
            "regret_usd_m": lost.ravel(),
            "regret_se_usd_m": errors.ravel(),
            "regret_share": relative(means).ravel(),
            "regret_share_se": share_errors.ravel(),
            "rank": rank.ravel(),
        }
    )
    return frame.iloc[np.lexsort((order, np.repeat(np.arange(rows[0]), rows[1])))].reset_index(drop=True)


def robustness(possible: Worlds) -> pd.DataFrame:
    """Return one row per portfolio, smallest largest regret first: expected value, largest regrets and where, near the best.

    `near_best_share`: weight of the worlds in which it is within 10 % of the best.
    """
    means, weights = possible.means, possible.weights
    lost, share, (errors, share_errors) = regret(means), relative(means), regret_errors(possible)
    columns, worst, worst_share = np.arange(len(PORTFOLIOS)), lost.argmax(axis=0), share.argmax(axis=0)
    expected = np.einsum("w,wps->ps", weights, possible.by_scramble)
    frame = pd.DataFrame(
        {
            "portfolio": list(PORTFOLIOS),
            "title": [title(name) for name in PORTFOLIOS],
            "expected_value_usd_m": expected.mean(axis=1),
            "expected_value_se_usd_m": standard_errors(expected),
            "max_regret_usd_m": lost.max(axis=0),
            "max_regret_se_usd_m": errors[worst, columns],
            "max_regret_world": [possible.titles[world] for world in worst],
            "max_regret_share": share.max(axis=0),
            "max_regret_share_se": share_errors[worst_share, columns],
            "max_regret_share_world": [possible.titles[world] for world in worst_share],
            "near_best_share": weights @ near_best(means),
            "near_best_worlds": near_best(means).sum(axis=0),
        }
    )
    return frame.sort_values("max_regret_usd_m", ignore_index=True, kind="stable")


# ---- what information is worth, within a scenario ----
def values(run: Run) -> np.ndarray:
    """Return value to today's shareholders, (portfolios, draws), in the order of PORTFOLIOS."""
    return np.array([run.portfolios[name]["value_usd_m"] for name in PORTFOLIOS])


def evpi(run: Run) -> dict:
    """Return the expected value of perfect information, E[max_a V] − max_a E[V], with its standard error."""
    value = values(run)
    return _summary(perfect_information(value), value)


@functools.lru_cache(maxsize=1)  # several sentences of one page ask for it
def evppi(run: Run) -> dict[str, dict]:
    """Return assumption -> expected value of knowing it alone, with its standard error; certain ones are left out."""
    return shared.once("evppi", run.case, lambda: _evppi(run))


def _evppi(run: Run) -> dict[str, dict]:
    value = values(run)
    ceiling = perfect_information(value).mean()
    uncertain = [estimate.name for estimate in run.case.estimates if not estimate.certain]
    return {name: _summary(partial_information(value, run.x[name]), value, ceiling) for name in uncertain}


def perfect_information(value: np.ndarray) -> np.ndarray:
    """Return the gain from choosing in every draw, by scramble (8,). `value`: (actions, draws)."""
    return (value.max(axis=0) - value[value.mean(axis=1).argmax()]).reshape(SCRAMBLES, -1).mean(axis=1)


def partial_information(value: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return the gain from choosing on `known` alone, by scramble (8,). `value`: (actions, draws); `known`: (draws,).

    Regression on quantile bins of `known`. The choice in each bin is made on seven scrambles and paid on the eighth,
    so that luck in a bin is not taken for knowledge: an input without influence comes out at nothing, not above it.
    """
    size = value.shape[1] // SCRAMBLES
    bins = min(BINS, max(1, size // 2))
    order = np.argsort(known.reshape(SCRAMBLES, size), axis=1, kind="stable") + size * np.arange(SCRAMBLES)[:, None]
    sums = value[:, order].reshape(len(value), SCRAMBLES, bins, size // bins).sum(axis=3)
    chosen = (sums.sum(axis=1, keepdims=True) - sums).argmax(axis=0)
    paid = np.take_along_axis(sums, chosen[None], axis=0)[0].sum(axis=1) / size
    return paid - value[value.mean(axis=1).argmax()].reshape(SCRAMBLES, size).mean(axis=1)


def _summary(gain: np.ndarray, value: np.ndarray, ceiling: float = np.inf) -> dict:
    worth, error = float(np.clip(gain.mean(), 0.0, ceiling)), float(standard_errors(gain))
    least = ROUNDING * float(np.abs(value).mean())  # less than that is arithmetic, not knowledge
    return {"unit": "usd_m", "value": worth if worth > least else 0.0, "se": error if error > least else 0.0}


def information(run: Run, tables: Tables, count: int = 8) -> pd.DataFrame:
    """Return the `count` facts most worth knowing, highest first, and last the luck of the funding market (`luck` yes).

    `clear` yes: above three standard errors. `low_usd_m`, `high_usd_m`: two standard errors each way, not below 0.
    """
    worth = evppi(run)
    facts = sorted((name for name in worth if name != LUCK), key=lambda name: -worth[name]["value"])[:count]
    rows = [
        {
            "input": tables.assumptions.loc[name, "label"],
            "name": name,
            "evppi_usd_m": worth[name]["value"],
            "se_usd_m": worth[name]["se"],
            "clear": "yes" if worth[name]["value"] > CLEAR * worth[name]["se"] else "no",
            "luck": "yes" if name == LUCK else "no",
        }
        for name in [*facts, *([LUCK] if LUCK in worth else [])]
    ]
    frame = pd.DataFrame(rows, columns=["input", "name", "evppi_usd_m", "se_usd_m", "clear", "luck"])
    reach = ERRORS * frame["se_usd_m"]
    return frame.assign(low_usd_m=(frame["evppi_usd_m"] - reach).clip(lower=0.0), high_usd_m=frame["evppi_usd_m"] + reach)
