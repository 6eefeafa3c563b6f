"""What decides whether something is made again: bytes, not times; a scenario and what it builds on; nothing
else.
"""

import os
import shutil

import pytest

from analysis.build import fingerprints
from analysis.build.fingerprints import Entry
from analysis.build.requests import scenario_titles
from analysis.inputs import place
from analysis.pages import PAGES


class TestFiles:
    def test_touching_a_file_changes_nothing_and_editing_it_does(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_text("1")
        before = fingerprints.files(tmp_path, "*.csv")
        os.utime(path, (1, 1))
        assert fingerprints.files(tmp_path, "*.csv") == before
        path.write_text("2")
        assert fingerprints.files(tmp_path, "*.csv") != before

    def test_a_name_counts_and_compiled_code_does_not(self, tmp_path):
        (tmp_path / "a.py").write_text("1")
        before = fingerprints.files(tmp_path, "**/*.py")
        (tmp_path / "__pycache__").mkdir()
        (tmp_path / "__pycache__" / "b.py").write_text("1")
        assert fingerprints.files(tmp_path, "**/*.py") == before
        (tmp_path / "a.py").rename(tmp_path / "b.py")
        assert fingerprints.files(tmp_path, "**/*.py") != before


class TestScenarios:
    @pytest.fixture
    def folder(self, monkeypatch, tmp_path):
        monkeypatch.setattr(fingerprints, "SCENARIOS", tmp_path)
        (tmp_path / "one.yaml").write_text("title: One\n")
        (tmp_path / "two.yaml").write_text("title: Two\nbase: 'one'\n")
        (tmp_path / "three.yaml").write_text("title: Three\nbase: two\n")
        return tmp_path

    def test_what_a_scenario_builds_on_counts(self, folder):
        before = {name: fingerprints.scenarios(name) for name in ("one", "two", "three")}
        (folder / "two.yaml").write_text("title: Two anew\nbase: 'one'\n")
        assert {name for name, old in before.items() if fingerprints.scenarios(name) != old} == {
            "two",
            "three",
        }

    def test_two_that_build_on_each_other_end(self, folder):
        (folder / "one.yaml").write_text("base: three\n")
        assert fingerprints.scenarios("one") == fingerprints.scenarios("three")

    def test_pages_see_their_own_and_those_that_show_all_see_all(self, monkeypatch):
        def keys():
            return {
                (stem, name): fingerprints.page(stem, PAGES[stem].all_scenarios, name, {}, {}, {})
                for stem in ("revenue_gap", "strategic_options")
                for name in scenario_titles()
            }

        before, real = keys(), fingerprints.files

        def edited(folder, *patterns):
            touched = folder == fingerprints.SCENARIOS and {"critics.yaml", "*.yaml"} & set(patterns)
            return (
                fingerprints.digest(real(folder, *patterns), "edited") if touched else real(folder, *patterns)
            )

        monkeypatch.setattr(fingerprints, "files", edited)
        changed = {name for name, old in before.items() if keys()[name] != old}
        assert changed == {
            ("revenue_gap", "critics"),
            *(("strategic_options", name) for name in scenario_titles()),
        }


def test_a_workbook_sees_its_formulas_and_names_and_no_page_text(monkeypatch, tmp_path):
    shutil.copytree(place.PACKAGE, tmp_path / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(place, "PACKAGE", tmp_path / "analysis")
    before = fingerprints.results("critics", {})
    (tmp_path / "analysis" / "pages" / "revenue_gap" / "text.en.j2").write_text("changed")
    assert fingerprints.results("critics", {}) == before
    for name in ("excel/sheets/model.en.j2", "show/templates/shared.en.j2"):
        (tmp_path / "analysis" / name).write_text("changed")
        after = fingerprints.results("critics", {})
        assert {part for part in after if after[part] != before[part]} == {
            "words and formulas of the workbook"
        }
        before = after


class TestStale:
    def test_the_reason_names_what_changed(self, tmp_path):
        old = Entry({"a": "1", "b": "1"})
        assert fingerprints.stale_because(old, {"a": "1", "b": "2"}, tmp_path) == "changed: b"
        assert fingerprints.stale_because(old, {"a": "1"}, tmp_path) == "changed: b"
        assert fingerprints.stale_because(old, {"a": "1", "b": "1"}, tmp_path) == ""
        assert "not built yet" in fingerprints.stale_because(None, {}, tmp_path)

    def test_a_file_that_is_not_as_it_was_made(self, tmp_path):
        (tmp_path / "page.html").write_text("as made")
        entry = Entry({}, {"page.html": fingerprints.digest_of(tmp_path / "page.html")})
        assert fingerprints.stale_because(entry, {}, tmp_path) == ""
        (tmp_path / "page.html").write_text("by hand")
        assert fingerprints.stale_because(entry, {}, tmp_path) == "page.html is not there as it was made"

    @pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": {"no": 1}}', "\x00"])
    def test_a_damaged_manifest_is_as_none(self, tmp_path, content):
        (tmp_path / fingerprints.MANIFEST).parent.mkdir()
        (tmp_path / fingerprints.MANIFEST).write_text(content)
        assert fingerprints.load(tmp_path) == {}

    def test_a_manifest_comes_back_as_it_was(self, tmp_path):
        (tmp_path / "a.html").write_text("as made")
        case = ("critics", {"pue": "1.3"})
        fingerprints.remember(tmp_path, "a", {"data": "1"}, ["a.html"], case)
        fingerprints.remember(tmp_path, "b", {"data": "2"}, [])
        made = {"a.html": fingerprints.digest_of(tmp_path / "a.html")}
        first, second = Entry({"data": "1"}, made, list(case)), Entry({"data": "2"})
        assert fingerprints.load(tmp_path) == {"a": first, "b": second}


def test_what_is_installed_is_named_without_reading_it():
    names = fingerprints.installed()
    assert any(name.startswith("numpy-") for name in names)
