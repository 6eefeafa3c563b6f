"""Fixtures that many tests share: the checked tables, the base case and its run, and a copy of data/ to break."""

import shutil

import pytest
from hypothesis import settings

from analysis import inputs
from analysis.parameters import resolve
from analysis.results import Run
from tests.browser import browser  # noqa: F401 (one Chromium for all test files)

settings.register_profile("project", derandomize=True, max_examples=50, deadline=None, database=None)
settings.load_profile("project")


@pytest.fixture(scope="session")
def tables():
    return inputs.load()


@pytest.fixture(scope="session")
def base_case(tables):
    return resolve(tables, "as_reported")


@pytest.fixture(scope="session")
def base_run(base_case):
    return Run(base_case)


@pytest.fixture
def copy_of_data(tmp_path):
    """The path of a copy of data/ in which a cell or a file may be changed."""
    return shutil.copytree(inputs.DATA, tmp_path / "data")
