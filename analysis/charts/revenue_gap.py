"""Charts of the revenue-gap page."""

import pandas as pd
from matplotlib.figure import Figure

from analysis.charts import theme


def gap(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Spending and revenue per month with 50 % and 90 % bands, and the gap between them shaded."""
    ax = figure.subplots()
    series = {name: part.set_index("index_months") for name, part in frame.groupby("series")}
    spending, revenue = series["spending"], series["revenue"]
    for part, color in ((spending, theme.C1), (revenue, theme.C4)):
        theme.band(ax, part.index, part["p5_usd_m"], part["p95_usd_m"], color, theme.BAND_90)
        theme.band(ax, part.index, part["p25_usd_m"], part["p75_usd_m"], color, theme.BAND_50)
    ax.fill_between(spending.index, revenue["central_usd_m"], spending["central_usd_m"], facecolor="none", edgecolor=theme.MUTED,
                    hatch="///" if not narrow else "//", linewidth=0, alpha=0.25)  # fmt: skip
    ax.plot(spending.index, spending["central_usd_m"], color=theme.C1)
    ax.plot(revenue.index, revenue["central_usd_m"], color=theme.C4, linestyle=(0, (5, 2)))
    theme.label(ax, len(spending) * 0.35, spending["central_usd_m"].iloc[int(len(spending) * 0.35)], "Spending", theme.C1,
                xytext=(0, 6), textcoords="offset points")  # fmt: skip
    theme.label(ax, len(revenue) * 0.35, revenue["central_usd_m"].iloc[int(len(revenue) * 0.35)], "Revenue", theme.C4,
                xytext=(0, 10), textcoords="offset points")  # fmt: skip
    theme.months(ax, spending["month"], narrow)
    theme.money(ax)
    theme.plain_axis(ax)
