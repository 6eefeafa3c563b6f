"""papermill in this environment: a name that is no name never reaches a kernel, a value never becomes
code.
"""

import ast
import datetime
import subprocess
import sys
from importlib.metadata import entry_points

import nbformat
import papermill
import pytest
from papermill.engines import papermill_engines
from papermill.translators import papermill_translators, translate_parameters

from analysis.build.safe_names import RefusedParameter, SafeEngine, SafeTranslator
from analysis.inputs.place import NOTEBOOKS

MARK = "import os; os.environ['PWNED'] = '1'"
NAMES = [
    f"x=1\n{MARK}", f"x=1;{MARK}", f"x = 1 #\n{MARK}", f"x: {MARK}", f"[{MARK}]", f"x\r{MARK}",
    f"x\x0c{MARK}", f"(x := 1)\n{MARK}", f"x, y = 1, 2\n{MARK}", f"\n{MARK}\nx", f"x\u2028{MARK}",
    f"x\\\n{MARK}", f"'''{MARK}'''", MARK, "", " ", "a b", "a-b", "a.b", "a[0]", "*a", "**a", "a,b", "a=b",
    "1a", "9", "a:int", "a;b", "a#b", "a\tb", "a\n", "\na", "a'", 'a"', "a\\", "a(b)", "(a)", "{a}", "@a",
    "!a", "%a", "$a", "?a", "a?", "class", "def", "lambda", "import", "None", "True", "False", "if", "else",
    "for", "while", "return", "yield", "await", "async", "with", "as", "assert", "break", "continue", "del",
    "elif", "except", "finally", "from", "global", "in", "is", "nonlocal", "not", "or", "and", "pass",
    "raise", "try", "print('a')", "__import__('os')", "get_ipython().system('true')", "exec('1')",
    "a if b else c", "a+b", "a/b", "a|b", "a&b", "a^b", "~a", "a<b", "a>b", "a@b", "a`b", "\x00", "a\x00",
    "\ufeffa", "a\u200bb", "²", "a²", "½", "…", "–", "'", 3, 3.5, None, ("a",), b"a",
]  # fmt: skip
HOSTILE = f'"; {MARK} #'
VALUES = [
    HOSTILE, HOSTILE.encode(), {HOSTILE}, (HOSTILE, 1), [HOSTILE], [(HOSTILE, 1)], {HOSTILE: 1},
    {HOSTILE.encode(): 1}, {(1, HOSTILE): 2}, {"a": {"b": [HOSTILE.encode()]}}, f"\\{HOSTILE}",
    f"\n{HOSTILE}", "\\", "\ud800", f"'''{MARK}", f'"""{MARK}', datetime.date(2025, 6, 20), float("nan"),
    float("-inf"), {1: None}, frozenset([HOSTILE]), range(3), complex(1, 2), "",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_name_that_is_no_name_is_refused_in_one_line(name):
    with pytest.raises(RefusedParameter, match="parameter name") as refused:
        translate_parameters("python3", "python", {"fine": 1, name: 3})
    assert "\n" not in refused.value.message


def test_there_are_a_hundred_of_them():
    assert len(NAMES) >= 100


@pytest.mark.parametrize("name", ["a", "A_1", "_", "größe", "monthly_burn_usd_m", "match", "type"])
def test_a_name_passes(name):
    assert translate_parameters("python3", "python", {name: 3}) == f"# Parameters\n{name} = 3\n"


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_stays_a_value(value):
    source = translate_parameters("python3", "python", {"x": value, "y": 1})
    first, second = ast.parse(source).body
    assert [first.targets[0].id, second.targets[0].id] == ["x", "y"]
    allowed = (ast.Constant, ast.List, ast.Dict, ast.Call, ast.Name, ast.Load, ast.UnaryOp, ast.USub)
    calls = [node.func.id for node in ast.walk(first.value) if isinstance(node, ast.Call)]
    assert all(isinstance(node, allowed) for node in ast.walk(first.value))
    assert set(calls) <= {"float"}


def test_what_json_has_is_written_as_papermill_writes_it():
    values = {"a": "x", "b": 1, "c": 1.5, "d": True, "e": None, "f": [1, "x"], "g": {"k": 2}}
    source = translate_parameters("python3", "python", values)
    namespace = {}
    exec(source, namespace)
    assert {name: namespace[name] for name in values} == values


def test_every_run_goes_through_it():
    """papermill finds it by itself: by an entry point, and as the engine of a run that names none."""
    assert (
        entry_points(group="papermill.engine")["burn-report"].value == "analysis.build.safe_names:SafeEngine"
    )
    assert papermill_engines.get_engine(None) is SafeEngine
    assert papermill_translators.find_translator("python3", "python") is SafeTranslator


@pytest.mark.slow
class TestCommand:
    def papermill(self, tmp_path, *arguments):
        command = [
            sys.executable,
            "-m",
            "papermill",
            str(NOTEBOOKS / "revenue_gap.ipynb"),
            str(tmp_path / "out.ipynb"),
            *arguments,
        ]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)

    def test_nothing_is_executed_and_nothing_written(self, tmp_path):
        name = f'x=1\\nimport pathlib; pathlib.Path("{tmp_path}/pwned").touch()'.replace('"', '\\"')
        done = self.papermill(tmp_path, "-y", f'{{"{name}": 3}}')
        assert done.returncode == 1
        assert "Error: parameter name" in done.stderr and "Traceback" not in done.stderr
        assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_notebook_of_someone_else_runs_as_ever():
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("raise ValueError('theirs')")])
    with pytest.raises(papermill.PapermillExecutionError, match="theirs"):
        papermill.execute_notebook(book, None, progress_bar=False, kernel_name="python3", language="python")
    assert SafeEngine.notebook is not None
