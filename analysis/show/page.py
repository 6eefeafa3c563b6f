"""The page that a notebook builds, part by part. HTML lies in templates, words in the pages' text files."""

import base64
import functools
import os
from collections.abc import Callable, Mapping

import pandas as pd
from IPython.display import display
from markupsafe import Markup

from analysis import __version__
from analysis.inputs.errors import InputError, unknown
from analysis.inputs.parameters import BASE, Case, command, resolve
from analysis.inputs.tables import Tables
from analysis.pages import PAGES, PageSpec
from analysis.results.results import Result
from analysis.show import evidence, figure, numbers, shell, table, template, text
from analysis.show.revision import revision

# set by a build: href of the folder of "As reported", when its pages are there; that the lead chart is wanted
# as a picture too; name of the folder that the page lies in
BASE_FOLDER, PREVIEW, CASE = "BURN_REPORT_BASE", "BURN_REPORT_PREVIEW", "BURN_REPORT_CASE"
MOST_FINDINGS = 5
LEADING = 5  # of the inputs that differ; the others are folded


def show_in_notebook(part: Markup, **metadata: object) -> None:
    """Display a part of the page. The wrapper keeps JupyterLab from setting "$" as a formula."""
    html = f'<div class="burn mathjax_ignore">{part}</div>'
    display({"text/html": html, "text/plain": "(a part of the page)"}, raw=True, metadata=metadata)


class Page:
    """One page. `measures`: of the page's class Measures. `result`: of its case; None for pages of several.

    `show` receives every part as Markup, with metadata for the exporter; by default the notebook displays it.
    """

    def __init__(
        self, spec: PageSpec, tables: Tables, measures: object, result: Result | None = None,
        base: Result | None = None, show: Callable[..., None] = show_in_notebook,
    ) -> None:  # fmt: skip
        self.spec, self.tables, self.measures = spec, tables, measures
        self.result, self.base = result, base
        self.markers = text.Markers(tables)
        self.figures: list[str] = []  # keys of those shown, in order
        self._show = show
        self._same = False  # inside a section that is as in "As reported"

    @functools.cached_property
    def case(self) -> Case:
        """The case that the page is about; that of "As reported" on a page of several."""
        return self.result.case if self.result else resolve(self.tables, BASE)

    @property
    def name(self) -> str:
        """The name of the case, for files: of its folder when a build says so, else of its scenario."""
        return os.environ.get(CASE) or (self.case.scenario if self.result else self.spec.stem)

    @property
    def scenario_title(self) -> str:
        """The title of the case's scenario, "" on a page of several."""
        return self.tables.scenarios[self.case.scenario].title if self.result else ""

    @functools.cached_property
    def facts(self) -> Mapping[str, object]:
        """The numbers that the text names."""
        return self.spec.module("facts").facts(self.measures)

    @functools.cached_property
    def text(self) -> text.Text:
        """The words of the page, with its facts."""
        return text.Text(self.spec.stem, self.facts, self.markers)

    @functools.cached_property
    def differing(self) -> list[str]:
        """Names of the settings and inputs that differ from "As reported"."""
        return evidence.differing(self.result.case, self.base.case) if self.result and self.base else []

    @functools.cached_property
    def differs(self) -> evidence.Differs | None:
        """What the case changes against "As reported", by the HEADLINES of the page's facts if any."""
        headlines = getattr(self.spec.module("facts"), "HEADLINES", evidence.HEADLINES)
        return evidence.differs(self.result, self.base, self.tables, headlines) if self.differing else None

    def head(self) -> None:
        """Show the first screen: title, verdict, what differs here, the lead chart, findings, how to read."""
        self._show(shell.lab_style(), burn_style=True)
        verdict = self.text.sentence("verdict")
        kicker = self.text.sentence("kicker", self.scenario_title, bool(self.case.changed))
        differs = self.text.sentence("differs", self.differs) if self.differs else ""
        opening = self._part("head", kicker=kicker, verdict=verdict, differs=differs)
        lead = self._figure(self._leading())
        found = [self.text.sentence(name) for name in self.text.findings()[:MOST_FINDINGS]]
        findings = self._part("findings", findings=found)
        about = {  # what the page around the cells says of this one, as show.shell names it
            "title": self.spec.title, "scenario_title": self.scenario_title, "date": self.tables.cut_off,
            "description": self.text.words("verdict").striptags(), "version": __version__,
        }  # fmt: skip
        heading = {"id": "summary", "title": text.shared()["words"]["summary"]}
        self._show(opening + lead + findings, burn_heading=heading, burn_head=about, **self._preview())

    def section(self, key: str) -> None:
        """Begin a section; one line with a link where all is as in "As reported" and that page is there."""
        if key not in self.spec.sections:
            raise unknown("section", key, self.spec.sections)
        title, folder = self.text.words(f"section_{key}"), os.environ.get(BASE_FOLDER)
        self._same = bool(folder and self.differing and not self._touched(key))
        href = f"{folder}/{self.spec.stem}.html#{key}" if self._same else ""
        heading = {"id": key, "title": title.striptags()}
        self._show(self._part("section", key=key, title=title, href=href), burn_heading=heading)

    def say(self, *names: str) -> None:
        """Show sentences of the text as a paragraph, each source marked once."""
        cited: set[str] = set()
        sentences = [self.text.sentence(name, cited=cited) for name in names if not self._same]
        if any(sentences):
            self._show(self._part("paragraph", sentences=sentences))

    def figure(self, key: str, frame: pd.DataFrame | None = None) -> None:
        """Show a chart of charts.FIGURES, of its own measure or of `frame`; the head shows the lead."""
        if key in self.figures[:1] and self._leading() == key:
            raise InputError(f"figure {key} leads the page: its head shows it; show another one here")
        if not self._same:
            self._show(self._figure(key, frame))

    def table(self, key: str, frame: pd.DataFrame | None = None) -> None:
        """Show a table of the page's tables.TABLES, of its own measure or of `frame`."""
        if not self._same:
            found, rows = self._named("tables", "table", key, frame)
            caption, labels = self.text.sentence(f"caption_{key}"), text.Labels(self.spec.stem)
            self._show(table.render(found, rows, caption, labels, self.markers, key))

    def frame(self, frame: pd.DataFrame) -> None:
        """Show a frame of measures as it is: open in a notebook, folded on the page."""
        if not self._same:
            title = text.shared()["words"]["frame"]
            self._show(self._part("frame", title=title, table=table.of_frame(frame, title)))

    def html(self, part: Markup) -> None:
        """Show a part that the page's own template has made (a panel, say)."""
        if not self._same:
            self._show(part)

    def appendix(self) -> None:
        """Show what the page rests on, folded: claims, inputs, method, every source cited; then the foot."""
        self._same = False
        claims = evidence.claims(self.tables, self.spec)
        inputs = self.differs.inputs if self.differs else ()
        marks = {changed.id: self.markers.links([changed.id]) for changed in inputs if changed.id}
        about = self.case.settings, len(self.tables.correlations)
        method = [self.text.words(name, *about) for name in text.shared()["method"]]
        method += [self.text.sentence(name) for name in self.text.names("method_")]
        cited = set(self.markers.used) - {claim.id for found in claims.values() for claim in found}
        # pages that lie beside this one under their own names: those of the same case
        linked = {stem for stem, spec in PAGES.items() if spec.kind == self.spec.kind == "case"}
        body = self._part(
            "appendix", claims=claims, inputs=inputs, marks=marks, method=method, leading=LEADING,
            sources=[evidence.row(ref, self.tables, self.case) for ref in sorted(cited)],
            stem=self.spec.stem, used=self.markers.used, linked=linked | {self.spec.stem},
        )  # fmt: skip
        heading = {"id": "appendix", "title": text.shared()["words"]["appendix"]}
        self._show(body + self._foot(), burn_heading=heading)

    def _part(self, name: str, **values: object) -> Markup:
        return template.render(f"parts/{name}.html.j2", words=text.shared()["words"], page=self, **values)

    def _touched(self, key: str) -> bool:
        """Whether one of a section's inputs, or any setting, differs; without inputs, none does."""
        rests_on, group = self.spec.rests_on(key), self.tables.assumptions["group"]
        if not rests_on:
            return rests_on is None
        return any(name in rests_on or group.get(name) in (None, *rests_on) for name in self.differing)

    def _named(self, module: str, kind: str, key: str, frame: pd.DataFrame | None = None) -> tuple:
        """Return an entry of the page's FIGURES or TABLES, and `frame` or the entry's own measure."""
        found = getattr(self.spec.module(module), f"{kind}s".upper())
        if key not in found:
            raise unknown(kind, key, found)
        return found[key], getattr(self.measures, found[key].measure) if frame is None else frame

    def _figure(self, key: str, frame: pd.DataFrame | None = None) -> Markup:
        self.figures = list(dict.fromkeys([*self.figures, key]))
        found, data = self._named("charts", "figure", key, frame)
        file = "-".join(dict.fromkeys((self.name, self.spec.stem, key)))  # of a page of several: no case
        number, labels = self.figures.index(key) + 1, text.Labels(self.spec.stem)
        return figure.render(found, data, self._figure_words(key), key, number, f"{file}.csv", labels)

    def _figure_words(self, key: str) -> dict[str, str]:
        names = [name for part in ("unit", "note", "alt") if (name := f"{part}_{key}") in self.text]
        refs = [ref for name in (f"figure_{key}", *names) for ref in self.text.refs(name)]
        refs = list(dict.fromkeys(map(self.markers.identify, refs)))
        published = [ref for ref in refs if ref.startswith("E")]
        links, markers = evidence.links(published, self.tables), self.markers.links(refs)
        source = self._part("sources", links=links, markers=markers, of_model=published != refs)
        words = {name.removesuffix(f"_{key}"): self.text.words(name) for name in names}
        return words | {"title": self.text.words(f"figure_{key}"), "source": source}

    def _leading(self) -> str:
        return next(key for key, found in self.spec.module("charts").FIGURES.items() if found.lead)

    def _preview(self) -> dict[str, str]:
        """Return the lead chart as a picture for links to the page, as metadata, where a build wants one."""
        if not os.environ.get(PREVIEW):
            return {}
        found, data = self._named("charts", "figure", self._leading())
        picture = figure.preview(found, data, self.text.words(f"figure_{self._leading()}"))
        return {"burn_preview": base64.b64encode(picture).decode()}

    def _foot(self) -> Markup:
        again = getattr(self.measures, "command", "")
        if self.result:
            again = command(["build", self.case.scenario, "--notebook", self.spec.stem], self.case.changed)
        workbook = f"{self.name}.xlsx" if self.result and os.environ.get(PREVIEW) else ""
        about = {"version": __version__, "revision": revision(), "cut_off": numbers.date(self.tables.cut_off)}
        return self._part("foot", command=again, workbook=workbook, **about)
