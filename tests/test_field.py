"""On other people's machines: whatever stands around a command, its result is that of its own checkout and of
its inputs.
"""

import os
import pathlib
import subprocess
import sys
import time

import openpyxl
import pytest

from analysis import cli, excel
from analysis.build import engines, files, isolation, processes, requests
from analysis.inputs import place
from analysis.inputs.errors import InputError
from analysis.inputs.place import PACKAGE, ROOT
from analysis.show import revision
from tests import commands
from tests.commands import FAST, finish, start, tree

SHADOWS = (
    "analysis",
    "random",
    "calendar",
    "queue",
    "copy",
    "token",
    "numbers",
    "inspect",
    "socket",
    "tempfile",
    "papermill",
)


@pytest.fixture
def shadows(tmp_path):
    """A folder with modules that are named like others."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in SHADOWS:
        (folder / f"{name}.py").write_text("raise SystemExit('a module of my own')\n")
    return folder


@pytest.fixture
def light(monkeypatch):
    """Servers that import next to nothing."""
    monkeypatch.setattr(processes, "START", processes.START.replace("serving.prepare()\n", ""))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small project that is not changed."""
    return commands.project(tmp_path_factory.mktemp("small"))


@pytest.fixture
def project(tmp_path):
    """A small project to change."""
    return commands.project(tmp_path / "project")


def _version(before: str, folder: pathlib.Path) -> subprocess.CompletedProcess:
    """Run `burn-report version` after some Python."""
    code = f"import os, sys\n{before}\nsys.argv = ['burn-report', 'version']\nimport burn_report; burn_report.main()"
    command = [sys.executable, "-P", "-c", f"import sys; sys.path.append({str(ROOT)!r})\n{code}", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


class TestOtherCode:
    """Another checkout or a module of one's own in the working folder, on PYTHONPATH, in a copied
    environment.
    """

    def test_the_working_folder_and_relative_entries_are_on_no_path(self, monkeypatch, tmp_path):
        monkeypatch.chdir(tmp_path)
        path = ["", "/lib/python", str(tmp_path / "extra"), ".", "relative", "/site-packages"]
        extra = [str(tmp_path / "extra"), str(tmp_path)]
        assert isolation.clean_path(path, extra) == ["/lib/python", "/site-packages", str(tmp_path / "extra")]

    def test_pythonpath_hides_nothing(self, tmp_path):
        extra = str(tmp_path)
        assert isolation.clean_path(["/script", extra, "/lib"], [extra]) == ["/lib", extra]
        (tmp_path / "analysis.py").touch()
        assert isolation.clean_path(["/script", extra, "/lib"], [extra]) == ["/lib"]

    @pytest.mark.parametrize("pythonpath", ["", "."])
    def test_the_command_runs_its_own_package(self, shadows, pythonpath):
        for name in SHADOWS[1:-1]:  # Python itself would not start with these on its path
            (shadows / f"{name}.py").unlink()
        code = (
            f"import sys; sys.path.append({str(ROOT)!r}); sys.argv = ['burn-report', 'version']\n"
            "import burn_report; burn_report.main()"
        )
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        environment |= {"PYTHONPATH": pythonpath} if pythonpath else {}
        command = [sys.executable, "-P", "-c", code]
        done = subprocess.run(
            command, cwd=shadows, env=environment, capture_output=True, text=True, timeout=60
        )
        assert (done.returncode, done.stderr) == (0, "") and done.stdout.strip() == cli.__version__

    def test_a_working_folder_that_was_removed_is_said_in_one_line(self, tmp_path):
        done = _version("os.chdir(sys.argv[1]); os.rmdir(sys.argv[1])", tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert (
            done.stderr.startswith("Error: the working folder was removed") and done.stderr.count("\n") == 1
        )

    def test_servers_run_the_commands_package_and_see_no_working_folder(self, monkeypatch, shadows, light):
        monkeypatch.chdir(shadows)
        with processes.executor(1) as pool:
            asked = (
                "__import__('analysis').__file__, __import__('sys').path, "
                "__import__('random').__file__, __import__('os').getcwd()"
            )
            package, path, module, folder = pool.submit(eval, f"({asked})").result(60)
        assert package == str(PACKAGE / "__init__.py")
        assert not {"", ".", str(shadows)} & set(path) and not module.startswith(str(shadows))
        assert pathlib.Path(folder).name.startswith(files.RUN)

    def test_a_copied_environment_is_refused(self, monkeypatch, tmp_path):
        (tmp_path / ".venv" / "bin").mkdir(parents=True)
        (tmp_path / ".venv" / "pyvenv.cfg").touch()
        monkeypatch.setattr(sys, "argv", [str(tmp_path / ".venv" / "bin" / "burn-report")])
        with pytest.raises(InputError, match=r"would run the code of .* copied or moved"):
            isolation._run_own_code("/", [])

    def test_the_code_of_another_checkout_is_refused(self, monkeypatch, tmp_path):
        beside = tmp_path / "first"
        (beside / "analysis").mkdir(parents=True)
        (beside / "analysis" / "__main__.py").touch()
        monkeypatch.setattr(sys, "prefix", str(beside / ".venv"))
        monkeypatch.setattr(sys, "argv", ["burn-report"])
        with pytest.raises(InputError, match=f"{beside} would run the code of {ROOT}"):
            isolation._run_own_code("/", [])
        monkeypatch.setattr(sys, "argv", [str(PACKAGE / "__main__.py")])
        isolation._run_own_code(str(ROOT), [])  # python -m analysis in the checkout: named by hand


class TestSettings:
    """Variables, style files and start-up files of a user."""

    def test_variables_that_change_results_are_dropped(self, monkeypatch):
        names = ("MPLBACKEND", "MATPLOTLIBRC", "PANDERA_VALIDATION_ENABLED", "PYTHONOPTIMIZE", "GIT_DIR")
        more = ("IPYTHONDIR", "JUPYTER_PATH", "BURN_REPORT_BASE", "SOURCE_DATE_EPOCH")
        given = dict.fromkeys((*names, *more), "/x")
        for name, value in (given | {"MPLCONFIGDIR": "/fonts", "HOME": "/x"}).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "path", list(sys.path))
        monkeypatch.setattr(isolation, "_run_own_code", lambda *_: None)
        environment = dict(os.environ)
        monkeypatch.setattr(os, "environ", environment)
        isolation.isolate()
        assert not [name for name, value in given.items() if environment.get(name) == value]
        assert environment["MPLCONFIGDIR"] == "/fonts" and environment["HOME"] == "/x"
        assert pathlib.Path(environment["MATPLOTLIBRC"]).parent.name == "mpl-data"

    @pytest.mark.slow
    def test_a_users_styles_and_start_up_files_change_no_byte(self, small, tmp_path):
        home = tmp_path / "home"
        for name, content in {
            ".config/matplotlib/matplotlibrc": "font.weight: bold\n", "matplotlibrc": "text.usetex: True\n",
            ".ipython/profile_default/startup/00.py": "raise SystemExit\n",
            ".local/share/jupyter/nbconvert/templates/base/display_priority.j2": "nothing",
            ".jupyter/jupyter_nbconvert_config.py": "raise SystemExit\n",
        }.items():  # fmt: skip
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_text(content)
        hostile = {
            "HOME": str(home), "MPLBACKEND": "svg", "PYTHONOPTIMIZE": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C",
            "PYTHONHASHSEED": "7", "JUPYTER_PATH": str(home / ".local/share/jupyter"),
            "MATPLOTLIBRC": str(home), "PYTHONIOENCODING": "ascii",
        }  # fmt: skip
        plain = start("build", "critics", "--out", tmp_path / "plain", "--jobs", "1", *FAST, cwd=small)
        finish(plain)
        said = finish(
            start("build", "critics", "--out", tmp_path / "ä", *FAST, cwd=small, environment=hostile)
        )
        assert "\\xe4" in said  # a terminal that knows no umlauts gets their numbers
        assert commands.pages(tmp_path / "plain") == commands.pages(tmp_path / "ä")
        again = finish(
            start("build", "critics", "--out", tmp_path / "plain", *FAST, cwd=small, environment=hostile)
        )
        assert "Nothing has changed" in again


class TestMachine:
    @pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
    def test_a_closed_stream_is_no_error(self, tmp_path, name):
        done = _version(f"os.close(sys.{name}.fileno()); sys.{name} = None", tmp_path)
        assert (done.returncode, done.stderr) == (0, "")

    def test_many_cores_are_no_error(self, monkeypatch):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(513)), raising=False)
        assert requests.jobs_by_default() <= requests.MOST_JOBS
        assert requests.cores() == 513 or pathlib.Path("/sys/fs/cgroup/cpu.max").exists()

    def test_a_container_with_a_limit_counts_its_share(self, monkeypatch):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
        monkeypatch.setattr(pathlib.Path, "read_text", lambda *_: "150000 100000\n")
        assert requests.cores() == 2

    def test_a_long_folder_for_temporary_files_is_as_good_as_any(self, monkeypatch, tmp_path, light):
        """No path of a socket lies in it, which may have 100 characters."""
        long = tmp_path / ("x" * 120)
        long.mkdir()
        monkeypatch.setattr("tempfile.tempdir", str(long))
        with processes.executor(1) as pool:
            assert pool.submit(os.getcwd).result(60).startswith(str(long))
        assert not list(long.iterdir())

    def test_a_file_system_that_refuses_permissions_takes_the_pages(self, monkeypatch, tmp_path):
        def refuse(*_, **__):
            raise PermissionError(1, "Operation not permitted")

        for name in ("chmod", "fchmod", "chown"):
            monkeypatch.setattr(os, name, refuse)
        files.write(tmp_path / "page.html", "text")
        assert tree(tmp_path) == {"page.html": b"text"}

    def test_files_have_the_permissions_that_the_user_gives_new_files(self, tmp_path):
        old = os.umask(0o027)
        files.write(tmp_path / "page.html", "text")
        os.umask(old)
        assert (tmp_path / "page.html").stat().st_mode & 0o777 == 0o640

    def test_a_server_that_cannot_start_says_why(self, monkeypatch):
        monkeypatch.setattr(processes, "START", "import no_such_module")
        said = r"could not be started \(ModuleNotFoundError: No module named 'no_such_module'\)"
        with processes.executor(1) as pool, pytest.raises(processes.JobFailed, match=said):
            pool.submit(os.getpid).result(60)

    def test_folders_of_killed_commands_are_removed_and_those_in_use_stay(self, monkeypatch, tmp_path):
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        killed = tmp_path / f"{files.RUN}killed"
        killed.mkdir()
        (killed / files.LOCK).touch()
        with files.private_folder() as mine:
            assert not killed.exists()
            with files.private_folder():
                assert mine.exists()
        assert not list(tmp_path.iterdir())

    def test_a_clock_that_was_never_set_makes_the_same_workbook(self, monkeypatch):
        book = openpyxl.Workbook()
        plain = excel._bytes(book)
        monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((1970, 1, 1, 0, 0, 0, 3, 1, 0)))
        assert excel._bytes(book) == plain

    def test_a_link_that_leads_nowhere_is_no_folder(self, tmp_path):
        (tmp_path / "out").symlink_to("gone")
        with pytest.raises(InputError, match="is not a folder"):
            requests.check_out(tmp_path / "out")

    def test_where_no_file_can_be_locked_a_folder_may_be_in_use_and_stays(self, monkeypatch, tmp_path):
        """As on some network shares: it may be that of a command that runs."""
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        monkeypatch.setattr(
            "fcntl.flock", lambda *_: (_ for _ in ()).throw(OSError(37, "No locks available"))
        )
        with files.private_folder() as first, files.private_folder():
            assert (first / files.LOCK).exists()


class TestReadOnly:
    def test_data_and_notebooks_that_cannot_be_written_are_enough(self, project, tmp_path):
        """A checkout on a medium that is only read: a build leaves no trace in it, even as root."""
        read = [project / "data", project / "notebooks"]
        before = [tree(folder) for folder in read]
        for path in [path for folder in read for path in (*folder.rglob("*"), folder)]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        out = tmp_path / "out"
        finish(start("build", "critics", "--out", out, "--jobs", "1", *FAST, cwd=project))
        assert (out / "critics" / "demo.html").is_file()
        assert [tree(folder) for folder in read] == before


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A git checkout of its own with one commit; `git(...)` runs git in it."""
    for name in revision.SOURCES:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("1")
    monkeypatch.setattr(place, "ROOT", tmp_path)

    def git(*arguments: str, cwd: pathlib.Path = tmp_path) -> str:
        command = ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments]
        return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout.strip()

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "first")
    revision.revision.cache_clear()
    yield tmp_path, git
    revision.revision.cache_clear()


class TestRevision:
    """The foot of a page names the commit that it was made from, or says why it cannot."""

    def test_the_commit_that_last_changed_data_code_or_notebooks(self, checkout):
        folder, git = checkout
        first = git("rev-parse", "HEAD")
        (folder / "reports").mkdir()
        (folder / "reports" / "page.html").touch()
        git("add", ".")
        git("commit", "-qm", "reports")
        assert revision.revision() == f"commit {first[:9]}"

    @pytest.mark.parametrize("file", ["data/file", "data/new.yaml", "notebooks/file"])
    def test_what_is_not_committed_is_said(self, checkout, file):
        folder, git = checkout
        (folder / file).write_text("2")
        assert (
            revision.revision()
            == f"commit {git('rev-parse', 'HEAD')[:9]}, with changes that are not committed"
        )

    def test_a_repository_named_by_a_hook_does_not_count(self, checkout, monkeypatch, tmp_path_factory):
        other = tmp_path_factory.mktemp("other")
        checkout[1]("init", "-q", cwd=other)
        monkeypatch.setenv("GIT_DIR", str(other / ".git"))
        monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere")
        assert revision.revision().startswith("commit ") and "unknown" not in revision.revision()

    def test_a_folder_inside_another_repository_has_no_commit(self, checkout, monkeypatch):
        inner = checkout[0] / "inner"
        (inner / "data").mkdir(parents=True)
        monkeypatch.setattr(place, "ROOT", inner)
        assert revision.revision() == "commit unknown (not a git checkout of its own)"

    def test_a_shallow_clone_names_no_commit_that_changed_nothing(
        self, checkout, monkeypatch, tmp_path_factory
    ):
        folder, git = checkout
        (folder / "README").touch()
        git("add", ".")
        git("commit", "-qm", "nothing of the three")
        shallow = tmp_path_factory.mktemp("shallow") / "clone"
        git("clone", "-q", "--depth", "1", f"file://{folder}", str(shallow))
        monkeypatch.setattr(place, "ROOT", shallow)
        assert revision.revision() == "commit unknown (a shallow clone does not hold it)"

    def test_without_git_or_commit_or_checkout_the_reason_is_said(
        self, checkout, monkeypatch, tmp_path_factory
    ):
        empty = tmp_path_factory.mktemp("empty")
        with monkeypatch.context() as without_git:
            without_git.setenv("PATH", str(empty))
            assert revision.revision() == "commit unknown (git is not installed here)"
        revision.revision.cache_clear()
        monkeypatch.setattr(place, "ROOT", empty)
        assert revision.revision() == "commit unknown (not a git checkout of its own)"
        revision.revision.cache_clear()
        monkeypatch.setattr(place, "CHECKOUT", False)
        assert revision.revision() == "commit unknown (installed without a checkout)"

    def test_a_users_settings_of_git_change_nothing(self, checkout, monkeypatch, tmp_path):
        plain = revision.revision()
        (tmp_path / ".gitconfig").write_text(
            "[core]\n abbrev = 30\n[log]\n showSignature = true\n[status]\n short = true\n"
        )
        monkeypatch.setenv("HOME", str(tmp_path))
        revision.revision.cache_clear()
        assert revision.revision() == plain


class TestDask:
    def test_the_first_cause_is_named_and_where_settings_come_from(self, monkeypatch):
        monkeypatch.setenv("DASK_CONFIG", "/etc/mine")
        try:
            try:
                raise ValueError("encryption is required by the Dask configuration")
            except ValueError as cause:
                raise RuntimeError("Cluster failed to start: Scheduler failed to start.") from cause
        except RuntimeError as problem:
            said = engines._why_not(None, problem)
        assert "encryption is required" in said and "DASK_CONFIG" in said and "failed to start" not in said

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ("distributed: [\n", "is malformed"),
            ("distributed: {comm: {require-encryption: true}}", "your settings require encryption"),
        ],
    )
    def test_settings_that_allow_no_cluster_are_named_in_one_line(self, tmp_path, settings, said):
        (tmp_path / "mine.yaml").write_text(settings)
        sweep = "data/sweeps/burn_and_growth.yaml", "--engine", "dask", "--out", tmp_path / "out"
        given = {"DASK_CONFIG": str(tmp_path)}
        line = finish(start("sweep", *sweep, cwd=ROOT, environment=given), 2)
        assert said in line and str(tmp_path) in line and line.count("\n") == 1

    def test_shared_memory_that_cannot_be_written_is_named(self, monkeypatch):
        monkeypatch.setattr(os, "access", lambda path, _: path != "/dev/shm")
        monkeypatch.setattr(sys, "platform", "linux")
        assert "/dev/shm" in engines._why_not(None, OSError(30, "Read-only file system"))
        assert "/dev/shm" not in engines._why_not(None, ValueError("other"))
