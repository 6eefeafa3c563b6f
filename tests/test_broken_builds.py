"""Builds in which something breaks: a cell, a kernel, the disk, the user's patience. The rest stays whole."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys

import pytest

from analysis import inputs
from analysis.report import files
from tests.test_build import FAST, tree

PAGES = ("cost_breakdown", "revenue_gap", "strategic_options")


def build(*arguments, cwd=None, **options) -> subprocess.Popen:
    command = [sys.executable, "-m", "analysis.cli", "build", *FAST, *map(str, arguments)]
    return subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def left_over(mark: str) -> list[str]:
    """Return the command lines of processes that have `mark` in their environment."""
    found = []
    for folder in filter(lambda name: name.isdigit() and int(name) != os.getpid(), os.listdir("/proc")):
        try:
            with open(f"/proc/{folder}/environ", "rb") as environ, open(f"/proc/{folder}/cmdline", "rb") as command:
                if mark.encode() in environ.read():
                    found.append(command.read().decode())
        except OSError:
            continue
    return found


@pytest.fixture(scope="module", params=["raise ValueError('<b>boom</b>')", "import os; os._exit(9)"], ids=["raises", "dies"])
def broken(request, tmp_path_factory):
    """A build with a copy of the project in which one page fails in its second section."""
    copy = tmp_path_factory.mktemp("project")
    for part in ("analysis", "data", "notebooks"):
        shutil.copytree(inputs.ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(inputs.ROOT / "CHANGELOG.md", copy)
    path = copy / "notebooks" / "cost_breakdown.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    at = next(n for n, cell in enumerate(notebook["cells"]) if 'section("bottom_up"' in "".join(cell["source"]))
    after = next(cell for cell in notebook["cells"][at + 1 :] if cell["cell_type"] == "code")
    after["source"] = f"{request.param}\n" + "".join(after["source"])
    path.write_text(json.dumps(notebook), encoding="utf-8")
    running = build("critics", "--set", "monthly_burn_usd_m=1234", "--name", "dear", "--out", copy / "out", cwd=copy)
    stdout, stderr = running.communicate(timeout=300)
    return copy / "out", running.returncode, stdout, stderr, request.param


class TestOneBrokenPage:
    def test_ends_with_1_and_names_the_page_and_the_error(self, broken):
        _, code, stdout, stderr, cause = broken
        assert code == 1
        assert "dear/cost_breakdown.html: failed" in stderr
        assert ("ValueError: <b>boom</b>" if "raise" in cause else "DeadKernelError") in stderr
        assert "Traceback" not in stderr
        assert "1 failed" in stdout

    def test_the_other_pages_are_complete(self, broken):
        for page in PAGES[1:]:
            text = (broken[0] / "dear" / f"{page}.html").read_text(encoding="utf-8")
            assert "page-foot" in text and "could not be built" not in text

    def test_its_page_says_what_where_and_with_which_parameters(self, broken):
        text = (broken[0] / "dear" / "cost_breakdown.html").read_text(encoding="utf-8")
        for said in ("could not be built", "Critics", "Cost breakdown", "monthly_burn_usd_m", "1234"):
            assert said in text, said
        if "raise" in broken[4]:
            assert "ValueError: &lt;b&gt;boom&lt;/b&gt;" in text and "<b>boom" not in text
        assert "stopped after “The claim rebuilt from its parts”" in text

    def test_the_index_marks_it(self, broken):
        assert "Not built: Cost breakdown" in (broken[0] / "index.html").read_text(encoding="utf-8")

    def test_the_next_build_tries_only_that_page_again(self, broken):
        running = build(
            "critics", "--set", "monthly_burn_usd_m=1234", "--name", "dear", "--out", broken[0], "-v", cwd=broken[0].parent
        )
        stdout, stderr = running.communicate(timeout=300)
        assert running.returncode == 1
        assert "cost_breakdown.html: failed" in stderr
        for page in PAGES[1:]:
            assert f"dear/{page}.html: up to date" in stdout


@pytest.mark.skipif(not os.path.isdir("/proc"), reason="looks for processes in /proc")
class TestInterrupt:
    @pytest.mark.parametrize("everyone", [True, False], ids=["as from a terminal", "the command alone"])
    def test_stops_with_a_line_and_leaves_whole_files_and_no_process(self, tmp_path, everyone):
        out, mark = tmp_path / "out", f"BURN_TEST_MARK={tmp_path}"
        running = build(
            "critics", "price_war", "--out", out, start_new_session=True, env=os.environ | dict([mark.split("=", 1)]),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
        )  # fmt: skip
        for line in running.stderr:
            if line.startswith("done"):
                break
        (os.killpg if everyone else os.kill)(running.pid, signal.SIGINT)
        rest = running.stderr.read()  # ends when the last process of the build has let go of its end
        assert running.wait() == 130
        assert "Stopped." in rest and "Traceback" not in rest
        assert left_over(mark) == []
        assert not list(out.rglob(f"{files.PREFIX}*"))
        for path in out.rglob("*.html"):
            assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")


class TestDisk:
    def test_a_disk_without_room_is_said_and_old_pages_stay(self, tmp_path):
        out = tmp_path / "out"
        assert build("critics", "--notebook", "cost_breakdown", "--out", out).wait() == 0
        before = tree(out)

        def no_room() -> None:  # no file may grow beyond 100 kB, which results.json and the index do not need
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

        running = build("critics", "--notebook", "cost_breakdown", "--out", out, "--force", preexec_fn=no_room)
        _, stderr = running.communicate(timeout=300)
        assert running.returncode == 1
        assert "cost_breakdown.html: failed" in stderr and "File too large" in stderr
        assert "Traceback" not in stderr
        after = tree(out)
        assert after["critics/cost_breakdown.html"] == before["critics/cost_breakdown.html"]
        assert after.keys() == before.keys()

    @pytest.mark.skipif(hasattr(os, "getuid") and os.getuid() == 0, reason="the superuser may write anywhere")
    def test_a_read_only_folder_is_refused(self, tmp_path):
        tmp_path.chmod(0o500)
        running = build("critics", "--out", tmp_path / "out")
        assert running.wait() == 2
        assert "cannot be written to" in running.stderr.read()
