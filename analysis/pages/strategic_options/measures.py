"""What the page on options shows: every mix of options measured, ties and dominance, regret over the
scenarios, what was done.
"""

import functools

import numpy as np
import pandas as pd

from analysis.inputs.tables import Tables
from analysis.model.options import OPTIONS, PORTFOLIOS, STAY
from analysis.results import states, ties
from analysis.results.results import Result

VALUE, RUNWAY = "value_usd_m", "runway_months"
DRY, MEAN, WIPED = "cash_out_probability_horizon", "value_mean_usd_m", "wiped_out_probability"
BEST_ROWS = 5
VALUED_UNTIL = "2026-02"  # later prices are of a larger company
MONEY_KINDS = ("equity", "debt", "merger", "lease", "listing")
SHOWN_BEFORE, SHOWN_AFTER = 24, 6  # months of the chart of cash: at least, and after the last line has ended


class Measures:
    """Measures of one case. `base`: the result of "As reported", set by the page."""

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result, self.tables, self.base = result, tables, result

    @functools.cached_property
    def mixes(self) -> pd.DataFrame:
        """A row per mix of options, in the order of PORTFOLIOS.

        Columns mix, dry (chance that cash runs out), value_usd_m (mean, after debt), wiped (chance of nothing
        left), runway_months, need_usd_m, highest and driest_least (ties with the best value, with the
        smallest chance), dominated (another mix is better in one of the two and not worse in the other), role
        (for the chart).
        """
        found = pd.DataFrame({"mix": list(PORTFOLIOS)})
        metrics = self.result.portfolio_metrics
        for column, name in (("dry", DRY), ("value_usd_m", MEAN), ("wiped", WIPED)):
            found[column] = [metrics[mix][name]["value"] for mix in PORTFOLIOS]
        for column, name in ((RUNWAY, RUNWAY), ("need_usd_m", "funding_need_usd_m")):
            found[column] = [metrics[mix][name]["p50"] for mix in PORTFOLIOS]
        found["highest"] = found["mix"].isin(ties.best(self._values))
        found["driest_least"] = found["mix"].isin(ties.best(self._dry, highest=False))
        found["dominated"] = [self._dominated(mix) for mix in PORTFOLIOS]
        roles = np.where(found["highest"] | found["driest_least"], "best", "other")
        found["role"] = np.where(found["dominated"], "dominated", roles)
        return found

    @functools.cached_property
    def _values(self) -> dict[str, np.ndarray]:
        return {mix: found[VALUE] for mix, found in self.result.portfolios.items()}

    @functools.cached_property
    def _dry(self) -> dict[str, np.ndarray]:
        return {
            mix: np.isfinite(found[RUNWAY]).astype(float) for mix, found in self.result.portfolios.items()
        }

    def _dominated(self, mix: str) -> bool:
        """Whether another mix is clearly better in value or in risk and, ties apart, not worse in the
        other.
        """

        def better(first: str, second: str, measure: dict[str, np.ndarray], sign: int) -> int:
            if ties.tied(measure[first], measure[second]):
                return 0
            return int(np.sign(sign * (measure[first].mean() - measure[second].mean())))

        for other in PORTFOLIOS:
            compared = (better(other, mix, self._values, 1), better(other, mix, self._dry, -1))
            if min(compared) >= 0 and max(compared) > 0:
                return True
        return False

    @functools.cached_property
    def cash(self) -> pd.DataFrame:
        """A row per month and single option: mix, month (YYYY-MM), cash_usd_m (median), until the median runs
        out.
        """
        parts = []
        for mix in (STAY, *OPTIONS):
            trajectory = self.result.model.trajectory(PORTFOLIOS[mix])
            median = np.median(trajectory.cash, axis=0)
            below = np.flatnonzero(median < 0)
            kept = median[: below[0] + 1].clip(min=0) if len(below) else median
            months = [self.result.settings.month(index) for index in range(len(kept))]
            parts.append(pd.DataFrame({"mix": mix, "month": months, "cash_usd_m": kept}))
        whole = pd.concat(parts, ignore_index=True)
        ends = whole.groupby("mix")["month"].count()
        lasting = min(
            len(median),
            max(
                SHOWN_BEFORE,
                ends[ends < len(median)].max() + SHOWN_AFTER if (ends < len(median)).any() else 0,
            ),
        )
        return whole[whole.groupby("mix").cumcount() < max(lasting, 1)]

    @functools.cached_property
    def regret(self) -> pd.DataFrame:
        """The mixes with the smallest largest regret, best first: mix, a column of regret per scenario
        (usd_m), largest_usd_m, near_best.
        """
        found = self.states
        frame = pd.DataFrame({"mix": list(PORTFOLIOS), "largest_usd_m": found.max_regret})
        for row, name in enumerate(found.names):
            frame[name] = found.regret[row]
        frame["near_best"] = found.near_best.sum(axis=0)
        return frame.nsmallest(BEST_ROWS, "largest_usd_m").reset_index(drop=True)

    @functools.cached_property
    def states(self) -> states.States:
        """The scenarios as possible worlds, with the changes of this case."""
        return states.states(self.result, self.tables)

    @functools.cached_property
    def least_regret(self) -> list[str]:
        """The mix with the smallest largest regret, and all that tie with it."""
        means = dict(zip(PORTFOLIOS, self.states.max_regret_by_scramble, strict=True))
        return ties.best(means, highest=False)

    @functools.cached_property
    def assumed(self) -> pd.DataFrame:
        """The inputs of the options: option, id, label, low, central, high, unit, refs ("" where it is our
        judgement).
        """
        rows = self.tables.assumptions
        rows = rows[rows["group"].isin(OPTIONS)]
        estimates = [self.result.case[name] for name in rows["name"]]
        return pd.DataFrame(
            {
                "option": rows["group"],
                "label": rows["label"],
                **{end: [getattr(each, end) for each in estimates] for end in ("low", "central", "high")},
                "unit": rows["unit"],
                "refs": rows["id"],
                "judged": rows["basis"] == "judgement",
            }
        ).reset_index(drop=True)

    @functools.cached_property
    def done(self) -> pd.DataFrame:
        """What was done from the first month of "As reported" on: date, what, amount_usd_m, kind,
        evidence.
        """
        events = self.tables.events
        since = self.base.settings.start_month
        return events[events["kind"].isin(MONEY_KINDS) & (events["date"] >= since)].reset_index(drop=True)

    @functools.cached_property
    def valuations(self) -> pd.DataFrame:
        """What investors paid, in the order of time: date, valuation_usd_m, what, evidence."""
        events = self.tables.events
        priced = events["kind"].isin(("equity", "merger")) & events["valuation_usd_m"].notna()
        return events[priced & (events["date"].str[:7] <= VALUED_UNTIL)].reset_index(drop=True)
