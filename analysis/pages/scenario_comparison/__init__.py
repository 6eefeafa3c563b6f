from analysis.pages import PageSpec

SECTIONS = ("scenarios", "headlines", "options", "paths", "inputs")
PAGE = PageSpec("scenario_comparison", 40, kind="comparison", sections=dict.fromkeys(SECTIONS))
