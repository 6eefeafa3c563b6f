"""The command burn-report. It runs the package beside this file, whatever else is named `analysis` on the
module path.

Two checkouts, a working folder with a file analysis.py, a PYTHONPATH of the user: none of them decides whose
code runs.
"""

import importlib.util
import os
import sys


def main() -> None:
    """Run the command; exits with its code."""
    package = os.path.join(os.path.dirname(os.path.abspath(__file__)), "analysis")
    start = os.path.join(package, "__init__.py")
    spec = importlib.util.spec_from_file_location("analysis", start, submodule_search_locations=[package])
    sys.modules["analysis"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["analysis"])
    from analysis.__main__ import main as run

    run()
