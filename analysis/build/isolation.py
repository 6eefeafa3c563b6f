"""What a command must not depend on: the folder one stands in, another checkout, a user's settings.

It runs before everything else, so it imports the standard library only.
"""

import importlib.util
import os
import pathlib
import sys
from importlib.machinery import PathFinder

from analysis.inputs import place
from analysis.inputs.errors import InputError

# MPLCONFIGDIR stays, for its cache of fonts; MATPLOTLIBRC below passes over the style file in it
DROPPED = (
    "PYTHON", "MPLBACKEND", "MATPLOTLIBRC", "IPYTHON", "JUPYTER", "JPY_", "PANDERA", "PAPERMILL", "SEABORN",
    "BURN_REPORT", "GIT_", "SOURCE_DATE_EPOCH",
)  # fmt: skip
# sums in one order, a process per core
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def isolate() -> None:
    """Free this process, and all that it starts, of all that; InputError for the code of another checkout."""
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    first, extra = sys.path[0], [os.path.abspath(entry) for entry in named if entry]
    sys.path[:] = clean_path(sys.path, extra)
    _run_own_code(first, extra)
    for name in list(os.environ):
        if name.startswith(DROPPED):
            del os.environ[name]
    os.environ["PYTHONSAFEPATH"] = "1"  # for every Python that this one starts
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"  # which it looks for in all that is installed
    os.environ |= dict.fromkeys(ONE_THREAD, "1")
    if found := importlib.util.find_spec("matplotlib"):
        own = pathlib.Path(found.submodule_search_locations[0], "mpl-data", "matplotlibrc")
        os.environ["MATPLOTLIBRC"] = str(own)


def clean_path(path: list[str], extra: list[str]) -> list[str]:
    """Return a module path without the working folder and the script's, `extra` (PYTHONPATH) last."""
    here = os.path.realpath(os.getcwd())
    first = 0 if sys.flags.safe_path else 1
    kept = [entry for entry in path[first:] if os.path.isabs(entry) and os.path.abspath(entry) not in extra]
    elsewhere = [entry for entry in extra if os.path.realpath(entry) != here]
    more = [entry for entry in elsewhere if not PathFinder.find_spec("analysis", [entry])]
    return list(dict.fromkeys(kept + more))


def _run_own_code(first: str, extra: list[str]) -> None:
    """Refuse to run one checkout's code with another's environment, unless both were named by hand."""
    script, beside = pathlib.Path(sys.argv[0]).resolve(), pathlib.Path(sys.prefix).parent
    environment, called, other = script.parent.parent, beside, place.ROOT
    if (environment / "pyvenv.cfg").is_file() and not environment.samefile(sys.prefix):
        called, other = environment.parent, beside
    elif script.suffix == ".py" and str(place.ROOT) in map(os.path.realpath, [first, *extra]):
        return  # python -m analysis, in a checkout or with PYTHONPATH
    elif not (beside / "analysis" / "__main__.py").is_file() or beside.samefile(place.ROOT):
        return
    raise InputError(
        f"the command of {called} would run the code of {other}: its environment was copied or moved "
        f"(make report in {called} makes it anew), or PYTHONPATH names the other"
    )
