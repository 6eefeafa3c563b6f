from analysis.pages import PageSpec

SECTIONS = ("changed", "scenarios", "claims", "reading")
PAGE = PageSpec("index", 0, kind="index", sections=dict.fromkeys(SECTIONS))
