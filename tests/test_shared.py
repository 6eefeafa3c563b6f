"""Values shared between the jobs of one executor: computed once, never mixed up, never in the way."""

import os
import pathlib
import pickle

import numpy as np
import pandas as pd
import pytest

from analysis import shared
from analysis.report.processes import FreshProcesses


@pytest.fixture
def folder(tmp_path):
    shared.use(tmp_path)
    yield tmp_path
    shared.use(None)


def asked(name, depends_on, *answers):
    """Ask for a value as often as there are answers to compute; return what is given each time."""
    return [shared.once(name, depends_on, lambda answer=answer: answer) for answer in answers]


def job(depends_on):
    """Share this process's number under a name, as a job does; return it and where it would lie."""
    return shared.once("number", depends_on, os.getpid), str(shared._folder)


class TestOnce:
    def test_without_a_folder_everything_is_computed(self):
        assert asked("a", 1, "first", "second") == ["first", "second"]

    def test_the_first_value_is_given_again(self, folder):
        assert asked("a", 1, "first", "second") == ["first", "first"]

    @pytest.mark.parametrize(("name", "depends_on"), [("b", 1), ("a", 2), ("a", 1.0 + 2**-52), ("a", (1,)), ("a", "1")])
    def test_another_name_or_input_is_another_value(self, folder, name, depends_on):
        assert asked("a", 1, "first") + asked(name, depends_on, "second") == ["first", "second"]

    def test_a_frame_is_told_from_one_that_differs_in_a_cell(self, folder):
        frame = pd.DataFrame({"x": [1.0, 2.0], "name": ["a", "b"]})
        other = frame.assign(x=[1.0, np.nextafter(2.0, 3)])
        assert asked("a", frame, "first") + asked("a", frame.copy(), "again") + asked("a", other, "second") == [
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
        shared.use(folder / "gone")
        assert asked("a", 1, "first", "second") == ["first", "second"]

    def test_an_error_is_raised_and_nothing_kept(self, folder):
        with pytest.raises(ZeroDivisionError):
            shared.once("a", 1, lambda: 1 / 0)
        assert asked("a", 1, "then") == ["then"]


class TestExecutor:
    def test_its_jobs_share_and_its_folder_ends_with_it(self):
        with FreshProcesses(1, preload=[]) as pool:
            (first, place), (second, _), (other, _) = (pool.submit(job, value).result(60) for value in (1, 1, 2))
            assert pathlib.Path(place).stat().st_mode & 0o077 == 0  # what lies there is trusted
        assert first == second != other
        assert not pathlib.Path(place).exists()

    def test_two_executors_do_not(self):
        with FreshProcesses(1, preload=[]) as one, FreshProcesses(1, preload=[]) as other:
            assert one.submit(job, 1).result(60)[0] != other.submit(job, 1).result(60)[0]
