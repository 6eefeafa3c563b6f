"""Kernels that start in a tenth of the time: forked from a process that has the libraries imported already.

A worker forks its kernel before it starts anything of its own; the kernel then waits for its connection file. papermill
meets an ordinary kernel manager, through jupyter_client's extension point for provisioners. Each kernel serves one
notebook, speaks over a socket in a private folder (no port to race for) and ends with its worker. Where a platform
cannot fork, plain kernels do the same, slower.
"""

import contextlib
import multiprocessing
import os
import pathlib
import signal
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.utils import run_sync

from analysis.report import processes

PROVISIONER = "burn-report-fork"  # the entry point in pyproject.toml
_waiting: "WaitingKernel | None" = None


class WaitingKernel:
    """A forked process that becomes a kernel when it is told its connection file; looks like a Popen to jupyter_client."""

    stdin = stdout = stderr = None

    def __init__(self) -> None:
        context = multiprocessing.get_context("fork")
        receiving, self._pipe = context.Pipe(duplex=False)
        self.process = context.Process(target=_become_kernel, args=(receiving, self._pipe), daemon=True)
        self.process.start()
        self.pid = self.process.pid
        receiving.close()

    def connect(self, connection_file: str, folder: str) -> None:
        """Tell the process its connection file; from now on it is a kernel."""
        self._pipe.send((connection_file, folder))

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end and return the exit code."""
        self.process.join(timeout)
        return self.process.exitcode

    def send_signal(self, signum: int) -> None:
        """Send a signal to the process."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    terminate = kill


def _become_kernel(receiving: Connection, sending: Connection) -> None:
    sending.close()  # so that the end of the worker is seen as the end of the pipe
    os.setsid()
    processes.end_with_parent(signal.SIGKILL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        connection_file, folder = receiving.recv()
    except EOFError:
        return
    os.environ["IPYTHONDIR"] = folder  # the user's own start-up files must not change a report
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(parent_handle=os.getppid())  # the kernel ends itself when its worker is gone
    app.initialize(["-f", connection_file, "--HistoryManager.enabled=False", "--log-level=ERROR"])
    app.start()


class ForkProvisioner(LocalProvisioner):
    """Hands the waiting process to jupyter_client in place of a new one."""

    async def launch_kernel(self, cmd: list[str], **kwargs) -> dict:
        """Connect the waiting kernel and return the connection information."""
        assert _waiting is not None
        self.process = _waiting
        self.pid, self.pgid = _waiting.pid, None
        _waiting.connect(self.parent.connection_file, str(pathlib.Path(self.parent.connection_file).parent))
        return self.connection_info


@contextlib.contextmanager
def kernel_manager() -> Iterator[AsyncKernelManager]:
    """Give a manager for one kernel and end the kernel afterwards, whatever happened."""
    global _waiting
    fork = "fork" in multiprocessing.get_all_start_methods() and multiprocessing.get_start_method(allow_none=True) != "spawn"
    _waiting = WaitingKernel() if fork else None
    with tempfile.TemporaryDirectory(prefix="burn-") as folder:
        manager = AsyncKernelManager(kernel_name="python3", connection_file=f"{folder}/k.json", shutdown_wait_time=1.0)
        if fork:
            manager.transport, manager.ip = "ipc", f"{folder}/k"
            manager._kernel_spec = KernelSpec(
                argv=["python"], language="python", metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}}
            )
        try:
            yield manager
        finally:
            if _waiting is not None:  # has nothing to save: ended at once, where a shut-down would wait a tenth of a second
                _waiting.kill()
                _waiting.wait()
                _waiting = None
            elif manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)
            run_sync(manager.cleanup_resources)()
