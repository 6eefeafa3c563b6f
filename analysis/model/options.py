"""The model of one set of draws, with the options alone and together. Model README, sections 4 to 8."""

import functools
from collections.abc import Callable, Iterator

import numpy as np

from analysis.inputs.draws import Inputs
from analysis.inputs.settings import Settings
from analysis.model import cash, costs, growth, revenue, value
from analysis.model.cash import at
from analysis.model.costs import CATEGORIES
from analysis.model.levers import OPTIONS, PORTFOLIOS, STAY, Levers, Portfolio, Rounds, mixed
from analysis.model.memo import Memo, Value
from analysis.model.revenue import STREAMS

__all__ = ["OPTIONS", "PORTFOLIOS", "STAY", "Model", "Operations", "Trajectory"]


class Model:
    """What all portfolios of one set of inputs share. `memo`: for models that have inputs in common."""

    def __init__(self, inputs: Inputs, settings: Settings, memo: Memo | None = None) -> None:
        self.inputs = inputs
        self.settings = settings
        self.horizon: int = settings.horizon_months
        self.memo = memo or Memo()
        self._own = Memo()  # what no other model has in common ends with this one: memory is used again
        self._levers: dict[Portfolio, Levers] = {}
        self.spending_start = costs.spending_start(inputs, settings.burn_basis)
        self.lines = costs.lines(inputs, self.spending_start)
        self.categories = costs.categories(self.lines, self.spending_start)
        self.hardware_share = costs.hardware_share(self.lines)
        self.kept_in_committed = value.kept_after(inputs["committed_equity_usd_m"], inputs["valuation_usd_m"])

    def _once(self, name: object, compute: Callable[[Inputs], Value], *objects: object) -> Value:
        return self.memo.get((name, self.horizon), self.inputs, compute, *objects)

    @functools.cached_property
    def base(self) -> dict[str, np.ndarray]:
        """Category -> spending before serving costs and interest, each (draws, months), usd_m."""
        faded = self._once("faded", lambda x: growth.faded_months(self.horizon, x["spend_growth_endurance"]))
        return {name: start[:, None] * self._grown(name, faded) for name, start in self.categories.items()}

    def _grown(self, category: str, faded: np.ndarray) -> np.ndarray:
        return self._once(category, lambda x: growth.factor(costs.log_growth(x, category), faded), faded)

    @functools.cached_property
    def base_without_compute(self) -> np.ndarray:
        """Spending on all other categories, (draws, months), usd_m."""
        return sum(values for name, values in self.base.items() if name != "compute")

    @functools.cached_property
    def committed(self) -> cash.Committed:
        """The money being placed, with its debt and interest."""
        return self._once("committed", lambda x: cash.committed(x, self.horizon))

    def levers(self, portfolio: Portfolio) -> Levers:
        """Return what a portfolio's options change together."""
        if portfolio not in self._levers:
            months = np.arange(self.horizon, dtype=float)
            parts = [self._once(name, lambda x, name=name: OPTIONS[name](x, months)) for name in portfolio]
            self._levers[portfolio] = self._once("mixed", lambda x: mixed(parts), *parts)
        return self._levers[portfolio]

    def unlimited(self, portfolio: Portfolio = ()) -> dict[str, np.ndarray]:
        """Return stream -> revenue without the cap, each (draws, months), usd_m."""
        on = self.levers(portfolio)
        saved = on.months_saved
        faded = self._once("waited", lambda x: revenue.faded_months(x, self.horizon, saved), saved)
        return {name: self._stream(name, faded, on) for name in STREAMS}

    def core_revenue(self, portfolio: Portfolio = ()) -> np.ndarray:
        """Return revenue of the company's own products under the cap, before a partner's share."""
        streams = self.unlimited(portfolio).values()
        return self._once("revenue", lambda x: revenue.capped(x, sum(streams)), *streams)

    def _stream(self, name: str, faded: np.ndarray, on: Levers) -> np.ndarray:
        read = (faded, on.growth, on.growth_with_x)
        return self._once(("revenue", name), lambda x: revenue.unlimited(x, name, faded, on), *read)

    def compute(self, portfolio: Portfolio) -> np.ndarray:
        """Return spending on compute with serving costs, whoever bears it, (draws, months), usd_m."""
        base, core = self.base["compute"], self.core_revenue(portfolio)
        kept = self.levers(portfolio).spend_kept
        return self._own.get("paid", self.inputs, lambda x: base * kept + costs.serving(x, core), kept, core)

    def compute_bought(self, portfolio: Portfolio) -> np.ndarray:
        """Return spending on compute since month 0, serving costs apart, (draws, months), usd_m."""
        kept, base = self.levers(portfolio).spend_kept, self.base["compute"]
        return self._own.get("bought", self.inputs, lambda _: cash.cumulated(base * kept), base, kept)

    def trajectory(self, portfolio: Portfolio = ()) -> "Trajectory":
        """Return the months of one portfolio."""
        return Trajectory(Operations(self, portfolio), self.levers(portfolio).rounds)

    def trajectories(self) -> Iterator[tuple[str, "Trajectory"]]:
        """Yield every portfolio's name and months; those that differ by rounds alone share operations."""
        groups: dict[Portfolio, list[str]] = {}
        for name, portfolio in PORTFOLIOS.items():
            operating = tuple(option for option in portfolio if not self.levers((option,)).rounds)
            groups.setdefault(operating, []).append(name)
        for operating, names in groups.items():
            operations = Operations(self, operating)
            for name in names:
                yield name, Trajectory(operations, self.levers(PORTFOLIOS[name]).rounds)

    @functools.cached_property
    def required_multiple(self) -> np.ndarray:
        """Revenue in the target month over R(0) at which the gap closes, (draws,): (S° − v·R0)/((1 − v)·R0).

        inf where none does: nothing to start from or to cover, a serving cost of a dollar per dollar.
        """
        x, target = self.inputs, self.settings.target_months
        faded = growth.faded_at(float(target), x["spend_growth_endurance"])
        spend = sum(self.categories[name] * np.exp(costs.log_growth(x, name) * faded) for name in CATEGORIES)
        serving, start = x["serving_cost_ratio"], x["revenue_start_usd_m"]
        needed = spend + cash.interest(x, np.array([float(target)]))[:, 0] - serving * start
        possible = (needed > 0) & (serving < 1) & (start > 0)
        return np.where(possible, needed / np.where(possible, (1 - serving) * start, 1.0), np.inf)

    @functools.cached_property
    def required_growth(self) -> np.ndarray:
        """The monthly growth of revenue that closes the gap in the target month, (draws,); inf for none."""
        return self.required_multiple ** (1 / self.settings.target_months) - 1

    @functools.cached_property
    def implied_growth(self) -> np.ndarray:
        """The growth of revenue per month that makes the price fair, (draws,); inf for none."""
        return value.implied_growth(self.inputs, self.horizon)

    @property
    def implied_multiple(self) -> np.ndarray:
        """Revenue of the last month over that of month 0 at that growth, (draws,); inf for none."""
        found = self.implied_growth
        return np.where(np.isinf(found), np.inf, (1 + found) ** (self.horizon - 1))


class Operations:
    """What a portfolio spends and earns before any funding; arrays (draws, months), usd_m."""

    def __init__(self, model: Model, portfolio: Portfolio) -> None:
        self.model, self.portfolio = model, portfolio
        self.levers = model.levers(portfolio)
        self.core_revenue = model.core_revenue(portfolio)
        self.spend = self.compute()  # sums grow in place: half of the time goes to new arrays otherwise
        self.spend += model.base_without_compute * self.levers.spend_kept
        self.spend += self.levers.spend_added
        self.spend += model.committed.interest
        self.revenue = self.core_revenue + self.levers.x_advertising
        self.revenue *= self.levers.revenue_kept
        self.net_burn = self.spend - self.revenue - self.levers.income

    def compute(self) -> np.ndarray:
        """Return spending on compute with serving costs, less what a partner bears, (draws, months)."""
        return self.model.compute(self.portfolio) * self.levers.compute_kept

    @functools.cached_property
    def break_even_month(self) -> np.ndarray:
        """The first month from which net burn stays at or below zero, (draws,); inf for never."""
        return cash.break_even_month(self.net_burn)

    @functools.cached_property
    def funding_need(self) -> np.ndarray:
        """What is missing beyond the money in hand and being placed, (draws,), usd_m."""
        return cash.funding_need(self.model.inputs, self.net_burn)


class Trajectory:
    """One portfolio's months, arrays (draws, months), usd_m; all is computed when first asked for."""

    def __init__(self, operations: Operations, rounds: Rounds | None) -> None:
        self.operations, self.model = operations, operations.model
        self.spend, self.revenue, self.net_burn = operations.spend, operations.revenue, operations.net_burn
        self.core_revenue = operations.core_revenue
        self.debt, self.interest = self.model.committed.debt, self.model.committed.interest
        self.rounds = rounds

    @functools.cached_property
    def _balance(self) -> np.ndarray:
        """Cash as if all rounds took place, which is right until it runs out."""
        granted = self.model.committed.funding
        granted = granted + self.rounds.proceeds if self.rounds else granted
        return cash.balance(self.model.inputs["opening_cash_usd_m"], self.net_burn, granted)

    @functools.cached_property
    def out_month(self) -> np.ndarray:
        """The first month that ends below zero cash, (draws,), t* of the equations; inf for never."""
        return cash.first_month(self._balance < 0)

    @functools.cached_property
    def funding(self) -> np.ndarray:
        """Committed money and rounds that took place, less debt repaid."""
        committed = self.model.committed.funding
        return committed + self.rounds.funding(self.out_month) if self.rounds else committed

    @functools.cached_property
    def cash(self) -> np.ndarray:
        """Cash at the end of each month."""
        if not self.rounds:
            return self._balance
        return cash.balance(self.model.inputs["opening_cash_usd_m"], self.net_burn, self.funding)

    @property
    def spend_parts(self) -> dict[str, np.ndarray]:
        """Category -> spending, serving costs in compute; `interest`, `option_costs`: sum to `spend`."""
        on = self.operations.levers
        parts = {name: values * on.spend_kept for name, values in self.model.base.items()}
        parts |= {"compute": self.operations.compute(), "interest": self.interest}
        return parts | {"option_costs": np.broadcast_to(on.spend_added, self.spend.shape)}

    @property
    def streams(self) -> dict[str, np.ndarray]:
        """Stream -> revenue before a partner's share: they sum to `core_revenue`."""
        return revenue.under_cap(self.model.unlimited(self.operations.portfolio), self.core_revenue)

    @functools.cached_property
    def runway_months(self) -> np.ndarray:
        """Months until cash is used up, (draws,); inf for never."""
        return cash.runway_months(self.model.inputs["opening_cash_usd_m"], self._balance, self.out_month)

    @functools.cached_property
    def ownership(self) -> np.ndarray:
        """The share of the company that the shareholders of month 0 keep, (draws,)."""
        kept = self.model.kept_in_committed
        if not self.rounds:
            return kept
        return kept * np.where(self.rounds.placed(self.out_month), self.rounds.kept, 1.0).prod(axis=1)

    @functools.cached_property
    def value(self) -> np.ndarray:
        """The value to the shareholders of month 0 after lenders, (draws,), usd_m. README, section 7."""
        x, horizon, out = self.model.inputs, self.model.horizon, np.isfinite(self.out_month)
        month = np.where(out, self.out_month, horizon - 1).astype(int)
        enterprise, debt = self._enterprise(month), at(self.debt, month)
        bought = at(self.model.compute_bought(self.operations.portfolio), month)
        hardware = x["hardware_stock_usd_m"] + bought * self.model.hardware_share
        failed = x["hardware_recovery_share"] * hardware + x["distress_recovery_share"] * enterprise
        left = np.where(out, failed, enterprise + self._balance[:, -1]) - debt
        waited, rate = np.where(out, month, horizon), x["discount_rate_per_year"]
        return value.present_value(np.maximum(0.0, left), rate, waited) * self.ownership

    def _enterprise(self, month: np.ndarray) -> np.ndarray:
        """Return enterprise value in each draw's `month`, (draws,), usd_m."""
        x, set_to = self.model.inputs, self.operations.levers
        now, before = at(self.core_revenue, month), at(self.core_revenue, np.maximum(0, month - 12))
        multiple = value.multiple(x, value.growth_over_last_year(now, before, month))
        valued = multiple * now + x["x_revenue_multiple"] * at(set_to.x_advertising, month)
        return 12 * at(set_to.revenue_kept, month) * valued
