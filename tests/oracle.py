"""The plain second implementation of the model page, sections 3-6, central path only.

Loops over months, standard library, one number at a time: slow and meant to be checked by eye. It shares no code
with the model that it checks. Money in millions of US dollars, time in months, rates and shares as decimals.
Quoted formulas are the lines of the model page. A metric that is not reached or not defined is None.
"""

import math

CATEGORIES = ("compute", "talent", "data", "compliance", "other")
STREAMS = ("subscriptions", "advertising", "data_services")
OPTIONS = ("raise_capital", "partner", "focus", "integrate_x")
LEVERS = {  # the inputs that an option brings; taken as 0, which is neutral, when it is not in the portfolio
    "partner": (
        "partner_lead_months",
        "partner_upfront_usd_m",
        "partner_income_usd_m_per_month",
        "partner_compute_share",
        "partner_revenue_share",
    ),
    "focus": ("focus_spend_cut", "focus_ramp_months", "focus_one_off_usd_m", "focus_growth_penalty"),
    "integrate_x": (
        "integration_months_saved",
        "integration_growth_uplift",
        "x_ads_usd_m_per_month",
        "integration_ads_uplift",
        "integration_ramp_months",
        "integration_cost_usd_m_per_month",
    ),
}


# ---- section 3: growth that fades ----
def log_growth(t, g, q, d):
    """G(t; g, q, d) = ln(1+g)/k · (1 − exp(−k · max(0, t − d))), k = −ln(q)/12; q → 1 gives ln(1+g)·max(0, t−d)."""
    age = max(0.0, t - d)
    if q == 1:
        return math.log1p(g) * age
    k = -math.log(q) / 12
    return math.log1p(g) / k * -math.expm1(-k * age)  # -expm1(-x) is 1 - exp(-x) without cancellation near q = 1


def ceiling(start, g, q):
    """x(0)·exp(ln(1+g)/k), the level that a fading curve tends to; infinite when growth never fades."""
    if start == 0 or g == 0:
        return start
    if q == 1:
        return math.inf if g > 0 else 0.0
    try:
        return start * math.exp(math.log1p(g) / (-math.log(q) / 12))
    except OverflowError:
        return math.inf


# ---- section 4: spend ----
def scaled_shares(inputs, kept_shares=()):
    """Shares by category with sum 1; those named in `kept_shares` ("share_compute", …) stay as they are."""
    assert set(kept_shares) <= {f"share_{c}" for c in CATEGORIES}, kept_shares
    shares = {c: inputs[f"share_{c}"] for c in CATEGORIES}
    kept = [c for c in CATEGORIES if f"share_{c}" in kept_shares]
    kept_sum = sum(shares[c] for c in kept)
    if kept_sum > 1 + 1e-9:  # "overridden shares above 1 in sum are an error"
        raise ValueError(f"{sorted(kept_shares)} sum to {kept_sum}, above 1")
    if len(kept) == len(CATEGORIES):  # nothing is left to fill the rest: all five are scaled
        kept, kept_sum = [], 0.0
    factor = max(0.0, 1 - kept_sum) / sum(shares[c] for c in CATEGORIES if c not in kept)
    return {c: shares[c] if c in kept else shares[c] * factor for c in CATEGORIES}


def revenue_at_start(inputs):
    """R(0) = Σ_i revenue_i."""
    return sum(inputs[f"revenue_{i}_usd_m"] for i in STREAMS)


def burn_claim(inputs, burn_basis):
    """B = monthly_burn_usd_m if gross, monthly_burn_usd_m + R(0) if net."""
    assert burn_basis in ("gross", "net"), burn_basis
    return inputs["monthly_burn_usd_m"] + (revenue_at_start(inputs) if burn_basis == "net" else 0.0)


def undiminished_spend(inputs, t, burn_basis, kept_shares):
    """share_c · B · exp(G(t; g_c, spend_growth_endurance, 0)) by category, 1 + growth_c_per_year = (1 + g_c)^12."""
    burn, shares, spend = burn_claim(inputs, burn_basis), scaled_shares(inputs, kept_shares), {}
    for c in CATEGORIES:
        g = (1 + inputs[f"growth_{c}_per_year"]) ** (1 / 12) - 1
        spend[c] = shares[c] * burn * math.exp(log_growth(t, g, inputs["spend_growth_endurance"], 0))
    return spend


def bottom_up(inputs, burn_basis="gross"):
    """The bottom-up check of the claim in month 0, its total, and what it leaves unexplained."""
    x, burn = inputs, burn_claim(inputs, burn_basis)
    lines = {
        "hardware_purchases": x["gpus_added_per_month"] * x["gpu_all_in_usd"] / 1e6,
        "power": x["gpus_installed"] * x["gpu_power_kw"] * x["pue"] * 730 * x["electricity_usd_per_kwh"] / 1e6,
        "maintenance": x["hardware_stock_usd_m"] * x["maintenance_share_per_year"] / 12,
        "cloud_rental": x["cloud_gpu_hours_m_per_month"] * x["cloud_usd_per_gpu_hour"],
        "talent": x["headcount"] * x["cash_cost_per_head_usd_k_per_year"] / 12 / 1000,
        "annotation": x["annotators"] * x["annotator_hours_per_month"] * x["annotator_usd_per_hour"] / 1e6,
        "data_licences": x["data_licences_usd_m_per_year"] / 12,
        "compliance": x["compliance_share_of_spend"] * burn + x["fines_usd_m_per_year"] / 12,
    }
    total = sum(lines.values())
    return {**lines, "bottom_up_total": total, "unexplained": burn - total}


# ---- section 6: options, month by month ----
def chosen_levers(inputs, portfolio):
    """The levers of the options in the portfolio, and 0 for those of the others."""
    assert set(portfolio) <= set(OPTIONS), portfolio
    return {name: inputs[name] if option in portfolio else 0.0 for option, names in LEVERS.items() for name in names}


def ramp(t, months):
    """min(1, (t+1)/months)."""
    return min(1.0, (t + 1) / months) if months > 0 else 1.0


def revenue_lines(inputs, lever, t):
    """R°(t) line by line: Σ_i revenue_i · exp(G(t; g_i', growth_endurance, d')) + extra advertising(t)."""
    # d' = max(0, time_to_market_months − integration_months_saved)
    delay = max(0.0, inputs["time_to_market_months"] - lever["integration_months_saved"])
    out = {}
    for i in STREAMS:
        # g_i' = growth_i · (1 − focus_growth_penalty) · (1 + uplift if i is subscriptions or advertising)
        uplift = lever["integration_growth_uplift"] if i in ("subscriptions", "advertising") else 0.0
        g = inputs[f"growth_{i}_per_month"] * (1 - lever["focus_growth_penalty"]) * (1 + uplift)
        growth = math.exp(log_growth(t, g, inputs["growth_endurance"], delay))
        out[f"revenue_{i}"] = inputs[f"revenue_{i}_usd_m"] * growth
    out["extra_advertising"] = (
        lever["x_ads_usd_m_per_month"] * lever["integration_ads_uplift"] * ramp(t, lever["integration_ramp_months"])
    )
    return out


def spend_lines(inputs, lever, t, on, before_partner, undiminished):
    """S(t) line by line; `before_partner` is R°(t)."""
    out = {}
    for c in CATEGORIES:  # base_c = share_c · B · exp(G(…)) · (1 − focus_spend_cut · ramp(t))
        out[f"spend_{c}"] = undiminished[c] * (1 - lever["focus_spend_cut"] * ramp(t, lever["focus_ramp_months"]))
    # (base_compute + v · (R°(t) − Σ_i revenue_i)) · (1 − partner_compute_share · on(t))
    out["spend_compute"] += inputs["serving_cost_ratio"] * (before_partner - revenue_at_start(inputs))
    out["spend_compute"] *= 1 - lever["partner_compute_share"] * on
    out["spend_focus_one_off"] = lever["focus_one_off_usd_m"] if t == 0 else 0.0
    integrating = t < lever["integration_ramp_months"]
    out["spend_integration"] = lever["integration_cost_usd_m_per_month"] if integrating else 0.0
    return out


def month(inputs, portfolio, t, burn_basis, kept_shares):
    """All flows of month t before financing, under the keys of `path`."""
    lever = chosen_levers(inputs, portfolio)
    on = 1 if t >= lever["partner_lead_months"] else 0
    upfront_month = max(0, math.ceil(lever["partner_lead_months"]))  # the first t with on(t) = 1
    revenues = revenue_lines(inputs, lever, t)
    before_partner = sum(revenues.values())
    undiminished = undiminished_spend(inputs, t, burn_basis, kept_shares)
    spends = spend_lines(inputs, lever, t, on, before_partner, undiminished)
    spend = sum(spends.values())  # S(t)
    revenue = before_partner * (1 - lever["partner_revenue_share"] * on)  # R(t) = R°(t) · (1 − share · on(t))
    income = lever["partner_income_usd_m_per_month"] * on
    if t == upfront_month:
        income += lever["partner_upfront_usd_m"]
    return {
        **revenues,
        **spends,
        "spend": spend,
        "revenue": revenue,
        "partner_income": income,
        "net_burn": spend - revenue - income,
    }  # N = S − R − partner_income − partner_upfront


def round_months(inputs, portfolio, horizon_months):
    """⌊first_round_month + j·round_interval_months⌋ for j = 0 … K−1 up to the horizon, K = ⌊ln(1 − u)/ln(p)⌋."""
    if "raise_capital" not in portfolio:
        return []
    p, u, interval = (inputs[n] for n in ("round_success_probability", "investor_patience", "round_interval_months"))
    assert interval > 0, interval
    if p <= 0:
        return []
    successes = math.inf if p >= 1 else math.floor(math.log(1 - u) / math.log(p))
    months = []
    while len(months) < successes:
        t = math.floor(inputs["first_round_month"] + len(months) * interval)
        if t >= horizon_months:
            break
        months.append(t)
    return months


# ---- section 5: cash ----
def cash_and_funding(inputs, net_burn, rounds):
    """C(t) = C(t−1) − N(t) + F(t), F(t) = committed funding(t) + rounds(t)."""
    cash, funding, balance = [], [], inputs["opening_cash_usd_m"]
    for t, burn in enumerate(net_burn):
        raised = rounds.count(t) * inputs["round_size_usd_m"] if rounds else 0.0
        if t == math.floor(inputs["committed_funding_month"]):
            raised += inputs["committed_funding_usd_m"]
        balance = balance - burn + raised
        funding.append(raised)
        cash.append(balance)
    return cash, funding


def out_of_cash_month(cash):
    """t*, the first month of C(t) < 0, or None."""
    return next((t for t, balance in enumerate(cash) if balance < 0), None)


def path(inputs, portfolio=(), *, burn_basis="gross", horizon_months=60, kept_shares=()):
    """Every flow and stock over months 0 … H−1 as lists by name, and the number `rounds_taken`."""
    months = [month(inputs, portfolio, t, burn_basis, kept_shares) for t in range(horizon_months)]
    out = {name: [m[name] for m in months] for name in months[0]}
    rounds = round_months(inputs, portfolio, horizon_months)
    cash, funding = cash_and_funding(inputs, out["net_burn"], rounds)
    t_star = out_of_cash_month(cash)
    if t_star is not None:  # "only rounds in months ≤ t* took place": the cash again, without the later ones
        rounds = [t for t in rounds if t <= t_star]
        cash, funding = cash_and_funding(inputs, out["net_burn"], rounds)
    return {**out, "funding": funding, "cash": cash, "rounds_taken": len(rounds)}


# ---- the metrics ----
def runway_months(cash, opening_cash):
    """t* + C(t*−1)/(C(t*−1) − C(t*)), with C(−1) the opening cash; None when the cash never runs out."""
    t = out_of_cash_month(cash)
    if t is None:
        return None
    before = cash[t - 1] if t > 0 else opening_cash
    return t + before / (before - cash[t])


def break_even_month(net_burn):
    """First t with N(s) ≤ 0 for all s ≥ t up to the horizon."""
    return next((t for t in range(len(net_burn)) if all(burn <= 0 for burn in net_burn[t:])), None)


def funding_need(net_burn, opening_cash):
    """max(0, max over t of ΣN(0…t) − opening_cash_usd_m)."""
    return max(0.0, max(sum(net_burn[: t + 1]) for t in range(len(net_burn))) - opening_cash)


def required_growth(inputs, target_t, burn_basis, kept_shares):
    """(growth, multiple): R(T) = (S°(T) − v·R(0))/(1 − v), g = (R(T)/R(0))^(1/T) − 1."""
    v, start = inputs["serving_cost_ratio"], revenue_at_start(inputs)
    if v >= 1 or start == 0:
        return None, None
    spend = sum(undiminished_spend(inputs, target_t, burn_basis, kept_shares).values())
    target = (spend - v * start) / (1 - v)
    if target <= 0:
        return None, None
    return ((target / start) ** (1 / target_t) - 1 if target_t > 0 else None), target / start


def burn_multiple_12m(net_burn, revenue):
    """ΣN(0…11) / (12·(R(12) − R(0))); None when revenue does not grow."""
    if len(revenue) < 13 or revenue[12] <= revenue[0]:
        return None
    return sum(net_burn[:12]) / (12 * (revenue[12] - revenue[0]))


def metrics(inputs, *, burn_basis="gross", horizon_months=60, target_t=30, kept_shares=()):
    """The metrics of section 5 that are not probabilities, and the bottom-up lines of section 4."""
    p = path(inputs, burn_basis=burn_basis, horizon_months=horizon_months, kept_shares=kept_shares)
    out = {}
    for t, label in ((0, "start"), (12, "12m"), (36, "36m")):
        inside = t < horizon_months
        out[f"coverage_ratio_{label}"] = p["revenue"][t] / p["spend"][t] if inside else None
        out[f"gap_{label}_usd_m_per_month"] = p["net_burn"][t] if inside else None
    growth, multiple = required_growth(inputs, target_t, burn_basis, kept_shares)
    top = sum(ceiling(inputs[f"revenue_{i}_usd_m"], inputs[f"growth_{i}_per_month"], inputs["growth_endurance"]) for i in STREAMS)
    return {
        **out,
        "runway_months": runway_months(p["cash"], inputs["opening_cash_usd_m"]),
        "break_even_month": break_even_month(p["net_burn"]),
        "funding_need_usd_m": funding_need(p["net_burn"], inputs["opening_cash_usd_m"]),
        "required_growth_per_month": growth,
        "required_multiple": multiple,
        "burn_multiple_12m": burn_multiple_12m(p["net_burn"], p["revenue"]),
        "revenue_ceiling_usd_m_per_month": None if math.isinf(top) else top,
        **bottom_up(inputs, burn_basis),
    }


def value(inputs, p, horizon_months, ownership):
    """value_usd_m: solvent to H (revenue multiple and cash), or out of cash in t* (a share of the multiple)."""
    t, worth = out_of_cash_month(p["cash"]), inputs["exit_revenue_multiple"] * 12
    if t is None:
        t, worth = horizon_months, worth * p["revenue"][-1] + p["cash"][-1]
    else:
        worth *= inputs["distress_recovery_share"] * p["revenue"][t]
    return (1 + inputs["discount_rate_per_year"]) ** (-t / 12) * worth * ownership


def portfolio_metrics(inputs, portfolio=(), *, burn_basis="gross", horizon_months=60, kept_shares=()):
    """The per-portfolio measures of section 6 on the central path; ownership = Π(1 − dilution) over rounds taken."""
    p = path(inputs, portfolio, burn_basis=burn_basis, horizon_months=horizon_months, kept_shares=kept_shares)
    ownership = (1 - inputs["dilution_per_round"]) ** p["rounds_taken"] if p["rounds_taken"] else 1.0
    return {
        "value_usd_m": value(inputs, p, horizon_months, ownership),
        "funding_need_usd_m": funding_need(p["net_burn"], inputs["opening_cash_usd_m"]),
        "break_even_month": break_even_month(p["net_burn"]),
        "ownership_retained": ownership,
        "runway_months": runway_months(p["cash"], inputs["opening_cash_usd_m"]),
    }
