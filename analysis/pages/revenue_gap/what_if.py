"""What if: the model at every stop of a few sliders and in a few presets; the script only looks them up.

A slider scales the range of its inputs, so that at rest the panel shows the page's own numbers. At rest and
in presets the model is run with all draws, at other stops with DRAWS of them.
"""

import itertools
import json
from collections import namedtuple
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from markupsafe import Markup

from analysis.inputs import months as calendar
from analysis.inputs.draws import Drawn
from analysis.inputs.parameters import Case, change
from analysis.model.memo import Memo
from analysis.model.options import Model, Trajectory
from analysis.results.metrics import measures
from analysis.results.results import monthly_ranks, summaries
from analysis.show import numbers, template, text
from analysis.show.page import Page
from analysis.show.quantity import Quantity, from_summary

DRAWS = 512
SHOWN_MONTHS = 36  # on the chart of cash
STEPS = (0, 1, 3, 4, 6, 8, 10, 12, 15, 18, 24, 36)  # months passed, where the chart has a point
HEIGHT, ZERO = 1000, 900  # of the chart, and from its top down to no cash
SHOWN = ("runway_months", "cash_out_month", "cash_out_probability_12m", "funding_need_usd_m")
CHOICES = {  # slider -> inputs that it scales, formatter of their sum, factors of its stops
    "burn": (("monthly_burn_usd_m",), "money", (0.5, 0.7, 0.85, 1, 1.25, 1.6, 2)),
    "money": (
        ("opening_cash_usd_m", "committed_equity_usd_m", "committed_debt_usd_m"), "money", (0, 0.5, 1, 2)
    ),
    "growth": (("growth_compute_per_year",), "percent", (0, 1, 2)),
}  # fmt: skip
# inputs scaled together; factors of each stop, and their sum there as text; the case's own stop
Slider = namedtuple("Slider", "inputs factors texts own")


def sliders(case: Case) -> dict[str, Slider]:
    """Return the sliders that can be moved: the input is not 0, and stops lie within its bounds."""
    found = {}
    for name, (inputs, formatter, factors) in CHOICES.items():
        estimates = [case[each] for each in inputs]
        own = sum(each.central for each in estimates)
        if own <= 0:
            continue
        values = [own if factor == 1 else float(numbers.significant(own * factor)) for factor in factors]
        possible = [value for value in dict.fromkeys(values) if _possible(estimates, value / own)]
        if len(possible) > 1:
            texts = tuple(numbers.FORMATTERS[formatter](value) for value in possible)
            found[name] = Slider(inputs, tuple(value / own for value in possible), texts, possible.index(own))
    return found


def _possible(estimates: list, factor: float) -> bool:
    return all(each.minimum <= each.low * factor and each.high * factor <= each.maximum for each in estimates)


def positions(case: Case, chosen: dict[str, Slider]) -> Iterator[Trajectory]:
    """Yield the plain path at every combination of stops, the last slider moving first."""
    draws, memo = change(case, {"draws": DRAWS}).sample(), Memo()
    scaled = [[_scaled(case, draws, each, factor) for factor in each.factors] for each in chosen.values()]
    for stops in itertools.product(*scaled):
        inputs = Drawn(draws)
        for stop in stops:
            inputs.update(stop)
        yield Model(inputs, case.settings, memo).trajectory()


def _scaled(case: Case, draws: Drawn, slider: Slider, factor: float) -> dict[str, np.ndarray]:
    bounds = {name: (case[name].minimum, case[name].maximum) for name in slider.inputs}
    return {name: np.clip(draws[name] * factor, *ends) for name, ends in bounds.items()}


def presets(page: Page) -> Iterator[tuple[str, Trajectory]]:
    """Yield the presets that are another case than the page's: name, path."""
    result, raised, spent = page.result, page.measures.raised, page.measures.spent.iloc[-1]
    settings, memo = result.settings, result.model.memo  # they share most inputs
    net, start = replace(settings, burn_basis="net"), settings.start_month
    if page.differing and start == page.base.settings.start_month:
        yield "as_reported", page.base.trajectory
    claimed = result.case["monthly_burn_usd_m"].origin == "assumptions"
    if claimed and settings.burn_basis != "net":
        yield "net", Model(result.inputs, net, memo).trajectory()
    first, last = raised.iloc[0], raised.iloc[-1]
    month = calendar.between(start, last["date"][:7])
    if start > first["date"][:7] or month >= settings.horizon_months:
        return  # the money is in hand already, or comes too late
    later = {"first_round_month": month, "round_interval_months": 240, "round_size_usd_m": last["usd_m"]}
    later |= {"round_success_probability": 1}
    came = {f"committed_{kind}_usd_m": first[f"{kind}_usd_m"] for kind in ("equity", "debt")}
    came |= {"monthly_burn_usd_m": spent["usd_m"] / spent["months"]}
    for name, given, read in (("january", later, settings), ("happened", later | came, net)):
        fixed = {each: np.full(settings.draws, float(value)) for each, value in given.items()}
        yield name, Model(Drawn(result.inputs | fixed), read, memo).trajectory(("raise_capital",))


def state(path: Trajectory, page: Page) -> dict[str, object]:
    """Return what the panel shows of a path; missing is what rounds that took place have not brought."""
    settings, words = page.result.settings, text.fixed("revenue_gap")["what_if"]
    draws = measures(path, SHOWN)
    rounds = (path.funding - path.model.committed.funding).sum(axis=1)
    draws["funding_need_usd_m"] = np.maximum(0.0, draws["funding_need_usd_m"] - rounds)
    found = summaries(SHOWN, draws, draws, settings)
    lasts, ends, soon, need = (from_summary(name, found[name]) for name in SHOWN)
    opening = path.model.inputs["opening_cash_usd_m"][:, None]
    beyond = lasts.never or lasts.value > SHOWN_MONTHS
    points = [step - 1 for step in STEPS if 0 < step <= settings.horizon_months]
    return {
        "ends": words["later"].format(page.facts["end"]) if ends.never else str(ends),
        "ends_range": _range(ends, words),
        "lasts": words["longer"].format(settings.horizon_months) if lasts.never else str(lasts),
        "lasts_range": _range(lasts, words), "soon": str(soon), "need": str(need),
        "need_range": need.interval,
        "cash": monthly_ranks(np.hstack([opening, path.cash[:, points]]), (5, 50, 95)),
        "out": None if beyond else round(lasts.value / SHOWN_MONTHS * 100, 1),
    }  # fmt: skip


def _range(quantity: Quantity, words: dict[str, str]) -> str:
    if quantity.low is None:
        return ""
    until = words["or_later" if quantity.formatter == "month" else "or_more"]
    return until.format(quantity.written(quantity.low)) if quantity.high is None else quantity.interval


def panel(page: Page) -> Markup:
    """Return the panel, which shows the page's own case until its script takes over."""
    result = page.result
    chosen = sliders(result.case)
    shape = [len(slider.factors) for slider in chosen.values()]
    own = int(np.ravel_multi_index([slider.own for slider in chosen.values()], shape)) if chosen else 0
    states = [state(path, page) for path in positions(result.case, chosen)]
    states[own] = rest = state(result.trajectory, page)
    others = {name: state(path, page) for name, path in presets(page)}
    states += others.values()
    top = _round_up(max(each["cash"].max() for each in states))
    for each in states:
        each["cash"] = np.rint(ZERO * (1 - each["cash"] / top)).astype(int).tolist()
    content = {
        "own": own, "stops": [slider.texts for slider in chosen.values()], "steps": STEPS, "states": states,
        "presets": {name: len(states) - len(others) + place for place, name in enumerate(others)},
    }  # fmt: skip
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    marks = [(step, calendar.add(result.settings.start_month, step)) for step in (0, 12, 24, 36)]
    return template.render(
        "revenue_gap/what_if.html.j2", words=text.fixed("revenue_gap")["what_if"], sliders=chosen, rest=rest,
        lines=[[f"{step},{y}" for step, y in zip(STEPS, line, strict=False)] for line in rest["cash"]],
        presets={name: page.text.sentence(f"preset_{name}") for name in others},
        width=SHOWN_MONTHS, height=HEIGHT, zero=ZERO,
        money=[(share * ZERO, numbers.money((1 - share) * top, 3)) for share in (0, 0.5, 1)],
        months=[(round(step / SHOWN_MONTHS * 100, 1), numbers.month_short(month)) for step, month in marks],
        alternative=page.text.words("alt_what_if"), data=Markup(packed),
    )  # fmt: skip


def _round_up(value: float) -> float:
    """Return the next of 1, 1.5, 2 … 10 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(max(value, 1.0)))
    return next(step * power for step in (1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10) if step * power >= value)
