"""What a reader sees for a number: known answers, and properties over every size."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inputs.estimates import Estimate
from analysis.show import numbers

KNOWN = [
    ("money", 870.4, "$870m"),
    ("money", 1250, "$1.3bn"),  # a half goes up, also where the binary number lies below it
    ("money", 105, "$110m"),
    ("money", 999.6, "$1bn"),
    ("money", 230_000, "$230bn"),
    ("money", 0.65, "$650,000"),
    ("money", 0, "$0"),
    ("money", -45, "−$45m"),
    ("money", None, "–"),
    ("money", 1e12, "more than $1,000tn"),
    ("money_a_month", 870, "$870m a month"),
    ("dollars", 2.5, "$2.50"),
    ("dollars", 30_000, "$30,000"),
    ("percent", 0.13, "13%"),
    ("percent", 0.145, "15%"),
    ("percent", 0.0001, "less than 0.1%"),
    ("percent", 0.9996, "more than 99%"),
    ("percent", 1, "100%"),
    ("percent", -0.13, "−13%"),
    ("growth", 0.0469, "4.7% a month"),
    ("months", 9.39, "9.4 months"),
    ("months", 1.04, "1 month"),
    ("months", None, "never"),
    ("months", math.inf, "never"),
    ("chance", 0.82, "82 in 100"),
    ("chance", 0, "fewer than 1 in 100"),
    ("chance", 1, "more than 99 in 100"),
    ("multiple", 3.2, "3.2 times"),
    ("count", 200_000, "200,000"),
    ("count", 123_457, "123,457"),
    ("year", 2027.0, "2027"),
    ("month", "2026-03", "March 2026"),
    ("month", "2025-06-20", "June 2025"),
    ("month", None, "never"),
    ("month_short", "2026-03", "Mar 2026"),
    ("plain", -3.456, "−3.5"),
    ("plain", math.nan, "–"),
]


@pytest.mark.parametrize(("formatter", "value", "text"), KNOWN)
def test_known_answers(formatter, value, text):
    assert numbers.FORMATTERS[formatter](value) == text


@pytest.mark.parametrize("formatter", sorted(numbers.NUMERIC))
@given(value=st.floats())
def test_every_number_has_a_short_text_without_exponents_or_raw_words(formatter, value):
    text = numbers.FORMATTERS[formatter](value)
    assert text and len(text) < 45
    assert not any(word in text for word in ("nan", "inf", "None", "E+", "-", ".0 "))


@given(st.floats(min_value=1e-6, max_value=1e8), st.integers(1, 4))
def test_rounding_moves_by_half_a_last_place_at_most_and_twice_is_once(value, digits):
    rounded = numbers.significant(value, digits)
    place = numbers.last_place(value, digits)
    assert abs(float(rounded) - value) <= 0.5 * 10.0**place * (1 + 1e-9)
    assert numbers.significant(float(rounded), digits) == rounded


@given(st.floats(min_value=1, max_value=1e8), st.floats(min_value=1, max_value=1e8))
def test_money_keeps_the_order_of_two_amounts(first, second):
    low, high = sorted((first, second))
    assert numbers.significant(low) <= numbers.significant(high)


@pytest.mark.parametrize(
    ("low", "high", "formatter", "text"),
    [
        (5.3, 15, "months", "5.3 to 15 months"),
        (1, 15, "months", "1 to 15 months"),
        (0.04, 0.19, "growth", "4% to 19% a month"),
        ("2026-03", "2026-06", "month", "March to June 2026"),
        ("2026-03", "2027-06", "month", "March 2026 to June 2027"),
        (650, 1200, "money", "$650m to $1.2bn"),
        (650, 650, "money", "$650m"),
        (5, None, "months", "5 months to never"),
    ],
)
def test_ranges_say_common_words_once(low, high, formatter, text):
    assert numbers.interval(low, high, formatter) == text


@pytest.mark.parametrize(
    ("parts", "total", "texts"),
    [
        ([619.542, 380.458], 1000, ["$620m", "$380m", "$1bn"]),
        ([625, 148.6, 226.4], 1000, ["$625m", "$149m", "$226m", "$1bn"]),  # at tens they would come to 1,010
        ([1152.8, -152.8], 1000, ["$1.15bn", "−$150m", "$1bn"]),
        ([0, 0], 0, ["$0", "$0", "$0"]),
    ],
)
def test_parts_are_shown_to_a_place_at_which_they_come_to_their_total(parts, total, texts):
    place = numbers.adding_up([total, *parts])
    values = [*parts, total]
    assert [numbers.money(value, numbers.digits_to(value, place)) for value in values] == texts


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1000, "usd_m_per_month", "$1bn a month"),
        (1083, "usd_m_per_month", "$1.083bn a month"),
        (13, "usd_bn", "$13bn"),
        (10.5, "percent", "10.5%"),
        (0.12, "share", "12%"),
        (0.1, "per_year", "10% a year"),
        (2027, "year", "2027"),
        (1.1, "cny_bn", "CNY 1.1bn"),
        (2.5, "usd_per_gpu_hour", "$2.50 per GPU hour"),
        (5.2, "us_cents_per_kwh", "5.2 US cents per kWh"),
        (50.0, "count", "50"),
        (64, "million_users", "64 million users"),
        (math.nan, "usd_m", "–"),
    ],
)
def test_what_was_entered_or_published_is_not_rounded(value, unit, text):
    assert numbers.as_entered(value, unit) == text


@pytest.mark.parametrize(
    ("low", "central", "high", "unit", "text"),
    [
        (700, 1000, 1500, "usd_m_per_month", "$1bn a month ($700m to $1.5bn)"),
        (0.1, 1, 5, "months", "1 month (0.1 to 5)"),
        (5, 9, 15, "month", "month 9 (5 to 15)"),
        (0.06, 0.12, 0.25, "per_year", "12% a year (6% to 25%)"),
        (60, 60, 60, "months", "60 months"),
    ],
)
def test_an_input_is_written_with_its_range(low, central, high, unit, text):
    assert numbers.estimate(Estimate("x", low, central, high, unit, "positive", 0, 1e6)) == text
