"""What the server of numbers and kernels does once so that no job has to: import the libraries, read the
data, draw.
"""

import contextlib
import gc
import importlib
import pkgutil
import sys

gc.disable()  # while so much is made that stays, looking for waste takes a tenth of the time
sys.modules.setdefault("debugpy", None)  # nobody attaches a debugger to these kernels

# What seaborn and pandera would import for cluster maps, smoothed densities, sliders and tests takes longer
# than they do
NOT_NOW = ("scipy.stats", "scipy.cluster", "ipywidgets", "hypothesis")
missing = [name for name in NOT_NOW if name not in sys.modules]
sys.modules.update(dict.fromkeys(missing))
import pandera.pandas  # noqa: E402, F401
import seaborn  # noqa: E402, F401

for name in missing:  # there for everyone else
    del sys.modules[name]

import ipykernel.kernelapp  # noqa: E402, F401
import matplotlib.pyplot  # noqa: E402, F401
import matplotlib_inline.backend_inline  # noqa: E402, F401

from analysis import pages  # noqa: E402
from analysis.build import products  # noqa: E402
from analysis.inputs.errors import InputError  # noqa: E402
from analysis.inputs.parameters import BASE, resolve  # noqa: E402


def warm() -> None:
    """Import what notebooks do, fill what the libraries keep from a first use, leave it all out of later
    collections.
    """
    for module in pkgutil.walk_packages(pages.__path__, f"{pages.__name__}."):
        importlib.import_module(module.name)
    with contextlib.suppress(InputError):  # said by the check that runs as the first job
        resolve(products.data(), BASE).sample()  # its points are those of every case with the same seed
    gc.freeze()  # pages of memory that no collection touches stay shared between all jobs
    gc.enable()
