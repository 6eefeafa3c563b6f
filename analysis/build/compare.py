"""`burn-report compare`: folders in, a page and lines out; nothing is written unless all can be read."""

import json
import pathlib
from collections.abc import Iterator

from analysis.build import files, jobs, processes
from analysis.build.folders import COMPARISON, RESULTS
from analysis.build.products import headlines, moved
from analysis.build.requests import check_out
from analysis.inputs import tables
from analysis.inputs.errors import InputError, shown
from analysis.results import stored


def run(folders: list[pathlib.Path], out: pathlib.Path, timeout: int) -> list[str]:
    """Write the page that compares `folders` with the first of them; return what differs, line by line."""
    if out.suffix != ".html" or out.is_dir():
        raise InputError(f"--out: the name of an HTML file is expected; given {shown(str(out))}")
    check_out(out.absolute().parent)
    results = stored.read_folders(folders, tables.load())
    if len(results) < 2:
        raise InputError("at least two result folders are needed, such as reports/as_reported out/custom")
    with processes.executor(1) as pool, files.private_folder() as folder:
        for case, content in results.items():
            files.write(folder / case / RESULTS, json.dumps(content))
        values = {"folders": list(results), "baseline": next(iter(results))}
        job = jobs.PageJob(COMPARISON, values, {}, str(folder), {}, timeout)
        outcome = pool.submit(jobs.run, "worker.run_page", job).result()
    if outcome.error:
        raise RuntimeError(f"the comparison could not be made: {outcome.error}")
    files.write(out, outcome.files[f"{COMPARISON}.html"])
    return list(differences(results))


def differences(results: dict[str, dict]) -> Iterator[str]:
    """Give, for each result but the first, which inputs and headlines are not as there."""
    (base, first), *others = results.items()
    for case, result in others:
        changed = [name for name, value in result["inputs"].items() if value != first["inputs"][name]]
        names = f" ({', '.join(changed)})" if changed else ""
        differ = "1 input differs" if len(changed) == 1 else f"{len(changed)} inputs differ"
        yield f"{case} against {base}: {differ}{names}"
        now, before = (headlines(each["metrics"], each["horizon_months"]) for each in (result, first))
        yield from moved(now, before, base)
