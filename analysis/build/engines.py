"""Where jobs run: fresh processes on this machine, or the workers of a Dask cluster, behind one executor.

A cluster's workers must have the same code, data and libraries as this command; each is asked before anything
runs, and every job asks again, since a worker may join later.
"""

import contextlib
import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from importlib import metadata

from analysis import __version__
from analysis.build import fingerprints, processes
from analysis.inputs.errors import InputError, shown, unknown

ENGINES = ("local", "dask")
ADDRESS = re.compile(r"(tcp|tls|ws|wss|ucx)://\S+")
SECONDS_TO_CONNECT = 8
RETRIES = 2
LIBRARIES = ("numpy", "scipy", "pyarrow")  # those that can change a number or a byte of the table


def check(engine: str, scheduler: str | None) -> None:
    """Refuse an engine that does not exist, and an address that cannot be one or that no engine would use."""
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    if scheduler is None:
        return
    given = f"given {shown(scheduler)}"
    if engine != "dask":
        raise InputError(f"--scheduler: only --engine dask has one; {given} with --engine {engine}")
    if not ADDRESS.fullmatch(scheduler):
        raise InputError(f"--scheduler: an address such as tcp://10.0.0.5:8786 is expected; {given}")


@contextlib.contextmanager
def executor(engine: str, scheduler: str | None, workers: int) -> Iterator[tuple[Executor, int]]:
    """Give an executor and how many jobs it runs at once; its processes end with it, also by an error.

    Raises InputError when the scheduler cannot be reached, has no workers, or has a worker that is not like
    this command.
    """
    check(engine, scheduler)
    if engine == "local":
        with processes.executor(workers) as pool:
            processes.warm_up(pool)
            yield pool, workers
    else:
        with _connected(scheduler, workers) as client, processes.executor(1) as here:
            _check_workers(client)
            with _Checked(client.get_executor(pure=False, retries=RETRIES), here) as pool:
                yield pool, sum(client.nthreads().values())


@contextlib.contextmanager
def _connected(scheduler: str | None, workers: int) -> Iterator:
    from distributed import Client

    for name in logging.root.manager.loggerDict:  # what matters is said as an error
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        try:
            address = scheduler or stack.enter_context(_cluster(workers))
            client = stack.enter_context(Client(address, timeout=SECONDS_TO_CONNECT, set_as_default=False))
            wanted, patience = (1, 1) if scheduler else (workers, 4)
            client.wait_for_workers(wanted, timeout=SECONDS_TO_CONNECT * patience)
        except (OSError, TimeoutError, RuntimeError, ValueError, TypeError) as problem:
            raise InputError(_why_not(scheduler, problem)) from problem
        yield client


@contextlib.contextmanager
def _cluster(workers: int) -> Iterator[str]:
    """Give the address of a cluster on this machine that nobody else can reach and that leaves no files."""
    from distributed import LocalCluster

    with (
        tempfile.TemporaryDirectory(prefix="burn-dask-") as folder,
        LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None,
            local_directory=folder, silence_logs=logging.CRITICAL,
        ) as cluster,
    ):  # fmt: skip
        yield cluster.scheduler_address


def _why_not(scheduler: str | None, problem: Exception) -> str:
    """Return why there is no cluster: what distributed said first, since last it only says that it failed."""
    if scheduler and isinstance(problem, OSError | TimeoutError):
        if "workers" in str(problem):
            return f"--scheduler: {scheduler} has no workers; start some with: dask worker {scheduler}"
        silent = f"nothing answers at {scheduler} within {SECONDS_TO_CONNECT} seconds"
        return f"--scheduler: {silent}; is the scheduler running and the port open?"
    import dask.config

    first: BaseException = problem
    while following := first.__cause__ or first.__context__:
        first = following
    where = "--scheduler" if scheduler else "--engine dask: no cluster could be started on this machine"
    said = " ".join(str(first).split()) or type(first).__name__
    if dask.config.get("distributed.comm.require-encryption", None):
        said = f"your settings require encryption (distributed.comm.require-encryption), and {said}"
    files = [str(path) for path in dask.config.paths if os.path.isdir(path) and os.listdir(path)]
    settings = [*files, *sorted(name for name in os.environ if name.startswith("DASK_"))]
    return f"{where}: {said}. Dask reads settings from {', '.join(settings) or 'nowhere but its defaults'}"


def about() -> dict[str, str]:
    """Return what must be the same on every machine for the numbers to be the same."""
    libraries = {name: metadata.version(name) for name in LIBRARIES}
    files = {name: fingerprints.shared()[name] for name in ("code", "data")}
    python = ".".join(map(str, sys.version_info[:3]))
    own = {"burn-report": __version__, "Python": python, "scenarios": fingerprints.scenarios()}
    return own | libraries | files


def _check_workers(client) -> None:
    def ask() -> dict[str, str]:  # a nested function travels whole: a worker without the package answers too
        try:
            from analysis.build import engines
        except ImportError:
            return {"burn-report": "not installed or too old"}
        return engines.about()

    ours = about()
    for address, theirs in sorted(client.run(ask, on_error="return").items()):
        if isinstance(theirs, Exception):
            said = f"{type(theirs).__name__}: {theirs}"
            raise InputError(f"worker {address} could not say what it has installed ({said})")
        if problem := difference(ours, theirs):
            said = f"worker {address} is not like this command: {problem}"
            raise InputError(f"{said}. Install the same version there")


def difference(ours: dict[str, str], theirs: dict[str, str]) -> str:
    """Return the first thing in which another machine differs, or ""."""
    for name, value in ours.items():
        if theirs.get(name) != value:
            return f"its {name} is {theirs.get(name, 'unknown')}, ours is {value}"
    return ""


class _Checked(processes.EndedByErrors, Executor):
    """Dask's executor, each job checked where it runs; what reads the output folder stays on this machine."""

    def __init__(self, pool: Executor, here: Executor) -> None:
        self._pool, self._here, self._ours = pool, here, about()

    def submit(self, function: Callable, /, *args) -> Future:
        """Schedule function(*args) on a worker."""
        if "products.index" in args[:1] or any(getattr(each, "folder", "") for each in args):
            return self._here.submit(function, *args)
        answer: Future = Future()
        there = self._pool.submit(on_worker, self._ours, function, args)
        there.add_done_callback(lambda done: _pass_on(done, answer))
        return answer

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """As for every executor; without `wait`, running jobs are forgotten."""
        self._here.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._pool.shutdown(wait=wait and not cancel_futures)


def _pass_on(done: Future, answer: Future) -> None:
    """Hand on what became of a job; what only Dask's own errors can say becomes a RuntimeError."""
    if done.cancelled():
        answer.set_exception(RuntimeError("the scheduler was lost"))
    elif problem := done.exception():
        known = isinstance(problem, RuntimeError | OSError)
        answer.set_exception(problem if known else RuntimeError(f"{type(problem).__name__}: {problem}"))
    else:
        answer.set_result(done.result())


def on_worker(ours: dict[str, str], function: Callable, args: tuple) -> object:
    """Run function(*args) on a worker that is like the command; raises RuntimeError on one that is not."""
    if problem := difference(ours, about()):
        raise RuntimeError(f"a worker joined that is not like this command: {problem}")
    if function.__module__.startswith("analysis.sweep"):
        return function(*args)
    with processes.executor(1) as pool:  # cells are forked, which a process with threads must not do
        return pool.submit(function, *args).result()
