"""Numbers of the cost page: nine lines and what they leave open, figures of burn, shares of costs, the path.

Frames are tidy; amounts in usd_m a month; nan is "not known". Nothing here knows words or drawing. What the
page shows of month 0 is worked out from the middle value of every driver, so that each product and every sum
can be checked by hand; the ranges beside it are those of the draws.
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

# Published figures that the page works with
CASH_SPENT, INVESTED = "E038", ("E050", "E051", "E053")  # the latter with X
EBITDA, REVENUE = "E037", "E308"  # of the same nine months of 2025
FIRST_QUARTER, NEWER_RACK, CHIPS_PER_RACK = "E027", "E200", 72
PERMITS, PERMIT_MONTHS, BATTERIES, TELEGRAM = "E121", 8, "E125", "E112"

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
        self._evidence = tables.evidence.to_dict("index")

    @functools.cached_property
    def whole(self) -> str:
        """What the lines are set against: the claim as it stands, else (net, or set otherwise) spending."""
        as_claimed = self.result.case["monthly_burn_usd_m"].origin == "assumptions"
        return "claim" if as_claimed and self.result.settings.burn_basis == "gross" else "spending"

    @functools.cached_property
    def parts(self) -> pd.DataFrame:
        """Month 0: line, usd_m, p5_usd_m, p95_usd_m, drivers (names of assumptions).

        The nine lines, largest first; `placed`, their sum; `unplaced`, what it leaves open (below 0: what
        it is over); the whole, `claim` or `spending`.
        """
        lines = sorted(LINES, key=lambda line: -self.result.metrics[line]["central"])
        names = {line: line for line in lines} | {"placed": PLACED, "unplaced": UNPLACED}
        rows = []
        for part, name in names.items():
            summary, drivers = (
                self.result.metrics[name],
                " ".join(METRICS[name].rests_on) if part == name else "",
            )
            rows.append((part, summary["central"], summary["p5"], summary["p95"], drivers))
        ends = np.percentile(self.result.model.spending_start, (5, 95))
        spending = float(self.result.central_model.spending_start[0])
        rows.append((self.whole, spending, *ends, "monthly_burn_usd_m"))
        return pd.DataFrame(rows, columns=["line", "usd_m", "p5_usd_m", "p95_usd_m", "drivers"])

    @functools.cached_property
    def waterfall(self) -> pd.DataFrame:
        """Bars that add up: line, kind (line, unplaced, whole, happened), start_usd_m, end_usd_m, usd_m.

        The last row is the cash that was really spent, a month's average.
        """
        frame = self.parts.loc[self.parts["line"] != "placed", ["line", "usd_m"]]
        frame.loc[len(self.parts)] = "spent", self.published(CASH_SPENT)["usd_m"]
        kinds = {"unplaced": "unplaced", self.whole: "whole", "spent": "happened"}
        frame["kind"] = frame["line"].map(kinds).fillna("line")
        step = frame["usd_m"].where(frame["kind"].isin(["line", "unplaced"]))
        frame["end_usd_m"] = step.cumsum().fillna(frame["usd_m"])
        frame["start_usd_m"] = (frame["end_usd_m"] - frame["usd_m"]).where(step.notna(), 0.0)
        return frame[["line", "kind", "start_usd_m", "end_usd_m", "usd_m"]].reset_index(drop=True)

    @functools.cached_property
    def costs_in_accounts(self) -> float:
        """Running costs of xAI in nine months of 2025, a month: revenue and the EBITDA loss."""
        return self.published(REVENUE)["usd_m"] + self.published(EBITDA)["usd_m"]

    @functools.cached_property
    def candidates(self) -> pd.DataFrame:
        """What the lines may leave out, largest first: candidate, usd_m, refs. They overlap: never added.

        A candidate that comes to nothing beside the case's own lines is left out.
        """
        x, parts = self.result.case, self.parts.set_index("line")["usd_m"]
        running = parts["placed"] - parts[HARDWARE]
        newer = x["gpus_added_per_month"].central * self._evidence[NEWER_RACK]["value"] / CHIPS_PER_RACK
        interest = x["committed_debt_usd_m"].central * x["debt_interest_per_year"].central / 12
        rows = [
            (
                "first_quarter",
                self.published(FIRST_QUARTER)["usd_m"] - parts[HARDWARE],
                f"{FIRST_QUARTER} E028",
            ),
            ("newer_chips", newer - parts[HARDWARE], f"gpus_added_per_month {NEWER_RACK} E117"),
            ("running_missed", self.costs_in_accounts - running, f"{EBITDA} {REVENUE}"),
            ("interest", interest, "committed_debt_usd_m debt_interest_per_year E003"),
            ("buildings", self._evidence[PERMITS]["value"] / PERMIT_MONTHS, PERMITS),
            ("batteries", self.published(BATTERIES)["usd_m"], BATTERIES),
            ("distribution", self._evidence[TELEGRAM]["value"] / 12, f"{TELEGRAM} E113"),
        ]
        frame = pd.DataFrame(rows, columns=["candidate", "usd_m", "refs"])
        return frame[frame["usd_m"] > 0].sort_values("usd_m", ascending=False, ignore_index=True)

    def published(self, ref: str) -> dict[str, object]:
        """Return a published sum as a month's average, what leaves the company positive.

        Keys: columns of `definitions`, and date, the middle of its period.
        """
        row = self._evidence[ref]
        first, last = (pd.Timestamp(row[end]) for end in ("period_start", "period_end"))
        monthly, said = row["unit"] == "usd_m_per_month", row["reliability"] in ("disputed", "estimate")
        months = 1 if monthly else max(1, round(((last - first).days + 1) / MONTH_DAYS))
        factor = (-1 if row["measure"] in _RESULTS else 1) * USD_M[row["unit"]] / months
        return {
            "family": FAMILIES.get(row["measure"], ""), "who": row["entity"], "measure": row["measure"],
            "status": "others" if row["perimeter"] == "peer" else "said" if said else "happened",
            "bound": "at_least" if "more than" in row["metric"] else "exact",
            "with_x": row["perimeter"] == "xai_and_x",
            "period_start": row["period_start"], "period_end": row["period_end"], "months": months,
            "usd_m": float(np.mean(_values(row))) * factor, "evidence": ref,
            "date": (first + (last - first) / 2).strftime("%Y-%m-%d"),
        }  # fmt: skip

    @functools.cached_property
    def definitions(self) -> pd.DataFrame:
        """Published figures of what is called burn, by kind and date (the middle of the period).

        Of two figures of one thing and period the better graded one is shown, else the later one. Columns:
        family (cash, investment, loss, ebitda), who, measure, status (said, happened, others), bound
        (exact, at_least), with_x, period_start, period_end, months, usd_m (a month; the middle of a range),
        evidence.
        """
        roles = self.tables.evidence["roles"].str.split()
        rows = self.tables.evidence[
            roles.map(lambda found: not {"definition", "definition_peer"}.isdisjoint(found))
        ]
        rows = rows.sort_values("published", ascending=False).sort_values("grade", kind="stable")
        rows = rows.drop_duplicates(["entity", "measure", "period_start", "period_end"])
        frame = pd.DataFrame([self.published(ref) for ref in rows.index])
        frame["family"] = pd.Categorical(frame["family"], dict.fromkeys(FAMILIES.values()))
        frame = frame.sort_values(["family", "date", "evidence"]).astype({"family": str})
        return frame.drop(columns="date").reset_index(drop=True)

    @functools.cached_property
    def structures(self) -> pd.DataFrame:
        """Shares of costs: in each category the model's, of what can be placed, then others' largest first.

        Columns: category, who, year, plan (whether only planned), kind (model, exact, at_least, at_most,
        range), share, low, high (0 to 1), set_input (whether it set an input of the category: it then
        agrees by itself), evidence.
        """
        others = pd.DataFrame([self._structure(row) for row in self.tables.cost_structures.itertuples()])
        others = others.sort_values("share", ascending=False, kind="stable")
        middle, drawn = (
            self._placed_shares(model) for model in (self.result.central_model, self.result.model)
        )
        blank = {
            "who": "model",
            "year": "",
            "plan": False,
            "kind": "model",
            "set_input": False,
            "evidence": "",
        }
        frames = []
        for category in dict.fromkeys(others["category"]):
            ends = np.percentile(drawn[category], (5, 95)) if len(drawn[category]) else (np.nan, np.nan)
            share = middle[category].mean() if len(middle[category]) else np.nan
            own = blank | {"category": category, "share": share, "low": ends[0], "high": ends[1]}
            frames += [pd.DataFrame([own]), others[others["category"] == category]]
        return pd.concat(frames, ignore_index=True)[list(others)]

    def _placed_shares(self, model) -> dict[str, np.ndarray]:
        """Return category -> its share of what can be placed, in those draws in which anything can."""
        whole = sum(model.lines.values())
        parts = {
            name: sum(model.lines[line] for line in lines) for name, lines in CATEGORY_LINES.items() if lines
        }
        return {name: part[whole > 0] / whole[whole > 0] for name, part in parts.items()}

    def _structure(self, row) -> dict[str, object]:
        part, whole = (cell.split("+") if cell else [] for cell in (row.numerator, row.denominator))
        if whole:
            low = high = self._total(part) / self._total(whole)
        else:  # published as a share, in per cent
            low, high = (end(_values(self._evidence[part[0]])) / 100 for end in (min, max))
        names = [name for line in CATEGORY_LINES[row.category] for name in METRICS[line].rests_on]
        behind = " ".join(self.tables.assumptions.loc[names, "evidence"].fillna("")).split()
        return {
            "category": row.category, "who": row.entity, "year": str(row.year),
            "plan": self._evidence[part[0]]["measure"].endswith("_plan"),
            "kind": "range" if low < high else row.bound, "share": (low + high) / 2, "low": low, "high": high,
            "set_input": not set(behind).isdisjoint(part + whole),
            "evidence": " ".join(dict.fromkeys(part + whole)),
        }  # fmt: skip

    def _total(self, refs: list[str]) -> float:
        return sum(self._evidence[ref]["value"] for ref in refs)

    @functools.cached_property
    def spending_path(self) -> pd.DataFrame:
        """Spending for three years and what happened: series (spend, invested, spent), date, p5_usd_m …

        Of a published figure the date is the middle of its period; `period_start`, `period_end`; `with_x`.
        """
        path = self.result.paths["spend_usd_m"].head(SHOWN_MONTHS)[["month", *NAMES]]
        path = path.rename(columns={"month": "date"} | {name: f"{name}_usd_m" for name in NAMES})
        kept = ["date", "usd_m", "period_start", "period_end", "with_x", "evidence"]
        found = pd.DataFrame([self.published(ref) for ref in (*INVESTED, CASH_SPENT)])[kept]
        found["series"] = np.where(found["evidence"] == CASH_SPENT, "spent", "invested")
        return pd.concat(
            [path.assign(series="spend"), found.rename(columns={"usd_m": "p50_usd_m"})], ignore_index=True
        )

    @functools.cached_property
    def compared(self) -> dict[str, object] | None:
        """The last published investment beside spending in its middle month.

        None outside of the model's months, and where that very figure has set an input of the scenario.
        """
        own = self.tables.scenario(self.result.case.scenario).overrides.values()
        if any(INVESTED[-1] in override.evidence for override in own):
            return None
        found, rows = self.published(INVESTED[-1]), self.result.paths["spend_usd_m"].set_index("month")
        month = calendar.of_date(found["date"])
        if month not in rows.index:
            return None
        return {"usd_m": found["usd_m"], "month": month} | rows.loc[month, ["p5", "p50", "p95"]].to_dict()


def _values(row: Mapping[str, object]) -> list[float]:
    """Return the ends and the middle of a published figure, those that it has."""
    return [row[name] for name in ("value_low", "value", "value_high") if row[name] == row[name]]
