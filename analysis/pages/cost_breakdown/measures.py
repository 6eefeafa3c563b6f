"""Numbers of the cost page: nine lines and what they leave open, figures of burn, shares of costs, the path.

Frames are tidy; amounts in usd_m a month; nan is "not known". What the page shows of month 0 follows from the
middle value of every driver, so that each sum can be checked by hand; the ranges are those of the draws.
"""

import functools

import numpy as np
import pandas as pd

from analysis.inputs import months as calendar
from analysis.inputs.tables import Tables
from analysis.model.costs import CATEGORY_LINES, LINES
from analysis.results.metrics import METRICS
from analysis.results.results import LEVELS, Result

PLACED, UNPLACED = "bottom_up_total_usd_m_per_month", "unexplained_usd_m_per_month"
SHOWN_MONTHS = 37  # of the path: three years on
BANDS = {f"p{level}": f"p{level}_usd_m" for level in LEVELS}
USD_M = {"usd_m": 1.0, "usd_m_per_month": 1.0, "usd_bn": 1000.0}
MONTH_DAYS = 365.25 / 12

# Published figures that the page works with
CASH_SPENT, INVESTED = "E038", ("E050", "E051", "E053")  # the latter with X
EBITDA, REVENUE = "E037", "E308"  # of the same nine months of 2025
NEWER_RACK, CHIPS_PER_RACK = "E200", 72
CANDIDATES = "E027", "E121", "E125", "E112"  # first quarter's investment, permits, batteries, Telegram

# What is called burn: measure -> one of four kinds, in the order of the chart
FAMILIES = {
    "monthly_burn_claim": "cash", "levered_cash_flow": "cash", "planned_spend": "cash", "cash_spent": "cash",
    "operating_cash_flow": "cash", "capital_expenditure": "investment", "net_loss": "loss",
    "operating_loss": "loss", "ebitda": "ebitda", "ebitda_forecast": "ebitda",
}  # fmt: skip
_RESULTS = ("ebitda", "operating_cash_flow")  # published as a result: what leaves the company carries a minus


class Measures:
    """The page's numbers for the case of `result`. `base`: the Result of "As reported"."""

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result, self.tables, self.base = result, tables, result
        as_it_stands = result.case["monthly_burn_usd_m"].origin == "assumptions"
        claimed = as_it_stands and result.settings.burn_basis == "gross"
        self.whole = "claim" if claimed else "spending"  # what the lines are set against

    @functools.cached_property
    def parts(self) -> pd.DataFrame:
        """Month 0: nine lines, `placed`, `unplaced` (below 0: over), the whole; usd_m, its range, drivers."""
        metrics = self.result.metrics
        lines = sorted(LINES, key=lambda line: -metrics[line]["central"])
        low, high = np.percentile(self.result.model.spending_start, (5, 95))
        spending = {"central": float(self.result.central_model.spending_start[0]), "p5": low, "p95": high}
        found = {line: metrics[line] for line in lines}
        found |= {"placed": metrics[PLACED], "unplaced": metrics[UNPLACED], self.whole: spending}
        frame = pd.DataFrame.from_dict(found, orient="index")[["central", "p5", "p95"]]
        frame.columns = ["usd_m", "p5_usd_m", "p95_usd_m"]
        drivers = {line: " ".join(METRICS[line].rests_on) for line in lines}
        drivers |= {"placed": "", "unplaced": "", self.whole: "monthly_burn_usd_m"}
        return frame.assign(drivers=pd.Series(drivers)).reset_index(names="line")

    @functools.cached_property
    def waterfall(self) -> pd.DataFrame:
        """Bars that add up, then the cash really spent: line, kind, start_usd_m, end_usd_m, usd_m."""
        frame = self.parts.loc[self.parts["line"] != "placed", ["line", "usd_m"]]
        frame.loc[len(self.parts)] = "spent", self.published(CASH_SPENT)["usd_m"]
        kinds = {"unplaced": "unplaced", self.whole: "whole", "spent": "happened"}
        frame["kind"] = frame["line"].map(kinds).fillna("line")
        step = frame["usd_m"].where(frame["kind"].isin(["line", "unplaced"]))
        frame["end_usd_m"] = step.cumsum().fillna(frame["usd_m"])
        frame["start_usd_m"] = (frame["end_usd_m"] - frame["usd_m"]).where(step.notna(), 0.0)
        return frame[["line", "kind", "start_usd_m", "end_usd_m", "usd_m"]].reset_index(drop=True)

    def published(self, ref: str) -> dict[str, object]:
        """Return a published sum as a month's average, of a range its middle; outflow is positive."""
        row = self.tables.rows[ref]
        first, last = (pd.Timestamp(row[end]) for end in ("period_start", "period_end"))
        monthly, said = row["unit"] == "usd_m_per_month", row["reliability"] in ("disputed", "estimate")
        months = 1 if monthly else max(1, round(((last - first).days + 1) / MONTH_DAYS))
        factor = (-1 if row["measure"] in _RESULTS else 1) * USD_M[row["unit"]] / months
        low, high = _ends(row)
        return {
            "family": FAMILIES.get(row["measure"], ""), "who": row["entity"], "measure": row["measure"],
            "status": "others" if row["perimeter"] == "peer" else "said" if said else "happened",
            "bound": "at_least" if "more than" in row["metric"] else "exact",
            "with_x": row["perimeter"] == "xai_and_x",
            "period_start": row["period_start"], "period_end": row["period_end"], "months": months,
            "usd_m": (low + high) / 2 * factor, "evidence": ref,
            "date": (first + (last - first) / 2).strftime("%Y-%m-%d"),
        }  # fmt: skip

    @functools.cached_property
    def definitions(self) -> pd.DataFrame:
        """Published figures of what is called burn, by kind and date; columns of `published` less the date.

        Of two figures of one thing and period the better graded one is shown, else the later one.
        """
        evidence = self.tables.evidence
        rows = evidence[evidence["roles"].str.contains(r"\bdefinition(?:_peer)?\b")]
        rows = rows.sort_values("published", ascending=False).sort_values("grade", kind="stable")
        rows = rows.drop_duplicates(["entity", "measure", "period_start", "period_end"])
        frame = pd.DataFrame([self.published(ref) for ref in rows.index])
        frame["family"] = pd.Categorical(frame["family"], dict.fromkeys(FAMILIES.values()))
        frame = frame.sort_values(["family", "date", "evidence"], ignore_index=True)
        return frame.astype({"family": str}).drop(columns="date")

    @functools.cached_property
    def structures(self) -> pd.DataFrame:
        """Shares of costs: in each category the model's, of what can be placed, then others' largest first.

        Columns: category, who, year, plan (only planned?), kind (model, exact, at_least, at_most, range),
        share, low, high (0 to 1), set_input (of its category: it then agrees by itself), evidence.
        """
        rows = [self._structure(row) for row in self.tables.cost_structures.itertuples()]
        others = pd.DataFrame(rows).sort_values("share", ascending=False, kind="stable")
        middle, drawn = (_placed_shares(model) for model in (self.result.central_model, self.result.model))
        frames = []
        for category, of_others in others.groupby("category", sort=False):
            low, high = np.nanpercentile(drawn[category], (5, 95)) if category in drawn else (np.nan, np.nan)
            own = {
                "category": category, "who": "model", "year": "", "plan": False, "kind": "model",
                "share": middle.get(category, [np.nan])[0], "low": low, "high": high,
                "set_input": False, "evidence": "",
            }  # fmt: skip
            frames += [pd.DataFrame([own]), of_others]
        return pd.concat(frames, ignore_index=True)

    def _structure(self, row) -> dict[str, object]:
        part, whole = (cell.split("+") if cell else [] for cell in (row.numerator, row.denominator))
        if whole:
            value = self.tables.evidence["value"]
            low = high = value[part].sum() / value[whole].sum()
        else:  # published as a share, in per cent
            low, high = (end / 100 for end in _ends(self.tables.rows[part[0]]))
        names = [name for line in CATEGORY_LINES[row.category] for name in METRICS[line].rests_on]
        behind = " ".join(self.tables.assumptions.loc[names, "evidence"].fillna("")).split()
        return {
            "category": row.category, "who": row.entity, "year": str(row.year),
            "plan": self.tables.rows[part[0]]["measure"].endswith("_plan"),
            "kind": "range" if low < high else row.bound, "share": (low + high) / 2, "low": low, "high": high,
            "set_input": not set(behind).isdisjoint(part + whole),
            "evidence": " ".join(dict.fromkeys(part + whole)),
        }  # fmt: skip

    @functools.cached_property
    def spending_path(self) -> pd.DataFrame:
        """Spending for three years, and published figures at the middle of their period: date, p5_usd_m …"""
        path = self.result.paths["spend_usd_m"].head(SHOWN_MONTHS)[["month", *BANDS]]
        path = path.rename(columns={"month": "date"} | BANDS).assign(series="spend")
        found = pd.DataFrame([self.published(ref) for ref in (*INVESTED, CASH_SPENT)])
        found["series"] = np.where(found["evidence"] == CASH_SPENT, "spent", "invested")
        found = found.rename(columns={"usd_m": "p50_usd_m"})
        kept = ["series", "date", "p50_usd_m", "period_start", "period_end", "with_x", "evidence"]
        return pd.concat([path, found[kept]], ignore_index=True)

    @functools.cached_property
    def compared(self) -> dict[str, object]:
        """The last investment beside spending in its month; {} without one, or where it set an input."""
        own = self.tables.scenario(self.result.case.scenario).overrides.values()
        found, rows = self.published(INVESTED[-1]), self.result.paths["spend_usd_m"].set_index("month")
        month = calendar.of_date(found["date"])
        if month not in rows.index or any(INVESTED[-1] in override.evidence for override in own):
            return {}
        return {"month": month, "usd_m": found["usd_m"]} | rows.loc[month, ["p5", "p50", "p95"]].to_dict()


def _placed_shares(model) -> dict[str, np.ndarray]:
    """Return category -> its share of what can be placed, nan in draws in which nothing can."""
    whole = sum(model.lines.values())
    counted = {name: lines for name, lines in CATEGORY_LINES.items() if lines and whole.any()}
    known = np.where(whole > 0, whole, np.nan)
    return {name: sum(model.lines[line] for line in lines) / known for name, lines in counted.items()}


def _ends(row: dict[str, object]) -> tuple[float, float]:
    """Return the ends of a published figure, which are one where it is no range."""
    known = [row[name] for name in ("value_low", "value", "value_high") if row[name] == row[name]]
    return min(known), max(known)
