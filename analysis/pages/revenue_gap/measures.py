"""Numbers of the revenue-gap page, without words: tidy frames, usd_m; nan is "never" or "not known"."""

import functools

import numpy as np
import pandas as pd

from analysis.inputs import months as calendar
from analysis.inputs.tables import Tables
from analysis.model.revenue import STREAMS
from analysis.pages.revenue_gap import published
from analysis.results import back_test
from analysis.results.metrics import METRICS
from analysis.results.results import LEVELS, Result, paths_alone

SHOWN_MONTHS = 36  # of the paths, at least
DOTS = 50
MOST_COLUMNS = 24  # of dots
LARGEST = 6  # inputs in a tornado
HEADLINES = ("runway_months", "funding_need_usd_m")  # of the two tornados
NAMES = [f"p{level}" for level in LEVELS]
BANDS = [f"{name}_usd_m" for name in NAMES]


class Measures:
    """The page's numbers for the case of `result`. `base`: "As reported", which is back-tested."""

    def __init__(self, result: Result, tables: Tables) -> None:
        self.result, self.tables, self.base = result, tables, result
        self.quarters, self.spent = published.quarters(tables), published.spent(tables)
        self.raised = published.raised(tables)
        # twelve times the median revenue of month 0, from which growth is measured
        self.size_usd_m_per_year = 12 * float(result.paths["revenue_usd_m"]["p50"].iloc[0])

    @functools.cached_property
    def needed(self) -> pd.DataFrame:
        """The median path of revenue that meets spending in the target month: month, usd_m; may be empty."""
        model, settings = self.result.model, self.result.settings
        if np.isfinite(model.required_growth).mean() <= 0.5:
            return pd.DataFrame({"month": [], "usd_m": []})
        start, monthly = model.inputs["revenue_start_usd_m"], 1 + model.required_growth
        months = range(settings.target_months + 1)
        median = [float(np.quantile(start * monthly**month, 0.5, method="inverted_cdf")) for month in months]
        return pd.DataFrame({"month": [settings.month(month) for month in months], "usd_m": median})

    @functools.cached_property
    def gap(self) -> pd.DataFrame:
        """Spending, revenue, what is needed and what happened, usd_m a month.

        Columns series, month, p5 … p95, period; three years, longer if the target lies later. Published
        figures (earned, spent) are a month's average, at its middle day. 0 is nan: the scale is of logs.
        """
        shown = max(SHOWN_MONTHS, self.result.settings.target_months) + 1
        renamed = dict(zip(NAMES, BANDS, strict=True))
        parts = [
            self.result.paths[f"{series}_usd_m"].head(shown).rename(columns=renamed).assign(series=series)
            for series in ("spend", "revenue")
        ]
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
    def last_quarter(self) -> dict[str, float]:
        """The last published quarter beside its forecast, usd_m; {} where the model has no such months."""
        row, start = self.quarters.iloc[-1], self.result.settings.start_month
        first, last = (calendar.between(start, row[f"{end}_month"]) for end in ("first", "last"))
        if first < 0 or last >= self.result.settings.horizon_months:
            return {}
        quarter = slice(first, last + 1)
        low, high = np.percentile(self.result.trajectory.revenue[:, quarter].sum(axis=1), (5, 95))
        needed = self.needed["usd_m"].iloc[quarter].sum(min_count=last + 1 - first)
        return {"outcome": row["usd_m"], "p5": low, "p95": high, "needed": needed}

    @functools.cached_property
    def runway(self) -> pd.DataFrame:
        """50 equally likely cash-out months: series (dot), month, column (its first month), place in it.

        A dot is 2 of 100 draws; its months are "" where cash lasts to the horizon. `width_months`: of a
        column. Rows of series raised: money that came within the months of the dots, its day as month, usd_m.
        """
        settings = self.result.settings
        shares = (np.arange(DOTS) + 0.5) / DOTS
        runway = np.quantile(self.result.measures["runway_months"], shares, method="inverted_cdf")
        out = np.isfinite(runway)
        longest = int(runway[out].max(initial=0.0))
        width = longest // MOST_COLUMNS + 1
        frame = pd.DataFrame({"series": "dot", "runway_months": np.where(out, runway, np.nan)})
        for name, step in (("month", 1), ("column", width)):
            starts = np.where(out, runway, 0) // step * step
            frame[name] = np.where(out, [settings.month(int(start)) for start in starts], "")
        frame["place"] = frame.groupby("column").cumcount() + 1
        raised = self.raised.rename(columns={"date": "month"})[["month", "usd_m"]].assign(series="raised")
        within = raised["month"].between(settings.start_month, settings.month(max(longest, 12) + 1))
        frame = pd.concat([frame, raised[within]], ignore_index=True)
        return frame.assign(width_months=width, start_month=settings.start_month)

    @functools.cached_property
    def laboratories(self) -> pd.DataFrame:
        """Growth of other laboratories from the size of xAI in month 0, fastest first."""
        rates, size = back_test.run_rates(self.tables), self.size_usd_m_per_year
        others = [frame for lab, frame in rates.groupby("lab") if lab != published.OWN and size > 0]
        rows = [row for frame in others if (row := published.growth(frame, size))]
        frame = pd.DataFrame(rows, columns=published.COLUMNS).astype({"same_size": bool})
        return frame.sort_values("per_month", ascending=False, kind="stable", ignore_index=True)

    @functools.cached_property
    def own_growth(self) -> dict[str, object]:
        """Growth of xAI's revenue from the first published quarter to the last."""
        first, last = self.quarters.iloc[0], self.quarters.iloc[-1]
        months = calendar.between(first["first_month"], last["first_month"])
        rate = (last["usd_m"] / first["usd_m"]) ** (1 / months) - 1
        return {"per_month": rate, "months": months, "from_usd_m": 4 * first["usd_m"],
                "evidence": (first["evidence"], last["evidence"])}  # fmt: skip

    @functools.cached_property
    def growth(self) -> pd.DataFrame:
        """Monthly growth asked for, forecast, achieved: row, role, p5 … p95, months, from_usd_m (a year)."""
        model, settings, own = self.result.model, self.result.settings, self.own_growth
        path, target = self.result.trajectory.revenue, settings.target_months
        months = min(target, settings.horizon_months - 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            forecast = (path[:, months] / path[:, 0]) ** (1 / max(months, 1)) - 1
        size = self.size_usd_m_per_year
        rows = [
            {"row": name, "role": role, "months": length, "from_usd_m": size} | _ranks(draws)
            for name, role, length, draws in (
                ("needed", "needed", target, model.required_growth),
                ("implied", "needed", settings.horizon_months - 1, model.implied_growth),
                ("model", "model", months, forecast),
            )
        ]
        rows.append(own | {"row": published.OWN, "role": "happened", "p50": own["per_month"]})
        names = {"lab": "row", "low": "p5", "per_month": "p50", "high": "p95"}
        others = self.laboratories.rename(columns=names).assign(role="others")
        frame = pd.concat([pd.DataFrame(rows), others] if len(others) else [pd.DataFrame(rows)])
        columns = ["row", "role", *NAMES, "months", "from_usd_m"]
        return frame.loc[frame["p50"].notna(), columns].reset_index(drop=True)

    @functools.cached_property
    def streams(self) -> pd.DataFrame:
        """Median revenue by stream, usd_m a month: month, a column per stream; nan where it earns nothing."""
        paths = self.result.paths
        frame = pd.DataFrame({f"{name}_usd_m": paths[f"revenue_{name}_usd_m"]["p50"] for name in STREAMS})
        return pd.concat([paths["revenue_usd_m"]["month"], frame.where(frame != 0)], axis=1)

    @functools.cached_property
    def drivers(self) -> pd.DataFrame:
        """The inputs that move each headline most, one at a time, all others central.

        Columns headline, input, low, high (the input's ends), change_low, change_high (of the headline, with
        "never" as the horizon), reach (the larger of them), label, group, unit. Model README, section 9.
        """
        result = self.result
        moving = [each for each in result.case.estimates if not each.certain]
        path = paths_alone(
            result.case, [(each.name, end) for each in moving for end in (each.low, each.high)]
        )
        columns = ["input", "low", "high"]
        ends = pd.DataFrame([(each.name, each.low, each.high) for each in moving], columns=columns)
        frames = []
        for headline in HEADLINES:
            found = METRICS[headline].measure(path)
            found = np.where(np.isfinite(found), found, result.settings.horizon_months)
            low, high = found[1::2] - found[0], found[2::2] - found[0]
            frame = ends.assign(headline=headline, change_low=low, change_high=high)
            frame["reach"] = np.maximum(abs(low), abs(high))
            frames.append(frame[frame["reach"] > 1e-9].nlargest(LARGEST, "reach"))
        every = pd.concat(frames, ignore_index=True)
        return every.join(self.tables.assumptions[["label", "group", "unit"]], on="input")

    @functools.cached_property
    def shares(self) -> dict[str, pd.Series]:
        """Headline -> input -> squared rank correlation of their draws, largest first, of tornado inputs."""
        ranked = pd.DataFrame({name: self.result.inputs[name] for name in self.drivers["input"]}).rank()
        found = {}
        for name in HEADLINES:
            together = ranked.corrwith(pd.Series(self.result.measures[name]).rank())
            found[name] = (together**2).dropna().sort_values(ascending=False, kind="stable")
        return found

    @functools.cached_property
    def back_test(self) -> pd.DataFrame:
        """Forecasts of "As reported" beside outcomes (see results.back_test.items)."""
        return back_test.items(self.base, self.tables)

    @functools.cached_property
    def windows(self) -> pd.DataFrame:
        """Other laboratories' growth beside the forecast of "As reported" (see results.back_test.windows)."""
        return back_test.windows(self.base, self.tables)


def _ranks(draws: np.ndarray) -> dict[str, float]:
    """Return percentiles of draws; one that is never reached is nan."""
    known = np.where(np.isnan(draws), np.inf, draws)
    ranks = np.quantile(known, np.array(LEVELS) / 100, method="inverted_cdf")
    return dict(zip(NAMES, np.where(np.isfinite(ranks), ranks, np.nan), strict=True))
