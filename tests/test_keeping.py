"""A server that stays for the next command: found by its like alone, gone by itself, with no job of a command that ended."""

import os
import pathlib
import pty
import select
import signal
import subprocess
import tempfile

import pytest

from analysis.build import processes
from analysis.inputs import tables
from tests import commands
from tests.commands import FAST, finish, pages, start

CELLS = commands.demo_page.NOTEBOOK
WAITING = 30

pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as Linux does")


@pytest.fixture
def folder(monkeypatch):
    """A folder for temporary files; a socket in it may have a path of 100 characters. Its servers end with the test."""
    with tempfile.TemporaryDirectory(prefix="keep-", ignore_cleanup_errors=True) as name:
        monkeypatch.setattr("tempfile.tempdir", name)
        monkeypatch.setenv("TMPDIR", name)
        yield pathlib.Path(name)
        for process in started(name):
            os.kill(process, signal.SIGKILL)


@pytest.fixture
def light(monkeypatch):
    """Servers that import next to nothing."""
    monkeypatch.setattr(processes, "START", processes.START.replace("serving.prepare()\n", ""))


def started(name: object) -> list[int]:
    """Return the processes that were started with temporary files in a folder below `name`."""
    found = []
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if f"TMPDIR={name}/".encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def parent(process: int) -> int:
    return int(pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def ended(process: int) -> bool:
    """Wait for a process that is not ours, and return whether it has ended."""
    try:
        return bool(select.select([os.pidfd_open(process)], [], [], WAITING)[0])
    except ProcessLookupError:
        return True


def ask(seconds: float = 60) -> tuple[int, int]:
    """Run a job as a command does; return the process that served it and the one that this was forked from."""
    with processes.executor(1, seconds) as pool:
        serving = pool.submit(os.getppid).result(WAITING)
        return serving, parent(serving)


class TestStays:
    def test_for_the_next_command_which_gets_a_process_of_its_own(self, light, folder):
        (first, server), (second, same) = ask(), ask()
        assert server == same and first != second
        assert ended(first) and ended(second) and started(folder) == [server]

    def test_until_nobody_has_called_for_a_while(self, light, folder):
        _, server = ask(0.1)
        assert ended(server) and not list(folder.glob("*/*"))

    def test_and_has_run_at_leisure_what_all_cases_share(self, folder):
        serving, _ = ask()
        assert ended(serving)
        with processes.executor(1, 60) as pool:
            worlds = pool.submit(eval, "__import__('analysis.results.states', fromlist=['_'])._known")
            assert len(worlds.result(WAITING)) == sum(
                each.weight > 0 for each in tables.load().scenarios.values()
            )

    def test_and_is_started_anew_where_it_was_killed_also_while_it_serves(self, light, folder):
        _, server = ask()
        for _ in range(2):
            os.kill(server, signal.SIGKILL)
            assert ended(server)
            with processes.executor(1, 60) as pool:
                before, server = server, parent(pool.submit(os.getppid).result(WAITING))
                assert server != before
                os.kill(server, signal.SIGKILL)
                assert ended(server) and ask()[1] not in (server, before)
                assert pool.submit(os.getpid).result(WAITING)
            server = ask()[1]

    def test_and_ends_with_jobs_that_hear_nothing_when_a_command_is_stopped(self, light, folder, monkeypatch):
        monkeypatch.setattr(processes, "SECONDS_TO_END", 1)
        _, server = ask()
        with pytest.raises(KeyboardInterrupt), processes.executor(1, 60) as pool:
            serving = pool.submit(os.getppid).result(WAITING)
            pool.submit(eval, "__import__('re').match('(a+)+$', 'a' * 45 + 'b')")
            while not (deaf := set(started(folder)) - {server, serving}):
                continue
            raise KeyboardInterrupt
        assert all(map(ended, {serving, *deaf})) and started(folder) == [server]

    def test_for_who_sits_at_a_terminal_and_pages_are_the_same(self, folder, tmp_path):
        project = commands.project(tmp_path)
        _, terminal = pty.openpty()
        for out, stderr in (("first", terminal), ("second", terminal), ("plain", subprocess.PIPE)):
            command = ("build", "critics", "--quiet", "--out", tmp_path / out, *FAST)
            finish(start(*command, cwd=project, stderr=stderr))
        assert len(started(folder)) == 1
        assert pages(tmp_path / "first") == pages(tmp_path / "second") == pages(tmp_path / "plain")


class TestIsNotFound:
    def test_by_a_command_of_other_settings(self, light, folder, monkeypatch):
        _, server = ask()
        monkeypatch.setenv("LC_ALL", "tr_TR")
        assert ask()[1] != server
        monkeypatch.delenv("LC_ALL")
        monkeypatch.setenv("PWD", "/elsewhere")
        assert ask()[1] == server

    def test_when_something_has_changed_and_ends_then(self, folder, tmp_path):
        project = commands.project(tmp_path)
        command = ("build", "critics", "--keep", "1", "--out", tmp_path / "out", *FAST)
        for change in ("data/README.md", "analysis/show/templates/burn/content.css"):
            finish(start(*command, cwd=project))
            [server] = started(folder)
            with (project / change).open("a") as file:
                file.write("\n")
            finish(start(*command, "--force", cwd=project))
            assert ended(server) and len(started(folder)) == 1

    def test_in_another_checkout(self, folder, tmp_path):
        """Even with the same code and data: its notebooks are others."""
        made = []
        for name in ("first", "second"):
            project = commands.project(tmp_path / name)
            commands.write_notebook(project, (*CELLS[:-1], f"page.html({name!r})", CELLS[-1]))
            finish(start("build", "critics", "--keep", "1", "--out", "out", *FAST, cwd=project))
            made.append((project / "out" / "critics" / "demo.html").read_text(encoding="utf-8"))
        assert "first" in made[0] and "second" in made[1] and len(started(folder)) == 2

    @pytest.mark.parametrize("mode", [0o755, 0o770])
    def test_where_others_could_put_theirs(self, light, folder, mode):
        place = folder / f"burn-report-{os.getuid()}"
        place.mkdir()
        place.chmod(mode)
        ask()
        assert started(folder) == [] and not list(place.iterdir())

    def test_where_the_path_of_a_socket_would_be_too_long(self, light, folder, monkeypatch):
        long = folder / ("x" * 120)
        long.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(long))
        ask()
        assert started(folder) == []


def test_jobs_of_a_killed_command_end_and_the_server_goes_on(folder, tmp_path):
    project = commands.project(tmp_path)
    commands.write_notebook(project, (*CELLS[:-1], "import time\ntime.sleep(600)", CELLS[-1]))
    arguments = ("build", "critics", "--out", tmp_path / "out", "--keep", "1", *FAST)
    running = start(*arguments, cwd=project)
    for line in running.stderr:
        if line.startswith("done"):
            break
    [server] = [each for each in started(folder) if parent(each) == running.pid]
    others = set(started(folder)) - {server}
    running.kill()
    running.communicate()
    assert len(others) > 1 and all(map(ended, others))
    commands.write_notebook(project, CELLS)
    finish(start(*arguments, cwd=project))
    assert started(folder) == [server]
