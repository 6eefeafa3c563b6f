"""Bad data is an error that names the file, the row or line, the column and what was given. Good data loads."""

import csv
import datetime
import io
import re

import pytest

from analysis import inputs
from analysis.errors import InputError
from analysis.reading import read_yaml
from analysis.scenarios import read_scenarios

CLAIMED = datetime.date(2025, 6, 20)  # the world `as_reported` knows what was public by then


def rows_of(path):
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def write(path, rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def set_cell(folder, table, key, column, value):
    """Change one cell, found by the row's id; return the row's number as an editor shows it."""
    path = folder / f"{table}.csv"
    rows = rows_of(path)
    number = next(index for index, row in enumerate(rows) if row[0] == key)
    rows[number][rows[0].index(column)] = value
    write(path, rows)
    return number + 1


def message_of(folder):
    with pytest.raises(InputError) as caught:
        inputs.load(folder)
    return str(caught.value)


# id: table, row id, column, what is written into the cell, what the message says beside file, row and column
CELLS = {
    "blank unit": ("assumptions", "A01", "unit", "", "must not be blank"),
    "unit of spaces": ("assumptions", "A01", "unit", "  ", "must not be blank"),
    "unknown unit": ("evidence", "E001", "unit", "usd_millions", "'usd_millions'"),
    "blank why": ("assumptions", "A05", "why", "", "must not be blank"),
    "blank central": ("assumptions", "A05", "central", "", "must be a number"),
    "number with a comma": ("assumptions", "A01", "central", "1,000", "'1,000'"),
    "number in full-width digits": ("evidence", "E001", "value", "１０００", "must be a number"),
    "number with an underscore": ("evidence", "E001", "value", "1_000", "'1_000'"),
    "nan": ("assumptions", "A01", "central", "nan", "'nan'"),
    "infinity": ("assumptions", "A01", "high", "inf", "'inf'"),
    "exponent": ("assumptions", "A01", "high", "1e400", "'1e400'"),
    "too many digits": ("assumptions", "A01", "high", "1" + "0" * 400, "must be a number"),
    "line break in a number": ("evidence", "E001", "value", "1000\n", "line breaks"),
    "control character": ("evidence", "E001", "note", "a\x00b", "control characters"),
    "unknown source": ("evidence", "E002", "source", "S999", "unknown source 'S999'"),
    "unknown evidence of an assumption": ("assumptions", "A01", "evidence", "E001 E999", "unknown evidence 'E999'"),
    "unknown claim of an assumption": ("assumptions", "A01", "claims", "C99", "unknown claim 'C99'"),
    "unknown evidence of a claim": ("claims", "C02", "evidence", "E001 E998", "unknown evidence 'E998'"),
    "unknown assumption of a claim": ("claims", "C02", "assumptions", "monthly_burn_usd", "Nearest: monthly_burn_usd_m"),
    "misspelt id": ("claims", "C02", "evidence", "E1;E2", "'E1;E2'"),
    "duplicate id": ("assumptions", "A02", "id", "A01", "must not be a duplicate; given 'A01'"),
    "duplicate name": ("assumptions", "A02", "name", "share_talent", "must not be a duplicate; given 'share_talent'"),
    "duplicate address": ("sources", "S002", "url", "https://www.eweek.com/news/xai-funding-one-billion-monthly", "duplicate"),
    "address that is a script": ("sources", "S002", "url", "javascript:alert(1)", "'javascript:alert(1)'"),
    "two periods in one cell": ("evidence", "E001", "period_start", "2025-06-01 2025-07-01", "'2025-06-01 2025-07-01'"),
    "day and month in the wrong order": ("evidence", "E001", "period_end", "2025-30-06", "'2025-30-06'"),
    "day first": ("evidence", "E001", "published", "17-06-2025", "'17-06-2025'"),
    "day that does not exist": ("evidence", "E001", "period_end", "2025-06-31", "day of the calendar"),
    "month that does not exist": ("evidence", "E001", "published", "2025-13", "day of the calendar"),
    "period backwards": ("evidence", "E001", "period_end", "2025-05-30", "before period_start"),
    "formula": ("evidence", "E001", "note", "=HYPERLINK(A1)", "spreadsheet formula; given '=HYPERLINK(A1)'"),
    "formula with a plus": ("evidence", "E001", "note", "+1+cmd", "spreadsheet formula"),
    "formula with an at": ("evidence", "E001", "entity", "@SUM(A1)", "spreadsheet formula"),
    "formula with a minus": ("claims", "C02", "note", "-1+2", "spreadsheet formula"),
    "formula in a list of words": ("evidence", "E001", "roles", "=input", "spreadsheet formula"),
    "unknown role": ("evidence", "E001", "roles", "input inpt", "'input inpt'"),
    "unknown verdict": ("claims", "C02", "verdict", "true", "supported, contradicted"),
    "unknown domain": ("assumptions", "A01", "domain", "positve", "'positve'"),
    "unknown perimeter": ("evidence", "E001", "perimeter", "xAI", "'xAI'"),
    "low above central": ("assumptions", "A01", "low", "1200", "given 1200, 1000, 1500"),
    "central above high": ("assumptions", "A01", "central", "1600", "given 700, 1600, 1500"),
    "low without high": ("assumptions", "A01", "high", "", "needs both low and high"),
    "high without low": ("assumptions", "A01", "low", "", "needs both low and high"),
    "low outside bounds": ("assumptions", "A01", "low", "-1", "must be 0 to 100000; given -1"),
    "central outside bounds": ("assumptions", "A42", "central", "241", "must be 0 to 240; given 241"),
    "high outside bounds": ("assumptions", "A02", "high", "1.5", "must be 0 to 1; given 1.5"),
    "range that touches its domain": ("assumptions", "A01", "low", "0", "ends excluded"),
    "values of a figure out of order": ("evidence", "E001", "value_low", "2000", "given 2000, 1000"),
    "verdict without evidence": ("claims", "C02", "evidence", "", "verdict 'mixed' needs evidence"),
    "open verdict without evidence or reason": ("claims", "C01", "note", "", "without evidence needs a reason"),
    "sentence that the article lacks": ("claims", "C06", "sentence", "6", "no sentence 6 in paragraph 1"),
    "claim that no longer names its assumption": ("claims", "C02", "assumptions", "", "monthly_burn_usd_m is missing"),
    "assumption that no longer names its claim": ("assumptions", "A01", "claims", "C06 C40 C60", "C02 is missing"),
}  # fmt: skip
REPORTED_IN = {  # an error about two cells names one of them
    "central above high": "low",
    "verdict without evidence": "evidence",
}


class TestCells:
    @pytest.mark.parametrize(("table", "key", "column", "value", "said"), CELLS.values(), ids=CELLS)
    def test_names_file_row_column_and_culprit(self, copy_of_data, request, table, key, column, value, said):
        number = set_cell(copy_of_data, table, key, column, value)
        message = message_of(copy_of_data)
        column = REPORTED_IN.get(request.node.callspec.id, column)
        assert re.search(rf"^{table}\.csv, row {number}, column {column}: .*{re.escape(said)}", message, re.MULTILINE), message

    def test_both_rows_of_a_duplicate_are_named(self, copy_of_data):
        number = set_cell(copy_of_data, "sources", "S002", "id", "S001")
        message = message_of(copy_of_data)
        assert f"row {number - 1}" in message
        assert f"row {number}" in message

    def test_many_errors_are_listed_five_at_a_time(self, copy_of_data):
        rows = rows_of(copy_of_data / "sources.csv")
        write(copy_of_data / "sources.csv", [rows[0]] + [["", *row[1:]] for row in rows[1:]])
        lines = message_of(copy_of_data).splitlines()
        assert len(lines) == 6
        assert lines[-1].endswith("more")


# id: what is done to the text of assumptions.csv, what the message says
FILES = {
    "header in other case": (lambda text: text.replace("unit,", "Unit,", 1), ["row 1, column 8", "'unit' is expected", "'Unit'"]),
    "columns swapped": (lambda text: text.replace("low,central", "central,low", 1), ["row 1, column 5", "'low'", "'central'"]),
    "column missing": (lambda text: text.replace("unit,", "", 1), ["row 1, column 8", "'unit' is expected", "'domain'"]),
    "column added": (lambda text: text.replace(",why", ",why,more", 1), ["row 1, column 16", "nothing is expected", "'more'"]),
    "extra cell": (lambda text: text.replace("\nA02,", "\nA02,,", 1), ["row 3", "15 cells expected, 16 given"]),
    "cell missing": (lambda text: text.replace("\nA02,", "\n", 1), ["row 3", "15 cells expected, 14 given"]),
    "empty file": (lambda text: "", ["row 1", "empty"]),
    "header only": (lambda text: text.splitlines()[0] + "\n", ["row 2", "no rows"]),
    "blank line": (lambda text: text + "\n", ["row 68", "0 given"]),
    "semicolons": (lambda text: text.replace(",", ";"), ["row 1, column 1", "'id;name"]),
    "tabs": (lambda text: text.replace(",", "\t"), ["row 1, column 1", "'id\\tname"]),
    "quote that is not closed": (lambda text: text.replace("\nA02,", '\nA02,"', 1), ["not readable as CSV"]),
    "cut off in a number": (lambda text: text[: text.index("\nA03,") + 40], ["row 4", "15 cells expected"]),
    "cut off in the last cell": (lambda text: text[:-20], ["row 67", "cut off"]),
    "cut off in a quoted cell": (lambda text: text[: text.index("sets the upper")], ["not readable as CSV"]),
    "cut off between rows": (lambda text: text[: text.index("A60,")], ["claims.csv", "x_ads_usd_m_per_month"]),
}  # fmt: skip


class TestFiles:
    @pytest.mark.parametrize(("change", "said"), FILES.values(), ids=FILES)
    def test_a_damaged_table_is_named(self, copy_of_data, change, said):
        path = copy_of_data / "assumptions.csv"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        message = message_of(copy_of_data)
        assert message.startswith(("assumptions.csv", "claims.csv"))
        for part in said:
            assert part in message

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
    def test_not_utf_8(self, copy_of_data, encoding):
        path = copy_of_data / "sources.csv"
        path.write_bytes((path.read_text(encoding="utf-8") + "é").encode(encoding, errors="replace"))
        assert re.search(r"^sources\.csv, line \d+: not UTF-8", message_of(copy_of_data))

    def test_missing_table(self, copy_of_data):
        (copy_of_data / "evidence.csv").unlink()
        assert "evidence.csv: the file is missing" in message_of(copy_of_data)

    def test_folder_in_place_of_a_table(self, copy_of_data):
        (copy_of_data / "sources.csv").unlink()
        (copy_of_data / "sources.csv").mkdir()
        assert "sources.csv: not readable" in message_of(copy_of_data)

    def test_a_byte_order_mark_and_windows_line_ends_are_accepted(self, copy_of_data, tables):
        path = copy_of_data / "assumptions.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
        assert inputs.load(copy_of_data).assumptions.equals(tables.assumptions)

    def test_every_sentence_of_the_article_needs_a_claim(self, copy_of_data):
        claims, assumptions = (rows_of(copy_of_data / name) for name in ("claims.csv", "assumptions.csv"))
        gone = {row[0] for row in claims if row[1:3] == ["10", "2"]}
        column = assumptions[0].index("claims")
        for row in assumptions:
            row[column] = " ".join(claim for claim in row[column].split() if claim not in gone)
        write(copy_of_data / "claims.csv", [row for row in claims if row[0] not in gone])
        write(copy_of_data / "assumptions.csv", assumptions)
        assert "sentence 2 of paragraph 10 has no claim" in message_of(copy_of_data)


SCENARIO = """\
title: A world
world: What would have to be true.
claims: [C02]
weight: 1
overrides:
  monthly_burn_usd_m:
    estimate: [800, 900, 1000]
    basis: estimate
    claims: [C02]
    evidence: [E001]
    why: A reason.
"""


def yaml(old, new):
    assert SCENARIO.count(old) == 1, old
    return SCENARIO.replace(old, new)


def estimate(text):
    return yaml("[800, 900, 1000]", text)


BURN = "estimate: monthly_burn_usd_m: "
# id: text of the file, what the message says beside the file's name
YAML = {
    "empty file": ("", ["line 1", "mapping", "empty file"]),
    "comment only": ("# nothing\n", ["mapping"]),
    "list at top level": ("- title\n- world\n", ["line 1", "mapping", "list"]),
    "text at top level": ("title\n", ["mapping", "str"]),
    "tab as indentation": (yaml("  monthly_burn", "\tmonthly_burn"), ["line 6", r"'\t'"]),
    "python object": (yaml("A world", "!!python/object/apply:os.system ['id']"), ["line 1", "python/object/apply:os.system"]),
    "unknown tag": (yaml("A world", "!secret x"), ["line 1", "!secret"]),
    "anchor": (yaml("[C02]\nweight", "&a [C02]\nweight"), ["line 3", "anchors and aliases"]),
    "alias to nothing": (yaml("A world", "*a"), ["line 1", "anchors and aliases"]),
    "cyclic alias": (yaml("[C02]\nweight", "&a [*a]\nweight"), ["line 3", "anchors and aliases"]),
    "aliases that multiply": (SCENARIO + "a: &a [x, x]\nb: [*a, *a]\n", ["line 12", "anchors and aliases"]),
    "merge key": ("<<: {a: 1}\n" + SCENARIO, ["line 1", "merge"]),
    "duplicate key": (yaml("weight: 1", "weight: 1\nweight: 2"), ["line 5", "'weight' is given twice"]),
    "duplicate override": (SCENARIO + "  monthly_burn_usd_m: 1\n", ["line 12", "'monthly_burn_usd_m' is given twice"]),
    "key that is a list": (SCENARIO + "[1]: 2\n", ["line 12", "unhashable"]),
    "two documents": (SCENARIO + "---\na: 1\n", ["line 12", "single document"]),
    "bracket not closed": (yaml("[C02]\nweight", "[C02\nweight"), ["line 4"]),
    "cut off": (SCENARIO[: SCENARIO.index("    why")], ["monthly_burn_usd_m", "'why' is missing"]),
    "control character": (yaml("A world", "A \x07 world"), ["line 1", r"'\x07'"]),
    "date that does not exist": (yaml("A world", "2025-13-45"), ["line 1", "2025-13-45"]),
    "nested too deeply": ("[" * 600, ["nested too deeply"]),
    "unknown assumption": (yaml("monthly_burn_usd_m", "monthly_burn_us_m"), ["'monthly_burn_us_m'. Nearest: monthly_burn_usd_m"]),
    "assumption without a near name": (yaml("monthly_burn_usd_m", "xyzzy"), ["'xyzzy'", "Allowed: monthly_burn_usd_m"]),
    "code as a name": (yaml("monthly_burn_usd_m", "x = 1; import os"), ["'x = 1; import os'"]),
    "setting as an override": (yaml("monthly_burn_usd_m", "horizon_months"), ["unknown assumption 'horizon_months'"]),
    "missing key": (yaml("weight: 1\n", ""), ["'weight' is missing"]),
    "misspelt key": (yaml("weight", "wieght"), ["'wieght'", "Nearest: weight"]),
    "missing key of an override": (yaml("    basis: estimate\n", ""), ["monthly_burn_usd_m", "'basis' is missing"]),
    "misspelt key of an override": (yaml("    basis", "    bases"), ["monthly_burn_usd_m", "'bases'", "Nearest: basis"]),
    "unknown basis": (yaml("basis: estimate", "basis: estmate"), ["monthly_burn_usd_m, basis", "'estmate'", "estimate"]),
    "basis that is a list": (yaml("basis: estimate", "basis: [estimate]"), ["monthly_burn_usd_m, basis"]),
    "override that is a number": (yaml("overrides:\n", "overrides:\n  headcount: 5\n"), ["headcount", "given 5"]),
    "overrides that are a list": (SCENARIO.split("overrides")[0] + "overrides: []\n", ["overrides", "given []"]),
    "overrides left blank": (SCENARIO.split("overrides")[0] + "overrides:\n", ["overrides", "given None"]),
    "blank title": (yaml("A world", '" "'), ["title", "text is expected"]),
    "title that is a number": (yaml("A world", "2025"), ["title", "given 2025"]),
    "world that is a list": (yaml("What would have to be true.", "[a]"), ["world", "given ['a']"]),
    "blank why": (yaml("A reason.", ""), ["monthly_burn_usd_m, why", "given None"]),
    "negative weight": (yaml("weight: 1", "weight: -1"), ["weight", "given -1"]),
    "weight nan": (yaml("weight: 1", "weight: .nan"), ["weight", "given nan"]),
    "weight infinite": (yaml("weight: 1", "weight: .inf"), ["weight", "given inf"]),
    "weight boolean": (yaml("weight: 1", "weight: true"), ["weight", "given True"]),
    "weight text": (yaml("weight: 1", "weight: '1'"), ["weight", "given '1'"]),
    "weight huge": (yaml("weight: 1", "weight: 1" + "0" * 400), ["weight", "given 1000"]),
    "claims as text": (yaml("[C02]\nweight", "C02\nweight"), ["claims", "a list of ids", "'C02'"]),
    "claims blank": (yaml("[C02]\nweight", "\nweight"), ["claims", "a list of ids", "None"]),
    "claims nested": (yaml("[C02]\nweight", "[[C02]]\nweight"), ["claims", "unknown id ['C02']"]),
    "unknown claim": (yaml("[C02]\nweight", "[C02, C99]\nweight"), ["claims", "unknown id 'C99'"]),
    "unknown evidence": (yaml("[E001]", "[E999]"), ["monthly_burn_usd_m, evidence", "unknown id 'E999'"]),
    "evidence as text": (yaml("[E001]", "E001"), ["monthly_burn_usd_m, evidence", "a list of ids", "'E001'"]),
    "estimate that is a word": (estimate("many"), [BURN, "given 'many'"]),
    "estimate left blank": (estimate(""), [BURN, "given None"]),
    "estimate boolean": (estimate("true"), [BURN, "given True"]),
    "estimate that is a mapping": (estimate("{low: 1}"), [BURN, "given {'low': 1}"]),
    "estimate of two numbers": (estimate("[800, 900]"), [BURN, "'800,900'"]),
    "estimate of four numbers": (estimate("[7, 8, 9, 10]"), [BURN, "'7,8,9,10'"]),
    "estimate with a word in it": (estimate("[800, 900, x]"), [BURN, "given 'x'"]),
    "estimate with a list in it": (estimate("[[8], 9, 10]"), [BURN, "given [8]"]),
    "estimate in the wrong order": (estimate("[1000, 900, 800]"), [BURN, "given 1000, 900, 800"]),
    "estimate with equal ends": (estimate("[900, 900, 900]"), [BURN, "one number if it is certain"]),
    "estimate outside bounds": (estimate("100001"), [BURN, "allowed is 0 to 100000", "given 100001"]),
    "estimate outside its domain": (estimate("[0, 900, 1000]"), [BURN, "positive domain"]),
    "estimate nan": (estimate(".nan"), [BURN, "given nan"]),
    "estimate infinite": (estimate("[800, 900, .inf]"), [BURN, "given inf"]),
    "estimate 1e400": (estimate("1e400"), [BURN, "finite", "'1e400'"]),
    "estimate 1.0e+400": (estimate("[800, 900, 1.0e+400]"), [BURN, "finite"]),
    "estimate of 400 digits": (estimate("1" + "0" * 400), [BURN, "given 1000"]),
    "estimate of 5000 digits": (estimate("1" + "0" * 5000), ["line 7", "'1000"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def frames(tables):
    return {"assumptions": tables.assumptions, "claims": tables.claims, "evidence": tables.evidence}


class TestScenarioFiles:
    @pytest.mark.parametrize(("text", "said"), YAML.values(), ids=YAML)
    def test_names_file_and_culprit(self, tmp_path, frames, text, said):
        (tmp_path / "world.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_scenarios(tmp_path, frames)
        message = str(caught.value)
        assert message.startswith("world.yaml")
        for part in said:
            assert part in message
        assert len(message) < 600

    def test_a_good_file(self, tmp_path, frames):
        (tmp_path / "world.yaml").write_text(SCENARIO, encoding="utf-8")
        world = read_scenarios(tmp_path, frames)["world"]
        assert (world.title, world.weight, world.claims) == ("A world", 1.0, ("C02",))
        assert world.overrides["monthly_burn_usd_m"].estimate == (800.0, 900.0, 1000.0)

    @pytest.mark.parametrize("name", ["world.yml", "World.yaml", "my world.yaml", "world-2.yaml"])
    def test_a_file_that_would_not_be_found_by_its_name_is_refused(self, tmp_path, frames, name):
        (tmp_path / name).write_text(SCENARIO, encoding="utf-8")
        with pytest.raises(InputError, match=re.escape(name)):
            read_scenarios(tmp_path, frames)

    def test_no_file(self, copy_of_data):
        for path in (copy_of_data / "scenarios").iterdir():
            path.unlink()
        assert "data/scenarios: no scenario file" in message_of(copy_of_data)

    def test_not_utf_8(self, tmp_path, frames):
        (tmp_path / "world.yaml").write_bytes(SCENARIO.replace("A world", "Größe").encode("latin-1"))
        with pytest.raises(InputError, match=r"^world\.yaml, line 1: not UTF-8"):
            read_scenarios(tmp_path, frames)

    def test_a_bad_file_stops_the_loading_of_all(self, copy_of_data):
        (copy_of_data / "scenarios" / "critics.yaml").write_text(yaml("weight: 1", "weight: x"), encoding="utf-8")
        assert "critics.yaml, weight" in message_of(copy_of_data)

    def test_unknown_scenario_has_the_nearest_name(self, tables):
        with pytest.raises(InputError, match=r"'critic'\. Nearest: critics"):
            tables.scenario("critic")
        with pytest.raises(InputError, match="unknown scenario"):
            tables.scenario(["critics"])

    def test_read_yaml_of_a_missing_file(self, tmp_path):
        with pytest.raises(InputError, match=r"^none\.yaml: the file is missing"):
            read_yaml(tmp_path / "none.yaml")


class TestContent:
    def test_the_five_worlds(self, tables):
        assert set(tables.scenarios) == {"as_reported", "investor_confidence", "critics", "price_war", "hindsight_2026"}

    def test_as_reported_is_the_assumptions_table(self, tables):
        assert tables.scenario("as_reported").overrides == {}

    def test_as_reported_rests_on_nothing_published_later(self, tables):
        for row in tables.assumptions.itertuples():
            for reference in row.evidence.split():
                published = tables.evidence.loc[reference, "published"]
                assert inputs.latest_date(published) <= CLAIMED, f"{row.name} rests on {reference}, published {published}"

    def test_growth_stays_above_minus_one_at_all_bounds(self, tables):
        bounds = tables.assumptions
        uplift = 1 + bounds.loc["integration_growth_uplift", "maximum"]
        for name in bounds.index[bounds.index.str.match(r"growth_.*_per_month")]:
            assert bounds.loc[name, "minimum"] * uplift > -1

    @pytest.mark.parametrize(
        ("published", "latest"),
        [
            ("2025-06-17", datetime.date(2025, 6, 17)),
            ("2025-06", datetime.date(2025, 6, 30)),
            ("2024-02", datetime.date(2024, 2, 29)),
            ("2025", datetime.date(2025, 12, 31)),
            ("undated", datetime.date.max),
        ],
    )
    def test_latest_possible_date(self, published, latest):
        assert inputs.latest_date(published) == latest
