"""Words around the figures of the strategic-options page, all computed from a run and from what is plotted."""

import pandas as pd

from analysis.findings.numbers import about, money, percent, plain
from analysis.findings.refs import ids
from analysis.findings.strategic_options import CASH, ENTITY, VALUED, assumed, counted, stands_out
from analysis.findings.strategic_tables import done
from analysis.findings.words import Words
from analysis.inputs import Tables
from analysis.insight import decision, portfolios
from analysis.model.options import STAY
from analysis.results import Run


def cash(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of cash with each single option."""
    last = frame["index_months"].max()
    end = frame[(frame["index_months"] == last) & (frame["option"] != portfolios.title(STAY))]
    left = int((end["central_usd_m"] > 0).sum())
    after = counted(last + 1, "month")
    return Words(
        headline=f"On the central path, {left or 'none'} of four single options {'have' if left > 1 else 'has'} cash left after {after}",
        subtitle=f"Cash at the end of each month, {ENTITY}, {run.settings.month(0)} to {run.settings.month(last)}, one option each beside staying "
        "the course; middle 50% (dark) and 90% (light) of runs",
        note="Solid: central path with the option; dashed: central path without. Once cash has run out it is shown as 0 and no further round "
        f"is placed. One run in ten lies outside the light bands in any month. After {after} the 95th percentile is {_highest(end)}.",
        shows=f"on the central path {left} of 4 options have cash left after {after}",
        kind="derived",
        refs=ids(tables, *CASH),
    )


def _highest(end: pd.DataFrame) -> str:
    row = end.loc[end["p95_usd_m"].idxmax()]
    return f"{money(row.p95_usd_m)} at most, with “{row.option}”"


def dots(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the chart of all 16 portfolios."""
    highest, lowest = frame.iloc[0], frame.iloc[-1]
    ends = " to ".join(about(row.value_mean_usd_m, row.value_mean_se_usd_m) for row in (lowest, highest))
    fewest, most = frame["cash_out_share"].min(), frame["cash_out_share"].max()
    return Words(
        headline=f"Mean value runs from {ends} across the 16 portfolios",
        subtitle=f"Left: value to today's shareholders of {ENTITY}, present value, mean with the middle 90% of runs. Right: share of runs that run "
        f"out of cash within {counted(run.settings.horizon_months, 'month')}",
        note="Dot: mean; line: 5th to 95th percentile, outside of which one run in ten lies; small tick: mean of the worst 5% of runs. Hollow: dominated, "
        "that is, another portfolio is no worse on mean value, worst 5%, cash-out, funding need and ownership, and better on one, by more than two "
        "standard errors. Value counts revenue, cash and dilution; who is paid before shareholders enters through the share kept in distress only.",
        shows=f"mean values run from {ends} and the share of runs out of cash from {percent(fewest)} to {percent(most)}",
        kind="derived",
        refs=ids(tables, *VALUED),
    )


def regret(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the regret matrix."""
    leaders = frame.loc[frame["rank"] == "best", "portfolio"].nunique()
    worlds, possible = frame["world"].nunique(), decision.worlds(run, tables)
    size = frame.groupby("world")["mean_value_usd_m"].max()
    ratio = plain(size.max() / size.min()) if size.min() > 0 else ""
    dollars = f"The highest mean is {ratio} times as large in “{size.idxmax()}” as in “{size.idxmin()}”, so regret in dollars is decided by the few worlds " \
        "with large values; as a share of the highest, all worlds count alike." if ratio and size.max() > size.min() else "Shares are of the highest mean value."  # fmt: skip
    return Words(
        headline=f"{counted(leaders, 'portfolio')} {'leads' if leaders == 1 else 'lead'} in {counted(worlds, 'possible world')}",
        subtitle=f"Regret: how far a portfolio's mean value to today's shareholders of {ENTITY} lies below the highest in the same world, in per cent of it",
        note=f"“best”: highest mean; “level”: within two standard errors of it; shading: up to 10%, up to 50%, more. {dollars} This page's case stands for "
        f"its own scenario; the others take {possible.draws:,} runs each.",
        shows=f"{counted(leaders, 'portfolio')} of 16 have the highest mean value in at least one of {counted(worlds, 'world')}",
        kind="derived",
        refs=ids(tables, *VALUED),
    )


def information(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the chart of what single inputs are worth knowing."""
    perfect, best = decision.evpi(run), decision.values(run).mean(axis=1).max()
    share = f", {percent(perfect['value'] / best)} of the highest mean value" if best > 0 else ""
    worth = about(perfect["value"], perfect["se"])
    return Words(
        headline=f"Knowing everything beforehand would be worth {worth}",
        subtitle=f"Rise in the expected value to today's shareholders of {ENTITY} if one input were known before choosing among the 16 portfolios; "
        "dots with two standard errors",
        note=f"Everything together: {worth}{share}. Each input alone: the runs are cut into {decision.BINS} equal parts by its value; the choice in each part is "
        "made on seven of eight sets of runs and paid on the eighth. An input whose line reaches 0 cannot be told apart from one without influence. "
        "The luck of the funding market is chance and no fact; it stands apart (hollow).",
        shows=_listed(frame),
        kind="derived",
        refs=ids(tables, *frame["name"]) or ids(tables, decision.LUCK),
    )


def _listed(frame: pd.DataFrame) -> str:
    clear = [f"{row.input} {about(row.evppi_usd_m, row.se_usd_m)}" for row in frame.head(3).itertuples() if stands_out(row)]
    return "; ".join(clear) or "no input stands out from the error of sampling"


def done_beside(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the chart that sets outcomes beside assumptions; `frame` as from `insight.actions.beside`."""
    refs = tuple(dict.fromkeys(ref for refs in frame["refs"] for ref in refs))
    circular = frame.loc[frame["set_from_outcome"] == "yes", "lever"]
    outside = int((frame["inside"] == "no").sum())
    note = (
        f"{counted(len(circular), 'lever')} {'is' if len(circular) == 1 else 'are'} set from the same figures here, so that agreement says nothing. "
        if len(circular)
        else ""
    )
    return Words(
        headline=f"{outside or 'None'} of {counted(len(frame), 'published outcome')} {'lies' if outside <= 1 else 'lie'} outside the assumed range",
        subtitle="Outcomes published by mid-2026 beside the 5th to 95th percentile assumed here, as multiples of the central assumption (logarithmic axis)",
        note=f"Line: assumed range, tick: central; diamond: outcome, a bar where it is a range. {note}The leases are contracts of the segment with X, one of them "
        "paid in full from October 2026 only and both open to exit; dilution is read with the valuation before and after the money.",
        shows="; ".join(f"{row.lever}: {done(row)} against {assumed(row)}" for row in frame.itertuples())
        or "no outcome can be shown",
        kind="reported",
        refs=refs or ids(tables, "round_size_usd_m"),
    )
