"""Kernels that start in a tenth of the time: forked from a server that has the libraries imported already.

A job that runs a notebook is lent a forked process that waits to be told its connection file and then is a
kernel. papermill meets an ordinary kernel manager with a provisioner of its own. Each kernel serves one
notebook, speaks over a socket in a private folder (no port to race for) and ends with the job that has its
line. Where a platform cannot fork, plain kernels do the same, slower.
"""

import contextlib
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

_lent: Connection | None = None


def lend(line: Connection | None) -> None:
    """Say which process, if any, waits to become the kernel of this job."""
    global _lent
    _lent = line


def become_kernel(connection_file: str, folder: str, variables: dict[str, str]) -> None:
    """Be a kernel in the working folder `folder` until the process is ended. `variables`: of its
    environment.
    """
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.chdir(folder)
    os.environ |= variables
    os.environ["IPYTHONDIR"] = str(
        pathlib.Path(connection_file).parent
    )  # a user's start-up files change no report
    from ipykernel.kernelapp import IPKernelApp

    class KernelApp(IPKernelApp):
        def load_config_file(self, *_, **__) -> None:
            """Read no settings, neither the user's nor the machine's."""

    app = KernelApp.instance()
    app.initialize(["-f", connection_file, "--HistoryManager.enabled=False", "--log-level=ERROR"])
    app.shell.run_line_magic(
        "matplotlib", "inline"
    )  # so that an analyst's own drawing is shown, as everywhere
    app.start()


class WaitingKernel:
    """The lent process; looks like a Popen to jupyter_client."""

    stdin = stdout = stderr = pid = None

    def __init__(self, line: Connection) -> None:
        self._line = line

    def connect(self, connection_file: str, folder: str, variables: dict[str, str]) -> None:
        """Tell the process its connection file; from now on it is a kernel."""
        self._line.send((become_kernel, (connection_file, folder, variables)))

    def poll(self) -> int | None:
        """Return an exit code, or None while it runs. It says nothing, so that what can be read is its
        end.
        """
        return 1 if self._line.closed or self._line.poll() else None

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for the end and return the exit code."""
        return 1 if self._line.closed or self._line.poll(timeout) else None

    def send_signal(self, signum: int) -> None:
        """End the process, whatever the signal: it has nothing to save."""
        self._line.close()

    def kill(self) -> None:
        """End the process at once."""
        self._line.close()

    terminate = kill


class ForkProvisioner(LocalProvisioner):
    """Hands the waiting process to jupyter_client in place of a new one."""

    async def launch_kernel(self, cmd: list[str], **kwargs) -> dict:
        """Connect the waiting kernel and return the connection information."""
        self.process = self.parent.waiting
        self.process.connect(self.parent.connection_file, *self.parent.surroundings)
        return self.connection_info


class ForkedKernelManager(AsyncKernelManager):
    """A manager whose kernel is `waiting`. `surroundings`: its working folder and variables of its
    environment.
    """

    def __init__(self, waiting: WaitingKernel, surroundings: tuple[str, dict[str, str]], **options) -> None:
        super().__init__(**options)
        self.waiting, self.surroundings = waiting, surroundings
        self._kernel_spec = KernelSpec(argv=["python"], language="python")
        self.provisioner = ForkProvisioner(parent=self, kernel_id="", kernel_spec=self._kernel_spec)


@contextlib.contextmanager
def kernel_manager(folder: pathlib.Path, variables: dict[str, str]) -> Iterator[AsyncKernelManager]:
    """Give a manager for one kernel that runs in `folder`; end the kernel afterwards, whatever happened."""
    with tempfile.TemporaryDirectory(prefix="k-") as name:
        file = f"{name}/k.json"
        if _lent:
            waiting, around = WaitingKernel(_lent), (str(folder), variables)
            manager = ForkedKernelManager(
                waiting, around, connection_file=file, transport="ipc", ip=f"{name}/k"
            )
        else:
            os.environ |= variables
            manager = AsyncKernelManager(kernel_name="python3", connection_file=file, shutdown_wait_time=1.0)
        try:
            yield manager
        finally:
            if _lent:  # has nothing to save: ended at once, where a shut-down would wait a tenth of a second
                waiting.kill()
            elif manager.has_kernel:
                run_sync(manager.shutdown_kernel)(now=True)
            run_sync(manager.cleanup_resources)()
