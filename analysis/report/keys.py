"""What a page depends on, as digests: a page whose key has not changed is not built again.

Nothing here imports pandas or papermill, so that "nothing changed" is known within a second.
"""

import functools
import hashlib
import importlib.metadata
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANIFEST = ".manifest.json"
SEES_ALL_SCENARIOS = ("strategic_options",)  # its regret matrix runs every world
WORDS_ONLY = ("title", "command")  # of a sweep: shown, not computed with


def digest(*parts: object) -> str:
    """Return a short digest of texts, bytes or anything that JSON can hold."""
    state = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        state.update(len(content).to_bytes(8, "big") + content)
    return state.hexdigest()[:16]


def files(folder: pathlib.Path, *patterns: str) -> str:
    """Return the digest of the names and bytes of the files in `folder` that match; their times do not matter."""
    found = sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()})
    return digest(*(part for path in found for part in (path.relative_to(folder).as_posix(), path.read_bytes())))


@functools.lru_cache(maxsize=1)
def shared() -> dict[str, str]:
    """Return what every page depends on: data, code, template, versions of what is installed."""
    installed = sorted({f"{found.metadata['Name']}=={found.version}" for found in importlib.metadata.distributions()})
    return {
        "data": files(ROOT / "data", "*.csv"),
        "code": files(ROOT / "analysis", "**/*.py"),
        "template": files(ROOT / "analysis" / "report" / "template", "**/*"),
        "versions": digest(sys.version_info[:3], installed),
        "change log": files(ROOT, "CHANGELOG.md"),
    }


def scenarios() -> str:
    """Return the digest of all scenario files."""
    return files(ROOT / "data" / "scenarios", "*.yaml")


def table(content: dict) -> dict[str, str]:
    """Return the key of a sweep's table. `content`: what sweep.json says of it."""
    parts = {name: shared()[name] for name in ("data", "code", "versions")}
    return parts | {
        "scenarios": scenarios(),
        "sweep": digest({name: content[name] for name in content if name not in WORDS_ONLY}),
    }


def sweep_page(content: dict) -> dict[str, str]:
    """Return the key of a sweep's page."""
    return table(content) | {
        "code": shared()["code"],
        "template": shared()["template"],
        "notebook": files(ROOT / "notebooks", "sweep.ipynb"),
        "words": digest([content[name] for name in WORDS_ONLY]),
    }


def page(notebook: str, scenario: str, values: dict, meta: dict) -> dict[str, str]:
    """Return the key of a page: component -> digest. `values`: overrides as given; `meta`: what surrounds the page."""
    scenarios = "*.yaml" if notebook in SEES_ALL_SCENARIOS else None
    seen = [scenarios] if scenarios else [f"{scenario}.yaml", "as_reported.yaml"]
    parts = shared() | {
        "notebook": files(ROOT / "notebooks", f"{notebook}.ipynb"),
        "scenario": files(ROOT / "data" / "scenarios", *seen),
        "parameters": digest(scenario, values),
        "neighbours": digest(meta),
    }
    return {name: value for name, value in parts.items() if name != "change log"}


def results(scenario: str, values: dict) -> dict[str, str]:
    """Return the key of a results.json."""
    parts = {name: shared()[name] for name in ("data", "code", "versions")}
    return parts | {"scenario": files(ROOT / "data" / "scenarios", f"{scenario}.yaml"), "parameters": digest(scenario, values)}


def overview(out: pathlib.Path, cases: list[str], pages: object, notebook: str = "") -> dict[str, str]:
    """Return the key of a page that shows several cases: their results and which `pages` it leads to."""
    found = {f"result {case}": files(out / case, "results.json") for case in cases}
    own = {"notebook": files(ROOT / "notebooks", f"{notebook}.ipynb")} if notebook else {}
    return shared() | found | own | {"pages": digest(pages), "scenarios": scenarios()}


def load(out: pathlib.Path, name: str = MANIFEST) -> dict:
    """Return the manifest of a folder: page -> key; {} where there is none or it is damaged."""
    try:
        content = json.loads((out / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def why(old: dict[str, str] | None, new: dict[str, str], exists: bool) -> str:
    """Return why a page has to be built, or "" when it is up to date."""
    if not exists:
        return "not there yet"
    if old is None:
        return "built by another version or by hand"
    changed = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    return f"changed: {', '.join(changed)}" if changed else ""
