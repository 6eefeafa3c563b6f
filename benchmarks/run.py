"""Measure model, sweeps and builds and write the table to benchmarks/RESULTS.md. `--quick` leaves out what takes minutes."""

import pathlib
import platform
import sys

import build
import model
import sweep

NOTE = (pathlib.Path(__file__).parent / "NOTE.md").read_text(encoding="utf-8")  # what is missed, and why


def main() -> None:
    """Print the table and keep it."""
    quick = "--quick" in sys.argv
    rows = [*model.measure(), *sweep.measure(quick), *build.measure(quick)]
    lines = ["| what | measured | must reach |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    text = (
        f"# Benchmarks\n\n`make bench`, Python {platform.python_version()} on {platform.machine()}, one run.\n\n"
        + "\n".join(lines)
        + "\n"
        + NOTE
    )
    print(text)
    if not quick:
        (pathlib.Path(__file__).parent / "RESULTS.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
