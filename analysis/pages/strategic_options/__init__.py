"""Strategic options: what could be done, alone or together, what it is worth after debt, what was done."""

from analysis.pages import PageSpec

SECTIONS = {
    "map": None, "cash": None, "regret": (), "options": ("options",), "timeline": (), "integration": (),
    "expectations": (), "competition": (), "openness": (),
}  # fmt: skip
PAGE = PageSpec(
    "strategic_options", 3, topics=("strategy", "risk"), sections=SECTIONS, all_scenarios=True,
    parts=("metrics", "portfolio_metrics"),
)  # fmt: skip
