"""What the user sees while pages are built: a bar on a terminal, a line per page elsewhere."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar


class Progress:
    """Counts pages, or blocks of a sweep."""

    def __init__(self, console: Console, quiet: bool = False) -> None:
        self._console, self._quiet = console, quiet
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        self._bar = Bar(*columns, console=console, disable=quiet or not console.is_terminal, transient=True)
        self._task = self._bar.add_task("starting", total=0)

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(self, *_) -> None:
        self._bar.stop()

    def start(self, names: list[str]) -> None:
        """Announce pages to come."""
        self._bar.update(self._task, total=self._bar.tasks[self._task].total + len(names))

    def done(self, name: str, problem: str) -> None:
        """Count a page as done, or as failed when there is a problem."""
        self._bar.update(self._task, advance=1, description=name)
        if (problem or not self._console.is_terminal) and not self._quiet:
            outcome = "failed" if problem else "done"
            self._console.print(f"{outcome}  {name}")
