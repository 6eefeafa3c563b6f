"""Without the checkout: a source archive, a wheel of it and an installation build the report from an empty
folder, with no data, notebook or template but their own.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest

from analysis.inputs import place
from tests.commands import tree

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
NEEDED = (
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "burn_report.py",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
)
MARKS = {  # words of the checkout, one of each kind of file, that the wheel says otherwise
    "data/scenarios/as_reported.yaml": ("title: As reported", "title: Out of a wheel"),
    "notebooks/cost_breakdown.ipynb": ("page.appendix()", "page.appendix()  # in a wheel"),
    "analysis/pages/cost_breakdown/text.en.j2": (
        'set title = "Cost breakdown"',
        'set title = "Costs, packed"',
    ),
}
ARCHIVE = "from setuptools import build_meta; build_meta.build_sdist('made')"


def run(*command: object, cwd: pathlib.Path) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, capture_output=True, text=True, timeout=300,
        env=os.environ | {"PIP_NO_INDEX": "1", "PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """A copy of what a package is made of, which says some words otherwise."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("analysis", "data", "notebooks"):
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(place.ROOT / name, folder / name, ignore=ignored)
    for name in NEEDED:
        shutil.copy(place.ROOT / name, folder)
    for name, (word, other) in MARKS.items():
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(word) == 1
        (folder / name).write_text(text.replace(word, other), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def wheel(source):
    run(sys.executable, "-c", ARCHIVE, cwd=source)
    [archive] = (source / "made").iterdir()
    pip = (sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation")
    run(*pip, "-w", "made", archive, cwd=source)
    return next((source / "made").glob("*.whl"))


def test_a_wheel_holds_every_file(wheel, source):
    wanted = {f"analysis/{name}" for name in tree(source / "analysis")}
    wanted |= {f"analysis/_{kind}/{name}" for kind in ("data", "notebooks") for name in tree(source / kind)}
    assert wanted - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_from_an_empty_folder_pages_of_the_wheel_come_into_it(wheel, tmp_path):
    """Its packages are those of the tests; its environment, and so the command, is one of its own."""
    environment, here = tmp_path / "environment", tmp_path / "here"
    venv.create(environment, symlinks=True)
    here.mkdir()
    packages = sysconfig.get_path("purelib", vars={"base": environment, "platbase": environment})
    pathlib.Path(packages, "tests.pth").write_text(sysconfig.get_path("purelib"))
    (environment / "share").mkdir()
    (environment / "share" / "jupyter").symlink_to(pathlib.Path(sys.prefix, "share", "jupyter"))
    python, command = environment / "bin" / "python", environment / "bin" / "burn-report"
    run(python, "-m", "pip", "install", "-q", "--no-deps", wheel, cwd=here)
    said = run(command, "build", "as_reported", "--notebook", "cost_breakdown", cwd=here)
    made = here / "reports"
    assert f"Open {made / 'index.html'}" in said
    page = (made / "as_reported" / "cost_breakdown.html").read_text(encoding="utf-8")
    assert [word for word in ("Out of a wheel", "Costs, packed", "# in a wheel") if word not in page] == []
    assert "commit unknown (installed without a checkout)" in page and str(place.ROOT) not in page
    assert json.loads((made / "as_reported" / "results.json").read_text())["scenario"] == "as_reported"
