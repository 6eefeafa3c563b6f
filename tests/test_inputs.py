"""Bad data is an error that names the file, the row or line, the column and what was given. Good data loads."""

import datetime
import re

import pytest

from analysis.inputs import derivations, months, place
from analysis.inputs import tables as inputs
from analysis.inputs.errors import InputError
from analysis.inputs.parameters import BASE, resolve
from analysis.inputs.reading import read_yaml
from analysis.inputs.scenarios import hidden_files, read_scenarios
from tests.small_data import SCENARIOS, rows_of, set_cell, write_rows

CLAIMED = datetime.date(2025, 6, 20)  # the four worlds of June 2025 know what was public by then
PLANS = re.compile(  # what makes a sentence about a later time one about what was said before
    r"\b(plan|target|forecast|goal|aim|expect|announc|promise|due|told (its )?(investors|creditors|lenders))",
    re.IGNORECASE,
)
LATER = re.compile(
    r"\b(20(2[6-9]|[3-9]\d)|(July|August|September|October|November|December) (of )?2025"
    r"|(Q[34]|(third|fourth|last) quarter( of)?|(second|later) half( of)?|(mid|late|end( of)?)[- ]?) ?2025)\b",
    re.IGNORECASE,
)


def message_of(folder):
    with pytest.raises(InputError) as caught:
        inputs.load(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


# id: table, first cell of the row, column, what is written there, what the message says beside the place
CELLS = {
    "blank unit": ("assumptions", "A01", "unit", "", "must not be blank"),
    "unit of spaces": ("assumptions", "A01", "unit", "  ", "must not be blank"),
    "unknown unit": ("evidence", "E001", "unit", "usd_millions", "'usd_millions'"),
    "blank why": ("assumptions", "A05", "why", "", "must not be blank"),
    "blank central": ("assumptions", "A05", "central", "", "must not be blank"),
    "number with a comma": ("assumptions", "A01", "central", "1,000", "'1,000'"),
    "number in full-width digits": ("evidence", "E001", "value", "１０００", "must be a number"),
    "number with an underscore": ("evidence", "E001", "value", "1_000", "'1_000'"),
    "nan": ("assumptions", "A01", "central", "nan", "'nan'"),
    "infinity": ("assumptions", "A01", "high", "inf", "'inf'"),
    "exponent": ("assumptions", "A01", "high", "1e400", "'1e400'"),
    "too many digits": ("assumptions", "A01", "high", "1" + "0" * 400, "must be a number"),
    "line break in a number": ("evidence", "E001", "value", "1000\n", "must be a number"),
    "control character": ("evidence", "E001", "note", "a\x00b", "control characters"),
    "unknown source": ("evidence", "E002", "source", "S999", "unknown source 'S999'"),
    "unknown evidence of an assumption": ("assumptions", "A01", "evidence", "E001 E999", "unknown evidence 'E999'"),
    "unknown claim of an assumption": ("assumptions", "A01", "claims", "C99", "unknown claim 'C99'"),
    "unknown evidence of a claim": ("claims", "C02", "evidence", "E001 E998", "unknown evidence 'E998'"),
    "unknown assumption of a claim": ("claims", "C02", "assumptions", "monthly_burn_usd", "monthly_burn_usd_m"),
    "misspelt id": ("claims", "C02", "evidence", "E1;E2", "must be ids like E01 E02; given 'E1;E2'"),
    "duplicate id": ("assumptions", "A02", "id", "A01", "must not be a duplicate; given 'A01' (also wrong: row 3)"),
    "duplicate name": ("assumptions", "A02", "name", "monthly_burn_usd_m", "must not be a duplicate"),
    "duplicate address": ("sources", "S002", "url", "https://a.example/claim", "must not be a duplicate"),
    "name of a setting": ("assumptions", "A07", "name", "draws", "another meaning"),
    "name that is a word of Python": ("assumptions", "A07", "name", "lambda", "another meaning"),
    "address that is a script": ("sources", "S002", "url", "javascript:alert(1)", "begins with http"),
    "day and month in the wrong order": ("evidence", "E001", "period_end", "2025-30-06", "'2025-30-06'"),
    "day first": ("evidence", "E001", "published", "17-06-2025", "YYYY-MM-DD, YYYY-MM, YYYY or undated"),
    "day that does not exist": ("evidence", "E001", "period_end", "2025-06-31", "day of the calendar"),
    "month that does not exist": ("evidence", "E001", "published", "2025-13", "day of the calendar"),
    "period backwards": ("evidence", "E001", "period_end", "2025-05-30", "before period_start"),
    "formula": ("evidence", "E001", "note", "=HYPERLINK(A1)", "spreadsheet formula; given '=HYPERLINK(A1)'"),
    "formula with a plus": ("evidence", "E001", "note", "+1+cmd", "spreadsheet formula"),
    "formula with an at": ("evidence", "E001", "entity", "@SUM(A1)", "spreadsheet formula"),
    "formula with a minus": ("claims", "C02", "note", "-1+2", "spreadsheet formula"),
    "unknown role": ("evidence", "E001", "roles", "input inpt", "'input inpt'"),
    "unknown grade": ("evidence", "E001", "grade", "D", "must be one of: A, B, C; given 'D'"),
    "no grade": ("evidence", "E001", "grade", "", "must not be blank"),
    "unknown verdict": ("claims", "C02", "verdict", "true", "supported, contradicted"),
    "verdict of the unexamined": ("claims", "C02", "verdict", "not examined", "given 'not examined'"),
    "unknown domain": ("assumptions", "A01", "domain", "positve", "'positve'"),
    "unknown perimeter": ("evidence", "E001", "perimeter", "xAI", "'xAI'"),
    "low above central": ("assumptions", "A01", "low", "1200", "given 1200, 1000, 1500"),
    "low without high": ("assumptions", "A01", "high", "", "needs both low and high"),
    "high without low": ("assumptions", "A01", "low", "", "needs both low and high"),
    "low outside bounds": ("assumptions", "A01", "low", "-1", "allowed is 0 to 100000"),
    "central outside bounds": ("assumptions", "A07", "central", "241", "allowed is 0 to 240 (month); given 241"),
    "high outside bounds": ("assumptions", "A04", "high", "1.5", "allowed is 0.001 to 1"),
    "bounds outside the domain": ("assumptions", "A04", "maximum", "1.5", "0 to 1"),
    "bounds in the wrong order": ("assumptions", "A07", "maximum", "-1", "bounds"),
    "range that touches its domain": ("assumptions", "A01", "low", "0", "ends excluded"),
    "values of a figure out of order": ("evidence", "E001", "value_low", "2000", "given 2000, 1000"),
    "verdict without evidence": ("claims", "C02", "evidence", "", "verdict 'supported' needs evidence"),
    "no evidence and no reason": ("claims", "C01", "note", "", "without evidence needs a reason"),
    "sentence that the article lacks": ("claims", "C05", "sentence", "6", "no sentence 6 in paragraph 1"),
    "claim without its assumption": ("claims", "C02", "assumptions", "", "monthly_burn_usd_m is missing"),
    "assumption without its claim": ("assumptions", "A01", "claims", "", "C02 is missing"),
    "derivation that is off": ("assumptions", "A02", "derivation", "E002 / 2", "E002 / 2 gives 26; central is 17.5"),
    "derivation uncited": ("assumptions", "A02", "derivation", "E003 / 6", "E003 is not among the evidence"),
    "derivation of nothing": ("assumptions", "A02", "derivation", "E999 / 3", "unknown evidence 'E999'"),
    "correlation of nothing": ("correlations", "growth_per_month", "second", "headcount", "'headcount'"),
    "correlation with itself": ("correlations", "growth_per_month", "second", "growth_per_month", "given growth"),
    "correlation of one": ("correlations", "growth_per_month", "correlation", "1", "between -1 and 1"),
    "correlation below minus one": ("correlations", "growth_per_month", "correlation", "-1.2", "given '-1.2'"),
    "correlation in words": ("correlations", "growth_per_month", "correlation", "high", "must be a number"),
    "back-test without outcome": ("back_tests", "xAI", "outcome", "", "must not be blank"),
    "back-test of unknown figures": ("back_tests", "xAI", "known", "E001 E900", "unknown evidence 'E900'"),
    "event without evidence": ("events", "2025-07", "evidence", "", "must not be blank"),
    "event of an unknown kind": ("events", "2025-07", "kind", "rumour", "equity"),
    "event of unknown evidence": ("events", "2025-07", "evidence", "E777", "unknown evidence 'E777'"),
    "event on no day": ("events", "2025-07", "date", "2025-07-32", "day of the calendar"),
    "unknown cost category": ("cost_structures", "xAI", "category", "power", "compute, talent"),
    "unknown bound": ("cost_structures", "xAI", "bound", "about", "exact, at_least"),
    "numerator with blanks": ("cost_structures", "xAI", "numerator", "E002 + E003", "like E01+E02"),
    "unknown numerator": ("cost_structures", "xAI", "numerator", "E002+E903", "unknown evidence 'E903'"),
}  # fmt: skip
REPORTED_IN = {  # an error about two cells names one of them
    "name of a setting": "name",
    "bounds outside the domain": "minimum",
    "bounds in the wrong order": "minimum",
}


class TestCells:
    @pytest.mark.parametrize(("table", "key", "column", "value", "said"), CELLS.values(), ids=CELLS)
    def test_names_file_row_column_and_culprit(self, small, request, table, key, column, value, said):
        number = set_cell(small, table, key, column, value)
        if "duplicate" in said:
            number -= 1  # the first of the two
        column = REPORTED_IN.get(request.node.callspec.id, column)
        message = message_of(small)
        assert message.startswith(f"{table}.csv, row {number}, column {column}: "), message
        assert said in message, message

    def test_many_bad_cells_are_counted_in_one_line(self, small):
        path = small / "evidence.csv"
        write_rows(path, [[*row[:3], "Burn!", *row[4:]] if row[0] != "id" else row for row in rows_of(path)])
        message = message_of(small)
        assert message.startswith("evidence.csv, row 2, column measure: must be a name")
        assert message.endswith("given 'Burn!' (also wrong: row 3, 4, 5, 6)")


# id: what is done to the text of assumptions.csv, what the message says
FILES = {
    "header in other case": (lambda text: text.replace("unit,", "Unit,", 1), ["row 1, column 8", "'unit' is expected"]),
    "columns swapped": (lambda text: text.replace("low,central", "central,low", 1), ["row 1, column 5", "'low'"]),
    "column missing": (lambda text: text.replace("unit,", "", 1), ["row 1, column 8", "'domain'"]),
    "column of before": (lambda text: text.replace("derivation,", "", 1), ["row 1, column 15", "'derivation'"]),
    "column added": (lambda text: text.replace(",why", ",why,more", 1), ["column 17", "nothing is expected"]),
    "extra cell": (lambda text: text.replace("\nA02,", "\nA02,,", 1), ["row 3", "16 cells expected, 17 given"]),
    "cell missing": (lambda text: text.replace("\nA02,", "\n", 1), ["row 3", "16 cells expected, 15 given"]),
    "empty file": (lambda text: "", ["row 1", "empty"]),
    "header only": (lambda text: text.splitlines()[0] + "\n", ["row 2", "no rows"]),
    "blank line": (lambda text: text + "\n", ["row 9", "0 given"]),
    "semicolons": (lambda text: text.replace(",", ";"), ["row 1, column 1", "'id;name"]),
    "tabs": (lambda text: text.replace(",", "\t"), ["row 1, column 1", "'id\\tname"]),
    "quote that is not closed": (lambda text: text.replace("\nA02,", '\nA02,"', 1), ["not readable as CSV"]),
    "cut off in a number": (lambda text: text[: text.index("\nA03,") + 40], ["row 4", "16 cells expected"]),
    "cut off in the last cell": (lambda text: text[:-3], ["row 8", "cut off"]),
}  # fmt: skip


def as_excel_saves(text):
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()


class TestFiles:
    @pytest.mark.parametrize(("change", "said"), FILES.values(), ids=FILES)
    def test_a_damaged_table_is_named(self, small, change, said):
        path = small / "assumptions.csv"
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        message = message_of(small)
        assert message.startswith("assumptions.csv")
        for part in said:
            assert part in message

    @pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
    def test_not_utf_8(self, small, encoding):
        path = small / "sources.csv"
        path.write_bytes((path.read_text(encoding="utf-8") + "é").encode(encoding, errors="replace"))
        assert re.search(r"^sources\.csv, line \d+: not UTF-8", message_of(small))

    @pytest.mark.parametrize("name", ["evidence.csv", "correlations.csv", "events.csv"])
    def test_a_missing_table_is_named_with_its_folder(self, small, name):
        (small / name).unlink()
        assert message_of(small) == f"{name}: the file is missing in {small}"

    def test_folder_in_place_of_a_table(self, small):
        (small / "sources.csv").unlink()
        (small / "sources.csv").mkdir()
        assert message_of(small).startswith("sources.csv: not readable")

    def test_a_table_that_excel_saved_is_the_same(self, small):
        before = inputs.load(small).assumptions
        path = small / "assumptions.csv"
        path.write_bytes(
            as_excel_saves(path.read_text(encoding="utf-8").replace(",A reason.", ',"A reason."'))
        )
        assert inputs.load(small).assumptions.equals(before)

    def test_every_sentence_of_the_article_needs_a_claim(self, small):
        path = small / "claims.csv"
        write_rows(path, [row for row in rows_of(path) if row[1:3] != ["10", "2"]])
        assert "sentence 2 of paragraph 10 has no claim" in message_of(small)

    def test_a_correlation_given_twice_the_other_way_round(self, small):
        path = small / "correlations.csv"
        write_rows(
            path, [*rows_of(path), ["growth_endurance", "growth_per_month", "0.2", "judgement", "Again."]]
        )
        message = message_of(small)
        assert message.startswith("correlations.csv, row 5, column first: ")
        assert "is given twice, first in row 3" in message

    def test_correlations_that_cannot_hold_together_are_named(self, small):
        """Two that are nearly one with a third cannot be opposites; the pair that is not concerned is not named."""
        path = small / "correlations.csv"
        rows = [
            ["monthly_burn_usd_m", "opening_cash_usd_m", "0.9"],
            ["opening_cash_usd_m", "growth_per_month", "0.9"],
            ["growth_per_month", "monthly_burn_usd_m", "-0.9"],
            ["growth_endurance", "investor_patience", "0.5"],
        ]
        write_rows(path, [rows_of(path)[0], *([*row, "judgement", "Why."] for row in rows)])
        message = message_of(small)
        assert message.startswith("correlations.csv: these correlations cannot hold together")
        assert "opening_cash_usd_m with growth_per_month 0.9" in message
        assert "investor_patience" not in message

    def test_without_a_row_of_correlations_all_inputs_are_independent(self, small):
        dependent = resolve(inputs.load(small), BASE, {"draws": 64})
        path = small / "correlations.csv"
        write_rows(path, rows_of(path)[:1])
        case = resolve(inputs.load(small), BASE, {"draws": 64})
        assert case.correlations == ()
        for name, values in dependent.sample(independent=True).items():
            assert values.tobytes() == case.sample()[name].tobytes()

    def test_a_file_that_changed_is_read_again(self, small):
        """A kernel that stays open must not go on with what it read before."""
        before = inputs.load(small)
        assert inputs.load(small) is before
        set_cell(small, "assumptions", "A01", "high", "1600")
        assert inputs.load(small).assumptions.loc["monthly_burn_usd_m", "high"] == 1600

    def test_the_cut_off_is_the_newest_publication(self, small):
        assert inputs.load(small).cut_off == "2025-11-20"

    def test_place_is_that_of_the_package(self, tmp_path, monkeypatch):
        """A data/ in the working folder is not read: results of another checkout would go out under this one's name."""
        monkeypatch.chdir(tmp_path)
        (tmp_path / "data").mkdir()
        assert place.DATA.is_dir()
        assert not place.DATA.is_relative_to(tmp_path)


# derivation: what it gives with E001 = 1000, E002 = 52, E004 = 4000 to 5000 without a value between
ARITHMETIC = {
    "E001": 1000,
    "E002 / 3": 52 / 3,
    "(E001 - E002) * 0.5": 474,
    "-E002 + 2 * E001": 1948,
    "low(E004) + high(E004)": 9000,
    "1 / 4": 0.25,
}
NOT_ARITHMETIC = {
    "E001 ** 2": "allowed are",
    "E001 // 2": "allowed are",
    "E001 % 2": "allowed are",
    "E001 if E002 else 3": "allowed are",
    "max(E001, E002)": "allowed are",
    "low(3)": "allowed are",
    "low(E001, E002)": "allowed are",
    "low(name=E001)": "allowed are",
    "__import__('os').abort()": "allowed are",
    "E001.real": "allowed are",
    "'E001'": "allowed are",
    "True": "allowed are",
    "1_000": "allowed are",
    "0x10": "allowed are",
    "1e3": "allowed are",
    "1j": "allowed are",
    "E001 +": "allowed are",
    "E001; E002": "allowed are",
    "(" * 300 + "1" + ")" * 300: "allowed are",
    "E001 / (E002 - 52)": "division by zero",
    "E004 * 2": "E004 has no value",
    "low(E001)": "E001 has no value_low",
    "E100": "unknown evidence 'E100'. Nearest:",
    "price": "unknown evidence 'price'",
}


@pytest.fixture(scope="module")
def frames(small_tables):
    return {name: getattr(small_tables, name) for name in ("assumptions", "claims", "evidence")}


@pytest.fixture(scope="module")
def figures(small_tables):
    return small_tables.evidence


class TestDerivations:
    @pytest.mark.parametrize(("text", "value"), ARITHMETIC.items(), ids=ARITHMETIC)
    def test_known_values(self, figures, text, value):
        assert derivations.evaluate(text, figures) == pytest.approx(value, rel=1e-12)

    @pytest.mark.parametrize(("text", "said"), NOT_ARITHMETIC.items(), ids=list(NOT_ARITHMETIC.values()))
    def test_nothing_else_is_read(self, figures, text, said):
        with pytest.raises(InputError) as caught:
            derivations.evaluate(text, figures)
        assert said in str(caught.value)

    @pytest.mark.parametrize(
        ("central", "accepted"), [(53.3, True), (50.7, True), (53.31, False), (50.69, False)]
    )
    def test_the_centre_may_be_rounded_by_two_and_a_half_per_cent(self, figures, central, accepted):
        if accepted:
            derivations.check("E002", central, ("E002",), figures)
        else:
            with pytest.raises(InputError, match="E002 gives 52; central is"):
                derivations.check("E002", central, ("E002",), figures)


CRITICS = SCENARIOS["critics"]


def yaml(old, new):
    assert CRITICS.count(old) == 1, old
    return CRITICS.replace(old, new)


def estimate(text):
    return yaml("[800, 900, 1000]", text)


BURN = "estimate: monthly_burn_usd_m: "
# id: text of critics.yaml, what the message says beside the file's name
YAML = {
    "empty file": ("", ["line 1", "mapping", "empty file"]),
    "comment only": ("# nothing\n", ["mapping"]),
    "list at top level": ("- title\n- world\n", ["line 1", "mapping", "list"]),
    "text at top level": ("title\n", ["mapping", "str"]),
    "tab as indentation": (yaml("  monthly_burn", "\tmonthly_burn"), ["line 6", r"'\t'"]),
    "python object": (yaml("title: Critics", "title: !!python/object/apply:os.system ['id']"), ["line 1", "tags (!)"]),
    "unknown tag": (yaml("title: Critics", "title: !secret x"), ["line 1", "tags (!)"]),
    "anchor": (yaml("[C02]\nweight", "&a [C02]\nweight"), ["line 3", "anchors (&)"]),
    "alias to nothing": (yaml("title: Critics", "title: *a"), ["line 1", "aliases (*)"]),
    "aliases that multiply": (CRITICS + "a: &a [x, x]\nb: [*a, *a]\n", ["line 12", "anchors (&)"]),
    "merge key": ("<<: {a: 1}\n" + CRITICS, ["unknown key '<<'"]),
    "duplicate key": (yaml("weight: 1", "weight: 1\nweight: 2"), ["line 5", "'weight' is given twice"]),
    "duplicate override": (CRITICS + "  monthly_burn_usd_m: 1\n", ["line 12", "is given twice"]),
    "key that is a list": (CRITICS + "[1]: 2\n", ["line 12", "unhashable"]),
    "two documents": (CRITICS + "---\na: 1\n", ["line 12", "single document"]),
    "bracket not closed": (yaml("[C02]\nweight", "[C02\nweight"), ["line 4"]),
    "cut off": (CRITICS[: CRITICS.index("    why")], ["monthly_burn_usd_m", "'why' is missing"]),
    "control character": (yaml("title: Critics", "title: A \x07 world"), ["line 1", r"'\x07'"]),
    "nested too deeply": ("[" * 600, ["nested too deeply"]),
    "unknown assumption": (yaml("monthly_burn_usd_m", "monthly_burn_us_m"), ["Nearest: monthly_burn_usd_m"]),
    "assumption without a near name": (yaml("monthly_burn_usd_m", "xyzzy"), ["'xyzzy'", "Allowed: monthly_burn"]),
    "code as a name": (yaml("monthly_burn_usd_m", "x = 1; import os"), ["'x = 1; import os'"]),
    "setting as an override": (yaml("monthly_burn_usd_m", "horizon_months"), ["unknown assumption 'horizon_months'"]),
    "missing key": (yaml("weight: 1\n", ""), ["'weight' is missing", "needed are title, world, claims, weight"]),
    "misspelt key": (yaml("weight", "wieght"), ["'wieght'", "Nearest: weight"]),
    "missing key of an override": (yaml("    basis: estimate\n", ""), ["monthly_burn_usd_m", "'basis' is missing"]),
    "misspelt key of an override": (yaml("    basis", "    bases"), ["'bases'", "Nearest: basis"]),
    "unknown basis": (yaml("basis: estimate", "basis: estmate"), ["monthly_burn_usd_m, basis", "Nearest: estimate"]),
    "basis that is a list": (yaml("basis: estimate", "basis: [estimate]"), ["monthly_burn_usd_m, basis"]),
    "override that is a number": (yaml("overrides:\n", "overrides:\n  growth_endurance: 5\n"), ["given 5"]),
    "overrides that are a list": (CRITICS.split("overrides")[0] + "overrides: []\n", ["overrides", "given []"]),
    "overrides left blank": (CRITICS.split("overrides")[0] + "overrides:\n", ["overrides", "given None"]),
    "blank title": (yaml("title: Critics", 'title: " "'), ["title: one line of text is expected"]),
    "title of two lines": (yaml("title: Critics", 'title: "A\\nB"'), ["title: one line", r"'A\nB'"]),
    "title that is a number": (yaml("title: Critics", "title: 2025"), ["title", "given 2025"]),
    "title of another": (yaml("title: Critics", "title: as  REPORTED"), ["title of as_reported.yaml already"]),
    "world that is a list": (yaml("What the critics fear.", "[a]"), ["world", "given ['a']"]),
    "blank why": (yaml("A reason.", ""), ["monthly_burn_usd_m, why: one sentence", "given None"]),
    "negative weight": (yaml("weight: 1", "weight: -1"), ["weight: a number from 0 to 1,000,000", "given -1"]),
    "weight nan": (yaml("weight: 1", "weight: .nan"), ["weight: a number from 0", "given '.nan'"]),
    "weight boolean": (yaml("weight: 1", "weight: true"), ["weight", "given 'true'"]),
    "weight text": (yaml("weight: 1", "weight: '1'"), ["weight", "given '1'"]),
    "weight huge": (yaml("weight: 1", "weight: 1" + "0" * 400), ["weight", "given 1000"]),
    "weight in hexadecimal": (yaml("weight: 1", "weight: 0x1"), ["weight: a number from 0", "given '0x1'"]),
    "claims as text": (yaml("[C02]\nweight", "C02\nweight"), ["claims: a list of ids", "'C02'"]),
    "claims blank": (yaml("[C02]\nweight", "\nweight"), ["claims: a list of ids", "None"]),
    "claims nested": (yaml("[C02]\nweight", "[[C02]]\nweight"), ["claims: a list of ids", "[['C02']]"]),
    "unknown claim": (yaml("[C02]\nweight", "[C02, C99]\nweight"), ["claims: unknown claim 'C99'"]),
    "unknown evidence": (yaml("[E001]", "[E999]"), ["monthly_burn_usd_m, evidence: unknown evidence 'E999'"]),
    "evidence as text": (yaml("[E001]", "E001"), ["evidence: a list of ids", "'E001'"]),
    "derivation that is off": (yaml("    why", "    derivation: E001 * 2\n    why"), ["derivation: E001 * 2 gives 2000"]),
    "derivation uncited": (yaml("    why", "    derivation: E002\n    why"), ["E002 is not among the evidence"]),
    "derivation that is code": (yaml("    why", "    derivation: exit()\n    why"), ["allowed are evidence ids"]),
    "setting misspelt": (CRITICS + "settings: {start: 2025-06}\n", ["settings", "Nearest: start_month"]),
    "setting common to all": (CRITICS + "settings: {draws: 64}\n", ["unknown setting of a scenario 'draws'"]),
    "setting out of range": (CRITICS + "settings: {horizon_months: 0}\n", ["settings: horizon_months", "given 0"]),
    "setting not of its type": (CRITICS + "settings: {start_month: 202506}\n", ["settings: start_month", "202506"]),
    "settings as a list": (CRITICS + "settings: [start_month]\n", ["settings: a mapping of burn_basis, start_month"]),
    "month 0 after the figures": (
        CRITICS + "settings: {start_month: 2026-01}\n",
        ["start_month 2026-01 lies after the newest figure", "of 2025-06"],
    ),
    "base that is missing": (CRITICS + "base: optimist\n", ["base: unknown scenario 'optimist'"]),
    "base misspelt": (CRITICS + "base: as_report\n", ["base: unknown scenario 'as_report'. Nearest: as_reported"]),
    "base of itself": (CRITICS + "base: critics\n", ["base: circular: critics takes critics"]),
    "base in a circle": (CRITICS + "base: hindsight\n", ["base: circular: critics takes hindsight takes critics"]),
    "base a list": (CRITICS + "base: [as_reported]\n", ["base: the name of another scenario"]),
    "estimate that is a word": (estimate("many"), [BURN, "given 'many'"]),
    "estimate left blank": (estimate(""), [BURN, "given None"]),
    "estimate boolean": (estimate("true"), [BURN, "given 'true'"]),
    "estimate that is a mapping": (estimate("{low: 1}"), [BURN, "given {'low': 1}"]),
    "estimate of two numbers": (estimate("[800, 900]"), [BURN, "'800,900'"]),
    "estimate of four numbers": (estimate("[7, 8, 9, 10]"), [BURN, "'7,8,9,10'"]),
    "estimate with a list in it": (estimate("[[8], 9, 10]"), [BURN, "given [8]"]),
    "estimate in the wrong order": (estimate("[1000, 900, 800]"), [BURN, "given 1000, 900, 800"]),
    "estimate with equal ends": (estimate("[900, 900, 900]"), [BURN, "one number if it is certain"]),
    "estimate outside bounds": (estimate("100001"), [BURN, "allowed is 0 to 100000", "given 100001"]),
    "estimate outside its domain": (estimate("[0, 900, 1000]"), [BURN, "positive domain"]),
    "estimate infinite": (estimate("[800, 900, .inf]"), [BURN, "given '.inf'"]),
    "estimate in base sixty": (estimate("[800, 12:30, 1000]"), [BURN, "given '12:30'"]),
    "estimate grouped": (estimate("[800, 900, 1_000]"), [BURN, "given '1_000'"]),
    "estimate in binary": (estimate("0b1111"), [BURN, "given '0b1111'"]),
    "estimate 1e400": (estimate("1e400"), [BURN, "finite"]),
    "estimate of 400 digits": (estimate("1" + "0" * 400), [BURN, "given 1000"]),
    "estimate of 5000 digits": (estimate("1" + "0" * 5000), [BURN, "finite", "given '1000"]),
}  # fmt: skip


class TestScenarioFiles:
    @pytest.mark.parametrize(("text", "said"), YAML.values(), ids=YAML)
    def test_names_file_and_culprit(self, small, frames, text, said):
        (small / "scenarios" / "critics.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_scenarios(small / "scenarios", frames)
        message = str(caught.value)
        assert message.startswith(("critics.yaml", "hindsight.yaml, base: circular"))
        for part in said:
            assert part in message
        assert "\n" not in message
        assert len(message) < 600

    def test_a_base_comes_first_and_the_own_entries_win(self, small):
        """hindsight takes critics' burn, sets revenue and month 0 itself, and another world on top takes all three."""
        text = (
            "title: T\nworld: W.\nclaims: []\nweight: 0\nbase: hindsight\noverrides:\n  monthly_burn_usd_m:\n"
        )
        entry = "    {estimate: 950, basis: judgement, claims: [], evidence: [], why: A reason.}\n"
        (small / "scenarios" / "above.yaml").write_text(text + entry, encoding="utf-8")
        tables = inputs.load(small)
        assert resolve(tables, "hindsight")["monthly_burn_usd_m"].central == 900
        case = resolve(tables, "above", {"horizon_months": 24})
        assert (case["monthly_burn_usd_m"].central, case["revenue_start_usd_m"].central) == (950, 36)
        assert (case.settings.start_month, case.settings.horizon_months) == ("2025-10", 24)

    @pytest.mark.parametrize(
        ("name", "right"),
        [
            ("world.yml", "world.yaml"),
            ("World.yaml", "world.yaml"),
            ("critics.YAML", "critics.yaml"),
            ("my world.yaml", "my_world.yaml"),
            ("world-2 (copy).yaml", "world_2_copy.yaml"),
            ("2027.yaml", "scenario_2027.yaml"),
        ],
    )
    def test_a_file_that_would_not_be_found_by_its_name_is_refused_with_the_right_one(
        self, small, name, right
    ):
        (small / "scenarios" / name).write_text(CRITICS, encoding="utf-8")
        message = message_of(small)
        assert message.startswith(f"'{name}': ")
        assert message.endswith(f"here {right}")

    def test_hidden_files_are_left_alone_and_named(self, small):
        folder = small / "scenarios"
        before = inputs.load(small).scenarios
        (folder / "._critics.yaml").write_bytes(b"\x00\x05\x16\x07")
        (folder / ".#critics.yaml").symlink_to("user@host.1:1")
        (folder / ".critics.yaml.swp").write_bytes(b"\x00")
        (folder / "critics.yaml~").write_text("x", encoding="utf-8")
        assert inputs.load(small).scenarios == before
        assert hidden_files(folder) == [
            ".#critics.yaml",
            "._critics.yaml",
            ".critics.yaml.swp",
            "critics.yaml~",
        ]

    def test_no_file(self, small):
        for path in (small / "scenarios").iterdir():
            path.unlink()
        assert message_of(small).startswith("no scenario file (*.yaml) found in")

    def test_unknown_scenario_has_the_nearest_name(self, small):
        tables = inputs.load(small)
        with pytest.raises(InputError, match=r"'critic'\. Nearest: critics"):
            tables.scenario("critic")
        with pytest.raises(InputError, match="unknown scenario"):
            tables.scenario(["critics"])

    def test_read_yaml_of_a_missing_file(self, tmp_path):
        with pytest.raises(InputError, match=r"^none\.yaml: the file is missing"):
            read_yaml(tmp_path / "none.yaml")


# what stands in a YAML file: what it is read as
WORDS = {
    "0700": 700,
    "020": 20,
    "0800": 800,
    "-0010": -10,
    "+5": 5,
    "0": 0,
    "007.50": 7.5,
    ".5": 0.5,
    "1.": 1.0,
    "1e3": 1000.0,
    "1.5E-2": 0.015,
    "true": "true",
    "yes": "yes",
    "off": "off",
    "2025-06": "2025-06",
    "2025-06-20": "2025-06-20",
    "'0x400'": "0x400",
    '"12:30"': "12:30",
    "12.5.6": "12.5.6",
    "~": None,
    "E001 / 3": "E001 / 3",
}
REFUSED = (
    "0x400",
    "0X1f",
    "0o17",
    "0b1111",
    "1_000",
    "1_000.5",
    "12:30",
    "1:30:00",
    "190:20:30.15",
    ".inf",
    "-.Inf",
    ".NaN",
)


class TestNumbersInYaml:
    @pytest.mark.parametrize(("text", "value"), WORDS.items(), ids=WORDS)
    def test_are_read_as_people_mean_them(self, tmp_path, text, value):
        (tmp_path / "a.yaml").write_text(f"list: [{text}]\nvalue: {text}\n", encoding="utf-8")
        content = read_yaml(tmp_path / "a.yaml")
        assert content == {"list": [value], "value": value}
        assert type(content["value"]) is type(value)

    @pytest.mark.parametrize(("text", "value"), [("0700", 700), ("01e3", 1000), ("0900.0", 900)])
    def test_an_estimate_and_a_weight_are_decimal(self, small, text, value):
        world = estimate(text).replace("weight: 1", f"weight: {text}")
        (small / "scenarios" / "critics.yaml").write_text(world, encoding="utf-8")
        critics = inputs.load(small).scenarios["critics"]
        assert (critics.overrides["monthly_burn_usd_m"].estimate, critics.weight) == (value, value)

    @pytest.mark.parametrize("text", REFUSED)
    def test_other_ways_to_write_one_are_refused_in_estimates_and_weights(self, small, text):
        for world in (estimate(text), estimate(f"[800, 900, {text}]"), yaml("weight: 1", f"weight: {text}")):
            (small / "scenarios" / "critics.yaml").write_text(world, encoding="utf-8")
            assert message_of(small).endswith(f"; given '{text}'")


class TestMonths:
    def test_known_months(self):
        assert [months.add("2025-11", n) for n in (-11, 0, 1, 2, 14)] == [
            "2024-12",
            "2025-11",
            "2025-12",
            "2026-01",
            "2027-01",
        ]
        assert months.between("2025-11", "2027-01") == 14
        assert months.between("2027-01", "2025-11") == -14
        assert (months.name("2026-03"), months.short("2026-12")) == ("March 2026", "Dec 2026")
        assert (months.of_date("2025-06-20"), months.of_date("2025-06")) == ("2025-06", "2025-06")

    @pytest.mark.parametrize(
        "text",
        [
            "2025-13",
            "2025-00",
            "2025-6",
            "1999-12",
            "2101-01",
            "2025/06",
            "２０２５-06",
            "2025-06-01",
            "",
            None,
            202506,
        ],
    )
    def test_anything_else_is_refused_by_the_parameter_s_name(self, text):
        with pytest.raises(
            InputError, match=r"^start_month: a month YYYY-MM from 2000-01 to 2100-12 is expected"
        ):
            months.check("start_month", text)

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
    def test_latest_day_that_a_date_can_mean(self, published, latest):
        assert months.last_day(published) == latest


def worlds_of_june(tables):
    return [scenario for scenario in tables.scenarios.values() if scenario.weight > 0]


def sentences(text):
    return re.split(r"(?<=[.;!?])\s+", text)


class TestPointInTime:
    """The worlds of June 2025, the possible ones, know nothing that was published after 20 June 2025."""

    def test_they_are_four_and_begin_in_june(self, tables):
        worlds = worlds_of_june(tables)
        assert len(worlds) == 4
        assert {resolve(tables, world.name).settings.start_month for world in worlds} == {"2025-06"}

    def test_no_assumption_rests_on_anything_published_later(self, tables):
        rows = [
            (row.name, reference)
            for row in tables.assumptions.itertuples()
            for reference in row.evidence.split()
        ]
        assert self.later(tables, rows) == []

    def test_no_override_rests_on_anything_published_later(self, tables):
        rows = [
            (f"{world.name}: {name}", reference)
            for world in worlds_of_june(tables)
            for name, override in world.overrides.items()
            for reference in override.evidence
        ]
        assert self.later(tables, rows) == []

    def later(self, tables, rows):
        published = tables.evidence["published"]
        return [
            f"{name} rests on {reference}, published {published[reference]}"
            for name, reference in rows
            if months.last_day(published[reference]) > CLAIMED
        ]

    def test_no_word_speaks_of_a_later_time_except_as_a_plan(self, tables):
        texts = {row.name: row.why for row in tables.assumptions.itertuples()}
        for world in worlds_of_june(tables):
            texts[world.name] = world.world
            texts |= {f"{world.name}: {name}": override.why for name, override in world.overrides.items()}
        known_too_early = {
            name: sentence
            for name, text in texts.items()
            for sentence in sentences(text)
            if LATER.search(sentence) and not PLANS.search(sentence)
        }
        assert known_too_early == {}

    @pytest.mark.parametrize(
        ("sentence", "caught"),
        [
            ("The round of January 2026 brought 20bn.", True),
            ("Revenue of Q3 2025 was 107m.", True),
            ("In the third quarter of 2025 it doubled.", True),
            ("It fell in late 2025.", True),
            ("By 2026 it was three times that.", True),
            ("In December 2025 X was fined.", True),
            ("The company's target for 2026 is 2bn.", False),
            ("Revenue of the first quarter of 2025 was 52m.", False),
            ("Talks in June 2025 named 110bn.", False),
            ("A rent of 2,026 dollars.", False),
        ],
    )
    def test_the_rule(self, sentence, caught):
        assert bool(LATER.search(sentence) and not PLANS.search(sentence)) is caught


class TestContent:
    def test_as_reported_is_the_assumptions_table(self, tables):
        assert tables.scenario(BASE).overrides == {}

    def test_hindsight_is_no_possible_world_of_june(self, tables):
        assert tables.scenario("hindsight_2026").weight == 0
        assert resolve(tables, "hindsight_2026").settings.start_month == "2025-10"

    def test_growth_stays_above_minus_one_at_all_bounds(self, tables):
        bounds = tables.assumptions
        uplift = 1 + bounds.loc["integration_growth_uplift", "maximum"]
        for name in bounds.index[bounds.index.str.match(r"growth_.*_per_month")]:
            assert bounds.loc[name, "minimum"] * uplift > -1

    def test_at_most_twenty_inputs_rest_on_no_figure(self, tables):
        without = [row.name for row in tables.assumptions.itertuples() if not row.evidence]
        assert len(without) <= 20, without
