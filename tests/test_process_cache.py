"""Values shared between the jobs of one executor: computed once, never mixed up, never in the way."""

import os
import pathlib

import pytest

from analysis.build import processes
from analysis.results import process_cache


@pytest.fixture
def folder(tmp_path):
    process_cache.use(tmp_path)
    yield tmp_path
    process_cache.use(None)


def asked(key, *answers):
    """Ask for a value as often as there are answers to compute; return what is given each time."""
    return [process_cache.get(key, lambda answer=answer: answer) for answer in answers]


class TestOnce:
    def test_without_a_folder_everything_is_computed(self):
        assert asked("a", "first", "second") == ["first", "second"]

    def test_the_first_value_is_given_again_and_no_other(self, folder):
        assert asked("a", "first", "second") == ["first", "first"]
        assert asked("b", "another") == ["another"]

    def test_a_folder_that_is_gone_is_no_error(self, folder):
        process_cache.use(folder / "gone")
        assert asked("a", "first", "second") == ["first", "second"]

    def test_an_error_is_raised_and_nothing_kept(self, folder):
        with pytest.raises(ZeroDivisionError):
            process_cache.get("a", lambda: 1 / 0)
        assert asked("a", "then") == ["then"]


class TestExecutor:
    @pytest.fixture(autouse=True)
    def light(self, monkeypatch):
        monkeypatch.setattr(processes, "START", processes.START.replace("serving.prepare()\n", ""))

    def ask(self, pool, key):
        return pool.submit(process_cache.get, key, os.getpid)

    def test_its_jobs_share_and_its_folder_ends_with_it(self):
        with processes.executor(1) as pool:
            first, second, other = (self.ask(pool, value).result(60) for value in "112")
            place = pathlib.Path(pool.submit(os.getcwd).result(60))
            assert place.stat().st_mode & 0o077 == 0  # what lies there is trusted
        assert first == second != other
        assert not place.exists()

    def test_two_executors_do_not(self):
        with processes.executor(1) as one, processes.executor(1) as other:
            assert self.ask(one, "1").result(60) != self.ask(other, "1").result(60)
