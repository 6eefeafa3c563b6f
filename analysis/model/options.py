"""Four strategic options, alone or together: 16 portfolios on one set of draws. Source: model README, section 6."""

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from analysis.draws import Inputs
from analysis.model import cash, costs, revenue
from analysis.parameters import Settings

RAISE = "raise_capital"
OPTIONS = (RAISE, "partner", "focus", "integrate_x")
STAY = "stay_the_course"
PORTFOLIOS = {
    "+".join(chosen) or STAY: chosen for size in range(len(OPTIONS) + 1) for chosen in itertools.combinations(OPTIONS, size)
}


@dataclass(frozen=True)
class Operations:
    """What a portfolio spends and earns by month, before any funding; each array (draws, months), usd_m."""

    spend: np.ndarray
    compute: np.ndarray
    revenue: np.ndarray
    partner_income: np.ndarray | float
    net_burn: np.ndarray


@dataclass(frozen=True)
class Path(Operations):
    """One portfolio's months, each array (draws, months), usd_m; `taken`: rounds that took place, (draws,)."""

    funding: np.ndarray
    cash: np.ndarray
    taken: np.ndarray


_FUNDED = ("funding", "cash", "taken")


@dataclass
class World:
    """What all portfolios of one set of inputs share. `x`: name -> (draws,); everything else follows from it."""

    x: Inputs
    settings: Settings
    kept_shares: tuple[str, ...] = ()
    _streams: dict = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.months = np.arange(self.settings.horizon_months, dtype=float)
        self.revenue_start = revenue.start(self.x)
        self.burn = costs.gross_burn(self.x, self.settings.burn_basis, self.revenue_start)
        self.base = costs.base_spend(self.x, self.burn, self.kept_shares, self.months)
        self.base_other = sum(path for name, path in self.base.items() if name != "compute")

    def streams(self, focus: bool = False, integrate: bool = False) -> dict[str, np.ndarray]:
        """Return stream -> revenue (draws, months), computed once for each of the four combinations."""
        if (focus, integrate) not in self._streams:
            self._streams[focus, integrate] = revenue.streams(self.x, self.months, focus=focus, integrate=integrate)
        return self._streams[focus, integrate]

    def path(self, portfolio: tuple[str, ...] = ()) -> Path:
        """Return the months of one portfolio, a tuple of option names in the order of OPTIONS."""
        return self.financed(self.operations(portfolio), RAISE in portfolio)

    def operations(self, portfolio: tuple[str, ...]) -> Operations:
        """Return what a portfolio spends and earns; raising capital changes nothing here."""
        focus = self._focus if "focus" in portfolio else _NO_FOCUS
        partner = self._partner if "partner" in portfolio else _NO_PARTNER
        integration = self._integration if "integrate_x" in portfolio else _NO_INTEGRATION
        streams = self.streams("focus" in portfolio, "integrate_x" in portfolio)
        earned = sum(streams.values()) + integration.advertising
        serving = _column(self.x, "serving_cost_ratio") * (earned - self.revenue_start[:, None])
        compute = (self.base["compute"] * focus.kept + serving) * partner.compute_kept
        spend = self.base_other * focus.kept + compute + focus.one_off + integration.cost
        income = earned * partner.revenue_kept
        net_burn = spend - income - partner.income
        return Operations(spend, compute, income, partner.income, net_burn)

    def financed(self, operations: Operations, raising: bool) -> Path:
        """Return the months of a portfolio from its operations, with further rounds if it is `raising` capital."""
        return Path(**vars(operations), **dict(zip(_FUNDED, self._finance(operations.net_burn, raising), strict=True)))

    def paths(self) -> Iterator[tuple[str, Path]]:
        """Yield every portfolio's name and months; each with and without raising capital from the same operations."""
        for options in (chosen for chosen in PORTFOLIOS.values() if RAISE not in chosen):
            operations = self.operations(options)
            for raising in (False, True):
                yield "+".join((RAISE,) * raising + options) or STAY, self.financed(operations, raising)

    def _finance(self, net_burn: np.ndarray, raising: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        opening, committed = self.x["opening_cash_usd_m"], self._committed
        if not raising:
            return committed, cash.balance(opening, net_burn, committed), np.zeros(len(opening))
        size, rounds = _column(self.x, "round_size_usd_m"), self._rounds
        balance = cash.balance(opening, net_burn, committed + rounds * size)
        # a company that is out of cash gets no further round
        rounds = np.where(np.less_equal(self.months, cash.first_month(balance < 0)[:, None], order="F"), rounds, 0.0)
        funding = committed + rounds * size
        return funding, cash.balance(opening, net_burn, funding), rounds.sum(axis=1)

    @functools.cached_property
    def _committed(self) -> np.ndarray:
        arrival = np.floor(_column(self.x, "committed_funding_month"))
        return _column(self.x, "committed_funding_usd_m") * np.equal(self.months, arrival, order="F")

    @functools.cached_property
    def _rounds(self) -> np.ndarray:
        return _rounds(self.x, len(self.months))

    @functools.cached_property
    def _focus(self) -> "_Focus":
        cut = _column(self.x, "focus_spend_cut") * _ramp(self.months, self.x["focus_ramp_months"])
        return _Focus(kept=1 - cut, one_off=np.multiply(_column(self.x, "focus_one_off_usd_m"), self.months == 0, order="F"))

    @functools.cached_property
    def _partner(self) -> "_Partner":
        x, lead = self.x, _column(self.x, "partner_lead_months")
        on, first = np.greater_equal(self.months, lead, order="F"), np.equal(self.months, np.ceil(lead), order="F")
        return _Partner(
            income=_column(x, "partner_income_usd_m_per_month") * on + _column(x, "partner_upfront_usd_m") * first,
            compute_kept=1 - _column(x, "partner_compute_share") * on,
            revenue_kept=1 - _column(x, "partner_revenue_share") * on,
        )

    @functools.cached_property
    def _integration(self) -> "_Integration":
        x, length = self.x, self.x["integration_ramp_months"]
        gained = x["x_ads_usd_m_per_month"] * x["integration_ads_uplift"]
        return _Integration(
            advertising=gained[:, None] * _ramp(self.months, length),
            cost=_column(x, "integration_cost_usd_m_per_month") * np.less(self.months, length[:, None], order="F"),
        )

    def measures(self, path: Path) -> dict[str, np.ndarray]:
        """Return the measures of a portfolio's path, each (draws,); inf for never. Model README, section 6."""
        opening = self.x["opening_cash_usd_m"]
        return {
            "value_usd_m": self.value(path),
            "runway_months": cash.runway_months(opening, path.cash),
            "funding_need_usd_m": cash.funding_need(opening, path.net_burn),
            "break_even_month": cash.break_even_month(path.net_burn),
            "ownership_retained": self.owned(path),
        }

    def owned(self, path: Path) -> np.ndarray:
        """Return the share of the company that today's shareholders keep, (draws,)."""
        return (1 - self.x["dilution_per_round"]) ** path.taken

    def value(self, path: Path) -> np.ndarray:
        """Return the value of a portfolio's path to today's shareholders, (draws,), usd_m."""
        x, horizon = self.x, self.settings.horizon_months
        out = cash.first_month(path.cash < 0)
        solvent = ~np.isfinite(out)
        at = np.where(solvent, horizon - 1, out).astype(int)
        rows = np.arange(len(at))
        enterprise = x["exit_revenue_multiple"] * 12 * path.revenue[rows, at]
        amount = np.where(solvent, enterprise + path.cash[:, -1], x["distress_recovery_share"] * enterprise)
        waited = np.where(solvent, horizon, at)
        return cash.present_value(amount, x["discount_rate_per_year"], waited) * self.owned(path)


@dataclass(frozen=True)
class _Focus:
    kept: np.ndarray | float
    one_off: np.ndarray | float


@dataclass(frozen=True)
class _Partner:
    income: np.ndarray | float
    compute_kept: np.ndarray | float
    revenue_kept: np.ndarray | float


@dataclass(frozen=True)
class _Integration:
    advertising: np.ndarray | float
    cost: np.ndarray | float


# an option that is not in the portfolio: its levers are neutral
_NO_FOCUS, _NO_PARTNER, _NO_INTEGRATION = _Focus(1.0, 0.0), _Partner(0.0, 1.0, 1.0), _Integration(0.0, 0.0)


def _column(x: Inputs, name: str) -> np.ndarray:
    return x[name][:, None]


def _ramp(months: np.ndarray, length: np.ndarray) -> np.ndarray:
    return np.minimum(1.0, np.divide(months + 1, length[:, None], order="F"))


def _rounds(x: Inputs, horizon: int) -> np.ndarray:
    """Return the number of successful rounds in each month, (draws, horizon); the first refusal shuts the window."""
    with np.errstate(divide="ignore"):
        successes = np.floor(np.log(1 - x["investor_patience"]) / np.log(x["round_success_probability"]))
    successes = np.where(x["round_success_probability"] >= 1, np.inf, successes)
    rounds = np.zeros((len(successes), horizon), order="F")
    most = int(np.ceil(horizon / x["round_interval_months"].min())) + 1
    for number in range(int(min(most, successes.max(initial=0)))):
        month = np.floor(x["first_round_month"] + number * x["round_interval_months"])
        rows = np.flatnonzero((number < successes) & (month < horizon))
        rounds[rows, month[rows].astype(int)] += 1
    return rounds
