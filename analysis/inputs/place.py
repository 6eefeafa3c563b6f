"""Where things are: in a checkout beside the package, or, once installed as a wheel, copies inside it.

The package's own place decides, never the working folder: data that is read belongs to the code that reads
it.
"""

import pathlib

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
CHECKOUT = (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "data").is_dir()
ROOT = PACKAGE.parent if CHECKOUT else pathlib.Path.cwd()

DATA = ROOT / "data" if CHECKOUT else PACKAGE / "_data"
NOTEBOOKS = ROOT / "notebooks" if CHECKOUT else PACKAGE / "_notebooks"
REPORTS = ROOT / "reports"  # of the checkout; of an installed package: of the working folder
CHANGES = (ROOT if CHECKOUT else DATA) / "CHANGELOG.md"

BASE = "as_reported"  # in DATA/scenarios, the one that overrides nothing
