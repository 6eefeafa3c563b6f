"""Blocks of a sweep on the workers of a Dask cluster, which have this command's code, data and libraries.

Each worker is asked before anything runs, and every job asks again, since a worker may join later.
"""

import contextlib
import functools
import logging
import os
import re
import sys
from collections.abc import Callable, Iterator
from importlib import metadata

from analysis import __version__
from analysis.build import files, fingerprints
from analysis.inputs.errors import InputError, shown, unknown

ENGINES = ("local", "dask")
ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://\S+")
SECONDS_TO_CONNECT = 8
SECONDS_TO_START = 30
RETRIES = 2
LIBRARIES = ("numpy", "scipy", "pyarrow")  # those that can change a number or a byte of the table


def check(engine: str, scheduler: str | None) -> None:
    """Refuse an engine that does not exist, and an address that cannot be one or that no engine would use."""
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    if scheduler and engine != "dask":
        raise InputError(f"--scheduler: only --engine dask has one; given {shown(scheduler)} with {engine}")
    if scheduler and not ADDRESS.fullmatch(scheduler):
        expected = "an address such as tcp://10.0.0.5:8786 is expected"
        raise InputError(f"--scheduler: {expected}; given {shown(scheduler)}")


@contextlib.contextmanager
def cluster(scheduler: str | None, workers: int) -> Iterator[tuple[Callable, int]]:
    """Give what submits a job to a cluster, without a `scheduler` one of this machine, and its threads."""
    try:
        from distributed import Client
    except ValueError as problem:  # a settings file that is no YAML
        raise InputError(f"--engine dask: {' '.join(str(problem).split())}") from None
    for name in logging.root.manager.loggerDict:  # what matters is said as an error
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        try:
            address = scheduler or stack.enter_context(_of_this_machine(workers))
            client = stack.enter_context(Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False))
            patience = SECONDS_TO_CONNECT if scheduler else SECONDS_TO_START
            client.wait_for_workers(1 if scheduler else workers, timeout=patience)
        except (OSError, TimeoutError, RuntimeError, ValueError, TypeError) as problem:
            raise InputError(_why_not(scheduler, problem)) from problem
        _check_workers(client)
        pool = client.get_executor(pure=False, retries=RETRIES)
        yield functools.partial(pool.submit, on_worker, about()), sum(client.nthreads().values())


@contextlib.contextmanager
def _of_this_machine(workers: int) -> Iterator[str]:
    """Give the address of a cluster that nobody else can reach and that leaves no files."""
    from distributed import LocalCluster

    with (
        files.private_folder() as folder,
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
            local_directory=str(folder), silence_logs=logging.CRITICAL,
        ) as started,
    ):  # fmt: skip
        yield started.scheduler_address


def _why_not(scheduler: str | None, problem: BaseException) -> str:
    """Return why there is no cluster: what distributed said first, since last it only says that it failed."""
    if scheduler and isinstance(problem, OSError | TimeoutError):
        if "workers" in str(problem):
            return f"--scheduler: {scheduler} has no workers; start some with: dask worker {scheduler}"
        silent = f"nothing answers at {scheduler} within {SECONDS_TO_CONNECT} seconds"
        return f"--scheduler: {silent}; is the scheduler running and the port open?"
    import dask.config

    while following := problem.__cause__ or problem.__context__:
        problem = following
    said = " ".join(str(problem).split()) or type(problem).__name__
    if isinstance(problem, OSError) and sys.platform == "linux" and not os.access("/dev/shm", os.W_OK):
        said = f"/dev/shm, which its processes share, cannot be written ({said}); --engine local needs none"
    if dask.config.get("distributed.comm.require-encryption", None):
        said = f"your settings require encryption (distributed.comm.require-encryption), and {said}"
    used = [str(path) for path in dask.config.paths if os.path.isdir(path) and os.listdir(path)]
    settings = [*used, *sorted(name for name in os.environ if name.startswith("DASK_"))]
    where = ", ".join(settings) or "nowhere but its defaults"
    return f"--engine dask: no cluster could be started: {said}. Dask reads settings from {where}"


def about() -> dict[str, str]:
    """Return what must be the same on every machine for the numbers to be the same."""
    own = {"burn-report": __version__, "Python": ".".join(map(str, sys.version_info[:3]))}
    read = {name: fingerprints.shared()[name] for name in ("code", "data")}
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    return own | {"scenarios": fingerprints.scenarios()} | libraries | read


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """Return the first thing in which another machine differs, or ""."""
    for name, value in ours.items():
        if theirs.get(name) != value:
            return f"its {name} is {theirs.get(name, 'unknown')}, ours is {value}"
    return ""


def _check_workers(client) -> None:
    def ask() -> dict[str, str]:  # a nested function travels whole: a worker without the package answers too
        try:
            from analysis.build import engines
        except ImportError:
            return {"burn-report": "not installed or too old"}
        return engines.about()

    ours = about()
    for address, theirs in sorted(client.run(ask).items()):
        if problem := difference(ours, theirs):
            said = f"worker {address} is not like this command: {problem}"
            raise InputError(f"{said}. Install the same version there")


def on_worker(ours: dict[str, str], function: Callable, *args) -> object:
    """Run function(*args) on a worker that is like the command; raises RuntimeError on one that is not."""
    if problem := difference(ours, about()):
        raise RuntimeError(f"a worker joined that is not like this command: {problem}")
    return function(*args)
