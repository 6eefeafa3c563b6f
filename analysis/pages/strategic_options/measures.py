"""What the page on options shows: every mix measured, ties and dominance, regret, what was done."""

import functools

import numpy as np
import pandas as pd

from analysis.inputs.tables import Tables
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY
from analysis.results import states, ties
from analysis.results.results import Result, monthly_ranks

DRY, MEAN, WIPED = "cash_out_probability_horizon", "value_mean_usd_m", "wiped_out_probability"
SHOWN = {  # column of mixes -> metric, and which part of its summary
    "dry": (DRY, "value"), "value_usd_m": (MEAN, "value"), "wiped": (WIPED, "value"),
    "runway_months": ("runway_months", "p50"), "need_usd_m": ("funding_need_usd_m", "p50"),
}  # fmt: skip
GONE = -1e12  # of cash: so low that it counts whatever it is averaged with
VALUED_UNTIL = "2026-02"  # later prices are of a larger company
MONEY_KINDS = ("equity", "debt", "merger", "lease", "listing")


class Measures:
    """Measures of one case. `base`: the result of "As reported", set by the page."""

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result, self.tables, self.base = result, tables, result

    @functools.cached_property
    def mixes(self) -> pd.DataFrame:
        """A row per mix of options, in the order of PORTFOLIOS: mix, the columns of SHOWN, and what follows.

        highest, driest_least: is or ties with the best value, the smallest chance of running dry; dominated:
        another mix is better in one of the two and not worse in the other.
        """
        metrics, names = self.result.portfolio_metrics, list(PORTFOLIOS)
        columns = {key: [metrics[mix][name][part] for mix in names] for key, (name, part) in SHOWN.items()}
        drawn = self.result.portfolios.values()
        value = _ahead([each["value_usd_m"] for each in drawn], "{:.1e}")
        risk = -_ahead([np.isfinite(each["runway_months"]) for each in drawn], "{:.2f}")
        found = pd.DataFrame({"mix": names} | columns)
        found["highest"] = value[found["value_usd_m"].argmax()] == 0
        found["driest_least"] = risk[found["dry"].argmin()] == 0
        found["dominated"] = ((value >= 0) & (risk >= 0) & (value + risk > 0)).any(axis=0)
        return found

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """Nothing more and each option alone: mix, month, the median cash_usd_m, until half have run out."""
        parts = []
        for mix in (STAY, *OPTIONS):
            path = self.result.model.trajectory((mix,)) if mix != STAY else self.result.trajectory
            out = np.arange(path.cash.shape[1]) >= path.out_month[:, None]
            median = monthly_ranks(np.where(out, GONE, path.cash), (50,))[0]
            below = np.flatnonzero(median < 0)
            kept = median[: below[0] + 1].clip(min=0) if len(below) else median
            months = [self.result.settings.month(index) for index in range(len(kept))]
            parts.append(pd.DataFrame({"mix": mix, "month": months, "cash_usd_m": kept}))
        return pd.concat(parts, ignore_index=True)

    @functools.cached_property
    def states(self) -> states.States:
        """The scenarios as possible worlds, with the changes of this case."""
        return states.states(self.result, self.tables)

    @functools.cached_property
    def regrets(self) -> pd.DataFrame:
        """All mixes, the least regretted first: mix, regret by scenario, largest_usd_m, near_best, ties."""
        found = self.states
        tied = (found.ties & (found.ties.sum(axis=1, keepdims=True) > 1)).T  # not where one is best alone
        frame = pd.DataFrame(found.regret.T, columns=list(found.names))
        frame.insert(0, "mix", list(PORTFOLIOS))
        frame = frame.assign(largest_usd_m=found.regret.max(axis=0), near_best=found.near_best.sum(axis=0))
        frame["ties"] = [", ".join(np.array(found.names)[of_mix]) for of_mix in tied]
        return frame.sort_values("largest_usd_m", kind="stable", ignore_index=True)

    @functools.cached_property
    def least_regret(self) -> list[str]:
        """The mix with the smallest largest regret, and all that tie with it."""
        means = dict(zip(PORTFOLIOS, self.states.max_regret_by_scramble, strict=True))
        return ties.best(means, highest=False)

    @functools.cached_property
    def assumed(self) -> pd.DataFrame:
        """The inputs of the options, but for chance: option, label, low, central, high, unit, refs."""
        rows = self.tables.assumptions
        rows = rows[rows["group"].isin(OPTIONS) & (rows["domain"] != "probability")]
        rows = rows.rename(columns={"group": "option", "id": "refs"})
        for end in ("low", "central", "high"):
            rows[end] = [getattr(self.result.case[name], end) for name in rows["name"]]
        return rows.reset_index(drop=True)

    @functools.cached_property
    def done(self) -> pd.DataFrame:
        """What was done since the first month of "As reported": date, what, amount_usd_m, kind, evidence."""
        events, since = self.tables.events, self.base.settings.start_month
        return events[events["kind"].isin(MONEY_KINDS) & (events["date"] >= since)].reset_index(drop=True)

    @functools.cached_property
    def valuations(self) -> pd.DataFrame:
        """What investors paid, in the order of time: date, valuation_usd_m, what, evidence."""
        events = self.tables.events
        priced = events["kind"].isin(("equity", "merger")) & events["valuation_usd_m"].notna()
        return events[priced & (events["date"].str[:7] <= VALUED_UNTIL)].reset_index(drop=True)


def _ahead(draws: list[np.ndarray], written: str) -> np.ndarray:
    """Return whether a mix has more than another (1), less (-1), or ties or reads alike (0)."""
    means = [ties.by_scramble(each) for each in draws]
    read = [written.format(each.mean()) for each in means]
    found = np.zeros((len(means), len(means)), dtype=int)
    for one, other in np.ndindex(found.shape):
        if read[one] != read[other] and not ties.tied(means[one], means[other]):
            found[one, other] = np.sign(means[one].mean() - means[other].mean())
    return found
