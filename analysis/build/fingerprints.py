"""What a page depends on, as digests: one whose key and files are as they were is not built again.

No pandas, no papermill: "nothing changed" is known within a second.
"""

import functools
import hashlib
import json
import os
import pathlib
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from analysis.build.files import STATE, write
from analysis.inputs import place
from analysis.inputs.place import BASE
from analysis.show.revision import revision

MANIFEST = f"{STATE}/manifest.json"
SCENARIOS = place.DATA / "scenarios"
NEIGHBOURS = "neighbours"  # what is shown around a page: a change needs no new run
PLACE = "place"  # what a page knows of where it lies: its folder, and where the page of the base is
WORDS_ONLY = ("title", "command")  # of a sweep: shown, not computed with
TEXTS = ("**/*.j2", "**/*.css", "**/*.js", "**/*.json")
BASE_OF = re.compile(r"^base:\s*[\"']?([\w-]+)", flags=re.M)

Key = dict[str, str]  # component -> digest


@dataclass(frozen=True)
class Entry:
    """What the manifest says of a step: key, digests of its files by path, case of a results.json."""

    key: Key
    files: dict[str, str] = field(default_factory=dict)
    case: list = field(default_factory=list)


def digest(*parts: object) -> str:
    """Return a short digest of texts, bytes or anything that JSON can hold."""
    state = hashlib.sha256()
    for part in parts:
        content = part if isinstance(part, bytes) else json.dumps(part, sort_keys=True).encode()
        state.update(len(content).to_bytes(8, "big") + content)
    return state.hexdigest()[:16]


def files(folder: pathlib.Path, *patterns: str) -> str:
    """Return the digest of names and bytes of the files in `folder` that match; their times do not matter."""
    found = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    named = {path.relative_to(folder).as_posix(): path for path in found if "__pycache__" not in path.parts}
    return digest(*(part for name in sorted(named) for part in (name, named[name].read_bytes())))


@functools.lru_cache(maxsize=1)
def shared() -> Key:
    """Return what every page depends on."""
    return {
        "data": files(place.DATA, "*.csv"),
        "code": files(place.PACKAGE, "**/*.py"),
        "words and templates": files(place.PACKAGE, *TEXTS),
        "versions": digest(sys.version_info[:3], installed()),
        "revision": revision(),
    }


def installed() -> list[str]:
    """Return names and versions of what can be imported, by names of folders: in no time."""
    folders = (os.listdir(entry) for entry in sys.path if os.path.isdir(entry))
    return sorted(name for names in folders for name in names if name.endswith((".dist-info", ".egg-info")))


def _of_code() -> Key:
    return {name: shared()[name] for name in ("data", "code", "versions")}


def _of_page(stem: str) -> Key:
    return shared() | {"notebook": files(place.NOTEBOOKS, f"{stem}.ipynb")}


def scenarios(*names: str) -> str:
    """Return the digest of scenario files and of those that they build on; without names of all."""
    wanted, known = set(names), set(names)
    while wanted:
        path = SCENARIOS / f"{wanted.pop()}.yaml"
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        found = set(BASE_OF.findall(text)) - known
        wanted, known = wanted | found, known | found
    return files(SCENARIOS, *(f"{name}.yaml" for name in known or "*"))


def page(notebook: str, all_scenarios: bool, scenario: str, values: dict, meta: dict, variables: dict) -> Key:
    """Return the key of a page. `meta`: what surrounds it; `variables`: of the environment of its cells."""
    own = {
        "scenario": scenarios() if all_scenarios else scenarios(scenario, BASE),
        "parameters": digest(scenario, values), PLACE: digest(variables), NEIGHBOURS: digest(meta),
    }  # fmt: skip
    return _of_page(notebook) | own


def results(scenario: str, values: dict) -> Key:
    """Return the key of a results.json and of the workbook beside it."""
    sheets = files(place.PACKAGE, "excel/sheets/*.j2", "show/templates/shared.en.j2")
    own = {"scenario": scenarios(scenario, BASE), "parameters": digest(scenario, values)}
    return _of_code() | own | {"words and formulas of the workbook": sheets}


def overview(out: pathlib.Path, shown: Iterable[str], pages: object, notebook: str) -> Key:
    """Return the key of a page that shows several cases: their results and which `pages` it leads to."""
    found = {f"result {case}": files(out / case, "results.json") for case in shown}
    return _of_page(notebook) | found | {"pages": digest(pages), "scenarios": scenarios()}


def table(content: dict) -> Key:
    """Return the key of a sweep's table. `content`: what sweep.json says of it."""
    said = {name: content[name] for name in content if name not in WORDS_ONLY}
    return _of_code() | {"scenarios": scenarios(), "sweep": digest(said)}


def sweep_page(content: dict) -> Key:
    """Return the key of a sweep's page."""
    words = {"words": digest([content[name] for name in WORDS_ONLY])}
    return table(content) | _of_page("sweep") | words


def load(out: pathlib.Path) -> dict[str, Entry]:
    """Return the manifest of a folder: step -> entry; {} where there is none or it is damaged."""
    try:
        content = json.loads((out / MANIFEST).read_text(encoding="utf-8"))
        return {name: Entry(**entry) for name, entry in content.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def remember(out: pathlib.Path, name: str, key: Key, made: Iterable[str], case: Iterable = ()) -> None:
    """Note in the manifest what `name` depends on and which files were made, as they are now."""
    entry = Entry(key, {path: digest_of(out / path) for path in made}, list(case))
    content = {step: asdict(each) for step, each in (load(out) | {name: entry}).items()}
    write(out / MANIFEST, json.dumps(content, indent=1, sort_keys=True) + "\n")


def stale_because(old: Entry | None, key: Key, out: pathlib.Path) -> str:
    """Return why something has to be made, or "" when it is up to date."""
    if old is None:
        return "not built yet, or by another version"
    changed = [name for name in sorted(old.key.keys() | key.keys()) if old.key.get(name) != key.get(name)]
    if changed:
        return f"changed: {', '.join(changed)}"
    gone = [name for name, known in old.files.items() if digest_of(out / name) != known]
    return f"{gone[0]} is not there as it was made" if gone else ""


def digest_of(path: pathlib.Path) -> str:
    """Return the digest of a file, "" when it cannot be read."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""
