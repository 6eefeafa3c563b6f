"""Strategic options: what could be done, alone or together, what it is worth after debt, what was done."""

from analysis.pages import PageSpec

PAGE = PageSpec(
    stem="strategic_options",
    order=3,
    topics=("strategy", "risk"),
    sections={"map": None, "cash": None, "regret": ()}
    | {"options": ("options",), "timeline": (), "integration": ()}
    | {"expectations": (), "competition": (), "openness": ()},
    all_scenarios=True,
)
