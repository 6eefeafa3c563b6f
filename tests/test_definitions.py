"""Public figures by what they measure, and published cost shares: known answers from the evidence, limits, broken inputs."""

import dataclasses

import pytest

from analysis.findings import cost_public
from analysis.insight import cost_structures, definitions
from analysis.parameters import resolve
from analysis.results import Run


def altered(tables, evidence_id, **values):
    """The tables with some cells of one evidence row changed."""
    evidence = tables.evidence.copy()
    for column, value in values.items():
        evidence.loc[evidence_id, column] = value
    return dataclasses.replace(tables, evidence=evidence)


def small_run(tables, **overrides):
    return Run(resolve(tables, "as_reported", {"draws": 128} | overrides))


@pytest.fixture(scope="module")
def figures(tables):
    return definitions.figures(tables)


class TestMonthsBetween:
    @pytest.mark.parametrize(
        ("start", "end", "months"),
        [
            ("2025-01-01", "2025-09-30", 9),
            ("2025-01-01", "2025-12-31", 12),
            ("2026-01-01", "2026-03-31", 3),
            ("2025-06-01", "2025-06-30", 1),
            ("2025-06-17", "2025-09-17", 3),
            ("2024-02-01", "2024-02-29", 1),
            ("2025-06-17", "2025-06-18", 1),
            ("2024-07-01", "2026-06-30", 24),
            ("2025-06-01", "2025-07-16", 2),  # 46 of 61 days: more than one and a half months, by one day
        ],
    )
    def test_whole_months_with_both_days(self, start, end, months):
        assert definitions.months_between(start, end) == months


class TestFigures:
    def test_per_month_is_the_published_figure_over_its_months(self, figures):
        whole = figures[figures["published_per"] == "period"]
        assert (whole["per_month_usd_m"] * whole["period_months"]).tolist() == pytest.approx(whole["published_usd_m"].tolist())

    @pytest.mark.parametrize(
        ("measure", "perimeter", "start", "per_month"),
        [
            ("cash_spent", "xai", "2025-01", 7800 / 9),
            ("operating_loss", "xai_and_x", "2025-01", 6355 / 12),
            ("capital_expenditure", "xai_and_x", "2025-01", 12727 / 12),
            ("monthly_burn_claim", "xai", "2025-06", 1000),
            ("operating_cash_flow", "xai", "2025-01", 220 / 3),
        ],
    )
    def test_known_rows(self, figures, measure, perimeter, start, per_month):
        assert definitions.one(figures, measure, perimeter, start)["per_month_usd_m"] == pytest.approx(per_month)

    def test_every_row_with_the_role_is_there_once(self, tables, figures):
        roles = tables.evidence["roles"].str.split()
        assert set(figures["id"]) == set(tables.evidence.index[roles.map(lambda words: "definition" in words)])
        assert figures["id"].is_unique

    def test_outflows_and_losses_are_positive(self, figures):
        assert (figures["published_usd_m"] > 0).all()

    def test_a_cash_inflow_would_be_negative(self, tables):
        changed = definitions.figures(altered(tables, "E026", value=220.0))
        assert changed.set_index("id").loc["E026", "published_usd_m"] == -220

    def test_kinds_and_perimeters_stay_in_blocks(self, figures):
        blocks = figures["family"].ne(figures["family"].shift()).sum()
        assert blocks == figures["family"].nunique()

    def test_status_separates_forecast_and_dispute_from_report(self, figures):
        status = figures.set_index("id")["status"]
        assert status[["E001", "E027"]].tolist() == ["disputed"] * 2
        assert status[["E003", "E006"]].tolist() == ["forecast"] * 2
        assert status["E038"] == "reported"

    def test_a_floor_is_said_to_be_one(self, figures):
        assert figures.loc[figures["floor"], "id"].tolist() == ["E006"]

    def test_an_unknown_unit_is_an_error(self, tables):
        with pytest.raises(KeyError, match="eur_m"):
            definitions.figures(altered(tables, "E038", unit="eur_m"))

    def test_a_figure_that_does_not_exist_is_named(self, figures):
        with pytest.raises(KeyError, match="cash_spent for xai from 2031"):
            definitions.one(figures, "cash_spent", "xai", "2031")


class TestPeers:
    def test_billions_become_millions(self, tables):
        peers = definitions.peers(tables).set_index("id")
        assert peers.loc["E269", "published_usd_m"] == 9000
        assert peers.loc["E150", ["published_low_usd_m", "published_high_usd_m"]].tolist() == [8000, 9000]

    def test_laboratories_stay_together(self, tables):
        entities = definitions.peers(tables)["entity"]
        assert entities.ne(entities.shift()).sum() == entities.nunique()


class TestPublishedShares:
    @pytest.mark.parametrize(
        ("key", "category", "low", "high"),
        [
            ("openai_plan_2024", "compute", 7 / 8.5, 7 / 8.5),
            ("openai_plan_2024", "talent", 1.5 / 8.5, 1.5 / 8.5),
            ("openai_2025", "compute", 17.2 / 34, 1),
            ("openai_2025", "compliance", 0, 1.57 / 34),
            ("anthropic_2025", "compute", 6.8 / 9.7, 6.8 / 9.7),
            ("frontier_models", "talent", 0.29, 0.49),
            ("three_labs_2025", "compute", 0.57, 0.70),
            ("zai_2025", "compute", 1.145 / 1.595, 1.145 / 1.595),
            ("deepmind_2023", "talent", 0.826 / 1.4, 0.826 / 1.4),
            ("segment_2025_research", "research", 5000 / 9556, 5100 / 9556),
        ],
    )
    def test_formulas(self, tables, key, category, low, high):
        rows = cost_structures.published(tables)
        row = rows[(rows["key"] == key) & (rows["category"] == category)].iloc[0]
        assert (row["low_share"], row["high_share"]) == pytest.approx((low, high))

    def test_currencies_are_not_mixed_within_a_share(self, tables):
        for ratio in cost_structures.RATIOS:
            units = tables.evidence.loc[[*ratio.part, *ratio.whole], "unit"].str.split("_").str[0]
            assert units.nunique() == 1, ratio.key

    def test_a_part_is_no_larger_than_its_whole(self, tables):
        rows = cost_structures.published(tables)
        assert rows["low_share"].between(0, 1).all()
        assert rows["high_share"].between(0, 1).all()


class TestAgreement:
    def test_model_and_published_shares_are_counted_by_overlap(self, tables):
        frame = cost_structures.beside_model(small_run(tables, share_compute=0.7), tables)
        fits = cost_structures.overlaps(frame, "compute")
        # a certain 70 %: met by the range that ends there and by the floor of 51 %, not by 82, 72, 56 or 47 to 67 %
        assert set(frame.loc[fits[fits].index, "key"]) == {"three_labs_2025", "openai_2025"}

    @pytest.mark.parametrize(("share", "sides"), [(0.01, (0, 7)), (0.99, (6, 0))])
    def test_every_share_on_one_side(self, tables, share, sides):
        frame = cost_structures.beside_model(small_run(tables, share_compute=share), tables)
        assert cost_structures.outside(frame, "compute") == sides  # a floor lies below nothing

    def test_inside_and_outside_are_all(self, tables):
        frame = cost_structures.beside_model(small_run(tables), tables)
        for category in ("compute", "talent", "compliance"):
            fits = cost_structures.overlaps(frame, category)
            assert fits.sum() + sum(cost_structures.outside(frame, category)) == len(fits)


class TestSentences:
    def test_the_reconciliation_follows_the_evidence(self, tables):
        text = cost_public.reconciled(altered(tables, "E038", value=5400.0)).text
        assert "$5.4bn in 9 months" in text
        assert "$600m a month as later reported" in text

    def test_the_trend_of_investment_turns(self, tables):
        assert "rose each time" in cost_public.disclosed(tables).text
        assert "did not rise each time" in cost_public.disclosed(altered(tables, "E053", value=900.0)).text

    @pytest.mark.parametrize(
        ("spent", "said"), [(7800.0, "none of these 4 lies"), (6500.0, "1 of these 4 lies"), (900.0, "4 of these 4 lie ")]
    )
    def test_how_many_peers_lie_above(self, tables, spent, said):
        assert said in cost_public.peers(altered(tables, "E038", value=spent)).text

    def test_both_disputes_are_named(self, tables):
        finding = cost_public.disputed(tables)
        assert {"E001", "E005", "E027"} <= set(finding.refs)
        assert "gives no monthly figure" in finding.text
