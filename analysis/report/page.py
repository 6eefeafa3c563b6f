"""The page that a notebook builds, from title to foot. Each method shows one part; no notebook writes HTML."""

import functools
import subprocess
from collections.abc import Callable, Iterable

import pandas as pd
from IPython.display import HTML, display
from markupsafe import Markup

from analysis import __version__, inputs
from analysis.findings import numbers
from analysis.findings.words import Finding, Words
from analysis.inputs import Tables
from analysis.parameters import SETTINGS, Case, Settings, resolve
from analysis.report import evidence
from analysis.report.figure import Draw, figure
from analysis.report.markers import Markers, kind_mark
from analysis.report.pages import PageSpec
from analysis.report.table import rows as as_frame
from analysis.report.table import table
from analysis.results import Run

BASE = "as_reported"
LICENCE = "Code: MIT. Text, tables and figures: CC BY 4.0."


class Page:
    """One page. `show` receives every part as Markup with metadata; by default it is the notebook's display."""

    def __init__(self, spec: PageSpec, run: Run, tables: Tables, show: Callable[..., None] | None = None) -> None:
        self.spec, self.run, self.tables = spec, run, tables
        self.case = run.case
        self.markers = Markers()
        self.figures = 0
        self._show = show or (lambda part, **metadata: display(HTML(str(part)), metadata=metadata or None))

    @property
    def scenario(self) -> inputs.Scenario:
        """The scenario that the page is about."""
        return self.tables.scenarios[self.case.scenario]

    def head(self) -> None:
        """Show the title and the question in one sentence."""
        kicker = f"Scenario: {self.scenario.title}" + (" with changed inputs" if self.case.changed else "")
        self._show(
            Markup('<header class="page-head"><p class="kicker">{}</p><h1>{}</h1><p class="question">{}</p></header>').format(
                kicker, self.spec.title, self.spec.question
            )
        )

    def summary(self, findings: Iterable[Finding]) -> None:
        """Show the summary box: at most five findings, and the world that they hold in."""
        items = Markup("").join(Markup("<li>{}</li>").format(self.sentence(finding)) for finding in list(findings)[:5])
        world = Markup("<p><strong>This scenario.</strong> {}</p>").format(self.scenario.world)
        self._heading(
            "summary",
            "In short",
            '<section class="summary" aria-labelledby="summary">',
            Markup("<ol>{}</ol>{}").format(items, world),
        )

    def sentence(self, finding: Finding) -> Markup:
        """Return a finding with its visible mark and its markers."""
        return Markup("{} {} {}").format(finding.text, kind_mark(finding.kind), self.markers.links(finding.refs))

    def say(self, *findings: Finding) -> None:
        """Show computed sentences as a paragraph."""
        self._show(Markup("<p>{}</p>").format(Markup(" ").join(self.sentence(finding) for finding in findings)))

    def section(self, key: str, statement: str) -> None:
        """Show a section's heading: a statement computed from the numbers."""
        if key not in self.spec.sections:
            raise KeyError(f"page {self.spec.name} has no section {key!r}; it has {', '.join(self.spec.sections)}")
        self._heading(key, statement)

    def figure(
        self,
        key: str,
        draw: Draw,
        frame: pd.DataFrame,
        words: Words,
        *,
        kind: str,
        height: int = 400,
        narrow_height: int | None = None,
    ) -> None:
        """Show a chart of `frame` with its words, data table and download. Heights in px; `kind`: the type of chart."""
        self.figures += 1
        self._show(
            figure(
                key, self.figures, draw, frame, words, kind=kind, heights=(height, narrow_height or height),
                source=evidence.sources(words.refs, self.tables, self.markers), mark=kind_mark(words.kind),
            )
        )  # fmt: skip

    def table(self, frame: pd.DataFrame, caption: str, *, numeric: tuple[str, ...] = (), total: bool = False) -> None:
        """Show a table of text, Markup or Finding cells (shown with mark and markers); units belong into the column names."""
        cells = [
            [self.sentence(cell) if isinstance(cell, Finding) else cell for cell in row] for row in frame.itertuples(index=False)
        ]
        self._show(table(as_frame(cells, list(frame.columns)), caption, numeric=numeric, total=total))

    def html(self, part: Markup) -> None:
        """Show a part that another module of the report has built."""
        self._show(part)

    def inputs(self) -> None:
        """Show the inputs and settings that differ from `as_reported`, with why."""
        rows = evidence.changed_inputs(self.case, base_case(self.tables), self.tables, self.markers)
        self._heading("inputs", "Inputs that differ from “As reported”" if len(rows) else "All inputs are those of “As reported”")
        if len(rows):
            self._show(
                table(
                    rows,
                    "Inputs that differ from “As reported”, with their 5th to 95th percentile",
                    numeric=("As reported", "Here"),
                )
            )
        else:
            self._show(Markup("<p>Nothing is changed: this page rests on the assumptions table as it stands.</p>"))

    def claims(self) -> None:
        """Show the article's claims that this page takes up, with verdicts."""
        rows = evidence.claims(self.tables.claims, self.spec, self.markers)
        topics = " and ".join(self.spec.topics)
        self._heading(
            "claims",
            f"The article's {topics} claims, checked",
            '<section class="claims">',
            evidence.claims_table(rows, self.spec.title),
        )

    def methods(self) -> None:
        """Show how the numbers were made and where they stop."""
        self._heading("methods", "Methods and limits", '<section class="methods">', evidence.methods(self.run))

    def evidence(self) -> None:
        """Show every claim, figure and assumption that a marker on this page points to."""
        body = evidence.used(self.markers, self.tables, self.case)
        self._heading("evidence", "Evidence used on this page", '<section class="evidence">', body)

    def reproduce(self) -> None:
        """Show the foot: version, data cut-off, seed, changed inputs, the command that makes this page again."""
        entries = {
            "Version": f"{__version__}, commit {commit()}",
            "Evidence published until": newest(self.tables),
            "Draws and seed": f"{self.case.settings.draws}, seed {self.case.settings.seed}",
            "Differs from “As reported” in": ", ".join(evidence.changed_names(self.case, base_case(self.tables))) or "nothing",
            "Licence": LICENCE,
            "How to cite": f"burn-report {__version__}: {self.spec.title}, scenario “{self.scenario.title}”.",
        }
        terms = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*entry) for entry in entries.items())
        self._show(
            Markup(
                '<footer class="page-foot"><h2 id="reproduce">Make this page again</h2><pre class="command">{}</pre><dl>{}</dl></footer>'
            ).format(command(self.case, self.spec.name), terms),
            burn_heading={"id": "reproduce", "title": "Make this page again"},
        )

    def _heading(self, key: str, title: str, opening: str = "", body: Markup | str = "") -> None:
        closing = Markup("</section>") if opening else Markup("")
        self._show(
            Markup(opening) + Markup('<h2 id="{}">{}</h2>').format(key, title) + body + closing,
            burn_heading={"id": key, "title": self.spec.sections.get(key, title)},
        )


def base_case(tables: Tables) -> Case:
    """Return the case that every page is compared with."""
    return resolve(tables, BASE)


def command(case: Case, notebook: str) -> str:
    """Return the command that builds this very page."""
    parts = ["burn-report build", case.scenario, f"--notebook {notebook}"]
    for name, value in case.changed.items():
        parts.append(f"--{name} {value}" if name in ("draws", "seed") else f"--set {name}={value}")
    return " ".join(parts)


def newest(tables: Tables) -> str:
    """Return the latest date of a page that the evidence comes from."""
    dates = tables.evidence["published"]
    return max(date for date in dates if date != "undated")


@functools.lru_cache(maxsize=1)
def commit() -> str:
    """Return the commit that last changed data, code or notebooks, or that there is none."""
    try:
        done = subprocess.run(
            ["git", "log", "-1", "--format=%h", "--", "data", "analysis", "notebooks"],
            cwd=inputs.ROOT, capture_output=True, text=True, timeout=10, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return "unknown (not a git checkout)"
    return done.stdout.strip() or "unknown (nothing committed)"


__all__ = ["SETTINGS", "Page", "Settings", "base_case", "command", "commit", "newest", "numbers"]
