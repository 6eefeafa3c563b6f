from analysis.pages import PageSpec, Section

PAGE = PageSpec(
    stem="index",
    order=0,
    kind="index",
    sections={name: Section() for name in ("changed", "scenarios", "claims", "reading")},
)
