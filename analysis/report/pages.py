"""The pages of the report: titles, questions, sections in order, and which of the article's topics each takes up."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PageSpec:
    """A page. `sections`: id -> what a link to it is called elsewhere."""

    name: str
    title: str
    question: str
    topics: tuple[str, ...]
    sections: dict[str, str]


PAGES = {
    spec.name: spec
    for spec in (
        PageSpec(
            "cost_breakdown",
            "Cost breakdown",
            "Where would a billion dollars a month go, and which public figures measure the same thing?",
            ("cost",),
            {
                "categories": "Spending by category",
                "bottom_up": "The claim rebuilt from its parts",
                "definitions": "What each public figure measures",
                "cost_structures": "Other laboratories",
                "spending_path": "Where spending goes",
            },
        ),
        PageSpec(
            "revenue_gap",
            "Revenue gap",
            "How far is revenue from spending, and how long does the money last?",
            ("revenue",),
            {
                "gap": "Spending and revenue",
                "streams": "Revenue by stream",
                "runway": "Cash and runway",
                "reference_class": "Growth of other laboratories",
                "what_if": "What if",
                "sensitivity": "What drives the answer",
                "back_test": "What happened since",
            },
        ),
        PageSpec(
            "strategic_options",
            "Strategic options",
            "What could be done about it, and which course is regretted least?",
            ("strategy", "risk"),
            {
                "levers": "What each option changes",
                "portfolios": "All sixteen portfolios",
                "regret": "Who wins in which world",
                "information": "Which fact to find out next",
                "actions": "What was agreed by mid-2026",
            },
        ),
    )
}
COMPARISON = PageSpec(
    "scenario_comparison",
    "Scenarios compared",
    "How much do the answers depend on which world is true?",
    (),
    {"headlines": "Headline figures", "paths": "Paths side by side", "inputs": "Which inputs differ"},
)
SWEEP = PageSpec(
    "sweep",
    "Sweep",
    "Where does the answer flip when the inputs move?",
    (),
    {"surface": "The response surface", "flips": "Where the answer flips", "edges": "Cases at the edge"},
)
SWEEP = PageSpec(
    "sweep",
    "Parameter sweep",
    "How does the answer move with the inputs, and where does it flip?",
    (),
    {"surface": "Response surface", "flips": "Where the answer flips", "edges": "Cases at the edge"},
)
