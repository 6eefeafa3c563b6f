"""Whatever is given as parameters: either a refusal that names the culprit, or a result that keeps the model's invariants."""

import itertools
import json

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis import inputs, results
from analysis.errors import InputError
from analysis.model.costs import CATEGORIES
from analysis.model.options import PORTFOLIOS
from analysis.parameters import SETTINGS, SHARES, resolve

NUMBERS = st.one_of(st.floats(), st.integers(-(10**30), 10**30), st.floats(0, 1), st.floats(0, 1e5), st.integers(0, 60))
TEXTS = st.one_of(
    NUMBERS.map(str),
    st.lists(NUMBERS.map(str), min_size=2, max_size=4).map(",".join),
    st.lists(st.floats(0, 1e4), min_size=3, max_size=3, unique=True).map(lambda three: ",".join(map(str, sorted(three)))),
    st.dates().map(lambda day: day.isoformat()[:7]),
    st.text(max_size=20),
    st.sampled_from(
        ["gross", "net", "nan", "inf", "-0", "1e400", "1_000", "０.５", "0x10", "__import__('os')", "=1+1", "{}", "%s"]
    ),
)
VALUES = st.one_of(NUMBERS, TEXTS, st.lists(NUMBERS, max_size=4), st.booleans(), st.none(), st.dictionaries(st.text(), st.none()))
NAMES = st.one_of(st.sampled_from([*inputs.load().assumptions.index, *SETTINGS]), st.text(max_size=30))


def overrides() -> st.SearchStrategy[dict]:
    return st.dictionaries(NAMES, VALUES, max_size=4)


def within_bounds() -> st.SearchStrategy[dict]:
    """Numbers inside the hard bounds of a few assumptions, so that most cases run."""
    rows = list(inputs.load().assumptions.itertuples())
    one = st.sampled_from(rows).flatmap(
        lambda row: st.tuples(st.just(row.name), st.floats(row.minimum, min(row.maximum, 1e7), allow_subnormal=False))
    )
    return st.lists(one, max_size=8).map(dict)


def checked(scenario: str, given_values: dict) -> bool:
    """Resolve and run a case with few draws; return whether it was accepted. Anything but InputError is a failure."""
    try:
        case = resolve(inputs.load(), scenario, {"draws": 16, "horizon_months": 18} | given_values)
        if case.settings.draws > 256:
            return True
    except InputError as problem:
        text = str(problem)
        assert "\n" not in text and text.isprintable()
        culprits = [str(name) for name in given_values] + ["shares of spend"]
        # a start beyond the target is told under the target's name
        assert any(ascii(name).strip("'\"")[:40] in text for name in culprits) or "target_month" in text, (given_values, text)
        return False
    run = results.Run(case)
    content = results.as_dict(run)
    json.loads(results.to_json(content))
    for summary in itertools.chain(content["metrics"].values(), *(each.values() for each in content["portfolios"].values())):
        ranks = [np.inf if summary.get(rank) is None else summary[rank] for rank in ("p5", "p50", "p95")]
        assert ranks == sorted(ranks)
        assert summary["unit"] != "share" or summary.get("value") is None or 0 <= summary["value"] <= 1
    _corkscrew(run)
    return True


def _corkscrew(run: results.Run) -> None:
    """Invariants 1 and 2 of the model README for every draw, month and portfolio."""
    world = run.world
    for portfolio in PORTFOLIOS.values():
        path = world.path(portfolio)
        before = np.column_stack([world.x["opening_cash_usd_m"], path.cash[:, :-1]])
        moved = before - path.net_burn + path.funding
        scale = np.maximum(1, np.abs([before, path.net_burn, path.cash]).max(axis=0))
        assert (np.abs(moved - path.cash) <= 1e-9 * np.maximum.accumulate(scale, axis=1)).all()
    spend = sum(world.base[name] for name in CATEGORIES)
    assert np.allclose(spend[:, 0], world.burn, rtol=1e-9)
    assert all((world.base[name] >= 0).all() for name in CATEGORIES)


@pytest.mark.parametrize("scenario", ["as_reported", "hindsight_2026"])
class TestAnyParameters:
    @given(values=overrides())
    @example(values={"horizon_months": 1, "target_month": "2025-07"})
    @example(values={name: 0.2 for name in SHARES})
    @example(values={"monthly_burn_usd_m": 0})
    @example(values={"growth_endurance": "0.2,0.5,0.9", "seed": 2**63 - 1})
    def test_are_refused_or_keep_the_invariants(self, scenario, values):
        checked(scenario, values)

    @given(values=within_bounds())
    def test_inside_their_bounds_keep_the_invariants(self, scenario, values):
        checked(scenario, values)


def test_the_check_itself_sees_both_kinds():
    assert checked("as_reported", {"monthly_burn_usd_m": 500})
    assert not checked("as_reported", {"monthly_burn_usd_m": "much"})
