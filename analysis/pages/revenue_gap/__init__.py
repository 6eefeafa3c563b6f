"""Revenue gap: how far sales are from spending, how long the money lasts, what growth would close the gap."""

from analysis.pages import PageSpec

_OPERATIONS = ("spending", "cost_lines", "revenue", "money_in_hand")  # groups of inputs

SECTIONS = dict.fromkeys(("gap", "runway", "growth"), _OPERATIONS)
SECTIONS |= {"streams": ("revenue",), "price": (*_OPERATIONS, "value", "valuation_usd_m")}
SECTIONS |= {"drivers": _OPERATIONS, "what_if": _OPERATIONS, "back_test": ()}
PARTS = ("metrics", "paths", "independent")
PAGE = PageSpec("revenue_gap", 2, topics=("revenue",), sections=SECTIONS, parts=PARTS)
