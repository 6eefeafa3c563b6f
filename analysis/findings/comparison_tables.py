"""Cells of the comparison's tables: headlines, their differences, best portfolios, inputs and the claims they rest on."""

import math

import pandas as pd

from analysis import stored
from analysis.findings.comparison_names import LABELS, VERDICTS, difference_unit, input_unit, input_value, scale
from analysis.findings.numbers import estimate_text, money, money_range
from analysis.insight import comparison as insight
from analysis.insight import grounds as grounding
from analysis.insight.comparison import BEST, Comparison
from analysis.insight.portfolios import title as portfolio_title
from analysis.parameters import SETTINGS

Cell = tuple[str, str]  # what is shown, and what stands small below it


def values(comparison: Comparison) -> dict[str, dict[str, Cell]]:
    """Return row (headline with unit) -> case -> value and its middle 90 % of runs."""
    frame = insight.differences(comparison)
    cells: dict[str, dict[str, Cell]] = {}
    for row in frame.itertuples():
        label, units = LABELS[row.metric], scale(comparison, row.metric)
        shown = label.missing if math.isnan(row.value) else units.number(row.value, row.se)
        has_range = insight.HEADLINES[row.metric] == "p50" or row.metric == BEST
        below = units.span(row.low, row.high, label.missing) if has_range and not math.isnan(row.low) else ""
        cells.setdefault(f"{label.name}, {units.unit}", {})[row.case] = (shown, below)
    return cells


def differences(comparison: Comparison) -> dict[str, dict[str, Cell]]:
    """Return row (headline with unit) -> case -> difference from the baseline, and whether it is beyond two standard errors."""
    frame = insight.differences(comparison)
    cells: dict[str, dict[str, Cell]] = {}
    for row in frame[frame["verdict"] != "baseline"].itertuples():
        label, units = LABELS[row.metric], scale(comparison, row.metric)
        known = not math.isnan(row.difference)
        cell = (units.signed(row.difference, row.difference_se), VERDICTS[row.verdict]) if known else (VERDICTS[row.verdict], "")
        cells.setdefault(f"{label.name}, {difference_unit(units.unit)}", {})[row.case] = cell
    return cells


def best_portfolios(comparison: Comparison) -> list[list[str]]:
    """Return rows: case, best portfolio by mean value, its mean, the middle 90 % of runs, the next best, its mean."""
    rows = []
    for case, result in comparison.results.items():
        best, second = insight.best_portfolio(result)
        entry, spread = (result["portfolios"][best][name] for name in ("value_mean_usd_m", "value_usd_m"))
        other = result["portfolios"][second]["value_mean_usd_m"]
        rows.append([
            comparison.title(case), portfolio_title(best), money(entry["value"], entry["se"] or 0.0), money_range(spread["p5"], spread["p95"]),
            portfolio_title(second), money(other["value"], other["se"] or 0.0),
        ])  # fmt: skip
    return rows


def inputs(comparison: Comparison) -> pd.DataFrame:
    """Return one row per input or setting that differs anywhere: name, label with unit, id ("" for a setting), then each case's value.

    Values are central ones with the range below; "=" stands for the baseline's value.
    """
    changed = {case: _changed(comparison, case) for case in comparison.others}
    base = _all(comparison, comparison.baseline)
    names = [name for name in base if any(name in cells for cells in changed.values())]
    rows = []
    for name in names:
        label, ref = _label(comparison, name)
        cells = {
            case: base[name] if case == comparison.baseline else changed[case].get(name, ("=", "")) for case in comparison.results
        }
        rows.append({"name": name, "label": label, "ref": ref} | cells)
    return pd.DataFrame(rows, columns=["name", "label", "ref", *comparison.results], dtype=object)


def _all(comparison: Comparison, case: str) -> dict[str, Cell]:
    result = comparison.results[case]
    cells = {name: (str(result[name]), "") for name in SETTINGS}
    return cells | {e.name: _estimate(e) for e in stored.estimates(result, comparison.tables)}


def _changed(comparison: Comparison, case: str) -> dict[str, Cell]:
    cells = {name: (str(comparison.results[case][name]), "") for name in grounding.changed_settings(comparison, case)}
    return cells | {here.name: _estimate(here) for _, here in grounding.changed_inputs(comparison, case)}


def _estimate(estimate) -> Cell:
    low, central, high = (input_value(value, estimate.unit) for value in grounding.values(estimate))
    return (central, "certain" if estimate.certain else f"{low} to {high}")


def _label(comparison: Comparison, name: str) -> tuple[str, str]:
    if name in SETTINGS:
        return f"Setting: {name.replace('_', ' ')}", ""
    row = comparison.tables.assumptions.loc[name]
    unit = input_unit(row.unit)[0]
    return f"{row.label}, {unit}" if unit else row.label, row.id


def grounds(comparison: Comparison, case: str) -> list[dict]:
    """Return one dict per input in which a case differs: label, ref, there, here (with unit), why, claims, evidence, basis."""
    rows = []
    for there, here in grounding.changed_inputs(comparison, case):
        row, ground = comparison.tables.assumptions.loc[here.name], grounding.ground(comparison, case, here)
        rows.append(
            {"label": row.label, "ref": row.id, "there": estimate_text(there), "here": estimate_text(here)}
            | {
                "why": ground.why or UNEXPLAINED[ground.basis],
                "claims": ground.claims,
                "evidence": ground.evidence,
                "basis": ground.basis,
            }
        )
    return rows


UNEXPLAINED = {"set": "Set for this run.", "unknown": "Not the value that data/ has now; build the case again to see its reason."}
