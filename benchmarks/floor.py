"""What no build can beat: print the seconds of importing once, and of all cells of all pages, by the processor's time."""

import os
import resource
import tempfile
import time

from analysis.build import serving
from analysis.build.jobs import PageJob
from analysis.inputs import place


def cells(job: PageJob) -> float:
    """Return the processor's time of a notebook's cells, which run in a process of a process."""
    from analysis.build import worker

    receiving, sending = os.pipe()
    if not os.fork():
        outcome = worker.run_page(job)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.write(sending, str(used.ru_utime + used.ru_stime).encode())
        os._exit(bool(outcome.error))
    _, status = os.wait()
    assert status == 0, f"{job.notebook} failed"
    return float(os.read(receiving, 64))


def main() -> None:
    """Run every page of every scenario, and the comparison of what is kept in reports/."""
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        started = time.process_time()
        serving.prepare()
        importing = time.process_time() - started
        from analysis.build import folders, products, requests

        started, spent = time.process_time(), 0.0
        for scenario in requests.scenario_titles():
            for stem in folders.case_pages():
                products.run_before(scenario, {}, stem)
                spent += cells(PageJob(stem, {"scenario": scenario}, {}))
        spent += cells(PageJob("scenario_comparison", {}, {}, str(place.NOTEBOOKS)))
    print(importing, spent + time.process_time() - started)


if __name__ == "__main__":
    main()
