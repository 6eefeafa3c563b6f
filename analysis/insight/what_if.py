"""What if: the model at every combination of a few values of four inputs, for the panel of sliders.

Axes are always in the order of the sliders: burn, cash, growth, endurance. At a position these inputs are certain. The
central values are those of a case with the same overrides; ranges come from `DRAWS` draws of all other inputs.
"""

import functools
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis import draws as sampling
from analysis.model import cash, gap
from analysis.model.options import World
from analysis.model.revenue import STREAMS
from analysis.parameters import Case
from analysis.results import Run

DRAWS = 256
POINTS, QUARTER = 21, 3  # points of the chart: quarterly, further apart where they would be more
BURN_FACTORS = (0.3, 0.5, 0.7, 0.85, 1, 1.2, 1.5, 1.75, 2)
CASH_FACTORS = (0, 0.25, 0.5, 0.75, 1, 1.5, 2, 3)
GROWTH_FACTORS = (0, 0.5, 0.75, 1, 1.25, 1.5, 2)
ENDURANCES = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
APART = 0.06  # an endurance nearer than this to the case's own adds nothing

BURN = ("monthly_burn_usd_m",)
CASH = ("opening_cash_usd_m", "committed_funding_usd_m")
GROWTH = tuple(f"growth_{stream}_per_month" for stream in STREAMS)
ENDURANCE = ("growth_endurance",)


@dataclass(frozen=True)
class Slider:
    """Values of some inputs that move together. `positions`: (positions, inputs); `own`: the case's position."""

    inputs: tuple[str, ...]
    positions: tuple[tuple[float, ...], ...]
    own: int

    def __len__(self) -> int:
        return len(self.positions)

    def overrides(self, index: int) -> dict[str, float]:
        """Return what differs from the case at a position: nothing at its own, else input -> value."""
        if index == self.own:
            return {}
        pairs = zip(self.inputs, self.positions[index], self.positions[self.own], strict=True)
        return {name: value for name, value, own in pairs if value != own}


@dataclass(frozen=True)
class Range:
    """5th and 95th percentile over the draws with their standard errors (nan where a group of draws has none)."""

    low: np.ndarray
    high: np.ndarray
    low_se: np.ndarray
    high_se: np.ndarray


@dataclass(frozen=True)
class Grid:
    """The model at every position. `inf`: never within the horizon.

    Four axes (burn, cash, growth, endurance): `runway_months`, `funding_need_usd_m`, their ranges, `cash_out_share_12m`
    (None when the horizon is shorter) and its standard error. Three (without cash): `break_even_month`,
    `break_even_share`, `spend_usd_m` with the points in time last. Two (growth, endurance): `revenue_usd_m`, likewise.
    """

    sliders: dict[str, Slider]
    points_months: np.ndarray
    runway_months: np.ndarray
    funding_need_usd_m: np.ndarray
    break_even_month: np.ndarray
    spend_usd_m: np.ndarray
    revenue_usd_m: np.ndarray
    runway_range: Range
    funding_need_range: Range
    cash_out_share_12m: np.ndarray | None
    cash_out_share_12m_se: np.ndarray | None
    break_even_share: np.ndarray
    break_even_share_se: np.ndarray

    @property
    def own(self) -> tuple[int, ...]:
        """The position of the case itself."""
        return tuple(slider.own for slider in self.sliders.values())


def sliders(case: Case) -> dict[str, Slider]:
    """Return the sliders by name, values within the hard bounds; one position where moving would change nothing."""
    endurance = case["growth_endurance"].central
    earns = any(case[f"revenue_{stream}_usd_m"].central for stream in STREAMS)
    grows = earns and any(case[name].central for name in GROWTH)
    burns = [(float(f"{case[BURN[0]].central * factor:.2g}"),) for factor in BURN_FACTORS if factor != 1]
    return {
        "burn": _slider(case, BURN, burns, ordered=True),
        "cash": _slider(case, CASH, _scaled(case, CASH, CASH_FACTORS)),
        "growth": _slider(case, GROWTH, _scaled(case, GROWTH, GROWTH_FACTORS) if earns else ()),
        "endurance": _slider(
            case, ENDURANCE, [(value,) for value in ENDURANCES if abs(value - endurance) >= APART] if grows else (), ordered=True
        ),
    }


def _scaled(case: Case, names: tuple[str, ...], factors: Iterable[float]) -> list[tuple[float, ...]]:
    return [tuple(case[n].central if f == 1 else float(f"{case[n].central * f:.6g}") + 0.0 for n in names) for f in factors]


def _slider(case: Case, names: tuple[str, ...], values: Iterable[tuple[float, ...]], ordered: bool = False) -> Slider:
    own = tuple(case[name].central for name in names)
    inside = [v for v in values if all(case[n].minimum <= x <= case[n].maximum for n, x in zip(names, v, strict=True))]
    positions = list(dict.fromkeys(inside if own in inside else [*inside, own]))
    positions = sorted(positions) if ordered else positions
    return Slider(names, tuple(positions), positions.index(own))


@functools.lru_cache(maxsize=1)
def grid(run: Run) -> Grid:
    """Return the model at every position of the sliders around the case of `run`."""
    case, chosen = run.case, sliders(run.case)
    shape = tuple(len(slider) for slider in chosen.values())
    world = _world(case, case.central(), chosen)
    path = world.path()
    measures = {name: values.reshape(shape) for name, values in gap.measures(world, path).items()}
    last = case.settings.horizon_months - 1
    points = np.unique(np.append(np.arange(0, last, max(QUARTER, -(-last // (POINTS - 1)))), last))
    return Grid(
        sliders=chosen,
        points_months=points,
        runway_months=measures["runway_months"],
        funding_need_usd_m=measures["funding_need_usd_m"],
        break_even_month=measures["break_even_month"][:, 0],
        spend_usd_m=path.spend[:, points].reshape(*shape, -1)[:, 0],
        revenue_usd_m=path.revenue[:, points].reshape(*shape, -1)[0, 0],
        **_ranges(case, chosen),
    )


def _world(case: Case, x: Mapping[str, np.ndarray], chosen: Mapping[str, Slider], **fixed: float) -> World:
    """Return the model at every position of the chosen sliders, rows in their order, then in that of the draws in `x`."""
    count = len(next(iter(x.values())))
    shape = [len(slider) for slider in chosen.values()]
    axes = np.indices(shape).reshape(len(shape), math.prod(shape))
    rows = sampling.Drawn((name, np.tile(values, math.prod(shape))) for name, values in x.items())
    for slider, at in zip(chosen.values(), axes, strict=True):
        values = np.repeat(np.array(slider.positions)[at], count, axis=0)
        rows |= dict(zip(slider.inputs, values.T, strict=True))
    rows |= {name: np.full_like(rows[name], value) for name, value in fixed.items()}
    return World(rows, case.settings, case.kept_shares)


def _ranges(case: Case, chosen: Mapping[str, Slider]) -> dict:
    """Return the fields of `Grid` that come from draws of all other inputs."""
    runway, need, even = _outcomes(case, chosen)
    soon = _share(runway < 12) if case.settings.horizon_months >= 12 else (None, None)
    later = _share(even)
    return {
        "runway_range": _range(runway),
        "funding_need_range": _range(need),
        "cash_out_share_12m": soon[0],
        "cash_out_share_12m_se": soon[1],
        "break_even_share": later[0],
        "break_even_share_se": later[1],
    }


def _outcomes(case: Case, chosen: Mapping[str, Slider]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return runway and funding need (burn, cash, growth, endurance, draws), and whether spending is covered in the end.

    Net burn is linear in the claimed burn, so the model at two burns gives it for every burn; cash only shifts the balance.
    """
    x = sampling.sample(case.estimates, DRAWS, case.settings.seed)
    idle, one = (_world(case, x, {}, monthly_burn_usd_m=burn, committed_funding_usd_m=1.0).path() for burn in (0.0, 1.0))
    per_dollar, arrived = one.net_burn - idle.net_burn, cash.cumulated(one.funding)
    paths = {name: chosen[name] for name in ("growth", "endurance")}
    net_at_zero = _world(case, x, paths, monthly_burn_usd_m=0.0).path().net_burn.reshape(-1, *per_dollar.shape)
    total_per_dollar, total_at_zero = cash.cumulated(per_dollar), cash.cumulated(net_at_zero)

    shape = tuple(len(slider) for slider in chosen.values())
    runway, need = (np.empty((*shape[:2], *net_at_zero.shape[:2])) for _ in range(2))
    even = np.empty((shape[0], *net_at_zero.shape[:2]), dtype=bool)
    for b, (burn,) in enumerate(chosen["burn"].positions):
        burned = total_at_zero + burn * total_per_dollar
        peak = burned.max(axis=-1)
        even[b] = net_at_zero[..., -1] + burn * per_dollar[:, -1] <= 0  # a break-even lasts, so it holds in the last month
        for c, (opening, committed) in enumerate(chosen["cash"].positions):
            runway[b, c] = _runway(opening, opening + committed * arrived, burned)
            need[b, c] = np.maximum(0.0, peak - opening)
    return runway.reshape(*shape, -1), need.reshape(*shape, -1), even.reshape(shape[0], *shape[2:], -1)


def _runway(opening: float, available: np.ndarray, burned: np.ndarray) -> np.ndarray:
    """Return the runway (paths, draws) from `available` (draws, months) and `burned` (paths, draws, months)."""
    balance = (available - burned).reshape(-1, burned.shape[-1])
    return cash.runway_months(np.full(len(balance), opening), balance).reshape(burned.shape[:-1])


def _groups(values: np.ndarray) -> np.ndarray:
    return values.reshape(*values.shape[:-1], sampling.SCRAMBLES, -1)


def _error(groups: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return groups.std(axis=-1, ddof=1) / np.sqrt(sampling.SCRAMBLES)


def _share(hits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return hits.mean(axis=-1), _error(_groups(hits).mean(axis=-1))


def _range(values: np.ndarray) -> Range:
    """Return the percentiles as values that occur, so that "never" (inf) is never averaged with a number."""
    every, groups = np.sort(values, axis=-1), np.sort(_groups(values), axis=-1)
    ranks = {"low": 0.05, "high": 0.95}
    at = {name: every[..., _rank(share, every.shape[-1])] for name, share in ranks.items()}
    return Range(**at, **{f"{name}_se": _error(groups[..., _rank(share, groups.shape[-1])]) for name, share in ranks.items()})


def _rank(share: float, count: int) -> int:
    return int(np.ceil(share * count)) - 1
