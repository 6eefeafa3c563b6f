"""What a command must not depend on: the folder one stands in, another checkout, a user's settings.

A result belongs to the checkout whose command was called. So the working folder is on no module path,
variables that change what libraries do are dropped, and a command that would run other code than its own says
so. Nothing here imports anything but the standard library: it runs before everything else.
"""

import importlib.util
import os
import pathlib
import sys

from analysis.inputs import place
from analysis.inputs.errors import InputError

# MPLCONFIGDIR stays: it says where fonts are cached; MATPLOTLIBRC below passes over the style file in it
DROPPED = (
    "PYTHON", "MPLBACKEND", "MATPLOTLIBRC", "IPYTHON", "JUPYTER", "JPY_", "PANDERA", "PAPERMILL", "SEABORN",
    "BURN_REPORT", "GIT_", "SOURCE_DATE_EPOCH",
)  # fmt: skip
# sums in one order, a process per core
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def isolate() -> None:
    """Make this process, and all that it starts, independent of the working folder and the user's settings.

    Raises InputError when the command of one checkout would run the code of another.
    """
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    first, extra = sys.path[0], [os.path.abspath(entry) for entry in named if entry]
    sys.path[:] = clean_path(sys.path, extra)
    _run_own_code(first, extra)
    for name in list(os.environ):
        if name.startswith(DROPPED):
            del os.environ[name]
    os.environ["PYTHONSAFEPATH"] = "1"  # for every Python that this one starts
    os.environ |= dict.fromkeys(ONE_THREAD, "1")
    if found := importlib.util.find_spec("matplotlib"):
        own = pathlib.Path(found.submodule_search_locations[0], "mpl-data", "matplotlibrc")
        os.environ["MATPLOTLIBRC"] = str(own)


def clean_path(path: list[str], extra: list[str]) -> list[str]:
    """Return a module path without the working folder and the script's; `extra` (PYTHONPATH) comes last.

    Some machines hand out libraries by PYTHONPATH, so it is not dropped; behind all others it hides nothing.
    """
    here = os.path.realpath(os.getcwd())
    first = 0 if sys.flags.safe_path else 1
    kept = [entry for entry in path[first:] if os.path.isabs(entry) and os.path.abspath(entry) not in extra]
    packages = ("analysis", "analysis.py")
    more = [
        entry for entry in extra
        if os.path.realpath(entry) != here and not any(os.path.exists(f"{entry}/{name}") for name in packages)
    ]  # fmt: skip
    return list(dict.fromkeys(kept + more))


def _run_own_code(first: str, extra: list[str]) -> None:
    """Refuse to run one checkout's code with another's environment, unless both were named by hand."""
    script, root = pathlib.Path(sys.argv[0]).resolve(), str(place.ROOT)
    environment = script.parent.parent
    if (environment / "pyvenv.cfg").is_file() and not environment.samefile(sys.prefix):
        raise InputError(_mixed(environment.parent, pathlib.Path(sys.prefix).parent))
    if script.suffix == ".py" and root in map(os.path.realpath, [first, *extra]):
        return  # python -m analysis, in a checkout or with PYTHONPATH
    beside = pathlib.Path(sys.prefix).parent
    if (beside / "analysis" / "__main__.py").is_file() and not beside.samefile(root):
        raise InputError(_mixed(beside, place.ROOT))


def _mixed(called: pathlib.Path, other: pathlib.Path) -> str:
    return (
        f"the command of {called} would run the code of {other}: its environment was copied or moved "
        f"(make report in {called} makes it anew), or PYTHONPATH names the other"
    )
