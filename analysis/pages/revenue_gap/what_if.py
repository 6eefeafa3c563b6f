"""What if: the model at every stop of a few sliders and in a few presets. The page's script looks up and
computes nothing.

A slider scales the range of its inputs, so that at rest the panel shows the page's own numbers. Every stop is
a run of the model, at rest and in presets with all draws, elsewhere with DRAWS of them.
"""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from analysis.inputs import months as calendar
from analysis.inputs.draws import SCRAMBLES, Drawn
from analysis.inputs.parameters import Case, change
from analysis.model.memo import Memo
from analysis.model.options import Model, Trajectory
from analysis.results.results import Result, monthly_ranks, percentiles
from analysis.show import numbers, template
from analysis.show.page import Page
from analysis.show.quantity import Quantity, derived

DRAWS = 512
SHOWN_MONTHS = 36  # on the chart of cash
STEPS = (0, 1, 3, 4, 6, 8, 10, 12, 15, 18, 24, 36)  # months passed, where the chart has a point
LEVELS = (5, 50, 95)
SOON = 12  # months
LETTERS = "".join(chr(code) for code in range(35, 127) if chr(code) not in "\\<")  # 90 that need no escape
ZERO, FOOT, LOWEST = (
    2700,
    3000,
    8099,
)  # steps down from the top of the chart to no cash, to its foot, to what is told


@dataclass(frozen=True)
class Slider:
    """Inputs that are scaled together. `values`: of their sum of central values at each stop; `own`: the
    case's stop.
    """

    inputs: tuple[str, ...]
    values: tuple[float, ...]
    own: int
    formatter: str

    @property
    def factors(self) -> tuple[float, ...]:
        """What the draws are multiplied with at each stop."""
        return tuple(value / self.values[self.own] for value in self.values)

    @property
    def texts(self) -> list[str]:
        """The value at each stop, for readers."""
        return [numbers.FORMATTERS[self.formatter](value) for value in self.values]


CHOICES = {  # slider -> inputs, factors of the stops, significant digits of their values, formatter
    "burn": (("monthly_burn_usd_m",), (0.5, 0.7, 0.85, 1, 1.25, 1.6, 2), 2, "money"),
    "cash": (("opening_cash_usd_m",), (0, 0.5, 1, 2), 1, "money"),
    "funding": (("committed_equity_usd_m", "committed_debt_usd_m"), (0, 0.5, 1, 2), 1, "money"),
    "growth": (("growth_compute_per_year",), (0, 1, 2), 2, "percent"),
}


def sliders(case: Case) -> dict[str, Slider]:
    """Return the sliders that can be moved: the input is not 0, and stops lie within its bounds."""
    found = {}
    for name, (inputs, factors, digits, formatter) in CHOICES.items():
        own = sum(case[each].central for each in inputs)
        values = {own} | {
            float(numbers.significant(own * factor, digits)) for factor in factors if factor != 1
        }
        inside = tuple(value for value in sorted(values) if own > 0 and _possible(case, inputs, value / own))
        if len(inside) > 1:
            found[name] = Slider(inputs, inside, inside.index(own), formatter)
    return found


def _possible(case: Case, inputs: Sequence[str], factor: float) -> bool:
    ends = [(case[name], end) for name in inputs for end in (case[name].low, case[name].high)]
    return all(each.minimum <= end * factor <= each.maximum for each, end in ends)


def positions(case: Case, draws: Drawn, chosen: dict[str, Slider]) -> Iterator[Trajectory]:
    """Yield the plain path at every combination of stops, the last slider moving first."""
    memo = Memo()  # knows an input by its array, so each is scaled once
    scaled = [[_scaled(case, draws, each, factor) for factor in each.factors] for each in chosen.values()]
    for stops in itertools.product(*scaled):
        inputs = Drawn(draws)
        for stop in stops:
            inputs.update(stop)
        yield Model(inputs, case.settings, memo).trajectory()


def _scaled(case: Case, draws: Drawn, slider: Slider, factor: float) -> dict[str, np.ndarray]:
    bounds = {name: (case[name].minimum, case[name].maximum) for name in slider.inputs}
    return {name: np.clip(draws[name] * factor, *ends) for name, ends in bounds.items()}


def fewer(draws: Drawn) -> Drawn:
    """Return the first DRAWS of the draws, an equal part of each scramble: those of a case with so many
    draws.
    """
    part = DRAWS // SCRAMBLES
    return Drawn((name, values.reshape(SCRAMBLES, -1)[:, :part].ravel()) for name, values in draws.items())


def presets(page: Page) -> Iterator[tuple[str, Trajectory]]:
    """Yield the presets that are another case than the page's, with all draws: name, path."""
    result, raised, spent = page.result, page.measures.raised, page.measures.spent.iloc[-1]
    case, start = result.case, result.settings.start_month
    if page.differing and start == page.base.settings.start_month:
        yield "as_reported", page.base.trajectory
    if case.settings.burn_basis != "net":
        yield "net", Result(change(case, {"burn_basis": "net"})).trajectory
    first, last = raised.iloc[0], raised.iloc[-1]
    month = calendar.between(start, last["date"][:7])
    if start > first["date"][:7] or month >= result.settings.horizon_months:
        return  # the money is in hand already, or comes too late
    later = {"first_round_month": month, "round_interval_months": 240, "round_size_usd_m": last["usd_m"]}
    later |= {"round_success_probability": 1}
    came = {f"committed_{kind}_usd_m": first[f"{kind}_usd_m"] for kind in ("equity", "debt")}
    came |= {"burn_basis": "net", "monthly_burn_usd_m": spent["usd_m"] / spent["months"]}
    for name, given in (("january", later), ("happened", later | came)):
        yield name, Result(change(case, given)).model.trajectory(("raise_capital",))


@dataclass(frozen=True)
class State:
    """What the panel shows of a path: place -> text; cash, (levels, points), usd_m; months until it ends
    (None: never).
    """

    texts: dict[str, str]
    lines: np.ndarray
    out_months: float | None


def state(path: Trajectory, page: Page) -> State:
    """Return what the panel shows of a path. What is missing is so beyond the rounds that took place."""
    settings, words = page.result.settings, page.text.what_if
    rounds = (path.funding - path.model.committed.funding).sum(axis=1)
    need = percentiles(np.maximum(0.0, path.operations.funding_need - rounds))
    runway = percentiles(path.runway_months)
    months = [runway[name] if np.isfinite(runway[name]) else None for name in ("p50", "p5", "p95")]
    dates = [None if month is None else settings.month(int(month)) for month in months]
    lasts, ends = (
        derived(values[0], formatter, (), "", *values[1:])
        for values, formatter in ((months, "months"), (dates, "month"))
    )
    missing = derived(need["p50"], "money", (), "", need["p5"], need["p95"])
    soon = float(np.mean(path.runway_months < SOON)) if settings.horizon_months >= SOON else None
    texts = {
        "ends": words["later"].format(page.facts["end"]) if ends.never else str(ends),
        "ends_range": _range(ends, words),
        "lasts": words["longer"].format(settings.horizon_months) if lasts.never else str(lasts),
        "lasts_range": _range(lasts, words),
        "soon": numbers.chance(soon),
        "need": str(missing),
        "need_range": missing.interval,
    }
    opening = path.model.inputs["opening_cash_usd_m"][:, None]
    points = [step - 1 for step in STEPS if 0 < step <= settings.horizon_months]
    return State(texts, monthly_ranks(np.hstack([opening, path.cash[:, points]]), LEVELS), months[0])


def _range(quantity: Quantity, words: dict[str, str]) -> str:
    """Return the range of a quantity, in words where an end is never."""
    if quantity.low is None:
        return ""
    until = words["or_later"].format(quantity.written(quantity.low))
    return until if quantity.high is None else quantity.interval


def panel(page: Page) -> Markup:
    """Return the panel, which shows the page's own case until its script takes over."""
    result = page.result
    chosen = sliders(result.case)
    shape = [len(slider.values) for slider in chosen.values()]
    own = int(np.ravel_multi_index([slider.own for slider in chosen.values()], shape)) if chosen else 0
    paths = positions(result.case, fewer(result.inputs), chosen)
    at_rest = state(result.trajectory, page)
    states = [at_rest if place == own else state(path, page) for place, path in enumerate(paths)]
    others = {name: state(path, page) for name, path in presets(page)}
    every = [*states, *others.values()]
    top = _round_up(max(each.lines.max() for each in every))
    codes = np.array([_codes(each.lines, top) for each in every])
    steps = STEPS[: codes.shape[2]]
    texts = list(dict.fromkeys(text for each in every for text in each.texts.values()))
    content = {
        "letters": LETTERS,
        "own": own,
        "stops": [slider.texts for slider in chosen.values()],
        "steps": steps,
        "texts": texts,
        "shown": {place: [texts.index(each.texts[place]) for each in every] for place in at_rest.texts},
        "lines": _packed(codes),
        "dots": [_way(each.out_months) for each in every],
        "presets": {name: len(states) + place for place, name in enumerate(others)},
    }
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return template.render(
        "revenue_gap/what_if.html.j2", words=page.text.what_if, sliders=chosen, texts=at_rest.texts,
        presets={name: page.text.sentence(f"preset_{name}") for name in others},
        lines=_points(codes[own], steps),
        dot=_way(at_rest.out_months), scale=_scale(top, page), height=FOOT, months=SHOWN_MONTHS,
        alternative=page.text.words("alt_what_if"), data=Markup(packed),
    )  # fmt: skip


def _round_up(value: float) -> float:
    """Return the next of 1, 2, 2.5, 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if step * power >= value)


def _codes(lines: np.ndarray, top: float) -> np.ndarray:
    """Return amounts as steps down from the top of the chart, whole numbers up to LOWEST, where all below
    it lies.
    """
    return np.clip(np.round((top - lines) / top * ZERO), 0, LOWEST).astype(int)


def _packed(codes: np.ndarray) -> str:
    pairs = np.stack(np.divmod(codes.ravel(), len(LETTERS)), axis=1)
    return "".join(LETTERS[code] for code in pairs.ravel())


def _way(months: float | None) -> float | None:
    """Return where a number of months lies on the chart, in percent of its width; None beyond."""
    return round(months / SHOWN_MONTHS * 100, 1) if months is not None and months <= SHOWN_MONTHS else None


def _points(lines: np.ndarray, steps: Sequence[int]) -> dict[str, str]:
    """Return the points of the band and of the median for SVG."""
    low, median, high = ([f"{x},{y}" for x, y in zip(steps, line, strict=True)] for line in lines)
    return {"band": " ".join([*low, *reversed(high)]), "median": " ".join(median)}


def _scale(top: float, page: Page) -> dict[str, list]:
    """Return the marks of both axes: (percent of the way, text)."""
    money = [(share * ZERO / FOOT * 100, numbers.money((1 - share) * top, 3)) for share in (0, 0.5, 1)]
    months = [calendar.add(page.result.settings.start_month, step) for step in (0, 12, 24, 36)]
    places = [step / SHOWN_MONTHS * 100 for step in (0, 12, 24, 36)]
    return {"money": money, "months": list(zip(places, map(numbers.month_short, months), strict=True))}
