"""Whatever is given as parameters: either a refusal that names the culprit, or results that keep the invariants."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.inputs import tables as inputs
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import SETTINGS, resolve
from analysis.model.options import PORTFOLIOS
from analysis.results.results import Result, as_dict, to_json

NUMBERS = st.one_of(
    st.floats(), st.integers(-(10**30), 10**30), st.floats(0, 1), st.floats(0, 1e5), st.integers(0, 60)
)
ODD = [
    "gross",
    "net",
    "nan",
    "inf",
    "-0",
    "1e400",
    "1_000",
    "０.５",
    "0x10",
    "__import__('os')",
    "=1+1",
    "{}",
    "%s",
]
TEXTS = st.one_of(
    NUMBERS.map(str),
    st.lists(NUMBERS.map(str), min_size=2, max_size=4).map(",".join),
    st.lists(st.floats(0, 1e4), min_size=3, max_size=3, unique=True).map(
        lambda three: ",".join(map(str, sorted(three)))
    ),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.text(max_size=20),
    st.sampled_from(ODD),
)
VALUES = st.one_of(
    NUMBERS,
    TEXTS,
    st.lists(NUMBERS, max_size=4),
    st.booleans(),
    st.none(),
    st.dictionaries(st.text(), st.none()),
)
few = settings(max_examples=15)


def overrides() -> st.SearchStrategy[dict]:
    known = [*inputs.load().assumptions.index, *SETTINGS]
    return st.dictionaries(st.one_of(st.sampled_from(known), st.text(max_size=30)), VALUES, max_size=4)


def within_bounds() -> st.SearchStrategy[dict]:
    """Numbers inside the hard bounds of a few assumptions, so that most cases run."""
    rows = list(inputs.load().assumptions.itertuples())

    def one(row) -> st.SearchStrategy[tuple]:
        values = st.floats(row.minimum, min(row.maximum, 1e7), allow_subnormal=False)
        return st.tuples(st.just(row.name), values)

    return st.lists(st.sampled_from(rows).flatmap(one), max_size=8).map(dict)


def checked(scenario: str, chosen: dict) -> bool:
    """Resolve and run a case with few draws; return whether it was accepted. Anything but InputError is a failure."""
    try:
        case = resolve(inputs.load(), scenario, {"draws": 16, "horizon_months": 18} | chosen)
        if case.settings.draws > 256:
            return True
    except InputError as problem:
        text = str(problem)
        assert "\n" not in text and text.isprintable()
        # a start beyond the target is told under the target's name
        named = [ascii(str(name)).strip("'\"")[:40] for name in chosen] + ["target_month"]
        assert any(name in text for name in named), (chosen, text)
        return False
    result = Result(case)
    content = as_dict(result)
    json.loads(to_json(content))
    for summary in itertools.chain(
        content["metrics"].values(), *(each.values() for each in content["portfolios"].values())
    ):
        never = "9999-99" if summary["unit"] == "calendar_month" else np.inf
        ranks = [never if summary.get(rank) is None else summary[rank] for rank in ("p5", "p50", "p95")]
        assert ranks == sorted(ranks)
        assert summary["unit"] != "share" or summary.get("value") is None or 0 <= summary["value"] <= 1
    _invariants(result)
    return True


def _invariants(result: Result) -> None:
    """Cash adds up and nobody is worth less than nothing, for every draw, month and portfolio; the parts make the whole."""
    model = result.model
    for portfolio in PORTFOLIOS.values():
        path = model.trajectory(portfolio)
        before = np.column_stack([model.inputs["opening_cash_usd_m"], path.cash[:, :-1]])
        moved = before - path.net_burn + path.funding
        scale = np.maximum(1, np.abs([before, path.net_burn, path.funding, path.cash]).max(axis=0))
        assert (np.abs(moved - path.cash) <= 1e-9 * scale).all()
        assert (path.value >= 0).all() and ((path.ownership >= 0) & (path.ownership <= 1)).all()
        assert (path.revenue >= 0).all()
    assert np.allclose(sum(model.categories.values()), model.spending_start, rtol=1e-9)
    assert all((values >= 0).all() for values in model.base.values())


@pytest.mark.parametrize("scenario", ["as_reported", "hindsight_2026"])
class TestAnyParameters:
    @given(values=overrides())
    @example(values={"horizon_months": 1, "target_month": "2026-07"})
    @example(values={"revenue_share_subscriptions": 1, "revenue_share_advertising": 1})
    @example(values={"monthly_burn_usd_m": 0})
    @example(values={"growth_endurance": "0.2,0.5,0.9", "seed": 2**63 - 1})
    @few
    def test_are_refused_or_keep_the_invariants(self, scenario, values):
        checked(scenario, values)

    @given(values=within_bounds())
    @few
    def test_inside_their_bounds_keep_the_invariants(self, scenario, values):
        checked(scenario, values)


def test_the_check_itself_sees_both_kinds():
    assert checked("as_reported", {"monthly_burn_usd_m": 500})
    assert not checked("as_reported", {"monthly_burn_usd_m": "much"})
