from analysis.pages import PageSpec

PAGE = PageSpec(
    stem="scenario_comparison",
    order=40,
    kind="comparison",
    sections=dict.fromkeys(("scenarios", "headlines", "options", "paths", "inputs")),
)
