from analysis.pages import PageSpec

PAGE = PageSpec(
    stem="index", order=0, kind="index", sections=dict.fromkeys(("changed", "scenarios", "claims", "reading"))
)
