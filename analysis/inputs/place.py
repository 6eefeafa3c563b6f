"""Where things are: beside the package in a checkout, inside it in a wheel; never by the working folder."""

import pathlib

PACKAGE = pathlib.Path(__file__).resolve().parents[1]
CHECKOUT = (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "data").is_dir()
ROOT = PACKAGE.parent if CHECKOUT else pathlib.Path.cwd()

DATA = ROOT / "data" if CHECKOUT else PACKAGE / "_data"
NOTEBOOKS = ROOT / "notebooks" if CHECKOUT else PACKAGE / "_notebooks"
REPORTS = ROOT / "reports"  # of the checkout; of an installed package: of the working folder

BASE = "as_reported"  # in DATA/scenarios, the one that overrides nothing
