"""Strategic options: what could be done, alone or together, what it is worth after debt, what was done."""

from analysis.pages import PageSpec

PAGE = PageSpec(
    stem="strategic_options",
    order=3,
    topics=("strategy", "risk"),
    sections={"map": None, "cash": None, "regret": ()}
    | {"options": ("raise_capital", "partner", "focus", "integrate_x"), "timeline": (), "integration": ()}
    | {"expectations": (), "competition": (), "openness": ()},
    parameters=(
        *("monthly_burn_usd_m", "round_size_usd_m", "round_success_probability"),
        *("partner_income_usd_m_per_month", "focus_spend_cut", "valuation_usd_m"),
    ),
    all_scenarios=True,
)
