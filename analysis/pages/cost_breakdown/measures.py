"""Numbers of the cost page: nine lines and what they leave open, published figures of burn, shares of costs, the path.

Frames are tidy; amounts in usd_m a month; nan is "not known". Nothing here knows words or drawing. What the page shows of
month 0 is worked out from the middle value of every driver, so that each product and every sum can be checked by hand;
the ranges beside it are those of the draws.
"""

import functools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.inputs import months as calendar
from analysis.inputs.tables import Tables
from analysis.model.costs import CATEGORY_LINES, LINES
from analysis.results.metrics import METRICS
from analysis.results.results import LEVELS, Result

HARDWARE = "hardware_purchases"
PLACED, UNPLACED = "bottom_up_total_usd_m_per_month", "unexplained_usd_m_per_month"
SHOWN_MONTHS = 37  # of the path: three years on
NAMES = [f"p{level}" for level in LEVELS]
USD_M = {"usd_m": 1.0, "usd_m_per_month": 1.0, "usd_bn": 1000.0}
MONTH_DAYS = 365.25 / 12

# Published figures that the page works with, by what they are used for
CASH_SPENT, INVESTED = "E038", ("E050", "E051", "E053")  # the latter with X
EBITDA, REVENUE = "E037", "E308"  # of the same nine months of 2025
FIRST_QUARTER, NEWER_RACK, CHIPS_PER_RACK = "E027", "E200", 72
PERMITS, PERMIT_MONTHS, BATTERIES, TELEGRAM = "E121", 8, "E125", "E112"

# What is called burn: measure -> one of four kinds, in the order of the chart
FAMILIES = {
    "monthly_burn_claim": "cash", "levered_cash_flow": "cash", "planned_spend": "cash", "cash_spent": "cash",
    "operating_cash_flow": "cash", "capital_expenditure": "investment", "net_loss": "loss", "operating_loss": "loss",
    "ebitda": "ebitda", "ebitda_forecast": "ebitda",
}  # fmt: skip
_RESULTS = ("ebitda", "operating_cash_flow")  # published as a result: what leaves the company carries a minus


class Measures:
    """The page's numbers for the case of `result`. `base`: the Result of "As reported"."""

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result, self.tables, self.base = result, tables, result

    @functools.cached_property
    def spending(self) -> float:
        """Spending in month 0 at the middle value of every driver, usd_m."""
        return float(self.result.central_model.spending_start[0])

    @functools.cached_property
    def whole(self) -> str:
        """What that spending is: the claim as it stands, or (net of revenue, or set otherwise) spending."""
        as_claimed = self.result.case["monthly_burn_usd_m"].origin == "assumptions"
        return "claim" if as_claimed and self.result.settings.burn_basis == "gross" else "spending"

    @functools.cached_property
    def lines(self) -> pd.DataFrame:
        """The nine lines, largest first: line, category, usd_m, p5_usd_m, p95_usd_m, drivers (names of assumptions)."""
        category = {line: name for name, lines in CATEGORY_LINES.items() for line in lines}
        rows = [
            (line, category[line], *_ends(self.result.metrics[line]), " ".join(METRICS[line].rests_on))
            for line in LINES
        ]
        columns = ["line", "category", "usd_m", "p5_usd_m", "p95_usd_m", "drivers"]
        return pd.DataFrame(rows, columns=columns).sort_values("usd_m", ascending=False, ignore_index=True)

    @functools.cached_property
    def parts(self) -> pd.DataFrame:
        """The nine lines, their sum (placed), what it leaves open (unplaced; below 0 what it is over) and the whole.

        Columns as in `lines`, without category.
        """
        burn = self.result.case["monthly_burn_usd_m"]
        drivers = ["monthly_burn_usd_m"] + ["revenue_start_usd_m"] * (
            self.result.settings.burn_basis == "net"
        )
        spent = np.percentile(self.result.model.spending_start, (5, 95)) if not burn.certain else [np.nan] * 2
        rows = [
            ("placed", *_ends(self.result.metrics[PLACED]), ""),
            ("unplaced", *_ends(self.result.metrics[UNPLACED]), ""),
            (self.whole, self.spending, *spent, " ".join(drivers)),
        ]
        frame = self.lines.drop(columns="category")
        return pd.concat([frame, pd.DataFrame(rows, columns=frame.columns)], ignore_index=True)

    @functools.cached_property
    def waterfall(self) -> pd.DataFrame:
        """Bars of month 0 that add up: line, kind (line, unplaced, whole, happened), start_usd_m, end_usd_m, usd_m.

        The last row is the cash that was really spent, a month's average.
        """
        amounts = self.lines["usd_m"]
        ends = amounts.cumsum()
        bars = pd.DataFrame({"line": self.lines["line"], "kind": "line", "start_usd_m": ends - amounts})
        bars["end_usd_m"] = ends
        placed, happened = float(ends.iloc[-1]), self.published(CASH_SPENT)["usd_m"]
        rest = [
            ("unplaced", "unplaced", placed, self.spending),
            (self.whole, "whole", 0.0, self.spending),
            ("spent", "happened", 0.0, happened),
        ]
        frame = pd.concat([bars, pd.DataFrame(rest, columns=bars.columns)], ignore_index=True)
        return frame.assign(usd_m=frame["end_usd_m"] - frame["start_usd_m"])

    @functools.cached_property
    def over(self) -> float:
        """The share of draws in which the nine lines come to more than the spending."""
        return float(np.mean(self.result.measures[UNPLACED] < 0))

    @functools.cached_property
    def costs_in_accounts(self) -> float:
        """Running costs of xAI in nine months of 2025, a month: its revenue and its loss before interest, tax and wear."""
        return self.published(REVENUE)["usd_m"] + self.published(EBITDA)["usd_m"]

    @functools.cached_property
    def candidates(self) -> pd.DataFrame:
        """What the nine lines may leave out, largest first: candidate, usd_m, refs. They overlap: never added.

        A candidate that comes to nothing beside the case's own lines is left out.
        """
        x, hardware = self.result.case, self.lines.set_index("line").loc[HARDWARE, "usd_m"]
        running = self.lines["usd_m"].sum() - hardware
        rack_usd_m = self.tables.evidence.loc[NEWER_RACK, "value"]
        newer = x["gpus_added_per_month"].central * rack_usd_m / CHIPS_PER_RACK
        interest = x["committed_debt_usd_m"].central * x["debt_interest_per_year"].central / 12
        rows = [
            ("first_quarter", self.published(FIRST_QUARTER)["usd_m"] - hardware, f"{FIRST_QUARTER} E028"),
            ("newer_chips", newer - hardware, f"gpus_added_per_month {NEWER_RACK}"),
            ("running_missed", self.costs_in_accounts - running, f"{EBITDA} {REVENUE}"),
            ("interest", interest, "committed_debt_usd_m debt_interest_per_year"),
            ("buildings", self.tables.evidence.loc[PERMITS, "value"] / PERMIT_MONTHS, PERMITS),
            ("batteries", self.published(BATTERIES)["usd_m"], BATTERIES),
            ("distribution", self.tables.evidence.loc[TELEGRAM, "value"] / 12, f"{TELEGRAM} E113"),
        ]
        frame = pd.DataFrame(rows, columns=["candidate", "usd_m", "refs"])
        return frame[frame["usd_m"] > 0].sort_values("usd_m", ascending=False, ignore_index=True)

    def published(self, ref: str) -> Mapping[str, object]:
        """Return a published figure as a month's average, columns as in `definitions`."""
        return _published(self.tables.evidence.loc[ref])

    @functools.cached_property
    def definitions(self) -> pd.DataFrame:
        """Published figures of what is called burn, by kind and date (the middle of the period).

        Of two figures of one thing and period the better graded one is shown, else the later one.
        Columns: family (cash, investment, loss, ebitda), who, measure, status (said, happened, others), bound (exact,
        at_least), period_start, period_end, months, usd_m (a month; the middle of a range), low_usd_m, high_usd_m, evidence.
        """
        roles = self.tables.evidence["roles"].str.split()
        used = roles.map(lambda found: "definition" in found or "definition_peer" in found)
        rows = self.tables.evidence[used].sort_values("published", ascending=False).sort_values("grade", kind="stable")
        rows = rows.drop_duplicates(["entity", "measure", "period_start", "period_end"])
        frame = pd.DataFrame([_published(row) for _, row in rows.iterrows()])
        frame["family"] = pd.Categorical(frame["family"], dict.fromkeys(FAMILIES.values()))
        frame = frame.sort_values(["family", "date", "evidence"]).astype({"family": str})
        return frame.drop(columns="date").reset_index(drop=True)

    @functools.cached_property
    def structures(self) -> pd.DataFrame:
        """Shares of costs, the model's (of what can be placed) first in each category, then others' largest first.

        Columns: category, who, year, plan (whether it was only planned), kind (model, exact, at_least, at_most, range),
        share, low, high (0 to 1), set_input (whether it set an input of the category: no agreement follows), evidence.
        """
        own = _placed_shares(self.result.central_model.lines), _placed_shares(self.result.model.lines)
        others = pd.DataFrame([self._structure(row) for row in self.tables.cost_structures.itertuples()])
        others = others.sort_values("share", ascending=False, kind="stable")
        rows = []
        for category in dict.fromkeys(others["category"]):
            low, high = np.nanpercentile(own[1][category], (5, 95)) if own[1] else (np.nan, np.nan)
            model = {"category": category, "who": "model", "year": "", "kind": "model", "low": low, "high": high}
            share = float(own[0][category][0]) if own[0] else np.nan
            rows.append(pd.DataFrame([model | {"share": share, "plan": False, "set_input": False, "evidence": ""}]))
            rows.append(others[others["category"] == category])
        return pd.concat(rows, ignore_index=True)[list(others)]

    def _structure(self, row) -> dict[str, object]:
        part, whole = (cell.split("+") if cell else [] for cell in (row.numerator, row.denominator))
        figures = self.tables.evidence[["value_low", "value", "value_high"]]
        if whole:
            low = high = figures.loc[part, "value"].sum() / figures.loc[whole, "value"].sum()
        else:  # published as a share, in per cent
            low, high = (figures.loc[part[0]].agg(end) / 100 for end in ("min", "max"))
        kind = "range" if low < high else row.bound
        return {
            "category": row.category, "who": row.entity, "year": str(row.year),
            "plan": self.tables.evidence.loc[part[0], "measure"].endswith("_plan"), "kind": kind,
            "share": (low + high) / 2, "low": low, "high": high,
            "set_input": not self._sources_of(row.category).isdisjoint(part + whole),
            "evidence": " ".join(dict.fromkeys(part + whole)),
        }  # fmt: skip

    def _sources_of(self, category: str) -> set[str]:
        """Return the evidence that the inputs of a category's lines rest on."""
        names = [name for line in CATEGORY_LINES[category] for name in METRICS[line].rests_on]
        return set(" ".join(self.tables.assumptions.loc[names, "evidence"].fillna("")).split())

    @functools.cached_property
    def spending_path(self) -> pd.DataFrame:
        """Spending for three years and what happened, usd_m a month: series (spend, invested, spent), date, p5 … p95.

        Of a published figure the date is the middle of its period, a day; `first`, `last`: its ends. `with_x`: perimeter.
        """
        path = self.result.paths["spend_usd_m"].head(SHOWN_MONTHS)[["month", *NAMES]]
        path = path.rename(columns={"month": "date"} | {name: f"{name}_usd_m" for name in NAMES})
        rows = []
        for ref in (*INVESTED, CASH_SPENT):
            found = self.published(ref)
            ends = {"first": found["period_start"], "last": found["period_end"]}
            with_x = self.tables.evidence.loc[ref, "perimeter"] == "xai_and_x"
            kind = {"series": "spent" if ref == CASH_SPENT else "invested", "with_x": with_x}
            rows.append({"date": found["date"], "p50_usd_m": found["usd_m"], "evidence": ref} | kind | ends)
        return pd.concat([path.assign(series="spend"), pd.DataFrame(rows)], ignore_index=True)

    @functools.cached_property
    def compared(self) -> dict[str, float] | None:
        """The last published investment beside spending in its middle month: usd_m, p5, p50, p95, month; None outside."""
        found = self.published(INVESTED[-1])
        month = calendar.of_date(found["date"])
        rows = self.result.paths["spend_usd_m"].set_index("month")
        if month not in rows.index:
            return None
        return {"usd_m": found["usd_m"], "month": month} | rows.loc[month, ["p5", "p50", "p95"]].to_dict()


def _ends(summary: Mapping[str, float]) -> tuple[float, float, float]:
    return summary["central"], summary["p5"], summary["p95"]


def _placed_shares(lines: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return category -> its share of what can be placed; {} where nothing can."""
    whole = sum(lines.values())
    if not whole.any():
        return {}
    whole = np.where(whole == 0, np.nan, whole)
    return {name: sum(lines[line] for line in parts) / whole for name, parts in CATEGORY_LINES.items() if parts}


def _published(row: pd.Series) -> dict[str, object]:
    """Return a published sum as a month's average; what leaves the company is positive."""
    first, last = (pd.Timestamp(row[end]) for end in ("period_start", "period_end"))
    monthly = row["unit"] == "usd_m_per_month"
    months = 1 if monthly else max(1, round(((last - first).days + 1) / MONTH_DAYS))
    sign = -1 if row["measure"] in _RESULTS else 1
    values = row[["value_low", "value", "value_high"]].dropna() * sign * USD_M[row["unit"]] / months
    others = row["perimeter"] == "peer"
    said = row["reliability"] in ("disputed", "estimate")
    return {
        "family": FAMILIES.get(row["measure"], ""), "who": row["entity"], "measure": row["measure"],
        "status": "others" if others else "said" if said else "happened",
        "bound": "at_least" if "more than" in row["metric"] else "exact",
        "with_x": row["perimeter"] == "xai_and_x",
        "period_start": row["period_start"], "period_end": row["period_end"], "months": months,
        "usd_m": float(values.mean()), "low_usd_m": float(values.min()), "high_usd_m": float(values.max()),
        "evidence": row["id"], "date": (first + (last - first) / 2).strftime("%Y-%m-%d"),
    }  # fmt: skip
