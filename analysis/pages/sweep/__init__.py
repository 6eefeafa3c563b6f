"""Sweep: how the answer moves over many cases, where it switches, and which cases to read in full."""

from analysis.pages import PageSpec, Section

PAGE = PageSpec(
    stem="sweep",
    order=9,
    kind="sweep",
    sections={"surface": Section(), "options": Section(), "cases": Section()},
)
