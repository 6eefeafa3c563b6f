"""results.json read back: its schema, damage refused by name in one line, names of folders."""

import copy
import json
import pathlib

import jsonschema
import pytest

from analysis.inputs.errors import InputError
from analysis.inputs.parameters import resolve
from analysis.results import stored
from analysis.results.results import Result, as_dict, to_json


@pytest.fixture(scope="module")
def content(tables):
    return as_dict(Result(resolve(tables, "critics", {"draws": 64, "horizon_months": 20})))


@pytest.fixture
def folder(tmp_path, content):
    place = tmp_path / "results" / "critics"
    place.mkdir(parents=True)
    (place / "results.json").write_text(to_json(content), encoding="utf-8")
    return place


def changed(content, value, *keys):
    """Return the content with one entry replaced, or taken out with value None given as the text "gone"."""
    content = copy.deepcopy(content)
    *above, last = keys
    place = content
    for key in above:
        place = place[key]
    if value == "gone":
        del place[last]
    else:
        place[last] = value
    return content


class TestSchema:
    def test_results_follow_the_schema_and_what_is_damaged_does_not(self, content):
        schema = json.loads(stored.schema_json())
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(content, schema)
        for keys in (
            ("metrics", "runway_months"),
            ("portfolios", "focus"),
            ("paths", "cash_usd_m", "p5"),
            ("schema",),
        ):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(changed(content, "gone", *keys), schema)

    def test_it_says_what_metrics_are(self):
        assert "Months until cash runs out" in stored.schema_json()


class TestReading:
    def test_what_is_written_is_read(self, folder, content, tables):
        assert stored.read_folders([folder], tables) == {"critics": content}
        case = resolve(tables, "critics", {"draws": 64, "horizon_months": 20})
        assert stored.estimates(content, tables) == case.estimates
        assert stored.settings(content) == case.settings
        assert stored.title_of("critics", content, tables) == tables.scenarios["critics"].title
        assert stored.title_of("mine", content, tables).endswith("(mine)")

    @pytest.mark.parametrize(
        ("value", "keys", "said"),
        [
            ("0.9", ("version",), "made by version '0.9', this is"),
            (7, ("version",), "made by version 7, this is"),
            ("gone", ("schema",), "schema' is missing"),
            (1, ("schema",), "made by schema 1, this is 2"),
            ("gone", ("metrics", "runway_months"), "metrics, runway_months' is missing"),
            ("many", ("metrics", "runway_months", "p50"), "valid number; given 'many'"),
            (True, ("metrics", "runway_months", "p50"), "given True"),
            (1e301, ("metrics", "runway_months", "p50"), "less than"),
            ("2026", ("metrics", "cash_out_month", "p50"), "given '2026'"),
            ("gone", ("portfolios", "focus"), "portfolios"),
            ({}, ("portfolios", "fokus"), "portfolios, fokus"),
            (1, ("extra\n",), "extra"),
            ([1.0], ("paths", "cash_usd_m", "p5"), "paths, cash_usd_m, p5: 20 months expected, 1 given"),
            ("2025-13", ("start_month",), "start_month"),
            (7, ("draws",), "draws: 8 times a power of two"),
            ("nowhere", ("scenario",), "unknown scenario 'nowhere'"),
            ("gone", ("inputs", "pue"), "another list of assumptions"),
            (-1.0, ("inputs", "pue", "central"), "pue: allowed is 1 to 3"),
        ],
    )
    def test_damage_is_refused_by_name_in_one_line(self, folder, content, tables, value, keys, said):
        (folder / "results.json").write_text(json.dumps(changed(content, value, *keys)), encoding="utf-8")
        with pytest.raises(InputError, match=r"^critics/results\.json: ") as refused:
            stored.read_folders([folder], tables)
        text = str(refused.value)
        assert said in text and "\n" not in text and str(folder.parent) not in text and len(text) < 300

    @pytest.mark.parametrize(
        "damage", [b"", b"{", b"[]", b"null", b"\xff\xfe{", b'{"inputs": NaN}', b"[" * 100_000]
    )
    def test_what_is_no_result_is_damaged(self, folder, tables, damage):
        (folder / "results.json").write_bytes(damage)
        with pytest.raises(InputError, match=r"^critics/results\.json: damaged \("):
            stored.read_folders([folder], tables)

    def test_missing_folders_and_files(self, folder, tables, tmp_path):
        (tmp_path / "file").write_text("x")
        (folder / "results.json").unlink()
        for place, said in (
            (folder, r"critics/results\.json: No such file or directory; build the case first"),
            (folder / "nowhere", "nowhere/results.json: No such file"),
            (tmp_path / "file", "file/results.json: Not a directory"),
        ):
            with pytest.raises(InputError, match=said):
                stored.read_folders([place], tables)

    def test_the_same_folder_twice_is_one(self, folder, tables):
        assert list(stored.read_folders([folder, folder / ".." / "critics"], tables)) == ["critics"]


class TestNames:
    @pytest.mark.parametrize(
        ("paths", "names"),
        [
            (["reports/critics"], ["critics"]),
            (["a/critics", "b/critics"], ["a/critics", "b/critics"]),
            (["a/x/critics", "b/x/critics", "c/other"], ["a/x/critics", "b/x/critics", "other"]),
            (["critics", "a/critics"], [f"{pathlib.Path.cwd().name}/critics", "a/critics"]),
            (["a\nb"], ["a?b"]),
            ([], []),
        ],
    )
    def test_are_the_shortest_ends_that_differ(self, paths, names):
        assert stored.names([pathlib.Path(path) for path in paths]) == names
