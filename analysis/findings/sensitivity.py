"""Words on what drives runway and funding need: computed from the tornado tables and the Sobol indices."""

import math

import pandas as pd

from analysis.findings.numbers import money, months, percent, runs, with_unit
from analysis.findings.refs import ids
from analysis.findings.words import Finding, Words
from analysis.inputs import Tables
from analysis.insight.sensitivity import METRICS, Drivers
from analysis.insight.variance import CLOSED_POINTS, POINTS, RESAMPLES
from analysis.results import Run

SHOWN = 8  # inputs named in a chart
STEADY = 0.90  # share of resamples in which the same inputs must lead for their names to stand without a warning
NAMES = {"runway_months": "runway", "funding_need_usd_m": "funding need"}
_COUNTS = {1: "one input", 2: "two inputs"}


def heading(drivers: Drivers) -> str:
    """Return the section's heading: how much of the variance the leading inputs carry."""
    varying = _varying(drivers)
    if not varying:
        return f"Nothing moves {' or '.join(NAMES.values())} in this run"
    first, rest = varying[0], varying[1:]
    text = f"{_COUNTS[len(first.inputs)]} {_verb(first)} {_carried(first)} of the variance in {NAMES[first.Index]}"
    text = ", ".join([text, *(f"{_COUNTS[len(row.inputs)]} {_carried(row)} of that in {NAMES[row.Index]}" for row in rest)])
    return text[0].upper() + text[1:]


def findings(tables: Tables, drivers: Drivers) -> list[Finding]:
    """Return one sentence per metric: the inputs that lead, what they carry together, and what the next one does."""
    return [_finding(tables, row) for row in drivers.leaders.itertuples()]


def one_at_a_time(run: Run, tables: Tables, frame: pd.DataFrame, drivers: Drivers, metric: str) -> Finding:
    """Return what the input with the largest swing does alone, and whether the whole range names another one."""
    frame = moving(frame, metric)
    if frame.empty:
        return Finding(f"Taken one at a time, no input moves {NAMES[metric]}.", "derived", ())
    top = frame.iloc[0]
    low, central, high = (_end(top, end, metric, run) for end in ("low", "central", "high"))
    values = f"{low} at its low, {high} at its high, against {central} with all inputs central"
    text = f"Taken alone, “{top.label}” moves {NAMES[metric]} most: {values}"
    lead = drivers.leaders.loc[metric, "inputs"]
    other = tables.assumptions.loc[lead[0], "label"] if lead and lead[0] != top["input"] else ""
    text += f"; over all runs “{other}” takes part in more of the variance." if other else "."
    return Finding(text, "derived", ids(tables, *dict.fromkeys([top["input"], *lead[:1]])))


def moving(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Return the rows of a tornado table that move the metric, with `range`: the input's low and high in words."""
    kept = frame[frame[f"swing_{METRICS[metric]}"] > 0]
    return kept.assign(range=[_span(row.low, row.high, row.unit) for row in kept.itertuples()])


def tornado(run: Run, tables: Tables, frame: pd.DataFrame, metric: str) -> Words:
    """Return the words of a metric's tornado."""
    frame = moving(frame, metric)
    top = frame.head(SHOWN)
    return Words(
        headline=_headline(run, frame, metric),
        subtitle=f"{NAMES[metric].capitalize()} of xAI without X with one input at its 5th or 95th percentile and all others "
        f"central, {_count(len(top), len(frame), 'input that moves it', 'inputs that move it')}",
        note=f"The line is the central path. {_horizon_note(run, frame, metric)}A certain input does not appear, nor does one "
        "that the plain run without options does not use.",
        shows=_listed(run, top, metric),
        kind="derived",
        refs=ids(tables, *top["input"]),
    )


def indices(run: Run, tables: Tables, drivers: Drivers) -> Words:
    """Return the words of the chart of total-order indices."""
    inputs = list(dict.fromkeys(drivers.indices["input"]))
    varying = _varying(drivers)
    carried = ", ".join(
        f"{_carried(row)} {'of the variance ' * (not place)}in {NAMES[row.Index]}" for place, row in enumerate(varying)
    )
    return Words(
        headline=f"Leading inputs carry {carried}" if carried else "No input varies the result",
        subtitle="Total-order Sobol index: share of the variance in which an input takes part, alone or with others, with its "
        f"90% interval; {_count(min(SHOWN, len(inputs)), len(inputs), 'uncertain input', 'uncertain inputs')}",
        note="The shares of one measure can add to more than 100%, since what inputs do together counts for each of them. A "
        f"runway beyond the {run.settings.horizon_months} months that are modelled counts as that many ({_capped(run)}). "
        f"{POINTS:,} points for each input, {CLOSED_POINTS:,} for what the leading ones carry together, {RESAMPLES} resamples; "
        "inputs are drawn independently.",
        shows="; ".join(f"{NAMES[row.Index]}: {_named(tables, row)} {_verb(row)} {_carried(row)}" for row in varying)
        or "no variation",
        kind="derived",
        refs=ids(tables, *inputs[:SHOWN]),
    )


def _finding(tables: Tables, row) -> Finding:
    name = NAMES[row.Index]
    if not row.varies:
        why = "it is the same in all runs" if row.others else "every input that it depends on is certain"
        return Finding(f"Nothing varies in {name}: {why}.", "derived", ())
    low, high = (percent(_within(share)) for share in (row.pair_p5_share, row.pair_p95_share))
    depends, carry = ("depends most on", "together carry") if len(row.inputs) == 2 else ("depends on", "carries")
    text = f"{name.capitalize()} {depends} {_named(tables, row)}, which {carry} {_carried(row)} of its variance"
    text += f" (90% interval {low} to {high})" if low != high else ""
    if row.others:
        text += f"; no other input takes part in more than {_at_most(row.next_share)}"
    if row.steady_share < STEADY:
        text += f". Which {_COUNTS[len(row.inputs)]} lead is not settled: the same do {runs(row.steady_share)} of the estimate"
    return Finding(f"{text}.", "derived", ids(tables, *row.inputs))


def _varying(drivers: Drivers) -> list:
    return [row for row in drivers.leaders.itertuples() if row.varies]


def _carried(row) -> str:
    return percent(_within(row.pair_share))


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))


def _at_most(share: float) -> str:
    """Return the next whole per cent above a share, so that "no more than" holds."""
    whole = min(100, max(1, math.ceil(share * 100)))
    return percent(whole / 100, digits=len(str(whole)))


def _verb(row) -> str:
    return "carry" if len(row.inputs) == 2 else "carries"


def _named(tables: Tables, row) -> str:
    return " and ".join(f"“{tables.assumptions.loc[name, 'label']}”" for name in row.inputs)


def _end(row, end: str, metric: str, run: Run) -> str:
    value = getattr(row, f"at_{end}_{METRICS[metric]}")
    if metric == "funding_need_usd_m":
        return money(value)
    # on the horizon itself: cash did not run out, whichever case it is
    never = row.beyond_horizon in (end, "both") or value >= run.settings.horizon_months
    return f"over {run.settings.horizon_months} months" if never else months(value)


def _headline(run: Run, frame: pd.DataFrame, metric: str) -> str:
    if frame.empty:
        return f"No single input moves {NAMES[metric]}"
    top, unit = frame.iloc[0], METRICS[metric]
    first, last = sorted(("low", "central", "high"), key=lambda end: top[f"at_{end}_{unit}"])[::2]
    short = f"“{top.label}” moves {NAMES[metric]} most"
    full = f"{short}: {_end(top, first, metric, run).removesuffix(' months')} to {_end(top, last, metric, run)}"
    return full if len(full.split()) <= 15 else short


def _listed(run: Run, top: pd.DataFrame, metric: str) -> str:
    ends = ((row.label, _end(row, "low", metric, run), _end(row, "high", metric, run)) for row in top.head(3).itertuples())
    return "; ".join(f"{label}: {low} at low, {high} at high" for label, low, high in ends)


def _horizon_note(run: Run, frame: pd.DataFrame, metric: str) -> str:
    if metric == "runway_months" and frame["beyond_horizon"].ne("").any():
        return f"An arrow: cash does not run out within the {run.settings.horizon_months} months that are modelled. "
    return ""


def _capped(run: Run) -> str:
    return runs(1 - run.metrics["cash_out_probability_horizon"]["value"])


def _count(shown: int, of: int, one: str, many: str) -> str:
    if shown < of:
        return f"the {shown} largest of {of} {many}"
    return f"all {of} {many}" if of > 1 else f"the only {one}" if of else f"no {one}"


def _span(low: float, high: float, unit: str) -> str:
    """Return "$700m to $1.50bn a month": the unit once, at the end."""
    first, last = with_unit(low, unit), with_unit(high, unit)
    amount, _, words = first.partition(" ")
    return f"{amount if words and last.endswith(words) else first} to {last}"
