"""Builds in which something breaks: a cell, a kernel, the disk, the user's patience. The rest stays whole."""

import json
import os
import re
import resource
import signal

import pytest

from analysis.build import files
from tests import commands
from tests.commands import FAST, finish, left_over, pages, start

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("broken")]
CELLS = commands.demo_page.NOTEBOOK
LONG = "import time\ntime.sleep(60)"


def with_cell(project, source):
    """Put a cell before the last one of the project's notebook."""
    commands.write_notebook(project, (*CELLS[:-1], source, CELLS[-1]))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return commands.project(tmp_path_factory.mktemp("broken"))


def whole(out):
    """Check that every page in `out` is whole and that nothing half done is there."""
    assert not list(out.rglob(f"{files.PART}*"))
    for path in out.rglob("*.html"):
        assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


class TestOneBrokenPage:
    def test_a_cell_that_raises_is_named_with_its_line_and_the_rest_is_there(self, project):
        with_cell(project, "x = 1\nraise ValueError('<b>boom</b>')")
        said = finish(start("build", "critics", "--out", "raises", *FAST, cwd=project), 1)
        assert "critics/demo.html: failed\n  cell 6, line 2: ValueError: <b>boom</b>" in said
        assert (
            "2 built, 0 up to date, 1 failed" in said
            and str(project / "raises" / ".burn-report" / "last-run.log") in said
        )
        page = (project / "raises" / "critics" / "demo.html").read_text(encoding="utf-8")
        for text in (
            "could not be built",
            "Critics",
            "stopped after “What is missing?”",
            "ValueError: &lt;b&gt;boom&lt;/b&gt;",
            "128",
        ):
            assert text in page
        assert json.loads((project / "raises" / "index.json").read_text())["failed"] == {"critics": ["demo"]}
        assert "raise ValueError" in (project / "raises" / ".burn-report" / "last-run.log").read_text()

    def test_a_kernel_that_dies(self, project):
        with_cell(project, "import os\nos._exit(9)")
        said = finish(start("build", "critics", "--out", "dies", *FAST, cwd=project), 1)
        assert "cell 6: DeadKernelError" in said and "1 failed" in said

    def test_a_cell_that_takes_too_long(self, project):
        with_cell(project, LONG)
        said = finish(start("build", "critics", "--out", "slow", "--timeout", "1", *FAST, cwd=project), 1)
        # the last, unless the machine is slow
        assert re.search(r"cell \d: it took longer than the time limit", said)


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for processes in /proc")
class TestStopped:
    @pytest.mark.parametrize(
        ("signum", "everyone"),
        [(signal.SIGINT, True), (signal.SIGINT, False), (signal.SIGTERM, False), (signal.SIGHUP, False)],
    )
    def test_a_signal_leaves_whole_files_no_process_and_no_litter(self, project, tmp_path, signum, everyone):
        with_cell(project, LONG)
        (tmp_path / "t").mkdir()
        running = start(
            "build", "critics", "--out", tmp_path / "out", *FAST, cwd=project, start_new_session=True,
            environment={"TMPDIR": str(tmp_path / "t")},
            preexec_fn=lambda: [signal.signal(each, signal.SIG_DFL) for each in (2, 1)],  # INT and HUP
        )  # fmt: skip
        for line in running.stderr:
            if line.startswith("done"):
                break
        (os.killpg if everyone else os.kill)(running.pid, signum)
        rest = running.stderr.read()  # ends when the last process of the build has let go of its end
        assert running.wait() == 128 + signum
        assert "Stopped." in rest and "Traceback" not in rest
        assert left_over(str(tmp_path)) == [] and not list((tmp_path / "t").iterdir())
        whole(tmp_path / "out")

    def test_a_killed_build_leaves_whole_files_and_the_next_completes_it_and_clears_up(
        self, project, tmp_path
    ):
        with_cell(project, LONG)
        (tmp_path / "t").mkdir()
        environment = {"TMPDIR": str(tmp_path / "t")}
        arguments = ("build", "critics", "--out", tmp_path / "out", *FAST)
        running = start(*arguments, cwd=project, environment=environment)
        for line in running.stderr:
            if line.startswith("done"):
                break
        running.kill()
        running.communicate()
        whole(tmp_path / "out")
        commands.write_notebook(project, CELLS)
        finish(start(*arguments, cwd=project, environment=environment))
        assert {"critics/demo.html", "critics/results.json", "index.html"} <= set(pages(tmp_path / "out"))
        assert not list((tmp_path / "t").iterdir())


class TestTwoBuilds:
    def test_into_one_folder_do_not_mix_and_lose_nothing(self, project, tmp_path):
        commands.write_notebook(project, CELLS)
        pair = [
            start("build", name, "--out", tmp_path, *FAST, cwd=project) for name in ("critics", "price_war")
        ]
        said = [finish(process) for process in pair]
        assert any("waiting for it to end" in text for text in said) or all(
            "3 built" in text for text in said
        )
        assert json.loads((tmp_path / "index.json").read_text())["cases"] == ["critics", "price_war"]
        whole(tmp_path)


class TestDisk:
    def test_a_disk_without_room_is_said_and_old_pages_stay(self, project, tmp_path):
        commands.write_notebook(project, CELLS)
        arguments = ("build", "critics", "--out", tmp_path, *FAST)
        finish(start(*arguments, cwd=project))
        before = pages(tmp_path)

        def no_room() -> None:  # no file may grow beyond 60 kB, which the index does not need
            resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

        said = finish(start(*arguments, "--force", cwd=project, preexec_fn=no_room), 1)
        assert "demo.html: failed" in said and "File too large" in said
        assert pages(tmp_path) == before

    @pytest.mark.skipif(hasattr(os, "getuid") and os.getuid() == 0, reason="the superuser may write anywhere")
    def test_a_read_only_folder_is_refused(self, project, tmp_path):
        tmp_path.chmod(0o500)
        assert "cannot be written to" in finish(
            start("build", "critics", "--out", tmp_path / "out", cwd=project), 2
        )
