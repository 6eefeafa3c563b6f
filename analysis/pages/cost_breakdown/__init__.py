"""Cost breakdown: what the claimed spending goes on, line by line, and what else is called burn."""

from analysis.pages import PageSpec

_WHOLE = ("monthly_burn_usd_m", "cost_lines")
_LABELLING = ("annotators", "annotator_hours_per_month", "annotator_usd_per_hour")
SECTIONS = {
    "parts": (*_WHOLE, "committed_debt_usd_m", "debt_interest_per_year"),
    "definitions": (), "structures": _WHOLE, "talent": ("headcount", "cash_cost_per_head_usd_k_per_year"),
    "data": (*_LABELLING, "data_licences_usd_m_per_year", "data_preparation_usd_m_per_year"),
    "compliance": ("monthly_burn_usd_m", "compliance_share_of_spend", "fines_usd_m_per_year"),
    "spending_path": ("spending", "cost_lines", "revenue", "money_in_hand"),
}  # fmt: skip
PAGE = PageSpec("cost_breakdown", 1, topics=("cost",), sections=SECTIONS)
