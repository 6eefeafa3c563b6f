"""Words around the figures of the strategic-options page, all computed from a run and from what is plotted."""

import pandas as pd

from analysis.findings.numbers import about, money, percent, plain
from analysis.findings.refs import ids
from analysis.findings.strategic_options import CASH, ENTITY, VALUED, counted
from analysis.findings.strategic_tables import assumed, done
from analysis.findings.words import Words
from analysis.inputs import Tables
from analysis.insight import decision, portfolios
from analysis.model.options import STAY
from analysis.results import Run


def cash(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of cash with each single option."""
    last = frame["index_months"].max()
    end = frame[(frame["index_months"] == last) & (frame["option"] != portfolios.title(STAY))]
    left, after = int((end["central_usd_m"] > 0).sum()), counted(last + 1, "month")
    highest = end.loc[end["p95_usd_m"].idxmax()]
    period = f"{run.settings.month(0)} to {run.settings.month(last)}"
    return Words(
        headline=f"Central path: {left or 'none'} of the 4 options alone {'have' if left > 1 else 'has'} cash after {after}",
        subtitle=f"Cash at the end of each month, {ENTITY}, {period}; each option alone beside staying the course, with the "
        "middle 50% (dark) and 90% (light) of runs",
        note="Solid: central path with the option; dashed: central path without. Once cash has run out it is shown as 0, and no "
        "further round is placed. One run in ten lies outside the light bands in any month; in the last month the highest of them "
        f"ends at {money(highest.p95_usd_m)}, with “{highest.option}”.",
        shows=f"on the central path {left} of 4 options have cash left after {after}",
        kind="derived",
        refs=ids(tables, *CASH),
    )


def dots(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the chart of all 16 portfolios."""
    fewest, most = frame["cash_out_share"].min(), frame["cash_out_share"].max()
    lowest, highest = (about(row.value_mean_usd_m, row.value_mean_se_usd_m) for row in (frame.iloc[-1], frame.iloc[0]))
    same = frame["value_mean_usd_m"].nunique() == 1
    return Words(
        headline=f"All 16 portfolios have the same mean value, {highest}" if same
        else f"Mean value of the 16 portfolios: lowest {lowest}, highest {highest}",
        subtitle=f"Left: value to today's shareholders of {ENTITY}, present value, with the middle 90% of runs. Right: share of runs "
        f"out of cash within {counted(run.settings.horizon_months, 'month')}",
        note="Dot: mean; line: 5th to 95th percentile, outside of which one run in ten lies; upright tick: mean of the worst 5% of "
        "runs. Hollow: dominated, that is, another portfolio is no worse on mean value, worst 5%, cash-out, funding need and "
        "ownership, and better on one, each by more than two standard errors. Debt is not taken off the value: lenders come first "
        "only through the share that is kept in distress.",
        shows=f"lowest mean value {lowest}, highest {highest}; the share of runs out of cash goes from {percent(fewest)} to {percent(most)}",
        kind="derived",
        refs=ids(tables, *VALUED),
    )  # fmt: skip


def regret(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the regret matrix."""
    leaders, worlds = frame.loc[frame["rank"] == "best", "portfolio"].nunique(), frame["world"].nunique()
    everywhere = f"The same portfolio has the highest mean value in {counted(worlds, 'possible world')}"
    apart = f"No portfolio leads everywhere: {leaders} take the lead in {counted(worlds, 'possible world')}"
    return Words(
        headline=everywhere if leaders == 1 else apart,
        subtitle=f"Regret: how far a portfolio's mean value to today's shareholders of {ENTITY} lies below the highest in the same "
        "world, in per cent of the highest (two standard errors each way where that matters)",
        note="“best”: highest mean; “level”: below it by less than two standard errors. Unshaded: up to 10%; light: up to 50%; dark: "
        f"more. {_sizes(frame)} This page's case stands for its own scenario; the others have "
        f"{decision.worlds(run, tables).draws:,} runs each, with this page's seed and settings.",
        shows=f"{counted(leaders, 'portfolio')} of 16 {'has' if leaders == 1 else 'have'} the highest mean value in at least one of {counted(worlds, 'world')}",
        kind="derived",
        refs=ids(tables, *VALUED),
    )


def _sizes(frame: pd.DataFrame) -> str:
    size = frame.groupby("world", sort=False)["mean_value_usd_m"].max()
    if size.min() <= 0 or size.max() < 2 * size.min():
        return "Regret in dollars is in the table below."
    return (
        f"The highest mean is {plain(size.max() / size.min())} times as large in “{size.idxmax()}” as in “{size.idxmin()}”, so the "
        "worlds with large values decide regret in dollars and expected value; in per cent, as here, all worlds count alike."
    )


def information(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the chart of what single inputs are worth knowing."""
    perfect, best = decision.evpi(run), decision.values(run).mean(axis=1).max()
    worth = about(perfect["value"], perfect["se"])
    share = f", {about(perfect['value'] / best, perfect['se'] / best, percent)} of the highest mean value" if best > 0 else ""
    uncertain = len(decision.evppi(run))
    return Words(
        headline=f"Knowing everything beforehand would be worth {worth}"
        if perfect["value"]
        else "No knowledge would change the choice",
        subtitle=f"Rise in the expected value to today's shareholders of {ENTITY} if one input were known before choosing among the "
        "16 portfolios, with two standard errors each way",
        note=f"Everything together: {worth}{share}. Shown are the highest of {counted(uncertain, 'uncertain input')}; as many are "
        "looked at, only what exceeds three standard errors is taken to stand out. The runs are cut into "
        f"{decision.BINS} equal parts by the input; each part's choice is made on seven of eight sets of runs and paid on the "
        "eighth. The luck of the funding market is chance, not a fact that can be found out; it stands apart (hollow).",
        shows=_listed(frame),
        kind="derived",
        refs=ids(tables, *frame["name"]) or ids(tables, decision.LUCK),
    )


def _listed(frame: pd.DataFrame) -> str:
    clear = frame[(frame["clear"] == "yes") & (frame["luck"] == "no")].head(3)
    listed = "; ".join(f"{row.input} {about(row.evppi_usd_m, row.se_usd_m)}" for row in clear.itertuples())
    return listed or "no input stands out from the error of sampling"


def done_beside(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the chart that sets outcomes beside assumptions; `frame` as from `insight.actions.beside`."""
    refs = tuple(dict.fromkeys(ref for refs in frame["refs"] for ref in refs))
    outside, same = int((frame["inside"] == "no").sum()), int((frame["set_from_outcome"] == "yes").sum())
    circular = (
        f"Of these levers, {same} {'is' if same == 1 else 'are'} set from the same figures here, so agreement says nothing. "
    )
    lie = "lies" if outside <= 1 else "lie"
    return Words(
        headline=f"{outside or 'None'} of {counted(len(frame), 'published outcome')} {lie} outside the assumed range",
        subtitle="Outcomes published by mid-2026 beside the 5th to 95th percentile assumed here, as multiples of the central "
        "assumption, logarithmic axis",
        note=f"Band: assumed range; tick: central; diamond: outcome, two diamonds for a range. {circular if same else ''}Capital was "
        "raised by xAI without X. The leases are contracts of the segment with X; both can be ended early, and the second is paid "
        "in full from October 2026 only. Dilution is shown with the valuation read as after and as before the money.",
        shows="; ".join(f"{row.lever}: {done(row)} against {assumed(row)}" for row in frame.itertuples())
        or "no outcome can be shown",
        kind="reported",
        refs=refs or ids(tables, "round_size_usd_m"),
    )
