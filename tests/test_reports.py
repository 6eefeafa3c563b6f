"""The committed results are those that this code makes: a changed figure shows here, in the diff and in CHANGELOG.md."""

import json

import pytest

from analysis.build import folders, products
from analysis.inputs.place import DATA, REPORTS

SCENARIOS = sorted(path.stem for path in (DATA / "scenarios").glob("*.yaml"))


def differences(old: object, new: object, where: str = "") -> list[str]:
    """Return where two results differ: structure exactly, numbers by more than 1e-9 relative."""
    if isinstance(old, dict) and isinstance(new, dict):
        missing = [f"{where}.{key}: only on one side" for key in sorted(old.keys() ^ new.keys())]
        return missing + [
            found for key in sorted(old.keys() & new.keys()) for found in differences(old[key], new[key], f"{where}.{key}")
        ]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [found for n, pair in enumerate(zip(old, new, strict=True)) for found in differences(*pair, f"{where}[{n}]")]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (old, new))
    same = abs(old - new) <= 1e-9 * max(abs(old), abs(new)) if numbers else old == new
    return [] if same else [f"{where}: {old} -> {new}"]


class TestDifferences:
    def test_a_number_off_by_more_than_1e_9_is_found(self):
        assert differences({"a": [1.0, 2.0]}, {"a": [1.0, 2.0 + 1e-8]}) == [".a[1]: 2.0 -> 2.00000001"]

    def test_a_number_off_by_less_is_not(self):
        assert differences({"a": 1.0}, {"a": 1.0 + 1e-12}) == []

    def test_null_and_missing_are_found(self):
        assert differences({"a": None}, {"a": 1.0}) == [".a: None -> 1.0"]
        assert differences({"a": 1, "b": 1}, {"a": 1}) == [".b: only on one side"]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_rebuilt_results_equal_the_committed_ones(scenario):
    made = products.results(scenario, {}, scenario).files["results.json"]
    old = json.loads((REPORTS / scenario / "results.json").read_text(encoding="utf-8"))
    new = json.loads(made)
    found = differences(old, new)
    assert not found, "results have changed: rebuild reports/ and say so in CHANGELOG.md\n" + "\n".join(found[:20])


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_default_page_is_committed(scenario):
    for page in folders.case_pages():
        assert (REPORTS / scenario / f"{page}.html").is_file()
