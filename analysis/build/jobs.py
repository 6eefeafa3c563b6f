"""What a build hands to its jobs and gets back; light, so that the command itself need not import the
libraries.

A job writes nothing: it may run on another machine, and only what the command has received can be moved into
place.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class PageJob:
    """A notebook to run, or one that has run (`executed`) to export again, and what is shown around it.

    `values`: what papermill hands over. `meta`: what the shell shows around the page. `folder`: where the
    notebook runs ("": where the notebooks are). `variables`: of the kernel's environment.
    """

    notebook: str
    values: dict
    meta: dict
    folder: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    timeout: int = 300
    executed: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a job made (name of a file -> its content), seconds of work, and what went wrong ("" when nothing
    did).

    `error`: one line; `detail`: the traceback. `executed`: the notebook as it ran. `said`: lines for the
    command's end.
    """

    files: dict[str, str | bytes]
    seconds: float = 0.0
    error: str = ""
    detail: str = ""
    executed: str = ""
    said: list[str] = field(default_factory=list)


def run_page(job: PageJob) -> Outcome:
    """Run a notebook and export its page."""
    from analysis.build import worker

    return worker.run_page(job)


def export_again(job: PageJob) -> Outcome:
    """Export the page of a notebook that has run before, with other surroundings."""
    from analysis.build import worker

    return worker.export_again(job)


def run_results(scenario: str, values: dict, folder: str) -> Outcome:
    """Run the model for a case and make its results.json and, named as its folder, its workbook."""
    from analysis.build import products

    return products.results(scenario, values, folder)


def run_index(out: str, shown: list[str], not_shown: dict[str, str], meta: dict) -> Outcome:
    """Make the index of the cases in the folder `out`."""
    from analysis.build import products

    return products.index(out, shown, not_shown, meta)


def check(cases: list[tuple[str, dict]], notebooks: list[str]) -> None:
    """Raise InputError for the first case that is impossible, or notebook that would not take its
    parameters.
    """
    from analysis.build import products

    products.check(cases, notebooks)


OF_PAGES = (run_page, export_again)  # done where papermill and nbconvert are; the first is lent a kernel
