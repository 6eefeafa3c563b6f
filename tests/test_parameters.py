"""A scenario with overrides becomes one checked case; anything that is not meant is an error with its name."""

import pytest

from analysis import inputs
from analysis.errors import InputError
from analysis.parameters import SHARES, Settings, resolve

BURN = "monthly_burn_usd_m"
ALL_SHARES = dict(zip(SHARES, (0.7, 0.1, 0.05, 0.05, 0.1), strict=True))

# id: overrides, what the message says: the parameter, what was given, the nearest name where there is one
BAD = {
    # names
    "name misspelt": ({"monthly_burn_us_m": 1000}, ["'monthly_burn_us_m'", "Nearest: monthly_burn_usd_m"]),
    "name without its unit": ({"monthly_burn": 1000}, ["'monthly_burn'", "monthly_burn_usd_m"]),
    "name in capitals": ({"HEADCOUNT": 1000}, ["'HEADCOUNT'", "Allowed: burn_basis"]),
    "setting misspelt": ({"horizon_month": 60}, ["'horizon_month'", "Nearest: horizon_months"]),
    "setting in the singular": ({"draw": 8192}, ["'draw'", "draws"]),
    "name with a space": ({"seed ": 1}, ["'seed '", "seed"]),
    "name with a hyphen": ({"share-compute": 0.5}, ["'share-compute'", "share_compute"]),
    "code in a name": ({"x=1\nimport os; os.abort()": 3}, [r"'x=1\nimport os; os.abort()'"]),
    "empty name": ({"": 3}, ["unknown parameter ''"]),
    "name that is a number": ({7: 3}, ["unknown parameter 7"]),
    "name that is a scenario": ({"critics": 1}, ["unknown parameter 'critics'"]),
    "name that is nowhere": ({"zzz": 1}, ["'zzz'", "Allowed:"]),
    # numbers
    "comma for thousands": ({BURN: "1,000"}, [BURN, "'1,000'", "low,central,high"]),
    "comma for decimals": ({"pue": "1,2"}, ["pue", "'1,2'"]),
    "with a unit": ({BURN: "1000 usd"}, [BURN, "'1000 usd'"]),
    "with a currency sign": ({BURN: "$1000"}, [BURN, "'$1000'"]),
    "with a multiplier": ({BURN: "1bn"}, [BURN, "'1bn'"]),
    "per cent": ({"share_compute": "76%"}, ["share_compute", "'76%'"]),
    "space for thousands": ({BURN: "1 000"}, [BURN, "'1 000'"]),
    "apostrophe for thousands": ({BURN: "1'000"}, [BURN, "1'000"]),
    "underscore": ({BURN: "1_000"}, [BURN, "'1_000'"]),
    "full-width digits": ({BURN: "１０００"}, [BURN, r"\uff11\uff10"]),
    "arabic digits": ({BURN: "١٠٠٠"}, [BURN, r"\u0661"]),
    "minus sign of typesetting": ({"growth_compute_per_year": "−0.1"}, ["growth_compute_per_year", r"\u2212"]),
    "nan": ({BURN: float("nan")}, [BURN, "finite", "nan"]),
    "nan as text": ({BURN: "NaN"}, [BURN, "finite", "'NaN'"]),
    "inf": ({BURN: float("inf")}, [BURN, "finite", "inf"]),
    "inf as text": ({BURN: "-Infinity"}, [BURN, "finite", "'-Infinity'"]),
    "1e999": ({BURN: "1e999"}, [BURN, "finite", "'1e999'"]),
    "whole number of 400 digits": ({BURN: 10**400}, [BURN, "given 1000"]),
    "hexadecimal": ({BURN: "0x3e8"}, [BURN, "'0x3e8'"]),
    "fraction": ({"share_compute": "3/4"}, ["share_compute", "'3/4'"]),
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
    "range that touches one": ({"share_compute": [0.5, 0.8, 1]}, ["share_compute", "share domain", "0.5, 0.8, 1"]),
    "below its bound": ({BURN: -1}, [BURN, "0 to 100000", "given -1"]),
    "above its bound": ({BURN: 100001}, [BURN, "0 to 100000", "given 100001"]),
    "share above one": ({"share_compute": 1.01}, ["share_compute", "0 to 1", "given 1.01"]),
    "share in per cent": ({"share_compute": 76}, ["share_compute", "0 to 1", "given 76"]),
    "growth below its bound": ({"growth_subscriptions_per_month": -1}, ["_per_month", "-0.5 to 1", "given -1"]),
    "endurance of zero": ({"growth_endurance": 0}, ["growth_endurance", "0.001 to 1", "given 0"]),
    "serving cost of one": ({"serving_cost_ratio": 1}, ["serving_cost_ratio", "0 to 0.99", "given 1"]),
    "interval of zero": ({"round_interval_months": 0}, ["round_interval_months", "1 to 240", "given 0"]),
    "luck outside its bound": ({"investor_patience": 1}, ["investor_patience", "given 1"]),
    # shares together
    "two shares above one": ({"share_compute": 0.8, "share_talent": 0.3}, ["share_compute 0.8, share_talent 0.3, 1.1 in sum"]),
    "five shares below one": ({**ALL_SHARES, "share_other": 0.05}, ["share_other 0.05", "0.95 in sum"]),
    "five shares above one": ({**ALL_SHARES, "share_other": 0.2}, ["share_other 0.2", "1.1 in sum"]),
    "all shares zero": (dict.fromkeys(SHARES, 0), ["share_compute 0", "0 in sum"]),
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


class TestBadInput:
    @pytest.mark.parametrize(("overrides", "said"), BAD.values(), ids=BAD)
    def test_names_the_parameter_and_what_was_given(self, tables, overrides, said):
        with pytest.raises(InputError) as caught:
            resolve(tables, "as_reported", overrides)
        message = str(caught.value)
        for part in said:
            assert part in message
        assert "\n" not in message
        assert len(message) < 500

    def test_unknown_scenario(self, tables):
        with pytest.raises(InputError, match=r"unknown scenario 'as-reported'\. Nearest: as_reported"):
            resolve(tables, "as-reported")

    def test_settings_check_themselves(self):
        with pytest.raises(InputError, match="horizon_months"):
            Settings(horizon_months=True)
        with pytest.raises(InputError, match="start_month"):
            Settings(start_month=None)

    def test_an_assumption_that_a_case_lacks(self, base_case):
        with pytest.raises(InputError, match=r"'monthly_burn'.*monthly_burn_usd_m"):
            base_case["monthly_burn"]


class TestGoodInput:
    @pytest.mark.parametrize("given", [1200, 1200.0, "1200", " 1200 ", "1.2e3", "+1200", "1200."])
    def test_one_number_is_certain(self, tables, given):
        estimate = resolve(tables, "as_reported", {BURN: given})[BURN]
        assert (estimate.low, estimate.central, estimate.high) == (1200.0, 1200.0, 1200.0)
        assert estimate.certain

    @pytest.mark.parametrize("given", [[900, 1200, 1500], (900.0, 1200.0, 1500.0), "900,1200,1500", " 900, 1200, 1500 "])
    def test_three_numbers_are_percentiles(self, tables, given):
        estimate = resolve(tables, "as_reported", {BURN: given})[BURN]
        assert (estimate.low, estimate.central, estimate.high) == (900.0, 1200.0, 1500.0)

    def test_none_takes_what_the_scenario_has(self, tables, base_case):
        assert resolve(tables, "as_reported", {BURN: None, "seed": None, "burn_basis": None}) == base_case

    @pytest.mark.parametrize("given", [2**63 - 1, str(2**63 - 1), 0, "0", "60.0"])
    def test_a_seed_is_taken_to_the_last_digit(self, tables, given):
        assert resolve(tables, "as_reported", {"seed": given}).settings.seed == int(str(given).removesuffix(".0"))

    def test_months(self):
        settings = Settings(start_month="2025-11", target_month="2027-01")
        assert settings.target_months == 14
        assert [settings.month(index) for index in (0, 1, 2, 14)] == ["2025-11", "2025-12", "2026-01", "2027-01"]

    def test_every_scenario_resolves(self, tables):
        for name in tables.scenarios:
            assert [estimate.name for estimate in resolve(tables, name).estimates] == list(tables.assumptions.index)


class TestPrecedence:
    def test_assumptions_then_scenario_then_override(self, tables):
        name = "round_size_usd_m"
        row, world = tables.assumptions.loc[name], tables.scenario("critics").overrides[name].estimate
        assert (row.low, row.central, row.high) != world
        for scenario, overrides, values, origin in (
            ("as_reported", {}, (row.low, row.central, row.high), "assumptions"),
            ("critics", {}, world, "scenario"),
            ("critics", {name: 4321}, (4321, 4321, 4321), "override"),
            ("as_reported", {name: "1,2,3"}, (1, 2, 3), "override"),
        ):
            estimate = resolve(tables, scenario, overrides)[name]
            assert (estimate.low, estimate.central, estimate.high) == values
            assert estimate.origin == origin

    def test_a_blank_range_in_the_table_is_certain(self, base_case):
        assert base_case["committed_funding_month"].certain

    def test_an_override_changes_nothing_else(self, tables, base_case):
        case = resolve(tables, "as_reported", {BURN: 1200, "horizon_months": 24})
        different = [a.name for a, b in zip(case.estimates, base_case.estimates, strict=True) if a != b]
        assert different == [BURN]
        assert case.changed == {BURN: "1200", "horizon_months": "24"}


class TestKeptShares:
    def test_none_without_overrides(self, base_case):
        assert base_case.kept_shares == ()

    def test_those_that_a_user_sets(self, tables):
        assert resolve(tables, "as_reported", {"share_data": 0.1, "share_compute": 0.5}).kept_shares == (
            "share_compute",
            "share_data",
        )

    def test_all_five_that_sum_to_one(self, tables):
        assert resolve(tables, "as_reported", ALL_SHARES).kept_shares == SHARES

    def test_those_of_the_scenario_unless_a_user_sets_some(self, tables, copy_of_data):
        world = copy_of_data / "scenarios" / "critics.yaml"
        text = world.read_text(encoding="utf-8")
        entry = "overrides:\n  share_talent:\n    {estimate: 0.2, basis: judgement, claims: [], evidence: [], why: A reason.}\n"
        world.write_text(text.replace("overrides:\n", entry), encoding="utf-8")
        changed = inputs.load(copy_of_data)
        assert resolve(changed, "critics").kept_shares == ("share_talent",)
        assert resolve(changed, "critics", {"share_compute": 0.5}).kept_shares == ("share_compute",)

    def test_one_share_of_one_leaves_nothing_to_the_others(self, tables):
        assert resolve(tables, "as_reported", {"share_compute": 1}).kept_shares == ("share_compute",)

    def test_others_that_are_all_zero_cannot_fill_the_rest(self, tables, copy_of_data):
        world = copy_of_data / "scenarios" / "critics.yaml"
        zero = "{estimate: 0, basis: judgement, claims: [], evidence: [], why: A reason.}"
        entries = "".join(f"  {name}: {zero}\n" for name in SHARES if name != "share_compute")
        world.write_text(world.read_text(encoding="utf-8").replace("overrides:\n", f"overrides:\n{entries}"), encoding="utf-8")
        with pytest.raises(InputError, match=r"cannot fill the rest; given share_compute 0\.5"):
            resolve(inputs.load(copy_of_data), "critics", {"share_compute": 0.5})
