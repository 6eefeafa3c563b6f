"""The page of a parameter sweep: the surface, where answers flip, the cases at the edge as commands. Which chart depends on the sweep."""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from analysis import __version__
from analysis.charts import sweep as maps
from analysis.charts import sweep_lines as lines
from analysis.findings import sweep_figures as figures
from analysis.findings import sweep_frames as frames
from analysis.findings import sweep_names as names
from analysis.findings import sweep_tables as cells
from analysis.findings.methods import METHODS
from analysis.findings.words import Finding
from analysis.inputs import Tables
from analysis.insight import influence, swept
from analysis.parameters import resolve
from analysis.report.page import LICENCE, Page, commit, newest
from analysis.report.pages import SWEEP
from analysis.report.table import rows, table
from analysis.results import Run
from analysis.sweep.read import Sweep

CHARTS = {
    figures.MAP: ("Map of cells", maps.heat, frames.surface_frame, maps.map_heights),
    figures.LINES: (
        "Line chart with a band",
        lines.lines,
        frames.line_frame,
        lambda frame: {"height": 380, "narrow_height": 320},
    ),
    figures.ROWS: ("Dots with ranges", lines.rows, frames.line_frame, lines.row_heights),
    figures.EFFECTS: ("Line charts with bands", lines.main_effects, frames.effect_frame, lines.effect_heights),
}


class SweepPage(Page):
    """The page of a sweep. What a marker [A..] leads to is shown with the values of the base, which an axis replaces."""

    def __init__(self, sweep: Sweep, tables: Tables, show: Callable[..., None] | None = None) -> None:
        given = sweep.settings | {"draws": sweep.draws, "seed": sweep.seed}
        super().__init__(SWEEP, Run(resolve(tables, sweep.base, given)), tables, show)
        self.sweep = sweep
        self.scenarios = next((axis.values for axis in sweep.axes if axis.name == "scenario"), ())

    def head(self) -> None:
        """Show the title, what is varied, and the question in one sentence."""
        axes = [names.small(axis.label) for axis in swept.varied(self.sweep)]
        over = names.listed(axes) if 0 < len(axes) <= names.MOST_NAMED else f"{len(axes)} inputs" if axes else "nothing varied"
        count = len(self.sweep.frame)
        kicker = f"Parameter sweep: {count:,} {names.unit_of(self.sweep, count)}, {over}"
        head = '<header class="page-head"><p class="kicker">{}</p><h1>{}</h1><p class="question">{}</p></header>'
        self._show(Markup(head).format(kicker, self.sweep.title or self.spec.title, self.spec.question))

    def summary(self, findings: Iterable[Finding]) -> None:
        """Show the summary box: at most five findings, and the world that the cases start from."""
        items = Markup("").join(Markup("<li>{}</li>").format(self.sentence(finding)) for finding in list(findings)[:5])
        title, world = f"Every case starts from “{self.scenario.title}”.", self.scenario.world
        if self.scenarios:
            title = "The scenario is varied."
            world = f"{names.listed([f'“{self.tables.scenarios[name].title}”' for name in self.scenarios])}."
        base = Markup("<p><strong>{}</strong> {}</p>").format(title, world)
        self._heading(
            "summary",
            "In short",
            '<section class="summary" aria-labelledby="summary">',
            Markup("<ol>{}</ol>{}").format(items, base),
        )

    def surface(self) -> None:
        """Show the headline over the axes, and which of them matter."""
        chart = figures.chart_of(self.sweep)
        if chart in CHARTS:
            kind, draw, frame_of, heights = CHARTS[chart]
            frame = frame_of(self.sweep, self.tables)
            self.figure("surface", draw, frame, figures.words(self.sweep, self.tables), kind=kind, **heights(frame))
        effects = cells.effects(self.sweep, self.tables)
        if len(effects) > 1:
            self.table(effects, cells.effects_caption(self.sweep), numeric=("Share of variance",))

    def flips(self) -> None:
        """Show which portfolio is best where, and between which values answers change."""
        if swept.has_portfolios(self.sweep):
            self._portfolios()
        changes = cells.flip_rows(self.sweep, self.tables)
        if len(changes):
            self.table(changes, cells.flips_caption(), numeric=("Clear changes", "All changes"))
        elif self.sweep.kind == "grid" and len(self.sweep.frame) > 1:
            self._show(Markup("<p>No two neighbouring cases give different answers.</p>"))

    def _portfolios(self) -> None:
        sweep, tables = self.sweep, self.tables
        if sweep.kind == "sobol":
            axis = influence.deciding(sweep, swept.portfolio(sweep))
            if axis is not None:
                frame = frames.share_frame(sweep, axis, tables)
                words = figures.share_words(sweep, axis, tables)
                self.figure("portfolios", lines.shares, frame, words, kind="Matrix of cells", **lines.share_heights(frame))
        elif swept.varied(sweep):
            frame = frames.portfolio_frame(sweep, tables)
            words = figures.portfolio_words(sweep, tables)
            self.figure("portfolios", maps.best_portfolios, frame, words, kind="Map of cells", **maps.map_heights(frame))

    def edges(self) -> None:
        """Show the most telling cases, and the commands that build their full reports."""
        self.table(cells.telling(self.sweep, self.tables), cells.telling_caption(self.sweep), numeric=())
        commands = cells.commands(self.sweep)
        if max(len(line) for _, line in commands) <= cells.LONG:
            lines_ = Markup("\n").join(Markup("# case {}\n{}").format(case, line) for case, line in commands)
            shown = Markup('<pre class="command">{}</pre>').format(lines_)
        else:  # folded: every input is named in each
            folded = Markup('<details><summary>Command for case {}</summary><pre class="command">{}</pre></details>')
            shown = Markup("").join(folded.format(case, line) for case, line in commands)
        self._show(Markup("<h3>Their full reports</h3>") + shown)

    def inputs(self) -> None:
        """Show the inputs that differ from “As reported” before the axes replace any; of varied scenarios each has its own."""
        if not self.scenarios:
            super().inputs()
            return
        self._heading("inputs", "Each scenario brings its own inputs")
        shown = [[self.tables.scenarios[name].title, self.tables.scenarios[name].world] for name in self.scenarios]
        self._show(table(rows(shown, ["Scenario", "What would have to be true"]), "The scenarios of this sweep"))

    def methods(self) -> None:
        """Show how the cases were made and where they stop, with the settings filled in."""
        basis, horizon = (self._setting(name) for name in ("burn_basis", "horizon_months"))
        filled = [point.format(draws=f"{self.sweep.draws:,}", horizon=horizon, basis=basis) for point in METHODS]
        points = [*cells.methods(self.sweep), *filled]
        items = Markup("").join(Markup("<li>{}</li>").format(point) for point in points)
        self._heading("methods", "Methods and limits", '<section class="methods">', Markup("<ul>{}</ul>").format(items))

    def _setting(self, name: str) -> str:
        """Return a setting, or the values that an axis gives it."""
        values = next(
            (swept.values_in_order(axis) for axis in self.sweep.axes if axis.name == name), [getattr(self.case.settings, name)]
        )
        return " or ".join(map(str, values)) if len(values) <= names.MOST_NAMED else f"{values[0]} to {values[-1]}"

    def reproduce(self) -> None:
        """Show the foot: version, data cut-off, draws, and the command that makes this sweep and its page again."""
        title = self.sweep.title or self.spec.title
        entries = {
            "Version": f"{__version__}, commit {commit()}",
            "Evidence published until": newest(self.tables),
            "Draws and seed": f"{self.sweep.draws} a case, seed {self.sweep.seed}",
            "The whole table": "table.parquet beside this page: a row per case, units in the names of its columns",
            "Licence": LICENCE,
            "How to cite": f"burn-report {__version__}: {title} ({len(self.sweep.frame):,} {names.unit_of(self.sweep, len(self.sweep.frame))}).",
        }
        terms = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*entry) for entry in entries.items())
        foot = '<footer class="page-foot"><h2 id="reproduce">Make this page again</h2><pre class="command">{}</pre><dl>{}</dl></footer>'
        heading = {"id": "reproduce", "title": "Make this page again"}
        self._show(Markup(foot).format(self.sweep.command, terms), burn_heading=heading)
