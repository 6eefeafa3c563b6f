"""Values shared between the jobs of one executor: computed once, never mixed up, never in the way."""

import os
import pathlib
import pickle

import numpy as np
import pandas as pd
import pytest

from analysis.build import processes
from analysis.results import process_cache


@pytest.fixture
def folder(tmp_path):
    process_cache.use(tmp_path)
    yield tmp_path
    process_cache.use(None)


def asked(name, depends_on, *answers):
    """Ask for a value as often as there are answers to compute; return what is given each time."""
    return [process_cache.get(name, depends_on, lambda answer=answer: answer) for answer in answers]


class TestOnce:
    def test_without_a_folder_everything_is_computed(self):
        assert asked("a", 1, "first", "second") == ["first", "second"]

    def test_the_first_value_is_given_again(self, folder):
        assert asked("a", 1, "first", "second") == ["first", "first"]

    @pytest.mark.parametrize(
        ("name", "depends_on"), [("b", 1), ("a", 2), ("a", 1.0 + 2**-52), ("a", (1,)), ("a", "1")]
    )
    def test_another_name_or_input_is_another_value(self, folder, name, depends_on):
        assert asked("a", 1, "first") + asked(name, depends_on, "second") == ["first", "second"]

    def test_a_frame_is_told_from_one_that_differs_in_a_cell(self, folder):
        frame = pd.DataFrame({"x": [1.0, 2.0], "name": ["a", "b"]})
        other = frame.assign(x=[1.0, np.nextafter(2.0, 3)])
        assert asked("a", frame, "first") + asked("a", frame.copy(), "again") + asked(
            "a", other, "second"
        ) == [
            "first",
            "first",
            "second",
        ]

    def test_functions_that_only_one_process_knows_are_not_shared(self, folder):
        def local():
            return 1

        assert asked("a", local, "first", "second") == ["first", "second"]
        assert asked("a", lambda: 1, "first", "second") == ["first", "second"]
        assert not list(folder.iterdir())

    def test_a_notebooks_own_functions_are_not_shared(self, folder, monkeypatch):
        monkeypatch.setattr(asked, "__module__", "__main__")
        monkeypatch.setitem(__import__("sys").modules["__main__"].__dict__, "asked", asked)
        assert b"__main__" in pickle.dumps(asked)
        assert asked("a", asked, "first", "second") == ["first", "second"]

    def test_a_folder_that_is_gone_is_no_error(self, folder):
        process_cache.use(folder / "gone")
        assert asked("a", 1, "first", "second") == ["first", "second"]

    def test_an_error_is_raised_and_nothing_kept(self, folder):
        with pytest.raises(ZeroDivisionError):
            process_cache.get("a", 1, lambda: 1 / 0)
        assert asked("a", 1, "then") == ["then"]


class TestExecutor:
    @pytest.fixture(autouse=True)
    def light(self, monkeypatch):
        monkeypatch.setattr(processes, "START", processes.START.replace("serving.prepare()\n", ""))

    def ask(self, pool, depends_on):
        return pool.submit(process_cache.get, "number", depends_on, os.getpid)

    def test_its_jobs_share_and_its_folder_ends_with_it(self):
        with processes.executor(1) as pool:
            first, second, other = (self.ask(pool, value).result(60) for value in (1, 1, 2))
            place = pathlib.Path(pool.submit(os.getcwd).result(60))
            assert place.stat().st_mode & 0o077 == 0  # what lies there is trusted
        assert first == second != other
        assert not place.exists()

    def test_two_executors_do_not(self):
        with processes.executor(1) as one, processes.executor(1) as other:
            assert self.ask(one, 1).result(60) != self.ask(other, 1).result(60)
