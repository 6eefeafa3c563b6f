"""The model once more, from its page: one case at a time, plain floats, loops over months, no shared code.

`central` and `portfolio` take the inputs by name (a float each) and the settings (`burn_basis`,
`start_month`, `horizon_months`, `target_month`). Money is in millions of US dollars, lists run over months
0 … H-1, None is "never" or "not defined". Section numbers are those of the model's page, and nearly every
method of `Course` is one of its equations.
"""

import math
from types import SimpleNamespace

CATEGORIES = ("compute", "talent", "data", "compliance", "unidentified")
STREAMS = ("subscriptions", "advertising", "data_services")


def central(inputs: dict[str, float], settings: dict) -> dict:
    """Return the months, parts and metrics of sections 4, 5 and 8: no option is taken."""
    course = Course(inputs, settings, ())
    parts_and_gap = course.parts() | course.common() | course.gap() | course.required()
    return course.months | parts_and_gap | course.value() | course.implied()


def portfolio(inputs: dict[str, float], settings: dict, names: tuple[str, ...]) -> dict:
    """Return the months and the metrics of section 7 for a mix of the options that `names` lists."""
    course = Course(inputs, settings, names)
    return course.months | course.common() | course.value()


def grown(month: float, rate: float, endurance: float, delay: float) -> float:
    """Return exp(G(t; g, q, d)) of section 3; the month may be infinite."""
    age = max(0.0, month - delay)
    if age == 0 or rate == 0:
        return 1.0
    if endurance == 1:
        return exp(math.log(1 + rate) * age)
    k = -math.log(endurance) / 12
    return exp(math.log(1 + rate) / k * -math.expm1(-k * age))


def exp(exponent: float) -> float:
    return math.inf if exponent > 700 else math.exp(exponent)


def calendar_month(start: str, months: int) -> str:
    year, month = map(int, start.split("-"))
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{year:04d}-{month:02d}"


class Course:
    def __init__(self, inputs: dict[str, float], settings: dict, names: tuple[str, ...]):
        self.i, self.settings, self.names = SimpleNamespace(**inputs), settings, names
        self.horizon = settings["horizon_months"]
        self.claim = self.i.monthly_burn_usd_m  # B
        if settings["burn_basis"] == "net":
            self.claim += self.i.revenue_start_usd_m
        self.months = self.run()

    # 4 Spend, from its parts

    def lines(self) -> dict[str, float]:
        i = self.i
        return {
            "hardware_purchases": i.gpus_added_per_month * i.gpu_all_in_usd / 1e6,
            "power": i.gpus_installed * i.gpu_power_kw * i.pue * 730 * i.electricity_usd_per_kwh / 1e6,
            "maintenance": i.hardware_stock_usd_m * i.maintenance_share_per_year / 12,
            "cloud_rental": i.cloud_gpu_hours_m_per_month * i.cloud_usd_per_gpu_hour,
            "talent": i.headcount * i.cash_cost_per_head_usd_k_per_year / 12 / 1000,
            "annotation": i.annotators * i.annotator_hours_per_month * i.annotator_usd_per_hour / 1e6,
            "data_licences": i.data_licences_usd_m_per_year / 12,
            "data_preparation": i.data_preparation_usd_m_per_year / 12,
            "compliance": i.compliance_share_of_spend * self.claim + i.fines_usd_m_per_year / 12,
        }

    def compute_lines(self) -> float:
        lines = self.lines()
        return lines["hardware_purchases"] + lines["power"] + lines["maintenance"] + lines["cloud_rental"]

    def categories(self) -> dict[str, float]:
        """Return the five categories of month 0, which sum to B."""
        lines = self.lines()
        total = sum(lines.values())
        scale = min(1.0, self.claim / total) if total > 0 else 1.0
        return {
            "compute": self.compute_lines() * scale,
            "talent": lines["talent"] * scale,
            "data": (lines["annotation"] + lines["data_licences"] + lines["data_preparation"]) * scale,
            "compliance": lines["compliance"] * scale,
            "unidentified": max(0.0, self.claim - total),
        }

    def base(self, month: int) -> dict[str, float]:
        base = self.categories()
        for category in CATEGORIES:
            rate = (1 + getattr(self.i, f"growth_{category}_per_year")) ** (1 / 12) - 1
            base[category] *= grown(month, rate, self.i.spend_growth_endurance, 0)
            if "focus" in self.names:  # section 6
                ramp = min(1.0, (month + 1) / self.i.focus_ramp_months)
                base[category] *= 1 - self.i.focus_spend_cut * ramp
        return base

    def serving(self, month: int) -> float:
        return self.i.serving_cost_ratio * (self.core_revenue(month) - self.core_revenue(0))

    def drawn(self, month: int) -> float:
        return self.i.committed_debt_usd_m if month == math.floor(self.i.committed_funding_month) else 0.0

    def repaid(self, month: int) -> float:
        return self.drawn(month - math.floor(self.i.debt_term_months))

    def debt(self, month: int) -> float:
        since_drawn = month - math.floor(self.i.committed_funding_month)
        return self.i.committed_debt_usd_m if 0 <= since_drawn < math.floor(self.i.debt_term_months) else 0.0

    def interest(self, month: int) -> float:
        return self.debt(month - 1) * self.i.debt_interest_per_year / 12

    # 5 Revenue and the gap

    def uncapped(self, month: float) -> dict[str, float]:
        """Return U_i(t)."""
        i = self.i
        above = max(1.0, i.revenue_share_subscriptions + i.revenue_share_advertising)
        shares = [i.revenue_share_subscriptions / above, i.revenue_share_advertising / above]
        shares.append(max(0.0, 1 - sum(shares)))
        found = {}
        for stream, share in zip(STREAMS, shares, strict=True):
            rate, delay = getattr(i, f"growth_{stream}_per_month"), i.time_to_market_months
            if "focus" in self.names:  # section 6
                rate *= 1 - i.focus_growth_penalty
            if "integrate_x" in self.names:
                delay = max(0.0, delay - i.integration_months_saved)
                rate *= 1 if stream == "data_services" else 1 + i.integration_growth_uplift
            start = i.revenue_start_usd_m * share
            found[stream] = start * grown(month, rate, i.growth_endurance, delay) if start > 0 else 0.0
        return found

    def core_revenue(self, month: float) -> float:
        """Return R*(t)."""
        total = sum(self.uncapped(month).values())
        start = self.i.revenue_start_usd_m
        room = self.i.revenue_cap_usd_m_per_month - start
        if room <= 0:
            return min(total, start)
        return max(0.0, start + room * (1 - exp(-(total - start) / room)))  # no revenue below nothing

    def streams(self, month: int) -> dict[str, float]:
        uncapped = self.uncapped(month)
        total = sum(uncapped.values())
        kept = self.core_revenue(month) / total if total > 0 else 0.0
        return {stream: value * kept for stream, value in uncapped.items()}

    # 6 Strategic options

    def partner_on(self, month: int) -> bool:
        return "partner" in self.names and month >= self.i.partner_lead_months

    def x_advertising(self, month: int) -> float:
        if "integrate_x" not in self.names:
            return 0.0
        ramp = min(1.0, (month + 1) / self.i.integration_ramp_months)
        return self.i.x_ads_usd_m_per_month * self.i.integration_ads_uplift * ramp

    def revenue(self, month: int) -> float:
        kept = 1 - self.i.partner_revenue_share * self.partner_on(month)
        return (self.core_revenue(month) + self.x_advertising(month)) * kept

    def spend(self, month: int) -> float:
        i, base = self.i, self.base(month)
        compute = base.pop("compute") + self.serving(month)
        spend = sum(base.values()) + compute * (1 - i.partner_compute_share * self.partner_on(month))
        if "focus" in self.names and month == 0:
            spend += i.focus_one_off_usd_m
        if "integrate_x" in self.names and month < i.integration_ramp_months:
            spend += i.integration_cost_usd_m_per_month
        return spend + self.interest(month)

    def net_burn(self, month: int) -> float:
        burn = self.spend(month) - self.revenue(month)
        if self.partner_on(month):
            burn -= self.i.partner_income_usd_m_per_month
            first = month == 0 or not self.partner_on(month - 1)
            burn -= self.i.partner_upfront_usd_m if first else 0.0
        return burn

    def planned_rounds(self) -> list[int]:
        """Return the months of rounds up to the first refusal (K of them) or the horizon."""
        success, granted, months = self.i.round_success_probability, math.inf, []
        if success == 0 or "raise_capital" not in self.names:
            granted = 0
        elif success < 1:
            granted = math.floor(math.log(1 - self.i.investor_patience) / math.log(success))
        while len(months) < granted:
            month = math.floor(self.i.first_round_month + len(months) * self.i.round_interval_months)
            if month >= self.horizon:
                break
            months.append(month)
        return months

    def run(self) -> dict:
        """Return every month of every flow and stock; a round after t* does not take place."""
        months = {"cash": [], "funding": [], "rounds": [], "cash_out": None}
        for name in ("base", "serving", "interest", "debt", "spend", "streams", "core_revenue"):
            months[name] = [getattr(self, name)(t) for t in range(self.horizon)]
        for name in ("x_advertising", "revenue", "net_burn"):
            months[name] = [getattr(self, name)(t) for t in range(self.horizon)]
        cash, out = self.i.opening_cash_usd_m, None
        for t, burn in enumerate(months["net_burn"]):
            funding = self.drawn(t) - self.repaid(t)
            if t == math.floor(self.i.committed_funding_month):
                funding += self.i.committed_equity_usd_m
            if out is None and t in self.planned_rounds():
                funding += self.i.round_size_usd_m
                months["rounds"].append(t)
            cash += funding - burn
            if out is None and cash < 0:
                out = months["cash_out"] = t  # t*
            months["cash"].append(cash)
            months["funding"].append(funding)
        return months

    # The metrics: sections 4 and 5

    def parts(self) -> dict:
        lines, categories = self.lines(), self.categories()
        parts = dict(lines)
        parts["bottom_up_total_usd_m_per_month"] = sum(lines.values())
        parts["unexplained_usd_m_per_month"] = self.claim - sum(lines.values())
        for category in CATEGORIES:
            parts[f"share_{category}"] = categories[category] / self.claim if self.claim > 0 else None
        return parts

    def common(self) -> dict:
        """Return what is told of every mix of options."""
        i, out, cash, burn = self.i, self.months["cash_out"], self.months["cash"], self.months["net_burn"]
        runway, break_even = None, None
        if out is not None:
            before = cash[out - 1] if out > 0 else i.opening_cash_usd_m
            runway = out + before / (before - cash[out])
        for t in range(self.horizon):
            if break_even is None and all(later <= 0 for later in burn[t:]):
                break_even = t
        most = max(sum(burn[: t + 1]) for t in range(self.horizon))
        in_hand = i.opening_cash_usd_m + i.committed_equity_usd_m + i.committed_debt_usd_m
        return {
            "runway_months": runway,
            "break_even_month": break_even,
            "funding_need_usd_m": max(0.0, most - in_hand),
        }

    def gap(self) -> dict:
        found = dict.fromkeys(("burn_multiple_12m", "cash_out_month"))
        for t, name in ((0, "start"), (12, "12m"), (36, "36m")):
            inside = t < self.horizon
            covered = inside and self.spend(t) > 0
            found[f"coverage_ratio_{name}"] = self.revenue(t) / self.spend(t) if covered else None
            found[f"gap_{name}_usd_m_per_month"] = self.net_burn(t) if inside else None
        if self.horizon > 12 and self.revenue(12) > self.revenue(0):
            burned = sum(self.net_burn(t) for t in range(12))
            found["burn_multiple_12m"] = burned / (12 * (self.revenue(12) - self.revenue(0)))
        if self.months["cash_out"] is not None:
            found["cash_out_month"] = calendar_month(self.settings["start_month"], self.months["cash_out"])
        found["revenue_ceiling_usd_m_per_month"] = self.core_revenue(math.inf)
        return found

    def required(self) -> dict:
        """Return the constant growth, cap ignored, at which revenue equals spend in month T."""
        target, start, ratio = 0, self.i.revenue_start_usd_m, self.i.serving_cost_ratio
        while calendar_month(self.settings["start_month"], target) != self.settings["target_month"]:
            target += 1
        needed = (sum(self.base(target).values()) + self.interest(target) - ratio * start) / (1 - ratio)
        if start == 0 or needed <= 0:
            return dict.fromkeys(("required_growth_per_month", "required_multiple"))
        growth = (needed / start) ** (1 / target) - 1
        return {"required_growth_per_month": growth, "required_multiple": needed / start}

    # 7 Value to the shareholders of month 0, after lenders

    def growth_over_last_year(self, month: int) -> float:
        """Return y(s)."""
        before = self.core_revenue(max(0, month - 12))
        if before == 0:
            return 0.0
        ratio = self.core_revenue(month) / before
        return ratio - 1 if month >= 12 else ratio ** (12 / max(month, 1)) - 1

    def multiple(self, growth_per_year: float) -> float:
        sloped = self.i.exit_multiple_floor + self.i.exit_multiple_per_growth * max(0.0, growth_per_year)
        return min(self.i.exit_multiple_cap, sloped)

    def enterprise_value(self, month: int) -> float:
        core = self.multiple(self.growth_over_last_year(month)) * self.core_revenue(month)
        on_x = self.i.x_revenue_multiple * self.x_advertising(month)
        return 12 * (1 - self.i.partner_revenue_share * self.partner_on(month)) * (core + on_x)

    def hardware(self, month: int) -> float:
        compute = self.compute_lines()
        share = self.lines()["hardware_purchases"] / compute if compute > 0 else 0.0
        bought = sum(self.base(t)["compute"] * share for t in range(month + 1))
        return self.i.hardware_stock_usd_m + bought

    def ownership(self) -> float:
        price, sold = self.i.valuation_usd_m, self.i.committed_equity_usd_m
        own = price / (price + sold) if sold > 0 else 1.0
        for j in range(len(self.months["rounds"])):
            pre_money = price * self.i.valuation_step_per_round ** (j + 1)
            size = self.i.round_size_usd_m
            own *= 1 - size / (pre_money + size) if size > 0 else 1.0
        return own

    def value(self) -> dict:
        i, out, last = self.i, self.months["cash_out"], self.horizon - 1
        if out is None:
            years = self.horizon / 12
            left = self.enterprise_value(last) + self.months["cash"][last] - self.debt(last)
        else:
            years = out / 12
            left = i.hardware_recovery_share * self.hardware(out) - self.debt(out)
            left += i.distress_recovery_share * self.enterprise_value(out)
        value = (1 + i.discount_rate_per_year) ** -years * max(0.0, left) * self.ownership()
        return {"value_usd_m": value, "ownership_retained": self.ownership()}

    # 8 What the price implies

    def worth(self, growth: float) -> float:
        revenue = 12 * self.i.revenue_start_usd_m * exp(math.log1p(growth) * (self.horizon - 1))
        years = self.horizon / 12
        return self.multiple((1 + growth) ** 12 - 1) * revenue * (1 + self.i.discount_rate_per_year) ** -years

    def implied(self) -> dict:
        """Return the growth that makes the price fair, by bisection; None where no growth does."""
        low, high = 0.0, 1e6
        if (
            self.i.revenue_start_usd_m == 0
            or self.multiple(high) == 0
            or self.worth(high) < self.i.valuation_usd_m
        ):
            return dict.fromkeys(("implied_growth_per_month", "implied_multiple"))
        for _ in range(200 if self.worth(0.0) < self.i.valuation_usd_m else 0):
            middle = (low + high) / 2
            low, high = (middle, high) if self.worth(middle) < self.i.valuation_usd_m else (low, middle)
        return {"implied_growth_per_month": low, "implied_multiple": (1 + low) ** (self.horizon - 1)}
