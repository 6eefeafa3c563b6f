"""The shape of the project: data flows one way, pieces stay small, notebooks are stored clean. Tests list the offenders."""

import ast
import json
import re
import subprocess
import tomllib

import pytest
import yaml

from analysis.inputs.place import ROOT

ANALYSIS = ROOT / "analysis"
MODULES = sorted(ANALYSIS.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
# lowest first: a room imports from itself and from rooms below
ROOMS = (
    ("inputs",), ("model",), ("results",), ("sweep",), ("show",), ("pages",), ("excel",), ("build",), ("form",),
    ("cli_lists",), ("cli", "__main__"),
)  # fmt: skip
RANK = {room: rank for rank, rooms in enumerate(ROOMS) for room in rooms}
PURE = {
    "pathlib",
    "os",
    "io",
    "csv",
    "json",
    "yaml",
    "pandas",
    "matplotlib",
    "seaborn",
    "jinja2",
    "markupsafe",
}
MOST_PYTHON, MOST_MODULE, MOST_FUNCTION, MOST_COLUMNS = 12_000, 300, 50, 110
MOST_CELLS, MOST_CELL_LINES, MOST_PARAMETER_LINES = 30, 8, 12
MOST_MARKUP = 6  # HTML belongs into templates


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def room_of(path):
    return path.relative_to(ANALYSIS).parts[0].removesuffix(".py")


def imports(path):
    """Return (dotted name, line) of everything that a module imports, at the top or inside a function."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: a relative import"
            found += [(f"{node.module}.{alias.name}", node.lineno) for alias in node.names]
    return found


def project_imports(path):
    return [(name.split(".")[1:], line) for name, line in imports(path) if name.startswith("analysis.")]


def _registry(own, parts):
    """Whether it is the list of pages, which `show` may ask: it knows no page's content."""
    return own == "show" and parts in (["pages"], ["pages", "PAGES"], ["pages", "PageSpec"])


class TestDirections:
    def test_no_module_imports_from_a_room_above(self):
        offenders = []
        for path in MODULES:
            own = room_of(path)
            if own == "__init__":
                continue
            assert own in RANK, f"{name_of(path)}: {own} has no place in the order of rooms"
            offenders += [
                f"{name_of(path)}:{line}: {parts[0]}"
                for parts, line in project_imports(path)
                if RANK.get(parts[0], -1) > RANK[own] and not _registry(own, parts)
            ]
        assert offenders == []

    def test_show_knows_no_page_and_no_page_another(self):
        offenders = []
        for path in MODULES:
            for parts, line in project_imports(path):
                page = path.parts[path.parts.index("pages") + 1] if "pages" in path.parts else None
                other = parts[0] == "pages" and len(parts) > 2 and page and parts[1] not in (page, "PageSpec")
                if other or (room_of(path) == "show" and parts[0] == "pages" and len(parts) > 2):
                    offenders.append(f"{name_of(path)}:{line}: {'.'.join(parts)}")
        assert offenders == []

    def test_the_files_of_a_page_keep_to_their_part(self):
        """Measures know neither words nor drawing; charts know no measures; the model reads and draws nothing."""
        barred = {"measures.py": (PURE - {"pandas", "json"}) | {"show"}, "charts.py": {"measures", "jinja2"}}
        offenders = []
        for path in MODULES:
            out = (
                PURE
                if room_of(path) == "model"
                else barred.get(path.name, set())
                if "pages" in path.parts
                else set()
            )
            for name, line in imports(path):
                parts = name.split(".")
                hits = (
                    {parts[0]}
                    | ({parts[1]} if parts[0] == "analysis" else set())
                    | ({parts[-1]} & {"measures"})
                )
                offenders += [f"{name_of(path)}:{line}: {name}"] if hits & out else []
        assert offenders == []


class TestSizes:
    def test_python_as_a_whole(self):
        lines = dict.fromkeys(RANK, 0)
        for path in MODULES:
            lines[room_of(path)] = lines.get(room_of(path), 0) + len(
                path.read_text(encoding="utf-8").splitlines()
            )
        assert sum(lines.values()) <= MOST_PYTHON, lines

    def test_modules_and_lines(self):
        offenders = []
        for path in MODULES:
            lines = path.read_text(encoding="utf-8").splitlines()
            offenders += [f"{name_of(path)}: {len(lines)} lines"] if len(lines) > MOST_MODULE else []
            offenders += [
                f"{name_of(path)}:{n}: too wide"
                for n, line in enumerate(lines, 1)
                if len(line) > MOST_COLUMNS
            ]
            markup = sum(line.count("Markup(") for line in lines)
            offenders += [f"{name_of(path)}: Markup {markup} times"] if markup > MOST_MARKUP else []
        assert offenders == []

    def test_functions(self):
        offenders = []
        for path in MODULES:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    length = node.end_lineno - node.body[0].lineno + 1  # a command's options are not counted
                    offenders += (
                        [f"{name_of(path)}: {node.name} {length} lines"] if length > MOST_FUNCTION else []
                    )
                if isinstance(node, ast.FormattedValue) and isinstance(node.value, ast.IfExp):
                    offenders.append(f"{name_of(path)}:{node.lineno}: a choice inside an f-string")
        assert offenders == []


def cells_of(path, kind):
    return [
        cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind
    ]


def source(cell):
    return "".join(cell["source"])


class TestNotebooks:
    def test_are_stored_without_outputs_and_counts(self):
        assert [
            name_of(path)
            for path in NOTEBOOKS
            for cell in cells_of(path, "code")
            if cell["outputs"] or cell["execution_count"] is not None
        ] == []

    def test_cells_are_few_short_and_without_logic(self):
        offenders = []
        for path in NOTEBOOKS:
            code = cells_of(path, "code")
            offenders += [f"{path.name}: {len(code)} code cells"] if len(code) > MOST_CELLS else []
            for place, cell in enumerate(code):
                lines = len(source(cell).splitlines())
                most = (
                    MOST_PARAMETER_LINES
                    if "parameters" in cell["metadata"].get("tags", [])
                    else MOST_CELL_LINES
                )
                offenders += [f"{path.name}, code cell {place}: {lines} lines"] if lines > most else []
                logic = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.For)
                offenders += [
                    f"{path.name}, code cell {place}: {type(node).__name__}"
                    for node in ast.walk(ast.parse(source(cell)))
                    if isinstance(node, logic)
                ]
        assert offenders == []

    def test_no_result_is_typed_into_a_note(self):
        """Numbers in prose come from results; a Markdown cell may only carry those of ids and dates."""
        number = re.compile(r"[$€£]\s?\d|\d\s?(%|per cent|percent|bn|months?\b)")
        assert [
            f"{path.name}: {match[0]}"
            for path in NOTEBOOKS
            for cell in cells_of(path, "markdown")
            for match in number.finditer(source(cell))
        ] == []


def bounds(requirements):
    """Return package -> bounds, as text without spaces, sorted."""
    split = [
        re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[.*\])?\s*(.*)", requirement) for requirement in requirements
    ]
    return {
        found[1].lower().replace("_", "-"): sorted(found[2].replace(" ", "").split(",")) for found in split
    }


class TestEnvironment:
    def test_conda_and_pip_install_the_same(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        entries = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
        conda = bounds([entry for entry in entries if isinstance(entry, str)])
        for name, with_conda in (
            ("matplotlib", "matplotlib-base"),
            ("dask", "dask-core"),
        ):  # conda's names of them
            conda[name] = conda.pop(with_conda)
        conda.pop("pip")
        wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
        assert conda == bounds(wanted) | bounds([f"python{project['project']['requires-python']}"])

    def test_what_is_imported_is_named(self):
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        named = {name.replace("-", "_") for name in bounds(project["project"]["dependencies"])}
        called = {"IPython": "ipython", "yaml": "pyyaml", "dask": "dask"}
        standard = __import__("sys").stdlib_module_names
        offenders = set()
        for path in MODULES:
            for name, line in imports(path):
                top = name.split(".")[0]
                package = called.get(top, top)
                if top != "analysis" and top not in standard and package not in named:
                    offenders.add(f"{name_of(path)}:{line}: {top}")
        assert sorted(offenders) == []


# in pieces, so that this file does not name them itself
MACHINE_PATHS = re.compile(r"(?<![\w.~:/-])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + r")/\w")
REGISTRIES = tuple(
    name + "." + end
    for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("anaconda", "org"), ("npmjs", "org"))
)


def committed_files():
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_machine_path_and_no_registry_host_is_committed():
    files = committed_files()
    if not files:
        pytest.skip("not a git checkout: nothing is committed here")
    found = []
    for path in files:
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # not a text file
        found += [f"{name_of(path)}: {match[0]}" for match in MACHINE_PATHS.finditer(text)]
        found += [f"{name_of(path)}: {host}" for host in REGISTRIES if host in text]
    assert found == []
