"""What a wheel holds beyond the packages: data and notebooks, so that an installed command works from any
folder.
"""

import pathlib
import shutil

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithData(build_py):
    """Copies data/ and notebooks/ into the package; an editable installation reads them where they are."""

    def run(self) -> None:
        """Build from nothing: what an earlier build left must not get into the wheel."""
        target = pathlib.Path(self.build_lib, "analysis")
        if not self.editable_mode:
            shutil.rmtree(target, ignore_errors=True)
        super().run()
        if not self.editable_mode:
            for name in ("data", "notebooks"):
                ignored = shutil.ignore_patterns(".*", "__pycache__")
                shutil.copytree(name, target / f"_{name}", ignore=ignored)


setup(cmdclass={"build_py": BuildWithData})
