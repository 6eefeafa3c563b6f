"""Published cost structures of other laboratories as shares, each derived from evidence by an explicit formula.

A share is a point, a floor (at least), a ceiling (at most) or a range, and of a total that differs from row to row.
"""

from dataclasses import dataclass

import pandas as pd

from analysis.inputs import Tables
from analysis.insight.costs import category_shares
from analysis.results import Run

BN = {"usd_bn": 1.0, "usd_m": 0.001, "gbp_bn": 1.0, "cny_bn": 1.0}  # a share needs one currency within a row, not one for all
RESEARCH = "research"  # lines that hold compute and staff together and compare with no category


@dataclass(frozen=True)
class Ratio:
    """A published share: part over whole, each a sum of evidence rows; without a whole, a share published as such in per cent."""

    key: str
    category: str
    bound: str
    part: tuple[str, ...]
    whole: tuple[str, ...] = ()


# Parts and wholes by evidence id: two rows of one laboratory may bear the same metric for different years.
RATIOS = (
    Ratio("openai_plan_2024", "compute", "point", ("E155", "E156"), ("E155", "E156", "E157")),
    Ratio("openai_2024", "compute", "point", ("E140",), ("E152",)),
    Ratio("openai_2025", "compute", "floor", ("E151",), ("E147",)),
    Ratio("anthropic_2025", "compute", "point", ("E144",), ("E143",)),
    Ratio("three_labs_2025", "compute", "range", ("E141",)),
    Ratio("zai_2025", "compute", "point", ("E162",), ("E161",)),
    Ratio("frontier_models", "compute", "range", ("E136",)),
    Ratio("openai_plan_2024", "talent", "point", ("E157",), ("E155", "E156", "E157")),
    Ratio("frontier_models", "talent", "range", ("E137",)),
    Ratio("deepmind_2023", "talent", "point", ("E159",), ("E160",)),
    Ratio("openai_2025", "compliance", "ceiling", ("E148",), ("E147",)),
    Ratio("segment_2025_research", RESEARCH, "range", ("E048",), ("E042", "E045")),
    Ratio("segment_2025_revenue_cost", RESEARCH, "point", ("E049",), ("E042", "E045")),
)


def published(tables: Tables) -> pd.DataFrame:
    """Return one row per published share: key, category, bound, low_share, high_share, ids.

    low and high are equal for a point; a floor has high 1, a ceiling low 0. Source of the formula of each row: RATIOS.
    The segment's total cost is its revenue plus its operating loss.
    """
    rows = []
    for ratio in RATIOS:
        low, high = _bounds(ratio, tables.evidence)
        ids = " ".join(dict.fromkeys((*ratio.part, *ratio.whole)))
        rows.append(
            {"key": ratio.key, "category": ratio.category, "bound": ratio.bound, "low_share": low, "high_share": high, "ids": ids}
        )
    return pd.DataFrame(rows)


def beside_model(run: Run, tables: Tables) -> pd.DataFrame:
    """Return the model's shares of month 0 (bound `model`, 5th to 95th percentile, central), then the published ones.

    Categories that the published shares take up, each with the model first and the others largest first.
    """
    shares, table = category_shares(run), published(tables).assign(central_share=float("nan"))
    table = table.sort_values("low_share", ascending=False, kind="stable")
    parts = []
    for name in ("compute", "talent", "compliance"):
        own = shares[name]
        model = {"key": "model", "category": name, "bound": "model", "low_share": own["p5"], "high_share": own["p95"], "ids": ""}
        parts += [pd.DataFrame([model | {"central_share": own["central"]}]), table[table["category"] == name]]
    return pd.concat(parts, ignore_index=True)


def overlaps(frame: pd.DataFrame, category: str) -> pd.Series:
    """Return, per published share of a category, whether it meets the model's 5th to 95th percentile.

    `frame`: as from `beside_model`. A floor meets every range that reaches above it.
    """
    rows = frame[frame["category"] == category]
    model, others = rows[rows["bound"] == "model"].iloc[0], rows[rows["bound"] != "model"]
    return (others["low_share"] <= model["high_share"]) & (others["high_share"] >= model["low_share"])


def outside(frame: pd.DataFrame, category: str) -> tuple[int, int]:
    """Return how many published shares of a category lie wholly below and wholly above the model's range."""
    rows = frame[frame["category"] == category]
    model, others = rows[rows["bound"] == "model"].iloc[0], rows[rows["bound"] != "model"]
    return int((others["high_share"] < model["low_share"]).sum()), int((others["low_share"] > model["high_share"]).sum())


def _bounds(ratio: Ratio, evidence: pd.DataFrame) -> tuple[float, float]:
    low, high = (_total(ratio.part, evidence, end) for end in ("value_low", "value_high"))
    if ratio.whole:
        whole = _total(ratio.whole, evidence, "value")
        low, high = low / whole, high / whole
    else:
        low, high = low / 100, high / 100
    return (0.0 if ratio.bound == "ceiling" else low), (1.0 if ratio.bound == "floor" else high)


def _total(ids: tuple[str, ...], evidence: pd.DataFrame, end: str) -> float:
    """The sum of figures, each at one end of its range where it has one; billions, or per cent for a published share."""
    total = 0.0
    for name in ids:
        value, unit = evidence.at[name, end], evidence.at[name, "unit"]
        value = evidence.at[name, "value"] if pd.isna(value) else value
        total += value * (1.0 if unit == "percent" else BN[unit])
    return total
