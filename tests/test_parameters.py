"""A scenario with overrides becomes one checked case; anything that is not meant is an error with its name."""

import numpy as np
import pytest

from analysis.inputs.errors import InputError
from analysis.inputs.parameters import BASE, Settings, change, resolve

BURN = "monthly_burn_usd_m"

# id: overrides, what the message says: the parameter, what was given, the nearest name where there is one
BAD = {
    # names
    "name misspelt": ({"monthly_burn_us_m": 1000}, ["'monthly_burn_us_m'", "Nearest: monthly_burn_usd_m"]),
    "name without its unit": ({"monthly_burn": 1000}, ["'monthly_burn'", "monthly_burn_usd_m"]),
    "name in capitals": ({"OPENING_CASH_USD_M": 1}, ["'OPENING_CASH_USD_M'", "Allowed: burn_basis"]),
    "setting misspelt": ({"horizon_month": 60}, ["'horizon_month'", "Nearest: horizon_months"]),
    "setting in the singular": ({"draw": 8192}, ["'draw'", "draws"]),
    "name with a space": ({"seed ": 1}, ["'seed '", "seed"]),
    "name with a hyphen": ({"growth-endurance": 0.5}, ["'growth-endurance'", "growth_endurance"]),
    "code in a name": ({"x=1\nimport os; os.abort()": 3}, [r"'x=1\nimport os; os.abort()'"]),
    "empty name": ({"": 3}, ["unknown parameter ''"]),
    "name that is a number": ({7: 3}, ["unknown parameter 7"]),
    "name that is a scenario": ({"critics": 1}, ["unknown parameter 'critics'"]),
    "name that is nowhere": ({"zzz": 1}, ["'zzz'", "Allowed:"]),
    # numbers
    "comma for thousands": ({BURN: "1,000"}, [BURN, "'1,000'", "low,central,high"]),
    "comma for decimals": ({"growth_per_month": "1,2"}, ["growth_per_month", "'1,2'"]),
    "with a unit": ({BURN: "1000 usd"}, [BURN, "'1000 usd'"]),
    "with a currency sign": ({BURN: "$1000"}, [BURN, "'$1000'"]),
    "with a multiplier": ({BURN: "1bn"}, [BURN, "'1bn'"]),
    "per cent": ({"growth_endurance": "76%"}, ["growth_endurance", "'76%'"]),
    "space for thousands": ({BURN: "1 000"}, [BURN, "'1 000'"]),
    "apostrophe for thousands": ({BURN: "1'000"}, [BURN, "1'000"]),
    "underscore": ({BURN: "1_000"}, [BURN, "'1_000'"]),
    "full-width digits": ({BURN: "１０００"}, [BURN, r"\uff11\uff10"]),
    "arabic digits": ({BURN: "١٠٠٠"}, [BURN, r"\u0661"]),
    "minus sign of typesetting": ({"growth_per_month": "−0.1"}, ["growth_per_month", r"\u2212"]),
    "nan": ({BURN: float("nan")}, [BURN, "finite", "nan"]),
    "nan as text": ({BURN: "NaN"}, [BURN, "finite", "'NaN'"]),
    "inf": ({BURN: float("inf")}, [BURN, "finite", "inf"]),
    "inf as text": ({BURN: "-Infinity"}, [BURN, "finite", "'-Infinity'"]),
    "1e999": ({BURN: "1e999"}, [BURN, "finite", "'1e999'"]),
    "whole number of 400 digits": ({BURN: 10**400}, [BURN, "given 1000"]),
    "hexadecimal": ({BURN: "0x3e8"}, [BURN, "'0x3e8'"]),
    "fraction": ({"growth_endurance": "3/4"}, ["growth_endurance", "'3/4'"]),
    "sum": ({BURN: "500+500"}, [BURN, "'500+500'"]),
    "empty text": ({BURN: ""}, [BURN, "given ''"]),
    "blank text": ({BURN: "  "}, [BURN, "given '  '"]),
    "word": ({BURN: "many"}, [BURN, "'many'"]),
    "the word None": ({BURN: "None"}, [BURN, "'None'"]),
    "true": ({BURN: True}, [BURN, "given True"]),
    "true as text": ({BURN: "true"}, [BURN, "'true'"]),
    "bytes": ({BURN: b"1000"}, [BURN, "b'1000'"]),
    "complex": ({BURN: 1000 + 0j}, [BURN, "(1000+0j)"]),
    "mapping": ({BURN: {"central": 1000}}, [BURN, "{'central': 1000}"]),
    "set": ({BURN: {1000}}, [BURN, "{1000}"]),
    "code as a value": ({BURN: "__import__('os')"}, [BURN, "__import__"]),
    # ranges
    "range of one": ({BURN: [1000]}, [BURN, "'1000'"]),
    "range of two": ({BURN: [700, 1500]}, [BURN, "'700,1500'"]),
    "range of two as text": ({BURN: "700,1500"}, [BURN, "'700,1500'"]),
    "range of four": ({BURN: (700, 900, 1000, 1500)}, [BURN, "'700,900,1000,1500'"]),
    "range of none": ({BURN: []}, [BURN, "given ''"]),
    "range with a blank": ({BURN: "700,,1500"}, [BURN, "given ''"]),
    "range with semicolons": ({BURN: "700;1000;1500"}, [BURN, "'700;1000;1500'"]),
    "range in brackets as text": ({BURN: "[700, 1000, 1500]"}, [BURN, "'[700'"]),
    "range with a nan": ({BURN: [700, float("nan"), 1500]}, [BURN, "finite", "nan"]),
    "range with a true": ({BURN: [0.5, True, 1500]}, [BURN, "True"]),
    "range with a range": ({BURN: [[700], 1000, 1500]}, [BURN, "[700]"]),
    "range in the wrong order": ({BURN: [1500, 1000, 700]}, [BURN, "low < central < high", "1500, 1000, 700"]),
    "range with its centre outside": ({BURN: "700,600,1500"}, [BURN, "low < central < high", "700, 600, 1500"]),
    "range with an equal end": ({BURN: [700, 700, 1500]}, [BURN, "low < central < high", "700, 700, 1500"]),
    "range with equal ends": ({BURN: [700, 700, 700]}, [BURN, "one number if it is certain", "'700,700,700'"]),
    # domains and bounds
    "range that touches zero": ({BURN: [0, 1000, 1500]}, [BURN, "positive domain", "0, 1000, 1500"]),
    "range that touches one": ({"growth_endurance": [0.5, 0.8, 1]}, ["growth_endurance", "share domain", "0.5, 0.8, 1"]),
    "below its bound": ({BURN: -1}, [BURN, "0 to 100000", "given -1"]),
    "above its bound": ({BURN: 100001}, [BURN, "0 to 100000", "given 100001"]),
    "share above one": ({"growth_endurance": 1.01}, ["growth_endurance", "0.001 to 1", "given 1.01"]),
    "share in per cent": ({"growth_endurance": 76}, ["growth_endurance", "0.001 to 1", "given 76"]),
    "growth below its bound": ({"growth_per_month": -1}, ["_per_month", "-0.5 to 1", "given -1"]),
    "endurance of zero": ({"growth_endurance": 0}, ["growth_endurance", "0.001 to 1", "given 0"]),
    "luck outside its bound": ({"investor_patience": 1}, ["investor_patience", "given 1"]),
    # settings
    "burn basis misspelt": ({"burn_basis": "grosss"}, ["burn_basis", "'grosss'", "Nearest: gross"]),
    "burn basis in capitals": ({"burn_basis": "NET"}, ["burn_basis", "'NET'", "gross, net"]),
    "burn basis a number": ({"burn_basis": 1}, ["burn_basis", "given 1"]),
    "burn basis empty": ({"burn_basis": ""}, ["unknown burn_basis ''", "gross, net"]),
    "month 13": ({"start_month": "2025-13"}, ["start_month", "YYYY-MM", "'2025-13'"]),
    "month 0": ({"start_month": "2025-00"}, ["start_month", "'2025-00'"]),
    "month with a short year": ({"start_month": "25-06"}, ["start_month", "'25-06'"]),
    "month without its zero": ({"start_month": "2025-6"}, ["start_month", "'2025-6'"]),
    "month by name": ({"start_month": "June"}, ["start_month", "'June'"]),
    "month with a day": ({"start_month": "2025-06-01"}, ["start_month", "'2025-06-01'"]),
    "month with a slash": ({"start_month": "2025/06"}, ["start_month", "'2025/06'"]),
    "month before its year": ({"start_month": "06-2025"}, ["start_month", "'06-2025'"]),
    "month in full-width digits": ({"start_month": "２０２５-06"}, ["start_month", r"\uff12"]),
    "month a number": ({"start_month": 202506}, ["start_month", "given 202506"]),
    "month a list": ({"start_month": ["2025-06"]}, ["start_month", "['2025-06']"]),
    "month empty": ({"start_month": ""}, ["start_month", "given ''"]),
    "month in antiquity": ({"start_month": "1825-06"}, ["start_month", "2000-01", "'1825-06'"]),
    "target month wrong": ({"target_month": "2027-13"}, ["target_month", "'2027-13'"]),
    "target before start": ({"target_month": "2024-12"}, ["target_month", "after start_month 2025-06", "2024-12"]),
    "target at start": ({"target_month": "2025-06"}, ["target_month", "1 to 240", "2025-06"]),
    "target too far": ({"target_month": "2045-07"}, ["target_month", "1 to 240", "2045-07"]),
    "start after target": ({"start_month": "2028-01"}, ["target_month", "2028-01", "2027-12"]),
    "horizon 0": ({"horizon_months": 0}, ["horizon_months", "1 to 240", "given 0"]),
    "horizon -1": ({"horizon_months": -1}, ["horizon_months", "1 to 240", "given -1"]),
    "horizon 1.5": ({"horizon_months": 1.5}, ["horizon_months", "whole number", "given 1.5"]),
    "horizon 241": ({"horizon_months": 241}, ["horizon_months", "1 to 240", "given 241"]),
    "horizon a range": ({"horizon_months": "12,24,36"}, ["horizon_months", "'12,24,36'"]),
    "horizon in words": ({"horizon_months": "five years"}, ["horizon_months", "'five years'"]),
    "horizon nan": ({"horizon_months": float("nan")}, ["horizon_months", "nan"]),
    "horizon true": ({"horizon_months": True}, ["horizon_months", "given True"]),
    "horizon empty": ({"horizon_months": ""}, ["horizon_months", "given ''"]),
    "draws 1000": ({"draws": 1000}, ["draws", "given 1000", "Nearest: 512, 1024"]),
    "draws 24": ({"draws": 24}, ["draws", "given 24", "Nearest: 16, 32"]),
    "draws 8": ({"draws": 8}, ["draws", "given 8", "Nearest: 16, 32"]),
    "draws 0": ({"draws": 0}, ["draws", "given 0"]),
    "draws negative": ({"draws": -8192}, ["draws", "given -8192"]),
    "draws too many": ({"draws": 2**21}, ["draws", "given 2097152"]),
    "draws 8192.5": ({"draws": 8192.5}, ["draws", "whole number", "8192.5"]),
    "draws in words": ({"draws": "8k"}, ["draws", "'8k'"]),
    "seed negative": ({"seed": -1}, ["seed", "given -1"]),
    "seed 1.5": ({"seed": "1.5"}, ["seed", "whole number", "'1.5'"]),
    "seed too long": ({"seed": 2**63}, ["seed", "given 9223372036854775808"]),
    "seed a word": ({"seed": "today"}, ["seed", "'today'"]),
    "seed true": ({"seed": True}, ["seed", "given True"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def case(small_tables):
    return resolve(small_tables, BASE)


def values(estimate):
    return (estimate.low, estimate.central, estimate.high)


class TestBadInput:
    @pytest.mark.parametrize(("overrides", "said"), BAD.values(), ids=BAD)
    def test_names_the_parameter_and_what_was_given(self, small_tables, case, overrides, said):
        for refused in (lambda: resolve(small_tables, BASE, overrides), lambda: change(case, overrides)):
            with pytest.raises(InputError) as caught:
                refused()
            message = str(caught.value)
            for part in said:
                assert part in message
            assert "\n" not in message
            assert len(message) < 500

    def test_unknown_scenario(self, small_tables):
        with pytest.raises(InputError, match=r"unknown scenario 'as-reported'\. Nearest: as_reported"):
            resolve(small_tables, "as-reported")

    def test_settings_check_themselves(self):
        with pytest.raises(InputError, match="horizon_months"):
            Settings(horizon_months=True)
        with pytest.raises(InputError, match="start_month"):
            Settings(start_month=None)

    def test_an_assumption_that_a_case_lacks(self, case):
        with pytest.raises(InputError, match=r"'monthly_burn'.*monthly_burn_usd_m"):
            case["monthly_burn"]

    def test_jupyter_shows_the_line_and_nothing_else(self):
        assert InputError("horizon: no")._render_traceback_() == ["horizon: no"]


class TestGoodInput:
    @pytest.mark.parametrize(
        "given",
        [
            1200,
            1200.0,
            "1200",
            " 1200 ",
            "1.2e3",
            "+1200",
            "1200.",
            "01200",
            np.int64(1200),
            np.float32(1200),
        ],
        ids=repr,
    )
    def test_one_number_is_certain(self, small_tables, given):
        estimate = resolve(small_tables, BASE, {BURN: given})[BURN]
        assert values(estimate) == (1200, 1200, 1200)
        assert estimate.certain

    @pytest.mark.parametrize(
        "given", [[900, 1200, 1500], (900.0, np.float64(1200), 1500.0), "900,1200,1500", " 900, 1200, 1500 "]
    )
    def test_three_numbers_are_percentiles(self, small_tables, given):
        assert values(resolve(small_tables, BASE, {BURN: given})[BURN]) == (900, 1200, 1500)

    def test_none_takes_what_the_scenario_has(self, small_tables, case):
        assert resolve(small_tables, BASE, {BURN: None, "seed": None, "burn_basis": None}) == case

    @pytest.mark.parametrize("given", [2**63 - 1, str(2**63 - 1), 0, "0", "60.0"])
    def test_a_seed_is_taken_to_the_last_digit(self, small_tables, given):
        expected = int(str(given).removesuffix(".0"))
        assert resolve(small_tables, BASE, {"seed": given}).settings.seed == expected

    def test_months(self):
        settings = Settings(start_month="2025-11", target_month="2027-01")
        assert settings.target_months == 14
        assert [settings.month(index) for index in (0, 1, 2, 14)] == [
            "2025-11",
            "2025-12",
            "2026-01",
            "2027-01",
        ]

    def test_every_scenario_resolves(self, tables):
        for name in tables.scenarios:
            assert [each.name for each in resolve(tables, name).estimates] == list(tables.assumptions.index)

    @pytest.mark.parametrize(
        "given", [12345.6789, 0.1, [0.1 + 0.2, 1234.56789012, 2e4], "700,1000,1500", np.float32(0.1)]
    )
    def test_what_was_given_gives_the_same_case_again(self, small_tables, given):
        name = "opening_cash_usd_m"
        estimate = resolve(small_tables, BASE, {name: given}).changed[name]
        assert resolve(small_tables, BASE, {name: estimate}) == resolve(small_tables, BASE, {name: given})


class TestPrecedence:
    @pytest.mark.parametrize(
        ("scenario", "overrides", "expected", "origin"),
        [
            (BASE, {}, (700, 1000, 1500), "assumptions"),
            ("critics", {}, (800, 900, 1000), "scenario"),
            ("hindsight", {}, (800, 900, 1000), "scenario"),  # from its base
            ("critics", {BURN: 4321}, (4321, 4321, 4321), "override"),
            (BASE, {BURN: "1,2,3"}, (1, 2, 3), "override"),
        ],
    )
    def test_assumptions_then_scenario_then_override(
        self, small_tables, scenario, overrides, expected, origin
    ):
        estimate = resolve(small_tables, scenario, overrides)[BURN]
        assert (values(estimate), estimate.origin) == (expected, origin)

    def test_settings_default_then_scenario_then_override(self, small_tables):
        settings = resolve(small_tables, "hindsight", {"horizon_months": 12}).settings
        assert (settings.start_month, settings.horizon_months, settings.draws) == ("2025-10", 12, 8192)

    def test_a_blank_range_in_the_table_is_certain(self, case):
        assert case["committed_funding_month"].certain

    def test_an_override_changes_nothing_else(self, small_tables, case):
        changed = resolve(small_tables, BASE, {BURN: 1200, "horizon_months": 24})
        assert [a.name for a, b in zip(changed.estimates, case.estimates, strict=True) if a != b] == [BURN]
        assert changed.changed == {BURN: "1200", "horizon_months": "24"}

    def test_a_change_of_a_case_is_the_case_of_all_overrides(self, small_tables):
        first, second = (
            {BURN: 1200, "seed": 3},
            {"growth_endurance": "0.2,0.3,0.4", "seed": 4, "start_month": "2025-11"},
        )
        assert change(resolve(small_tables, "hindsight", first), second) == resolve(
            small_tables, "hindsight", first | second
        )
