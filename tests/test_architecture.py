"""The shape of the project: data flows one way, modules and functions stay small, notebooks are stored clean."""

import ast
import json
import re
import subprocess
import tomllib

import pytest
import yaml

from analysis import inputs
from analysis.errors import InputError
from analysis.parameters import resolve
from analysis.report.notebook import COMPARISON_PARAMETERS, parameters_cell
from analysis.report.pages import COMPARISON, PAGES, SWEEP

ROOT = inputs.ROOT
# Lowest first: a module imports from its own layer and from lower ones. `estimates` says what an estimate is and
# `draws` samples it; neither knows what the numbers mean, so they stand below what gives them meaning.
LAYERS = (
    ("errors", "schemas", "shared"), ("estimates", "reading"), ("scenarios", "draws"), ("inputs",), ("parameters",), ("model",),
    ("results",), ("stored",), ("sweep",), ("insight",), ("findings", "charts"), ("report",), ("cli_sweep",), ("cli", "__main__"),
)  # fmt: skip
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
MODULES = sorted((ROOT / "analysis").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_LINES, MOST_FUNCTION_LINES = 299, 50
MOST_CELLS, MOST_CELL_LINES = 15, 8


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def layer_of(dotted):
    """Return the layer's name of `analysis.layer.…`, or None for the package itself and for other packages."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "analysis" and len(parts) > 1 else None


def imported_layers(path):
    """Return the layers that a module imports, at the top or inside a function, with the line of each."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {(layer_of(alias.name), node.lineno) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: a relative import"
            from_package = node.module == "analysis"
            found |= {(layer_of(f"analysis.{alias.name}" if from_package else node.module), node.lineno) for alias in node.names}
    return {(layer, line) for layer, line in found if layer in RANK}


class TestImportOrder:
    @pytest.mark.parametrize("path", MODULES, ids=name_of)
    def test_no_module_imports_from_a_higher_layer(self, path):
        own = path.relative_to(ROOT / "analysis").parts[0].removesuffix(".py")
        if own == "__init__":
            assert not imported_layers(path)
            return
        assert own in RANK, f"{own} has no place in the order of layers"
        higher = {(layer, line) for layer, line in imported_layers(path) if RANK[layer] > RANK[own]}
        assert not higher

    def test_charts_and_findings_do_not_know_each_other(self):
        for one, other in (("charts", "findings"), ("findings", "charts")):
            for path in (ROOT / "analysis" / one).rglob("*.py"):
                assert other not in {layer for layer, _ in imported_layers(path)}, name_of(path)

    def test_the_chain_is_the_one_described(self):
        """inputs → parameters → draws → model → results: each step imports the one before it."""
        for later, earlier in (("parameters", "inputs"), ("parameters", "draws"), ("inputs", "scenarios"), ("results", "model")):
            assert earlier in {layer for layer, _ in imported_layers(ROOT / "analysis" / f"{later}.py")}

    def test_the_model_reads_no_files_and_draws_no_charts(self):
        outside = {"pathlib", "os", "io", "csv", "json", "yaml", "pandas", "matplotlib", "seaborn"}
        for path in (ROOT / "analysis" / "model").rglob("*.py"):
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
            names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
            assert not {name.split(".")[0] for name in names} & outside, name_of(path)
            assert "open" not in {node.id for node in nodes if isinstance(node, ast.Name)}


class TestSizes:
    @pytest.mark.parametrize("path", MODULES, ids=name_of)
    def test_module(self, path):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES

    @pytest.mark.parametrize("path", MODULES, ids=name_of)
    def test_functions(self, path):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        long = {node.name: node.end_lineno - node.lineno + 1 for node in functions}
        assert {name: lines for name, lines in long.items() if lines > MOST_FUNCTION_LINES} == {}


def cells_of(path, kind):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def assignments(text):
    """Return name -> constant for every plain assignment."""
    return {node.targets[0].id: node.value.value for node in ast.parse(text).body if isinstance(node, ast.Assign)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)
class TestNotebooks:
    def test_has_a_page(self, path):
        assert path.stem in (*PAGES, COMPARISON.name, SWEEP.name)

    def test_is_stored_without_outputs_and_counts(self, path):
        for cell in cells_of(path, "code"):
            assert cell["outputs"] == []
            assert cell["execution_count"] is None

    def test_the_first_cell_of_code_alone_declares_the_parameters(self, path, tables):
        code = cells_of(path, "code")
        tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
        assert tagged == code[:1]
        others = {COMPARISON.name: dict.fromkeys(COMPARISON_PARAMETERS), SWEEP.name: {"folder": "."}}
        if path.stem in others:
            assert assignments(source(tagged[0])) == others[path.stem]
        else:
            assert source(tagged[0]) == parameters_cell(resolve(tables, "as_reported"), tables)

    def test_code_is_few_short_calls(self, path):
        code = cells_of(path, "code")
        assert len(code) <= MOST_CELLS
        for cell in code[1:]:
            assert len(source(cell).splitlines()) <= MOST_CELL_LINES
        for cell in code:
            defined = [
                node
                for node in ast.walk(ast.parse(source(cell)))
                if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)
            ]
            assert not defined

    def test_no_text_of_its_own_about_the_case(self, path):
        """Numbers in prose come from results; a Markdown cell may only carry those of ids and dates."""
        for cell in cells_of(path, "markdown"):
            assert not re.search(r"[$€£]\s?\d|\d\s?(%|per cent|percent|bn|months?\b)", source(cell)), source(cell)


class TestParametersCell:
    def test_every_name_is_offered_once_and_takes_the_scenarios_value(self, tables):
        text = parameters_cell(resolve(tables, "as_reported"), tables)
        names = [
            target.id for node in ast.parse(text).body for target in getattr(node, "targets", [getattr(node, "target", None)])
        ]
        assert len(names) == len(set(names))
        assert set(tables.assumptions.index) < set(names)
        values = assignments(text)
        assert set(values.values()) == {None}
        assert resolve(tables, "as_reported", values) == resolve(tables, "as_reported")
        with pytest.raises(InputError, match="Nearest: headcount"):
            resolve(tables, "as_reported", values | {"headcounts": 1})


def bounds(requirements):
    """Return package -> bounds, as text without spaces, sorted."""
    split = [re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[.*\])?\s*(.*)", requirement) for requirement in requirements]
    return {found[1].lower().replace("_", "-"): sorted(found[2].replace(" ", "").split(",")) for found in split}


class TestEnvironment:
    def test_conda_and_pip_install_the_same(self):
        path = ROOT / "environment.yml"
        if not path.exists():
            pytest.skip("no environment.yml")
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        entries = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
        listed = [entry for entry in entries if isinstance(entry, str)]
        listed += [name for entry in entries if isinstance(entry, dict) for name in entry["pip"] if not name.startswith("-")]
        conda = bounds(listed)
        for name, with_conda in (("matplotlib", "matplotlib-base"), ("dask", "dask-core")):  # conda's names of the same packages
            conda[name] = conda.pop(with_conda, None) or conda[name]
        conda.pop("pip", None)
        wanted = project["project"]["dependencies"] + project["build-system"]["requires"]
        assert conda == bounds(wanted) | {"python": bounds([f"python{project['project']['requires-python']}"])["python"]}


# in pieces, so that this file does not name them itself
MACHINE_PATHS = re.compile(r"(?<![\w.~:/-])/(" + "|".join(("wo" + "rk", "ro" + "ot", "ho" + "me")) + r")/\w")
REGISTRIES = tuple(
    name + "." + end for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("anaconda", "org"), ("npmjs", "org"))
)


def committed_files():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


class TestCommittedFiles:
    def test_no_machine_path_and_no_registry_host(self):
        files = committed_files()
        if not files:
            pytest.skip("not a git checkout")
        assert ROOT / "pyproject.toml" in files
        found = []
        for path in files:
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # not a text file
            found += [f"{name_of(path)}: {match[0]}" for match in MACHINE_PATHS.finditer(text)]
            found += [f"{name_of(path)}: {host}" for host in REGISTRIES if host in text]
        assert found == []
