"""Fixtures that many tests share: the checked tables, the base case and its result, and copies of data/ to break."""

import shutil

import pytest
from hypothesis import settings

from analysis.inputs import tables as inputs
from analysis.inputs.parameters import BASE, resolve
from analysis.show import template
from tests import small_data
from tests.browser import browser  # noqa: F401 (one Chromium for all test files)

settings.register_profile("project", derandomize=True, max_examples=50, deadline=None, database=None)
settings.load_profile("project")


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory):
    """Templates that tests make are not kept among the project's own."""
    template.COMPILED.directory = str(tmp_path_factory.mktemp("compiled"))


@pytest.fixture(scope="session")
def tables():
    return inputs.load()


@pytest.fixture(scope="session")
def base_case(tables):
    return resolve(tables, BASE)


@pytest.fixture(scope="session")
def base_result(base_case):
    from analysis.results.results import Result  # tests of inputs do not wait for the model

    return Result(base_case)


@pytest.fixture
def copy_of_data(tmp_path):
    """The path of a copy of data/ in which a cell or a file may be changed."""
    return shutil.copytree(inputs.DATA, tmp_path / "data")


@pytest.fixture
def small(tmp_path):
    """The path of the smallest data/ that loads."""
    return small_data.make(tmp_path / "data")


@pytest.fixture(scope="session")
def small_tables(tmp_path_factory):
    """The content of the smallest data/, for tests that change nothing in it."""
    return inputs.load(small_data.make(tmp_path_factory.mktemp("small") / "data"))


def pytest_collection_modifyitems(items):
    """The groups that keep to one worker begin first, so that none is left to run alone at the end."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)
