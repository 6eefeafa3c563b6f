"""Strategic options: what could be done, alone or together, what it is worth after debt, and what was
done.
"""

from analysis.pages import PageSpec, Section

PAGE = PageSpec(
    stem="strategic_options",
    order=3,
    topics=("strategy", "risk"),
    sections={
        "map": Section(),
        "cash": Section(),
        "regret": Section(()),
        "options": Section(("raise_capital", "partner", "focus", "integrate_x")),
        "timeline": Section(()),
        "integration": Section(()),
        "expectations": Section(()),
        "competition": Section(()),
        "openness": Section(()),
    },
    parameters=(
        "monthly_burn_usd_m",
        "round_size_usd_m",
        "round_success_probability",
        "partner_income_usd_m_per_month",
        "focus_spend_cut",
        "valuation_usd_m",
    ),
    all_scenarios=True,
)
