"""Words on the back-test: what the forecast of June 2025 got right, what it did not, and against what it is measured."""

import calendar

import pandas as pd

from analysis.findings.numbers import money, percent, typed
from analysis.findings.refs import ids
from analysis.findings.words import Finding, Words
from analysis.inputs import Tables
from analysis.insight.backtest import COVERAGE, CUTOFF, OWN, SCENARIO, consistent_hits
from analysis.parameters import resolve

NAMES = {
    "cash_spent": "Cash spent",
    "revenue": "Revenue",
    "capital_expenditure": "Capital expenditure",
    "funding_raised": "Equity and debt raised",
}
PERIMETERS = {"xai": "xAI without X", "xai_and_x": "xAI with X"}
BAND = percent(COVERAGE)
COLUMNS = [
    "Figure", "Disclosed ($)", "Median forecast ($)", f"{BAND} of runs ($)", f"{BAND} band", "Error ($)", "Naive forecast ($)",
    "Naive error ($)",
]  # fmt: skip
NUMERIC = tuple(column for column in COLUMNS if "($)" in column)
CAPTION = (
    "Forecast and outcome. Error: the CRPS, how far all runs lie from the outcome; for one number, its distance. Lower is better"
)
_CUTOFF = f"{CUTOFF.day} {calendar.month_name[CUTOFF.month]} {CUTOFF.year}"
_MERGER = "valuation in SpaceX merger"  # metric of the evidence row that dates it


def labelled(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the scores with two columns of words: `label` (figure and months) and `compared` (disclosed, forecast)."""
    compared = [f"{_disclosed(row)}, forecast {_forecast(row)}" for row in frame.itertuples()]
    words = {"label": [_label(row) for row in frame.itertuples()], "compared": compared}
    return pd.concat([pd.DataFrame(words, index=frame.index), frame], axis=1)


def heading(frame: pd.DataFrame) -> str:
    """Return the section's heading: how many outcomes the band holds."""
    return f"{_hits(frame)} of {len(frame)} figures disclosed later lie in the forecast’s {BAND} band"


def findings(tables: Tables, frame: pd.DataFrame) -> list[Finding]:
    """Return what held, what did not and why, how the score compares with a naive forecast, and what is not scored."""
    return [_verdict(frame), *_right(frame), *_wrong(frame, tables), _naive(frame), *_limits(frame, tables)]


def figure(tables: Tables, frame: pd.DataFrame) -> Words:
    """Return the words of the figure of outcomes against bands."""
    compared = (
        f"{_label(row)}: {_disclosed(row)} disclosed, {_forecast(row)} forecast, {_place(row)} the band"
        for row in frame.itertuples()
    )
    return Words(
        headline=heading(frame),
        subtitle=f"Disclosed figures and the forecast from what was public by {_CUTOFF}, each as a multiple of the forecast’s "
        f"median; middle 50% (dark) and {BAND} (light) of runs, "
        f"{_period(frame['first_month'].min(), frame['last_month'].max())}",
        note="The forecast is the scenario “As reported” as it stands, whatever the scenario of this page. Months before its "
        "first are taken at the claimed spending and the revenue of that first month. Cash spent and capital expenditure are "
        "compared with spending less revenue. The naive forecast holds the last published value flat; for money raised it is all "
        "that was planned in public, a plan for a whole year counted in full.",
        shows="; ".join(compared),
        kind="derived",
        refs=(*_ids(frame["evidence"]), *ids(tables, "monthly_burn_usd_m", "committed_funding_usd_m")),
    )


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table of scores; cells are text, the first one of a row is a finding with its sources."""
    rows = [
        [
            Finding(f"{_label(row)}, {PERIMETERS[row.perimeter]}", "reported", tuple(row.evidence.split())),
            _disclosed(row),
            _forecast(row),
            _band(row),
            _place(row),
            money(row.crps_usd_m),
            money(row.naive_usd_m, digits=3),
            money(row.naive_crps_usd_m),
        ]
        for row in frame.itertuples()
    ]
    return pd.DataFrame(rows, columns=COLUMNS, dtype=object)


def _verdict(frame: pd.DataFrame) -> Finding:
    hits, items, least = _hits(frame), len(frame), consistent_hits(len(frame))
    judged = "is consistent with" if hits >= least else "is too few for"
    text = (
        f"Of {items} figures disclosed after {_CUTOFF}, {hits} lie in the {BAND} band of the forecast from what was public by "
        f"then; this {judged} a band that holds {BAND} of outcomes (at least {least} of {items} at the 5% level), but the "
        "figures overlap, so that this is a weak test."
    )
    for row in frame[~frame["range_agrees"]].itertuples():
        low, high = (money(end, digits=3) for end in (row.outcome_low_usd_m, row.outcome_high_usd_m))
        text += f" {_label(row)}, was published as {low} to {high}, and a limit of the band lies between the two."
    return Finding(text, "derived", _ids(frame["evidence"]))


def _right(frame: pd.DataFrame) -> list[Finding]:
    held = frame[frame["inside_90"]]
    if held.empty:
        return [Finding(f"No disclosed figure lies in the forecast’s {BAND} band.", "derived", _ids(frame["evidence"]))]
    return [Finding(f"The forecast held for {_listed(held)}.", "derived", _ids(held["evidence"]))]


def _wrong(frame: pd.DataFrame, tables: Tables) -> list[Finding]:
    missed = frame[~frame["inside_90"]]
    if missed.empty:
        return []
    reasons = [reason for row in missed.drop_duplicates("measure").itertuples() if (reason := _reason(row, tables))]
    used = ids(tables, *dict.fromkeys(name for _, names in reasons for name in names))
    text = " ".join([f"It failed for {_listed(missed)}.", *(sentence for sentence, _ in reasons)])
    return [Finding(text, "derived", (*_ids(missed["evidence"]), *used))]


def _listed(frame: pd.DataFrame) -> str:
    return "; ".join(
        f"{_low(row)}, {_disclosed(row)} against {_forecast(row)} ({BAND} of runs: {_band(row)})" for row in frame.itertuples()
    )


def _reason(row, tables: Tables) -> tuple[str, tuple[str, ...]] | None:
    """Return why a figure was missed, in the inputs' own terms, and the inputs; None where none stands out."""
    case, above = resolve(tables, SCENARIO), row.outcome_usd_m > row.p95_usd_m
    if row.measure == "revenue":
        names = ("time_to_market_months", "growth_subscriptions_per_month")
        wait, growth = (case[name].central for name in names)
        sooner = "sooner or faster" if above else "later or more slowly"
        assumed = f"{typed(wait)} months of waiting, then {percent(growth)} a month at first"
        return f"Revenue grew {sooner} than assumed ({assumed}).", names
    if row.measure == "funding_raised":
        names = ("round_size_usd_m", "first_round_month")
        size, first = (case[name].central for name in names)
        came = "More money came in than the band holds: one closing alone" if above else "Less money came in: the largest closing"
        assumed = f"where the forecast has rounds of {money(size)}, the first after {typed(first)} months"
        return f"{came} brought {money(row.largest_part_usd_m, digits=3)}, {assumed}.", names
    return None


def _naive(frame: pd.DataFrame) -> Finding:
    closer = frame[frame["crps_usd_m"] < frame["naive_crps_usd_m"]]
    rest = frame.drop(closer.index)
    scored = f"for {len(closer)} of {len(frame)} figures"
    text = f"By its error (CRPS) the forecast is closer than the naive one, the last known value held flat, {scored}"
    if len(closer) and len(rest):
        text += f"; the naive one does at least as well for {' and for '.join(_low(row) for row in rest.itertuples())}"
    return Finding(f"{text}.", "derived", _ids(frame["naive_evidence"]))


def _limits(frame: pd.DataFrame, tables: Tables) -> list[Finding]:
    sentences, refs = [], []
    for row in frame[frame["perimeter"] != OWN].itertuples():
        sentences.append(
            f"{_label(row)}, is that of {PERIMETERS[row.perimeter]} and stands in for the burn of {PERIMETERS[OWN]}, which was "
            "not published: it checks the order of magnitude, not the claim."
        )
        refs += row.evidence.split()
    merger = tables.evidence[tables.evidence["metric"] == _MERGER]
    if len(merger) and merger["period_start"].min()[:7] > frame["last_month"].max():
        sentences.append(
            "The merger with SpaceX, and the spending and leases after it, came later than the last month scored; such a change "
            "of regime is not counted as an error of the model."
        )
        refs += list(merger.index)
    return [Finding(" ".join(sentences), "derived", tuple(refs))] if sentences else []


def _hits(frame: pd.DataFrame) -> int:
    return int(frame["inside_90"].sum())


def _ids(cells: pd.Series) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(cells).split()))


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
    return f"{low} to {high}"


def _place(row) -> str:
    """Return where the outcome lies: inside, above or below the band."""
    return "inside" if row.inside_90 else "above" if row.outcome_usd_m > row.p95_usd_m else "below"
