"""The tables of the revenue-gap page: cells as readers see them. A Finding in a cell is shown with its mark and markers."""

from collections.abc import Callable

import pandas as pd

from analysis.findings.numbers import likelihood, money, percent, plain
from analysis.findings.refs import ids
from analysis.findings.revenue_gap import GROWTH, REVENUE
from analysis.findings.revenue_phrases import (
    BEYOND,
    NO_RATE,
    NO_SPENDING,
    amount,
    calendar,
    lasting,
    points,
    rate,
    ratio,
    sentence,
    short,
    span,
    whole,
)
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import bands, reference_class
from analysis.results import Run

STREAMS = {"subscriptions": "Subscriptions", "advertising": "Advertising", "data_services": "Data services", "total": "Total"}
READINGS = {"gross": "Gross", "net": "Net"}
READING_NUMBERS = tuple(f"{name}, {part}" for name in READINGS.values() for part in ("median", "90% of runs"))
STREAM_NUMBERS = (*STREAMS.values(), "Total, 90% of runs")
RUN_OUT_NUMBERS = ("In 100 runs", "Probability", "Standard error, points")
GROWTH_NUMBERS = ("Months", "Growth a month", "Range")
WHENS = {"start": ("at the start", 0), "12m": ("after 12 months", 12), "36m": ("after 36 months", 36)}
CHANCES = {
    "Cash is used up within 12 months": "cash_out_probability_12m",
    "Cash is used up within 24 months": "cash_out_probability_24m",
    "Revenue covers spending for good": "break_even_probability",
}


def readings(runs: dict[str, Run]) -> pd.DataFrame:
    """Return the headline measures under both meanings of the claimed burn, as far as the horizon goes; `runs`: basis -> run."""
    horizon = runs["gross"].settings.horizon_months
    whens = {key: when for key, (when, month) in WHENS.items() if month < horizon}
    rows = [
        *((f"Spending covered, {when}", f"coverage_ratio_{key}", ratio, NO_SPENDING) for key, when in whens.items()),
        *((f"Gap a month, {when}", f"gap_{key}_usd_m_per_month", amount, BEYOND) for key, when in whens.items()),
        ("Cash lasts", "runway_months", lasting, BEYOND),
        ("Money needed beyond cash", "funding_need_usd_m", amount, BEYOND),
        ("Revenue growth needed, a month", "required_growth_per_month", rate, NO_RATE),
    ]
    cells = [[label, *(cell for basis in READINGS for cell in _summary(runs[basis], *how))] for label, *how in rows]
    chances = [
        [label, *(cell for basis in READINGS for cell in _chance(runs[basis].metrics[name]))] for label, name in CHANCES.items()
    ]
    chances[-1][0] += f" within {whole(horizon)}"
    return _frame(cells + chances, ["Measure", *READING_NUMBERS])


def _summary(run: Run, name: str, shown: Callable[[float], str], never: str) -> list[str]:
    summary = run.metrics[name]
    middle = never if summary["p50"] is None else shown(summary["p50"])
    return [middle, span(summary["p5"], summary["p95"], shown, never)]


def _chance(chance: dict) -> list[str]:
    if chance["value"] is None:
        return ["–", "–"]
    return [percent(chance["value"], chance["se"]), f"± {points(2 * chance['se'])} points"]


def reading(runs: dict[str, Run], tables: Tables) -> Finding:
    """Return what the other meaning of the claimed burn changes in spending and in how long the cash lasts."""
    gross, net = (runs[basis] for basis in READINGS)
    spending = [money(run.central_path.spend[0, 0], digits=3) for run in (gross, net)]
    lasts = [lasting(run.metrics["runway_months"]["p50"]) for run in (gross, net)]
    held = f"lasts {lasts[0]} under both" if lasts[0] == lasts[1] else f"lasts {lasts[1]} instead of {lasts[0]}"
    start = f"{spending[1]} a month too" if spending[0] == spending[1] else f"{spending[1]} instead of {spending[0]} a month"
    text = f"If the claim is net of revenue rather than gross, spending at the start is {start}"
    return Finding(f"{text}, and cash {held} in the median run.", "derived", ids(tables, "monthly_burn_usd_m", *REVENUE))


def streams(run: Run) -> pd.DataFrame:
    """Return revenue in $m a month at the start, later and at the ceiling: streams and total (central), range of the total."""
    levels = bands.stream_levels(run).set_index(["when", "stream"])
    whens = list(dict.fromkeys(levels.index.get_level_values("when")))
    cells = [[_when(run, when), *(_million(levels.loc[(when, name), "central_usd_m"]) for name in STREAMS)] for when in whens]
    ranges = [[levels.loc[(when, "total"), key] for key in ("p5_usd_m", "p95_usd_m")] for when in whens]
    cells = [[*row, _million_range(*ends)] for row, ends in zip(cells, ranges, strict=True)]
    return _frame(cells, ["When", *STREAM_NUMBERS])


def _when(run: Run, when: str) -> str:
    return "Ceiling" if when == bands.CEILING else calendar(run.settings.month(int(when)))


def _million(value: float) -> str:
    return "no limit" if value != value else plain(value, digits=2)


def _million_range(low: float, high: float) -> str:
    ends = [_million(value) for value in (low, high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def run_out(run: Run) -> pd.DataFrame:
    """Return the probabilities that cash is used up within 12 and 24 months and within the horizon, with standard errors."""
    whens = {"12 months": "12m", "24 months": "24m", f"the horizon of {whole(run.settings.horizon_months)}": "horizon"}
    rows = [(when, run.metrics[f"cash_out_probability_{name}"]) for when, name in whens.items()]
    known = [(when, chance) for when, chance in rows if chance["value"] is not None]
    return _frame([_run_out(when, chance) for when, chance in known], ["Used up within", *RUN_OUT_NUMBERS, "In words"])


def _run_out(when: str, chance: dict) -> list[str]:
    value = chance["value"]
    return [when, str(round(100 * value)), percent(value, chance["se"]), points(chance["se"]), likelihood(value)]


def growth(run: Run, tables: Tables) -> pd.DataFrame:
    """Return growth a month of other laboratories, of the model and as needed, the fastest first."""
    rows = [_laboratory(lab) for lab in reference_class.observed(tables).itertuples()]
    needed, own = run.metrics["required_growth_per_month"], reference_class.model_growth(run)
    if needed["p50"] is not None:
        rows.append(_path("Needed by xAI", run, run.settings.target_months, needed, ids(tables, *REVENUE, "serving_cost_ratio")))
    if own is not None:
        rows.append(_path("xAI in this scenario", run, own["months"], own, ids(tables, *GROWTH)))
    rows.sort(key=lambda row: -row[0])
    return _frame([row[1:] for row in rows], ["Who", "Period: dollars a year", "Months", "Growth a month", "Range", "Basis"])


def _laboratory(lab) -> list:
    levels = f"{money(lab.first_usd_m_per_year)} to {money(lab.last_usd_m_per_year)}"
    basis = "run-rates" if lab.measure == reference_class.RUN_RATE else "yearly revenue, not ranked"
    dates = f"{short(lab.first_month)} to {short(lab.last_month)}"
    rates = [_fine(lab.per_month), span(lab.low_per_month, lab.high_per_month, _fine)]
    return [
        lab.per_month,
        lab.lab,
        f"{dates}: {levels}",
        str(lab.months),
        *rates,
        Finding(sentence(basis), "reported", lab.evidence),
    ]


def _path(name: str, run: Run, length: int, rates: dict, refs: tuple[str, ...]) -> list:
    dates = f"{short(run.settings.month(0))} to {short(run.settings.month(length))}"
    reach = span(rates["p5"], rates["p95"], _fine)
    return [rates["p50"], name, dates, str(length), _fine(rates["p50"]), reach, Finding("Median run", "derived", refs)]


def _fine(value: float) -> str:
    """Return a rate with one digit more than in sentences, so that neighbours in the table can be told apart."""
    return percent(value, digits=3)


def _frame(cells: list[list], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(cells, columns=columns, dtype=object)
