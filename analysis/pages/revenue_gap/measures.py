"""Numbers of the revenue-gap page: paths, cash-out dates, growth beside that of others, what drives the
answer.

Frames are tidy; amounts in usd_m; nan is "never" or "not known". Nothing here knows words or drawing.
"""

import functools

import numpy as np
import pandas as pd

from analysis.inputs import months as calendar
from analysis.inputs.tables import Tables
from analysis.model.revenue import STREAMS
from analysis.pages.revenue_gap import drivers, laboratories, published
from analysis.pages.revenue_gap.published import OWN
from analysis.results import back_test
from analysis.results.results import LEVELS, Result

SHOWN_MONTHS = 36  # of the paths, at least
DOTS = 50
BIN_MONTHS = (1, 2, 3, 6, 12)  # widths of a column of dots
MOST_BINS = 24
NAMES = [f"p{level}" for level in LEVELS]
BANDS = [f"{name}_usd_m" for name in NAMES]


class Measures:
    """The page's numbers for the case of `result`. `base`: the Result of "As reported", which is
    back-tested.
    """

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result, self.tables, self.base = result, tables, result

    @functools.cached_property
    def quarters(self) -> pd.DataFrame:
        """Published revenue by quarter (see published.quarters)."""
        return published.quarters(self.tables)

    @functools.cached_property
    def spent(self) -> pd.DataFrame:
        """Cash that was spent, as published later (see published.spent)."""
        return published.spent(self.tables)

    @functools.cached_property
    def raised(self) -> pd.DataFrame:
        """Money raised from June 2025 on (see published.raised)."""
        return published.raised(self.tables)

    @functools.cached_property
    def needed(self) -> pd.DataFrame:
        """The path of revenue that meets spending in the target month, median of the draws: month, usd_m.

        Empty where most draws have no such path.
        """
        model, settings = self.result.model, self.result.settings
        months = np.arange(settings.target_months + 1)
        if not np.isfinite(model.required_growth).mean() > 0.5:
            return pd.DataFrame({"month": [], "usd_m": []})
        start, monthly = model.inputs["revenue_start_usd_m"], 1 + model.required_growth
        median = [float(np.quantile(start * monthly**month, 0.5, method="inverted_cdf")) for month in months]
        return pd.DataFrame({"month": [settings.month(month) for month in months], "usd_m": median})

    @functools.cached_property
    def gap(self) -> pd.DataFrame:
        """Spending, revenue, the revenue needed and what happened, usd_m a month: series, month, p5 … p95,
        period.

        Three years, longer if the target lies later. Published figures (series earned, spent) stand at the
        middle of their period, a day, as a month's average. What is 0 is nan: a log scale has no place for
        it.
        """
        shown = max(SHOWN_MONTHS, self.result.settings.target_months) + 1
        parts = [
            self.result.paths[f"{series}_usd_m"]
            .rename(columns=dict(zip(NAMES, BANDS, strict=True)))
            .assign(series=series)
            for series in ("spend", "revenue")
        ]
        parts = [part.head(shown) for part in parts]
        parts.append(self.needed.rename(columns={"usd_m": "p50_usd_m"}).assign(series="needed"))
        for series, figures in (("earned", self.quarters), ("spent", self.spent)):
            average = figures["usd_m"] / figures["months"]
            period = figures["first_month"] + " " + figures["last_month"]
            columns = {"series": series, "month": figures["date"], "p50_usd_m": average, "period": period}
            parts.append(pd.DataFrame(columns))
        frame = pd.concat([part for part in parts if len(part)], ignore_index=True)
        frame[BANDS] = frame[BANDS].where(frame[BANDS] > 0)
        return frame[["series", "month", *BANDS, "period"]]

    @functools.cached_property
    def last_quarter(self) -> dict[str, object]:
        """The last published quarter beside its forecast, usd_m: outcome, p5, p50, p95, needed (nan: no
        path); months.

        {} where it does not lie within the months of the model.
        """
        row, settings = self.quarters.iloc[-1], self.result.settings
        first, last = (
            calendar.between(settings.start_month, row[end]) for end in ("first_month", "last_month")
        )
        if first < 0 or last >= settings.horizon_months:
            return {}
        total = self.result.trajectory.revenue[:, first : last + 1].sum(axis=1)
        needed = self.needed["usd_m"].iloc[first : last + 1]
        return {
            **dict(zip(("p5", "p50", "p95"), np.percentile(total, (5, 50, 95)), strict=True)),
            "needed": float(needed.sum()) if len(needed) == last + 1 - first else np.nan,
            "outcome": row["usd_m"],
        }

    @functools.cached_property
    def runway(self) -> pd.DataFrame:
        """50 equally likely cash-out months: series (dot), month, column (first month of its column),
        place in it, from 1.

        A dot is 2 of 100 draws; its months are "" where cash lasts to the horizon. `width_months`: of a
        column. Rows of series raised: money that came within the months of the dots, its day as month, usd_m.
        """
        settings = self.result.settings
        shares = (np.arange(DOTS) + 0.5) / DOTS
        runway = np.quantile(self.result.measures["runway_months"], shares, method="inverted_cdf")
        out = np.isfinite(runway)
        longest = runway[out].max(initial=0.0)
        width = next((width for width in BIN_MONTHS if longest < width * MOST_BINS), BIN_MONTHS[-1])
        whole = np.where(out, runway, 0).astype(int)
        columns = {
            "series": "dot",
            "runway_months": np.where(out, runway, np.nan),
            "month": [settings.month(month) for month in whole],
            "column": [settings.month(month // width * width) for month in whole],
        }
        frame = pd.DataFrame(columns)
        frame.loc[~out, ["month", "column"]] = ""
        frame["place"] = frame.groupby("column").cumcount() + 1
        raised = self.raised.rename(columns={"date": "month"})[["month", "usd_m"]].assign(series="raised")
        last = settings.month(max(int(longest), 12) + 1)
        raised = raised[raised["month"].between(settings.start_month, last)]
        frame = pd.concat([frame, raised] if len(raised) else [frame.assign(usd_m=np.nan)], ignore_index=True)
        return frame.assign(width_months=width, start_month=settings.start_month)

    @functools.cached_property
    def size_usd_m_per_year(self) -> float:
        """Twelve times the median revenue of month 0: the size that growth is measured from."""
        return 12 * float(self.result.paths["revenue_usd_m"]["p50"].iloc[0])

    @functools.cached_property
    def laboratories(self) -> pd.DataFrame:
        """Growth of other laboratories from the size of xAI in month 0 (see laboratories.growth), fastest
        first.
        """
        rates, size = back_test.run_rates(self.tables), self.size_usd_m_per_year
        others = [frame for lab, frame in rates.groupby("lab") if lab != OWN]
        rows = [row for frame in others if size > 0 and (row := laboratories.growth(frame, size))]
        frame = pd.DataFrame(rows, columns=laboratories.COLUMNS)
        return frame.sort_values("per_month", ascending=False, kind="stable").reset_index(drop=True)

    @functools.cached_property
    def own_growth(self) -> dict[str, object]:
        """Growth of xAI's quarterly revenue from the first to the last published quarter: per_month,
        months, evidence.
        """
        first, last = self.quarters.iloc[0], self.quarters.iloc[-1]
        months = calendar.between(first["first_month"], last["first_month"])
        rate = (last["usd_m"] / first["usd_m"]) ** (1 / months) - 1
        return {"per_month": rate, "months": months, "evidence": (first["evidence"], last["evidence"])}

    @functools.cached_property
    def growth(self) -> pd.DataFrame:
        """Yearly pace of sales by months since the size of month 0: series, role, since_months, p5 … p95
        in usd_m a year.

        Roles: others, whose size is told by interpolation and left out where their first figure is larger;
        happened (xAI by the calendar); needed; model. Empty where xAI earns nothing.
        """
        size, settings = self.size_usd_m_per_year, self.result.settings
        columns = ["series", "role", "since_months", *BANDS]
        if size <= 0:
            return pd.DataFrame(columns=columns)
        start, parts = pd.Timestamp(f"{settings.start_month}-15"), []
        for lab, rates in back_test.run_rates(self.tables).groupby("lab"):
            origin = start if lab == OWN else laboratories.crossing(rates, size)
            if origin is not None:
                since = [back_test.months_between(origin, date) for date in rates["date"]]
                role = "happened" if lab == OWN else "others"
                points = {"since_months": since, "p50_usd_m": rates["usd_m_per_year"]}
                parts.append(pd.DataFrame(points).assign(series=lab, role=role))
        needed = {"since_months": np.arange(len(self.needed)), "p50_usd_m": 12 * self.needed["usd_m"]}
        parts.append(pd.DataFrame(needed).assign(series="needed", role="needed"))
        last = max(part["since_months"].max() for part in parts if len(part))
        path = self.result.paths["revenue_usd_m"].iloc[: int(last) + 1]
        model = {band: 12 * path[name] for name, band in zip(NAMES, BANDS, strict=True)}
        parts.append(
            pd.DataFrame(model).assign(since_months=np.arange(len(path)), series="model", role="model")
        )
        return pd.concat([part for part in parts if len(part)], ignore_index=True)[columns]

    @functools.cached_property
    def rates(self) -> pd.DataFrame:
        """Monthly growth: what break-even and the price ask for, the model, xAI's own 2025, other
        laboratories.

        row, role, p5 … p95 (of laboratories the slowest and the fastest reading), months, from_usd_m (a
        year).
        """
        model, settings, size = self.result.model, self.result.settings, self.size_usd_m_per_year
        path, target = self.result.trajectory.revenue, settings.target_months
        months = min(target, settings.horizon_months - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            own = (path[:, months] / path[:, 0]) ** (1 / max(months, 1)) - 1
        rows = [
            _row("needed", "needed", model.required_growth, target, size),
            _row("implied", "needed", model.implied_growth, settings.horizon_months - 1, size),
            _row("model", "model", own, months, size),
        ]
        happened = {"row": OWN, "role": "happened", "p50": self.own_growth["per_month"]}
        rows.append(
            happened | {"months": self.own_growth["months"], "from_usd_m": 4 * self.quarters["usd_m"].iloc[0]}
        )
        for lab in self.laboratories.itertuples():
            ranks = {"p5": lab.low, "p50": lab.per_month, "p95": lab.high}
            rows.append(
                {"row": lab.lab, "role": "others", "months": lab.months, "from_usd_m": lab.from_usd_m} | ranks
            )
        columns = ["row", "role", *NAMES, "months", "from_usd_m"]
        frame = pd.DataFrame(rows, columns=columns)
        return frame[frame["p50"].notna()].reset_index(drop=True)

    @functools.cached_property
    def streams(self) -> pd.DataFrame:
        """Median revenue of each stream, usd_m a month: month and a column per stream; nan where a stream
        earns nothing.
        """
        paths = {name: self.result.paths[f"revenue_{name}_usd_m"] for name in STREAMS}
        frame = pd.DataFrame({f"{name}_usd_m": path["p50"] for name, path in paths.items()})
        frame.insert(0, "month", paths[STREAMS[0]]["month"])
        return frame.where(frame != 0)

    @functools.cached_property
    def drivers(self) -> pd.DataFrame:
        """The tornado of both headlines (see drivers.tornado), with label and group of each input."""
        assumed = self.tables.assumptions
        frame = drivers.tornado(self.result)
        return frame.assign(
            label=frame["input"].map(assumed["label"]),
            group=frame["input"].map(assumed["group"]),
            unit=frame["input"].map(assumed["unit"]),
        )

    @functools.cached_property
    def shares(self) -> dict[str, pd.Series]:
        """Headline -> input -> squared rank correlation, largest first."""
        return {name: drivers.shares_of_variance(self.result, name) for name in drivers.HEADLINES}

    @functools.cached_property
    def back_test(self) -> pd.DataFrame:
        """Forecasts of "As reported" beside outcomes (see results.back_test.items)."""
        return back_test.items(self.base, self.tables)

    @functools.cached_property
    def windows(self) -> pd.DataFrame:
        """Other laboratories' growth beside the forecast of "As reported" over as many months
        (results.back_test.windows).
        """
        frame = back_test.windows(self.base, self.tables)
        return frame[["lab", "months", "multiple", "p5", "p50", "p95", "inside", "set_by"]]


def _row(name: str, role: str, draws: np.ndarray, months: float, size: float) -> dict[str, object]:
    """Return a row of rates from draws; an end that is never reached is nan."""
    shares = np.array(LEVELS) / 100
    known = np.where(np.isnan(draws), np.inf, draws)
    ranks = np.quantile(known, shares, method="inverted_cdf")
    found = dict(zip(NAMES, np.where(np.isfinite(ranks), ranks, np.nan), strict=True))
    return {"row": name, "role": role, **found, "months": months, "from_usd_m": size}
