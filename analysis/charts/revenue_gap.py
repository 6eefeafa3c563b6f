"""Charts of the revenue-gap page. Names stand beside their lines, outside of the plotted area where lines may meet."""

import calendar

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.charts import theme

DASHED, DOTTED = (0, (5, 2)), (0, (1.5, 2))
STREAMS = (("subscriptions", "Subscriptions", theme.C1), ("data_services", "Data services", theme.C2), ("advertising", "Advertising", theme.C4))
LINE_PX = 16  # height of a line of text


def gap(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Spending and revenue per month with 50 % and 90 % bands, the gap between the central paths filled."""
    ax = figure.subplots()
    series = {name: part.set_index("index_months") for name, part in frame.groupby("series")}
    spending, revenue = series["spending"], series["revenue"]
    last = max(spending.index[-1], 1)
    ax.fill_between(spending.index, revenue["central_usd_m"], spending["central_usd_m"], color=theme.MUTED, alpha=0.10, linewidth=0)
    for part, color, style in ((spending, theme.C1, "-"), (revenue, theme.C4, DASHED)):
        _fan(ax, part, "usd_m", color, style)
    top = max(spending["p95_usd_m"].max(), revenue["p95_usd_m"].max(), 1e-9) * 1.06
    ax.set_ylim(0, top)
    ends = [part["central_usd_m"].iloc[-1] for part in (spending, revenue)]
    _name_ends(ax, last, ends, ("Spending", "Revenue"), (theme.C1, theme.C4))
    _name_gap(ax, spending, revenue, top)
    theme.money(ax)
    theme.plain_axis(ax)
    _calendar(ax, list(spending["month"]), narrow)


def _name_gap(ax: Axes, spending: pd.DataFrame, revenue: pd.DataFrame, top: float) -> None:
    """Write "gap" where there is room between the two bands, or nowhere."""
    room = (spending["p5_usd_m"] - revenue["p95_usd_m"]).to_numpy()
    at = len(room) // 6
    if room[at] > 0.12 * top:
        y = (spending["p5_usd_m"].iloc[at] + revenue["p95_usd_m"].iloc[at]) / 2
        ax.annotate("gap", (at, y), color=theme.MUTED, fontstyle="italic", ha="center", va="center")


def streams(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Left: revenue by stream on the central path, stacked. Right: the total with bands and its ceiling, on a log scale."""
    parts, total = figure.subplots(2, 1) if narrow else figure.subplots(1, 2)
    months, ceiling = frame.iloc[:-1], frame.iloc[-1]
    x = months["index_months"].to_numpy(float)
    layers = [months[f"central_{name}_usd_m"].to_numpy() for name, _, _ in STREAMS]
    parts.stackplot(x, layers, colors=[color for _, _, color in STREAMS], edgecolor=theme.PAPER, linewidth=1)
    tops = np.cumsum([layer[-1] for layer in layers])
    parts.set_ylim(0, max(tops[-1], max(np.sum(layers, axis=0)), 1e-9) * 1.1)
    middles = [top - layer[-1] / 2 for top, layer in zip(tops, layers, strict=True)]
    _name_ends(parts, x[-1], middles, [label for _, label, _ in STREAMS], [color for _, _, color in STREAMS])
    parts.set_title("By stream, central path", loc="left")
    _fan(total, months.set_index("index_months"), "total_usd_m", theme.C1, "-")
    total.set_title("Total with range, log scale", loc="left")
    if months["p5_total_usd_m"].min() > 0:
        total.set_yscale("log")
        _decades(total)
    else:
        total.set_title("Total with range", loc="left")
    for ax in (parts, total):
        theme.money(ax)
        theme.plain_axis(ax)
        ax.minorticks_off()
        _calendar(ax, list(months["month"]), narrow=True)
    _ceiling(total, ceiling, x[-1])


def _ceiling(ax: Axes, ceiling: pd.Series, last: float) -> None:
    """Draw the ceiling's range as a bar to the right of the months; an end that is infinite is not drawn."""
    low, middle, high = (ceiling[f"p{level}_total_usd_m"] for level in (5, 50, 95))
    if not np.isfinite(high) or low <= 0:
        return
    at = max(last, 1) * 1.12
    ax.set_xlim(0, max(last, 1) * 1.2)
    ax.plot([at, at], [low, high], color=theme.C3, linewidth=1.5)
    ax.plot([at, at], [ceiling["p25_total_usd_m"], ceiling["p75_total_usd_m"]], color=theme.C3, linewidth=6, solid_capstyle="butt", alpha=0.6)
    ax.plot([at], [middle], color=theme.C3, marker="D", markersize=6, markeredgecolor=theme.PAPER)
    ax.annotate("Ceiling", (at, high), xytext=(0, 5), textcoords="offset points", ha="center", color=theme.C3, fontweight="bold",
                annotation_clip=False)  # fmt: skip


def cash(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Cash by months passed, with bands; the step is committed funding; below zero fresh money is needed."""
    ax = figure.subplots()
    part = frame.set_index("index_months")
    last, top = part.index[-1], max(part["p95_usd_m"].max(), 1e-9)
    low = -0.28 * top if part["p5_usd_m"].min() < 0 else 0.0
    ax.set_ylim(low, top * 1.08)
    ax.set_xlim(0, last)
    _fan(ax, part, "usd_m", theme.C1, "-")
    ax.axhline(0, color=theme.INK, linewidth=1)
    if low < 0:
        ax.axhspan(low, 0, color=theme.C4, alpha=0.10, linewidth=0)
        ax.annotate("cash used up: fresh money needed", (0, low), xytext=(4, 5), textcoords="offset points", color=theme.INK)
    arrived = part[part["funding_usd_m"] > 0]
    if len(arrived) and arrived.index[0] < 0.4 * last:
        at = arrived.index[0]
        ax.annotate("committed funding arrives", (at, part.loc[at, "p95_usd_m"]), xytext=(10, 2), textcoords="offset points",
                    color=theme.MUTED, fontstyle="italic", va="bottom")  # fmt: skip
    theme.money(ax)
    theme.plain_axis(ax)
    _elapsed(ax, frame["counted_from"].iloc[0], last, narrow)


def dots(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Fifty dots, each 2 of 100 runs, in the month in which cash is used up; those that last stand apart on the right."""
    figure.set_layout_engine("none")
    width, height = figure.get_size_inches() * 72
    left, bottom, right, top = 12, 40, 12, 30
    out, lasting = frame[frame["runway_months"].notna()], frame[frame["runway_months"].isna()]
    bin_width = frame["bin_width_months"].iloc[0]
    shown = max(out["bin_start_months"].max() / bin_width + 1, 12 / bin_width + 1) if len(out) else 12 / bin_width
    # the lasting dots form a block of their own, in columns of ten
    block = int(np.ceil(len(lasting) / 10)) + 1 if len(lasting) else 0
    columns, rows = shown + block, max(out["stack"].max() if len(out) else 1, min(len(lasting), 10), 6)
    ax = figure.add_axes((left / width, bottom / height, 1 - (left + right) / width, 1 - (bottom + top) / height))
    pitch = min((width - left - right) / columns, (height - bottom - top) / rows)
    ax.set_xlim(0, columns * bin_width)
    ax.set_ylim(0, (height - bottom - top) / pitch)
    size = (0.86 * pitch) ** 2
    early = out["runway_months"] < 12
    x, y = out["bin_start_months"] + bin_width / 2, out["stack"] - 0.5
    ax.scatter(x[early], y[early], s=size, color=theme.C3, linewidth=0)
    ax.scatter(x[~early], y[~early], s=size, color=theme.C1, marker="s", linewidth=0)
    _lasting(ax, lasting, shown * bin_width, bin_width, size)
    for months in (12, 24):
        if months <= shown * bin_width:
            ax.axvline(months, color=theme.MUTED, linewidth=1, linestyle=DOTTED)
            ax.annotate(f"{months} months", (months, 1), xycoords=("data", "axes fraction"), xytext=(0, 4), textcoords="offset points",
                        ha="center", color=theme.MUTED)  # fmt: skip
    ax.set_yticks([])
    theme.plain_axis(ax)
    ax.grid(visible=False)
    _elapsed(ax, frame["counted_from"].iloc[0], shown * bin_width, narrow, limit=False)


def _lasting(ax: Axes, lasting: pd.DataFrame, start: float, bin_width: float, size: float) -> None:
    """Draw the dots that have no month, hollow, in columns of ten to the right of the months."""
    if lasting.empty:
        return
    column, row = (lasting["stack"] - 1) // 10, (lasting["stack"] - 1) % 10
    ax.scatter(start + (column + 1.5) * bin_width, row + 0.5, s=size * 0.8, facecolor="none", edgecolor=theme.MUTED, linewidth=1.2)
    ax.axvline(start + 0.5 * bin_width, color=theme.MUTED, linewidth=0.75)
    ax.annotate("not used up", (1, 0), xycoords="axes fraction", xytext=(0, -4), textcoords="offset points", ha="right", va="top",
                color=theme.INK)  # fmt: skip


def reference_class(figure: Figure, frame: pd.DataFrame, narrow: bool) -> None:
    """Run-rates by months since 0.1bn a year, log scale: laboratories grey, the model's path with bands, the needed path."""
    ax = figure.subplots()
    ax.set_yscale("log")
    ax.minorticks_off()
    right = frame["since_months"].max()
    names: list[tuple[float, float, str, str]] = []
    for name, lab in frame[frame["role"] == "laboratory"].groupby("series", sort=False):
        marker = "s" if lab["starts_above"].iloc[0] else "o"
        ax.plot(lab["since_months"], lab["usd_m_per_year"], color=theme.MUTED, linewidth=1.25, marker=marker, markersize=4)
        names.append((*lab[["since_months", "usd_m_per_year"]].iloc[-1], str(name), theme.MUTED))
    own = names.pop(next(n for n, entry in enumerate(names) if entry[2] == "xAI")) if any(n[2] == "xAI" for n in names) else None
    for role, label, color, style in (("model", "xAI, model", theme.C1, "-"), ("needed", "xAI, needed", theme.C3, DASHED)):
        path = frame[frame["role"] == role].set_index("since_months")
        if len(path) and role == "model":
            _fan(ax, path, "usd_m_per_year", color, style, central="usd_m_per_year")
        elif len(path):
            ax.plot(path.index, path["usd_m_per_year"], color=color, linestyle=style)
        if len(path):
            names.append((path.index[-1], path["usd_m_per_year"].iloc[-1], label, color))
    if own:
        ax.plot(*own[:2], marker="D", color=theme.C1, markersize=6, markeredgecolor=theme.PAPER)
    ax.set_xlim(min(0, frame["since_months"].min()), right * 1.02)
    for x, y, label, color in names:
        theme.label(ax, x, y, label, color, xytext=(6, 0), textcoords="offset points", va="center")
    theme.money(ax)
    _decades(ax)
    theme.plain_axis(ax)
    ax.set_xticks(range(0, int(right) + 1, 24 if narrow or right > 96 else 12))
    ax.set_xlabel("Months since a run-rate of $100m a year")


def _fan(ax: Axes, part: pd.DataFrame, unit: str, color: str, style, central: str = "") -> None:
    """Draw the central path with its 50 % and 90 % bands; rows are months."""
    theme.band(ax, part.index, part[f"p5_{unit}"], part[f"p95_{unit}"], color, theme.BAND_90)
    theme.band(ax, part.index, part[f"p25_{unit}"], part[f"p75_{unit}"], color, theme.BAND_50)
    ax.plot(part.index, part[central or f"central_{unit}"], color=color, linestyle=style)


def _name_ends(ax: Axes, x: float, ends: list[float], names, colors) -> None:
    """Write names to the right of the plotted area at the height of `ends`, moved apart where they would touch."""
    low, high = ax.get_ylim()
    # what one line of text takes of the axis, which fills about four fifths of the drawing
    share = ax.get_subplotspec().get_gridspec().nrows if ax.get_subplotspec() else 1
    line = LINE_PX * share / (0.8 * ax.figure.get_figheight() * 96) * (high - low)
    for y, name, color in zip(_apart(ends, line, low, high), names, colors, strict=True):
        theme.label(ax, x, y, name, color, xytext=(6, 0), textcoords="offset points", va="center")


def _apart(places: list[float], distance: float, low: float, high: float) -> list[float]:
    """Return `places` moved as little as needed to be `distance` apart and inside the axis, in their order."""
    order = np.argsort(places, kind="stable")
    moved = np.array(places, dtype=float)
    for before, after in zip(order, order[1:], strict=False):
        moved[after] = max(moved[after], moved[before] + distance)
    for after, before in zip(order[::-1], order[-2::-1], strict=False):
        moved[after] = min(moved[after], high)
        moved[before] = min(moved[before], moved[after] - distance)
    return [max(float(value), low) for value in moved]


def _decades(ax: Axes) -> None:
    """Mark a log axis at powers of ten, and at 2 and 5 times them where it spans less than two."""
    low, high = np.log10(ax.get_ylim())
    steps = (1, 2, 5) if high - low < 2 else (1,)
    ticks = [step * 10.0**power for power in range(int(np.floor(low)), int(np.ceil(high)) + 1) for step in steps]
    ax.set_yticks([tick for tick in ticks if 10**low <= tick <= 10**high])


def _calendar(ax: Axes, names: list[str], narrow: bool) -> None:
    """Mark the first and the last month and each January that leaves room for its label; `names`: YYYY-MM by position."""
    last = max(len(names) - 1, 1)
    room = last * (0.22 if narrow else 0.09)
    ticks = [0]
    for index, name in enumerate(names):
        if name.endswith("-01") and index - ticks[-1] >= room and last - index >= room:
            ticks.append(index)
    ticks += [last] if len(names) > 1 else []
    ax.set_xticks(ticks, [_month(names[index]) for index in ticks])
    ax.set_xlim(0, last)


def _elapsed(ax: Axes, start: str, last: float, narrow: bool, limit: bool = True) -> None:
    """Mark months passed since the start of month `start` (YYYY-MM), with the calendar month below."""
    step = next((step for step in (3, 6, 12, 24, 48) if last / step <= (4 if narrow else 8)), 48)
    first = int(start[:4]) * 12 + int(start[5:7]) - 1
    ticks = range(0, int(last) + 1, step)
    ax.set_xticks(ticks, [f"{tick}\n{_month(f'{(first + tick) // 12}-{(first + tick) % 12 + 1:02d}', ' ')}" for tick in ticks])
    if limit:
        ax.set_xlim(0, last)


def _month(name: str, between: str = "\n") -> str:
    return f"{calendar.month_abbr[int(name[5:7])]}{between}{name[:4]}"
