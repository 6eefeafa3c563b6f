"""Sweep: how the answer moves over many cases, where it switches, and which cases to read in full."""

from analysis.pages import PageSpec

PAGE = PageSpec(stem="sweep", order=9, kind="sweep", sections=dict.fromkeys(("surface", "options", "cases")))
