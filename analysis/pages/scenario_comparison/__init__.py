from analysis.pages import PageSpec, Section

PAGE = PageSpec(
    stem="scenario_comparison",
    order=40,
    kind="comparison",
    sections={name: Section() for name in ("scenarios", "headlines", "options", "paths", "inputs")},
    parameters=("folders", "baseline"),
)
