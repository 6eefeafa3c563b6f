"""Commands as tests run them: in this process with one pool for all, or as processes of their own with a
small project.
"""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys

import nbformat

from analysis import cli
from analysis.inputs import place
from tests import demo_page

MEASURES = """
import collections

Measures = collections.namedtuple("Measures", "results tables pages failed not_shown comparison")
"""
FAST = ("--draws", "128")
INDEX = """
import json

from analysis.show import shell


def render(measures):
    said = {"cases": list(measures.results), "pages": measures.pages, "failed": measures.failed}
    said["not_shown"] = measures.not_shown
    page = shell.render({"title": "Index"}, json.dumps(said), [])
    return {"index.html": page, "index.json": json.dumps(said)}
"""


def tree(folder: pathlib.Path) -> dict[str, bytes]:
    """Return path -> content of every file in `folder`, hidden state included."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def pages(folder: pathlib.Path) -> dict[str, bytes]:
    """Return path -> content of what a build is for: everything but its hidden state."""
    return {name: content for name, content in tree(folder).items() if not name.startswith(".burn-report/")}


def run(monkeypatch, *arguments: str) -> int:
    """Run a command in this process and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["burn-report", *map(str, arguments)])
    monkeypatch.setattr(cli, "_listen", lambda: None)
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code or 0
    raise AssertionError("a command ends with an exit code")


def project(folder: pathlib.Path) -> pathlib.Path:
    """Make a small project in `folder`: the code and data of this one, one quick page, an index that says
    what it got.
    """
    for part in ("analysis", "data"):
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(place.ROOT / part, folder / part, ignore=ignored)
    shutil.copy(place.ROOT / "pyproject.toml", folder)
    (folder / "notebooks").mkdir()
    for page in (folder / "analysis" / "pages").glob("*/"):
        shutil.rmtree(page)
    demo_page.write(folder / "analysis" / "pages")
    index = folder / "analysis" / "pages" / "index"
    index.mkdir()
    (index / "__init__.py").write_text(
        'from analysis.pages import PageSpec\n\nPAGE = PageSpec("index", 9, "index")\n'
    )
    (index / "measures.py").write_text(MEASURES)
    (index / "render.py").write_text(INDEX)
    write_notebook(folder, demo_page.NOTEBOOK)
    return folder


def write_notebook(folder: pathlib.Path, cells: tuple[str, ...], tag: str = "parameters") -> None:
    """Write the notebook of the small project's page; the first cell gets the `tag`."""
    made = [nbformat.v4.new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(cells)]
    made[0].metadata.tags = [tag] if tag else []
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "notebooks" / "demo.ipynb")


def start(
    *arguments: object, cwd: pathlib.Path, environment: dict[str, str] | None = None, **options
) -> subprocess.Popen:
    """Start a command of the project in `cwd` as a process of its own."""
    command = [sys.executable, "-m", "analysis", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(
        command, cwd=cwd, env=os.environ | (environment or {}), text=True, **pipes | options
    )


def finish(process: subprocess.Popen, code: int = 0) -> str:
    """Wait for a command, check its exit code and return all that it said."""
    said = "".join(filter(None, process.communicate(timeout=300)))
    assert process.returncode == code, said
    assert "Traceback" not in said
    return said


def left_over(mark: str) -> list[str]:
    """Return the command lines of processes that have `mark` in their environment."""
    found = []
    for folder in filter(lambda name: name.isdigit() and int(name) != os.getpid(), os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{folder}/environ", "rb") as environ:
            if mark.encode() in environ.read():
                found.append(pathlib.Path(f"/proc/{folder}/cmdline").read_bytes().decode())
    return found
