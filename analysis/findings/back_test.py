"""Words on the back-test: what the forecast of June 2025 got right, what it did not, and against what it is measured."""

import calendar

import pandas as pd

from analysis.findings.numbers import money, percent, typed
from analysis.findings.refs import ids
from analysis.findings.words import Finding, Words
from analysis.inputs import Tables
from analysis.insight.backtest import COVERAGE, CUTOFF, OWN, SCENARIO, consistent_hits
from analysis.parameters import resolve
from analysis.results import Run

NAMES = {
    "cash_spent": "Cash spent",
    "revenue": "Revenue",
    "capital_expenditure": "Capital expenditure",
    "funding_raised": "Equity and debt raised",
}
PERIMETERS = {"xai": "xAI without X", "xai_and_x": "xAI with X"}
WHERE = {True: "inside", False: "outside"}
_CUTOFF = f"{CUTOFF.day} {calendar.month_name[CUTOFF.month]} {CUTOFF.year}"
_BAND = percent(COVERAGE)
_MERGER = "valuation in SpaceX merger"


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with two columns of words: `label` (figure and months) and `compared` (disclosed, forecast)."""
    compared = [f"{_disclosed(row)}, forecast {_forecast(row)}" for row in frame.itertuples()]
    words = {"label": [_label(row) for row in frame.itertuples()], "compared": compared}
    return pd.concat([pd.DataFrame(words, index=frame.index), frame], axis=1)


def heading(frame: pd.DataFrame) -> str:
    """Return the section's heading: how many outcomes the band holds."""
    return f"{_hits(frame)} of {len(frame)} figures disclosed later lie in the forecast's {_BAND} band"


def findings(run: Run, tables: Tables, frame: pd.DataFrame) -> list[Finding]:
    """Return what held, what did not and why, how the score compares with a naive forecast, and what is not scored."""
    return [_verdict(frame), *_right(frame), *_wrong(frame, tables), _naive(frame), *_limits(frame, tables)]


def figure(run: Run, tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of outcomes against bands."""
    return Words(
        headline=heading(frame),
        subtitle=f"Disclosed figures and the forecast from what was public by {_CUTOFF}, each as a multiple of the forecast's median; "
        f"middle 50% (dark) and {_BAND} (light) of runs, {_period(frame['first_month'].min(), frame['last_month'].max())}",
        note="The forecast is the scenario “As reported” as it stands, whatever the scenario of this page. Months before June 2025 are taken at the "
        "claimed spending and the revenue of the first month. Cash spent and capital expenditure are compared with spending less revenue. "
        "The naive forecast holds the last published value flat; for money raised it is all that was planned in public to be raised by "
        "then, plans for the whole of the following year counted in full.",
        shows="; ".join(f"{_label(row)}: {_disclosed(row)} disclosed, {_forecast(row)} forecast, {WHERE[row.inside_90]}" for row in frame.itertuples()),
        kind="derived",
        refs=(*_evidence(frame), *ids(tables, "monthly_burn_usd_m", "committed_funding_usd_m")),
    )


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table of scores; cells are text or findings."""
    rows = [
        [
            f"{_label(row)}, {PERIMETERS[row.perimeter]}",
            Finding(_disclosed(row), "reported", tuple(row.evidence.split())),
            f"{_forecast(row)} ({_band(row)})",
            "inside" if row.inside_90 else _side(row),
            money(row.crps_usd_m),
            Finding(money(row.naive_usd_m, digits=3), "derived", tuple(row.naive_evidence.split())),
            money(row.naive_crps_usd_m),
        ]
        for row in frame.itertuples()
    ]
    columns = ["Figure", "Disclosed ($)", f"Forecast, median and {_BAND} of runs ($)", f"In the {_BAND} band", "Error score of the forecast ($)",
               "Naive forecast ($)", "Error score of the naive forecast ($)"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, dtype=object)


NUMERIC = ("Disclosed ($)", "Error score of the forecast ($)", "Naive forecast ($)", "Error score of the naive forecast ($)")
CAPTION = "Forecast and outcome. Error score (CRPS): distance between the forecast's runs and the outcome, lower is better; for one number its error"


def _verdict(frame: pd.DataFrame) -> Finding:
    hits, items = _hits(frame), len(frame)
    least = consistent_hits(items)
    judged = f"is consistent with a band that holds {_BAND} of outcomes" if hits >= least else f"is too few for a band that holds {_BAND} of outcomes"
    text = (
        f"Of {items} figures disclosed after {_CUTOFF}, {hits} lie in the {_BAND} band of the forecast from what was public by then; "
        f"this {judged} (at least {least} of {items} at the 5% level), but the figures overlap, so that this is a weak test."
    )
    for row in frame[~frame["range_agrees"]].itertuples():
        text += (
            f" {_label(row)} was published as {money(row.outcome_low_usd_m, digits=3)} to {money(row.outcome_high_usd_m, digits=3)}: one end lies "
            "inside, the other outside."
        )
    return Finding(text, "derived", _evidence(frame))


def _right(frame: pd.DataFrame) -> list[Finding]:
    held = frame[frame["inside_90"]]
    if held.empty:
        return [Finding(f"No disclosed figure lies in the forecast's {_BAND} band.", "derived", _evidence(frame))]
    items = "; ".join(f"{_low(row)}, {_disclosed(row)} against {_forecast(row)} ({_band(row)})" for row in held.itertuples())
    return [Finding(f"The forecast held for {items}.", "derived", _evidence(held))]


def _wrong(frame: pd.DataFrame, tables: Tables) -> list[Finding]:
    missed = frame[~frame["inside_90"]]
    if missed.empty:
        return []
    items = "; ".join(f"{_low(row)}, {_disclosed(row)} against {_forecast(row)} ({_band(row)})" for row in missed.itertuples())
    reasons = [reason for row in missed.drop_duplicates("measure").itertuples() if (reason := _reason(row, tables))]
    used = ids(tables, *dict.fromkeys(name for _, names in reasons for name in names))
    text = " ".join([f"It failed for {items}.", *(sentence for sentence, _ in reasons)])
    return [Finding(text, "derived", (*_evidence(missed), *used))]


def _reason(row, tables: Tables) -> tuple[str, tuple[str, ...]] | None:
    """Return why a figure was missed, in the inputs' own terms, and the inputs; None where none stands out."""
    case, above = resolve(tables, SCENARIO), row.outcome_usd_m > row.p95_usd_m
    if row.measure == "revenue":
        names = ("time_to_market_months", "growth_subscriptions_per_month")
        wait, growth = (case[name].central for name in names)
        sooner = "sooner or faster" if above else "later or more slowly"
        return f"Revenue grew {sooner} than assumed, {typed(wait)} months of waiting and then {percent(growth)} a month at first.", names
    if row.measure == "funding_raised":
        names = ("round_size_usd_m", "first_round_month")
        size, first = (case[name].central for name in names)
        opening = f"More money came in than was planned in public: one closing alone brought {money(row.largest_part_usd_m, digits=3)}"
        if not above:
            opening = f"Less money came in than was planned: the largest closing brought {money(row.largest_part_usd_m, digits=3)}"
        return f"{opening}, where the forecast has rounds of {money(size)}, the first after {typed(first)} months.", names
    return None


def _naive(frame: pd.DataFrame) -> Finding:
    closer = frame[frame["crps_usd_m"] < frame["naive_crps_usd_m"]]
    rest = frame.drop(closer.index)
    text = f"By error score (CRPS) the forecast is closer than the last known value held flat for {len(closer)} of {len(frame)} figures"
    if len(closer) and len(rest):
        text += f"; the naive forecast does at least as well for {' and '.join(_low(row) for row in rest.itertuples())}"
    return Finding(f"{text}.", "derived", _naive_evidence(frame))


def _limits(frame: pd.DataFrame, tables: Tables) -> list[Finding]:
    sentences, refs = [], []
    for row in frame[frame["perimeter"] != OWN].itertuples():
        sentences.append(
            f"{_label(row)}, is that of {PERIMETERS[row.perimeter]} and stands in for xAI's own burn, which was not published: it checks the order "
            "of magnitude, not the claim."
        )
        refs += row.evidence.split()
    merger = tables.evidence[tables.evidence["metric"] == _MERGER]
    if len(merger) and merger["period_start"].min()[:7] > frame["last_month"].max():
        sentences.append(
            "The merger with SpaceX, and the spending and leases after it, came later than the last month scored; such a change of regime is not "
            "counted as an error of the model."
        )
        refs += list(merger.index)
    return [Finding(" ".join(sentences), "derived", tuple(refs))] if sentences else []


def _hits(frame: pd.DataFrame) -> int:
    return int(frame["inside_90"].sum())


def _evidence(frame: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(frame["evidence"]).split()))


def _naive_evidence(frame: pd.DataFrame) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(frame["naive_evidence"]).split()))


def _label(row) -> str:
    return f"{NAMES[row.measure]}, {_period(row.first_month, row.last_month)}"


def _low(row) -> str:
    label = _label(row)
    return label[0].lower() + label[1:]


def _period(first: str, last: str) -> str:
    """Return "Jan–Sep 2025", or with both years where they differ."""
    names = [calendar.month_abbr[int(month[5:7])] for month in (first, last)]
    years = [first[:4], last[:4]]
    return f"{names[0]}–{names[1]} {years[1]}" if years[0] == years[1] else f"{names[0]} {years[0]}–{names[1]} {years[1]}"


def _disclosed(row) -> str:
    return money(row.outcome_usd_m, digits=3)


def _forecast(row) -> str:
    return money(row.p50_usd_m, row.p50_se_usd_m, digits=3)


def _band(row) -> str:
    low, high = money(row.p5_usd_m, row.p5_se_usd_m, digits=3), money(row.p95_usd_m, row.p95_se_usd_m, digits=3)
    return f"{_BAND} of runs: {low} to {high}"


def _side(row) -> str:
    return "above it" if row.outcome_usd_m > row.p95_usd_m else "below it"
