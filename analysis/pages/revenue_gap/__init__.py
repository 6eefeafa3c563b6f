"""Revenue gap: how far sales are from spending, how long the money lasts, what growth would close the gap."""

from analysis.pages import PageSpec

_OPERATIONS = ("spending", "cost_lines", "revenue", "money_in_hand")  # groups of inputs

PAGE = PageSpec(
    stem="revenue_gap",
    order=2,
    topics=("revenue",),
    sections={
        "gap": _OPERATIONS,
        "runway": _OPERATIONS,
        "growth": _OPERATIONS,
        "streams": ("revenue",),
        "price": (*_OPERATIONS, "value", "valuation_usd_m"),
        "drivers": _OPERATIONS,
        "what_if": _OPERATIONS,
        "back_test": (),
    },
)
