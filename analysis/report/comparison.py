"""The page of several cases: as a page of one case, but with headline tables, grounds by case and a command for each case."""

import re
import shlex
from collections.abc import Callable, Iterable

from markupsafe import Markup

from analysis import __version__, stored
from analysis.findings import comparison_tables as cells
from analysis.findings.comparison_names import COMPARING, quoted
from analysis.findings.methods import METHODS
from analysis.findings.words import KIND_OF_BASIS, Finding
from analysis.insight import comparison as insight
from analysis.insight import grounds as grounding
from analysis.insight.comparison import Comparison
from analysis.parameters import SETTINGS, Case, Settings
from analysis.report.markers import kind_mark
from analysis.report.page import LICENCE, Page, commit, newest
from analysis.report.pages import COMPARISON
from analysis.report.table import rows, table
from analysis.results import Run

CASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
FEW = 12  # rows that need not be folded away


class ComparisonPage(Page):
    """The page of a comparison. What a marker [A..] leads to is shown with the baseline's values."""

    def __init__(self, comparison: Comparison, show: Callable[..., None] | None = None) -> None:
        super().__init__(COMPARISON, Run(_case(comparison)), comparison.tables, show)
        self.comparison = comparison

    def head(self) -> None:
        """Show the title, which cases are compared, and the question in one sentence."""
        titles = [self.comparison.title(case) for case in self.comparison.results]
        kicker = f"{len(titles)} cases: {', '.join(titles)}"
        head = '<header class="page-head"><p class="kicker">{}</p><h1>{}</h1><p class="question">{}</p></header>'
        self._show(Markup(head).format(kicker, self.spec.title, self.spec.question))

    def summary(self, findings: Iterable[Finding]) -> None:
        """Show the summary box: at most five findings, and what the cases are compared with."""
        items = Markup("").join(Markup("<li>{}</li>").format(self.sentence(finding)) for finding in list(findings)[:5])
        base = Markup("<p><strong>Compared with {}.</strong> {}</p>").format(
            quoted(self.comparison, self.comparison.baseline), self.scenario.world
        )
        opening = '<section class="summary" aria-labelledby="summary">'
        self._heading("summary", "In short", opening, Markup("<ol>{}</ol>{}").format(items, base))

    def headlines(self) -> None:
        """Show the headline figures of all cases, their differences from the baseline, and the best portfolios."""
        comparison = self.comparison
        self._show(
            self._matrix(
                cells.values(comparison),
                list(comparison.results),
                "Headline figures: the median run unless a share of runs or a mean is named, with the middle 90% of runs below",
            )
        )
        caption = f"Differences from {quoted(comparison, comparison.baseline)}, and whether they are beyond two standard errors"
        self._show(self._matrix(cells.differences(comparison), comparison.others, caption))
        columns = ["Case", "Best by mean value", "Mean value", "90% of runs", "Next best", "Its mean value"]
        best = rows(cells.best_portfolios(comparison), columns)
        self._show(
            table(
                best,
                "Portfolios of strategic options by their value to today's shareholders",
                numeric=(*columns[2:4], columns[5]),
            )
        )

    def _matrix(self, content: dict[str, dict[str, cells.Cell]], cases: list[str], caption: str) -> Markup:
        titles = [self.comparison.title(case) for case in cases]
        body = [[row, *(_cell(entry[case]) for case in cases)] for row, entry in content.items()]
        return table(rows(body, ["Headline, unit", *titles]), caption, numeric=tuple(titles))

    def inputs(self) -> None:
        """Show the inputs that differ anywhere, and for each case why its values differ and which claims they rest on."""
        frame = cells.inputs(self.comparison)
        if frame.empty:
            self._show(Markup("<p>The cases rest on the same inputs and settings.</p>"))
            return
        cases = list(self.comparison.results)
        titles = [self.comparison.title(case) for case in cases]
        body = [
            [
                Markup("{} {}").format(row["label"], self.markers.link(row["ref"])) if row["ref"] else row["label"],
                *(_cell(row[case]) for case in cases),
            ]
            for _, row in frame.iterrows()
        ]
        caption = f"Inputs that differ: central value and range (5th to 95th percentile); “=” as in {quoted(self.comparison, self.comparison.baseline)}"
        self._show(table(rows(body, ["Input, unit", *titles]), caption, numeric=tuple(titles)))
        for case in self.comparison.others:
            self._grounds(case, folded=len(frame) > FEW)

    def _grounds(self, case: str, folded: bool) -> None:
        grounds = cells.grounds(self.comparison, case)
        if not grounds:
            return
        body = [
            [ground["label"], ground["there"], ground["here"], self._claims(ground["claims"]), self._why(ground)]
            for ground in grounds
        ]
        base = self.comparison.title(self.comparison.baseline)
        columns = ["Input", base, "Here", "Claims it rests on", "Why"]
        name, count = quoted(self.comparison, case), f"{len(grounds)} input{'' if len(grounds) == 1 else 's'}"
        shown = table(rows(body, columns), f"What the differing inputs of {name} rest on")
        opened = Markup(" open") if not folded else Markup("")
        self._show(
            Markup("<details{}><summary>{}: {}, with reasons and claims</summary>{}</details>").format(opened, name, count, shown)
        )

    def _claims(self, claims: tuple[str, ...]) -> Markup | str:
        verdicts = self.tables.claims["verdict"]
        return (
            Markup("<br>").join(
                Markup('{} <span class="verdict verdict-{}">{}</span>').format(
                    self.markers.link(claim), verdicts[claim].replace(" ", "-"), verdicts[claim]
                )
                for claim in claims
            )
            or "no claim"
        )

    def _why(self, ground: dict) -> Markup:
        mark = kind_mark(KIND_OF_BASIS.get(ground["basis"], "assumed"))
        return Markup("{} {} {}").format(ground["why"], mark, self.markers.links(ground["evidence"]))

    def claims(self) -> None:
        """Show the claims that differing values rest on: their verdicts, and in which cases."""
        claims = grounding.claims(self.comparison)
        heading = f"{len(claims)} claims behind the differences" if claims else "No claim stands behind the differences"
        if not claims:
            self._heading("claims", heading)
            self._show(Markup("<p>No value that differs rests on a claim of the article.</p>"))
            return
        table_ = self.tables.claims
        body = [
            [
                Markup("{} {}").format(table_.loc[claim, "statement"], self.markers.link(claim)),
                Markup('<span class="verdict verdict-{}">{}</span>').format(
                    table_.loc[claim, "verdict"].replace(" ", "-"), table_.loc[claim, "verdict"]
                ),
                ", ".join(self.comparison.title(case) for case in cases),
            ]
            for claim, cases in claims.items()
        ]
        shown = table(
            rows(body, ["Claim", "Verdict", "Inputs rest on it in"]), "Claims of the article that differing inputs rest on"
        )
        self._heading("claims", heading, '<section class="claims">', shown)

    def methods(self) -> None:
        """Show how the numbers were made and compared, with the settings of all cases filled in."""
        given = {
            name: " or ".join(f"{value:,}" if name == "draws" else str(value) for value in self.comparison.setting(name))
            for name in SETTINGS
        }
        filled = [
            point.format(draws=given["draws"], horizon=given["horizon_months"], basis=given["burn_basis"]) for point in METHODS
        ]
        items = Markup("").join(Markup("<li>{}</li>").format(point) for point in [*self._comparing(), *filled])
        self._heading("methods", "Methods and limits", '<section class="methods">', Markup("<ul>{}</ul>").format(items))

    def _comparing(self) -> list[str]:
        same_draws = len(self.comparison.setting("seed")) == len(self.comparison.setting("draws")) == 1
        base = quoted(self.comparison, self.comparison.baseline)
        points = [
            COMPARING["difference"],
            COMPARING["same draws" if same_draws else "other draws"],
            COMPARING["markers"].format(base=base),
        ]
        points += [COMPARING[name] for name in COMPARING if name in SETTINGS and len(self.comparison.setting(name)) > 1]
        return points

    def reproduce(self) -> None:
        """Show the foot: version, data cut-off, and the commands that make these cases and this page again."""
        results = self.comparison.results
        names = list(results)
        if names == sorted(self.tables.scenarios, key=lambda name: (name != insight.BASE, name)) and not any(
            map(self._changes, names)
        ):
            commands = ["burn-report build"]
        else:
            compared = [self.comparison.baseline, *self.comparison.others]
            commands = [*map(self._command, names), f"burn-report compare {' '.join(map(shlex.quote, compared))}"]
        draws = "; ".join(
            f"{self.comparison.title(name)} {results[name]['draws']}, seed {results[name]['seed']}" for name in names
        )
        entries = {
            "Version": f"{__version__}, commit {commit()}",
            "Evidence published until": newest(self.tables),
            "Draws and seed": draws,
            "Licence": LICENCE,
            "How to cite": f"burn-report {__version__}: {self.spec.title} ({', '.join(map(self.comparison.title, names))}).",
        }
        terms = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(*entry) for entry in entries.items())
        foot = '<footer class="page-foot"><h2 id="reproduce">Make this page again</h2><pre class="command">{}</pre><dl>{}</dl></footer>'
        heading = {"id": "reproduce", "title": "Make this page again"}
        self._show(Markup(foot).format("\n".join(commands), terms), burn_heading=heading)

    def _changes(self, case: str) -> list[str]:
        """Return the options of a build that differ from the scenario as it stands."""
        result, defaults = self.comparison.results[case], Settings()
        changes = {name: result[name] for name in SETTINGS if result[name] != getattr(defaults, name)}
        options = [f"--{name} {value}" for name, value in changes.items() if name in ("draws", "seed")]
        options += [f"--set {name}={value}" for name, value in changes.items() if name not in ("draws", "seed")]
        for estimate in stored.estimates(result, self.tables):
            if estimate.origin == "override":
                given = grounding.values(estimate)[:1] if estimate.certain else grounding.values(estimate)
                options.append(f"--set {estimate.name}={','.join(repr(number).removesuffix('.0') for number in given)}")
        return options

    def _command(self, case: str) -> str:
        changes, folder = self._changes(case), case.rsplit("/", 1)[-1]
        named = (
            any(change.startswith("--set") for change in changes)
            and CASE_NAME.fullmatch(folder)
            and folder not in self.tables.scenarios
        )
        return " ".join(
            ["burn-report build", self.comparison.results[case]["scenario"], *changes, *([f"--name {folder}"] if named else [])]
        )


def _case(comparison: Comparison) -> Case:
    result = comparison.results[comparison.baseline]
    return Case(result["scenario"], stored.settings(result), stored.estimates(result, comparison.tables))


def _cell(cell: cells.Cell) -> Markup | str:
    return Markup("{}<small>{}</small>").format(*cell) if cell[1] else cell[0]
