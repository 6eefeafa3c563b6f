"""The form of notebooks/rerun.ipynb: choose a scenario, change inputs, see the headlines, build pages, save a scenario."""

import pathlib
import subprocess
import sys
import threading

import ipywidgets as widgets
from IPython.display import HTML, display

from analysis.form import state as states
from analysis.inputs import tables as data
from analysis.inputs.errors import InputError
from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import BASE, BURN_BASES
from analysis.show import shell, template

REPORT = "report"  # folder, beside the notebook, for pages that the form builds
WIDE = widgets.Layout(width="auto")
NUMBER = widgets.Layout(width="12em")
GROUPS = {
    "spending": "Spending", "cost_lines": "Lines of cost", "revenue": "Revenue", "money_in_hand": "Money in hand",
    "raise_capital": "Raise money", "partner": "Find a partner", "focus": "Cut back", "integrate_x": "Tie in X",
    "value": "Value",
}  # fmt: skip


class Form:
    """The form's widgets. `show()` displays it; everything it does is in `state`, which needs no widget."""

    def __init__(self) -> None:
        self.tables = data.load()
        titles = {each.title: name for name, each in self.tables.scenarios.items()}
        first = next(title for title, name in titles.items() if name == BASE)
        style = {"description_width": "initial"}
        self.scenario = widgets.Dropdown(
            options=titles, value=titles[first], description="Scenario", style=style
        )
        self.compared = widgets.Dropdown(
            options={"nothing": "", **titles}, description="Compare with", style=style
        )
        self.basis = widgets.Dropdown(options=list(BURN_BASES), description="The claim is", style=style)
        self.horizon = widgets.BoundedIntText(min=1, max=240, description="Months to model", style=style)
        self.target = widgets.Text(description="Target month, YYYY-MM", style=style)
        self.groups = widgets.Accordion()
        self.numbers: dict[str, tuple] = {}
        self.message = widgets.HTML()
        self.outcome = widgets.Output()
        self.lines = widgets.Textarea(
            description="Commands", disabled=False, rows=5, style=style, layout=WIDE
        )
        self.bar = widgets.IntProgress(
            min=0, max=6, description="Pages", layout=widgets.Layout(visibility="hidden")
        )
        self._saving()
        self.scenario.observe(lambda change: self._fill(), names="value")
        self._fill()

    def _saving(self) -> None:
        style = {"description_width": "10em"}
        self.name = widgets.Text(description="File name", placeholder="small letters and _", style=style)
        self.title = widgets.Text(description="Title", style=style)
        self.world = widgets.Textarea(description="What must be true", style=style, layout=WIDE)
        self.reason = widgets.Text(description="Why these numbers", style=style, layout=WIDE)

    def _fill(self) -> None:
        """Set every widget to the scenario chosen."""
        self.state = states.start(self.tables, self.scenario.value)
        self.basis.value = self.state.chosen["burn_basis"]
        self.horizon.value = self.state.chosen["horizon_months"]
        self.target.value = self.state.chosen["target_month"]
        usual = self.state.usual
        names = self.tables.assumptions["group"]
        boxes = {}
        self.numbers = {}
        for group in dict.fromkeys(names):
            boxes[group] = widgets.VBox([self._row(usual[name]) for name in names[names == group].index])
        self.groups.children = list(boxes.values())
        self.groups.titles = [GROUPS.get(group, group.replace("_", " ")) for group in boxes]
        self.message.value = ""

    def _row(self, estimate: Estimate) -> widgets.Widget:
        found = states.about(self.tables, self.scenario.value, estimate)
        ends = {"low": estimate.low, "central": estimate.central, "high": estimate.high}
        fields = tuple(
            widgets.BoundedFloatText(
                value=value, min=estimate.minimum, max=estimate.maximum, step=None, description=end, layout=NUMBER,
                tooltip=f"{found['label']}, {end}", style={"description_width": "4.5em"},
            )
            for end, value in ends.items()
        )  # fmt: skip
        self.numbers[estimate.name] = fields
        words = template.render("parts/form_input.html.j2", **found)
        return widgets.VBox([widgets.HTML(str(words)), widgets.HBox(list(fields))])

    def read(self) -> states.State:
        """Return the state with what stands in the widgets now; a central value that left its range takes it along."""
        self.state.chosen = {
            "burn_basis": self.basis.value,
            "horizon_months": self.horizon.value,
            "target_month": self.target.value.strip(),
        }
        for name, fields in self.numbers.items():
            low, central, high = (each.value for each in fields)
            self.state.values[name] = (low, central, high)
        return self.state

    def run(self, _=None) -> None:
        """Show the headlines beside the scenario's own."""
        with self._said():
            frame = self.read().headlines(self.compared.value)
            own = self.tables.scenarios[self.scenario.value].title
            other = self.tables.scenarios[self.compared.value].title if self.compared.value else ""
            moved = [row.what for row in frame.itertuples() if row.here != row.scenario]
            part = template.render(
                "parts/form_headlines.html.j2", frame=frame, own=own, other=other, moved=moved
            )
            self._display(part)

    def command(self, _=None) -> None:
        """Show the two command lines that make this case."""
        with self._said():
            self.read().case()
            self.lines.value = "\n".join(self.state.commands())

    def save(self, _=None) -> None:
        """Save the case as a scenario file."""
        with self._said():
            path = self.read().save(
                self.name.value.strip(), self.title.value, self.world.value, self.reason.value
            )
            self.message.value = f"Saved as {path.name}; burn-report check accepts it."

    def build(self, _=None) -> None:
        """Build the full report of this case in a process of its own, with progress, and link its pages."""
        with self._said():
            self.read().case()
            sets = [
                part
                for name, value in self.state.overrides().items()
                for part in ("--set", f"{name}={states.typed(value)}")
            ]
            named = ["--name", "my-case"] if sets else []
            command = [
                sys.executable,
                "-m",
                "analysis",
                "build",
                self.scenario.value,
                *sets,
                *named,
                "--out",
                REPORT,
            ]
            self.bar.value, self.bar.layout.visibility = 0, "visible"
            self.builder = threading.Thread(target=self._build, args=(command,), daemon=True)
            self.builder.start()

    def _build(self, command: list[str]) -> None:
        running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = []
        for line in running.stdout:
            said.append(line.rstrip())
            self.bar.value += line.startswith("done")
        self.bar.layout.visibility = "hidden"
        if running.wait():
            self.message.value = str(template.render("parts/form_message.html.j2", text=" ".join(said[-3:])))
            return
        made = sorted(pathlib.Path(REPORT).glob("*.html")) + sorted(pathlib.Path(REPORT).glob("*/*.html"))
        self._display(template.render("parts/form_links.html.j2", links=[path.as_posix() for path in made]))

    def _display(self, part) -> None:
        wrapped = f'<div class="burn mathjax_ignore">{part}</div>'
        self.outcome.outputs = (
            {"output_type": "display_data", "data": {"text/html": wrapped}, "metadata": {}},
        )

    def _said(self) -> "_Said":
        self.message.value = ""
        return _Said(self)

    def show(self) -> None:
        """Display the form."""
        buttons = []
        for words, action in (("Run", self.run), ("Build pages", self.build), ("Copy command", self.command)):
            button = widgets.Button(description=words, button_style="primary" if words == "Run" else "")
            button.on_click(action)
            buttons.append(button)
        keep = widgets.Button(description="Save as scenario")
        keep.on_click(self.save)
        display(HTML(f'<div class="burn mathjax_ignore">{shell.lab_style()}</div>'))
        display(
            widgets.VBox(
                [
                    widgets.HBox([self.scenario, self.compared]),
                    widgets.HBox([self.basis, self.horizon, self.target]),
                    self.groups,
                    widgets.HBox([*buttons, self.bar]),
                    self.message,
                    self.outcome,
                    self.lines,
                    widgets.VBox([self.name, self.title, self.world, self.reason, keep]),
                ]
            )
        )


class _Said:
    """Turns an input error inside `with` into the form's one line."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind, problem, _) -> bool:
        if not isinstance(problem, InputError):
            return False
        self._form.message.value = str(template.render("parts/form_message.html.j2", text=str(problem)))
        return True
