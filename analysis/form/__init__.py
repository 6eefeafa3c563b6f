"""The form of notebooks/rerun.ipynb: change inputs of a scenario, see the headlines, build pages, save a
scenario.
"""

import functools
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
from analysis.inputs.place import DATA
from analysis.show import shell, template

REPORT = "report"  # folder, beside the notebook, for pages that the form builds
STYLE = {"description_width": "initial"}
WIDE = {"width": "auto"}
ENDS = ("low", "central", "high")
GROUPS = {
    "spending": "Spending",
    "cost_lines": "Lines of cost",
    "revenue": "Revenue",
    "money_in_hand": "Money in hand",
    "raise_capital": "Raise money",
    "partner": "Find a partner",
    "focus": "Cut back",
    "integrate_x": "Tie in X",
    "value": "Value",
}


def _telling(action):
    """Let an input error of `action` become the form's one line; nothing that was entered is lost."""

    @functools.wraps(action)
    def told(form: "Form", _=None) -> None:
        form.say("")
        try:
            action(form)
        except InputError as problem:
            form.say(str(problem), wrong=True)

    return told


class Form:
    """The form. `show()` displays it; what it holds is `state`, which needs no widget.

    `folder`: the data/ that it reads and saves scenarios to.
    """

    def __init__(self, folder: pathlib.Path = DATA) -> None:
        self.folder = folder
        self.tables = data.load(folder)
        titles = {each.title: name for name, each in self.tables.scenarios.items()}
        nothing = {"nothing else": ""}
        self.scenario = widgets.Dropdown(options=titles, value=BASE, description="Scenario", style=STYLE)
        self.compared = widgets.Dropdown(options=nothing | titles, description="Compare with", style=STYLE)
        self.basis = widgets.Dropdown(options=list(BURN_BASES), description="The claim is", style=STYLE)
        self.horizon = widgets.BoundedIntText(min=1, max=240, description="Months to model", style=STYLE)
        self.target = widgets.Text(
            description="Revenue is to meet spending in (YYYY-MM)", style=STYLE, layout={"width": "26em"}
        )
        groups = {GROUPS.get(each, each): each for each in self.tables.assumptions["group"].unique()}
        self.group = widgets.Dropdown(options=groups, description="Inputs of the group", style=STYLE)
        self.rows = widgets.VBox()
        self.message = widgets.HTML()
        self.outcome = widgets.Output()
        self.lines = widgets.Textarea(
            description="Commands, for a terminal in the project's folder", rows=4, style=STYLE, layout=WIDE
        )
        self.name = widgets.Text(description="File name", placeholder="small letters and _", style=STYLE)
        self.title = widgets.Text(description="Title", style=STYLE)
        self.world = widgets.Textarea(description="What must be true", style=STYLE, layout=WIDE)
        self.reason = widgets.Text(description="Why these numbers", style=STYLE, layout=WIDE)
        self.building: threading.Thread | None = None
        self._fill()
        self.scenario.observe(lambda _: self._fill(), names="value")
        self.group.observe(lambda _: self._show_group(), names="value")
        for setting in (self.basis, self.horizon, self.target):
            setting.observe(lambda _: self.check(), names="value")

    def _fill(self) -> None:
        """Set every widget to the scenario chosen."""
        self.state = states.start(self.tables, self.scenario.value)
        self.numbers: dict[str, tuple[widgets.BoundedFloatText, ...]] = {}
        self.groups: dict[str, list[widgets.Widget]] = {}  # made when first looked at
        usual = dict(self.state.chosen)
        self.basis.value = usual["burn_basis"]
        self.horizon.value = usual["horizon_months"]
        self.target.value = usual["target_month"]
        self._show_group()
        self.say("")

    def _show_group(self) -> None:
        group = self.group.value
        if group not in self.groups:
            names = self.tables.assumptions["group"]
            estimates = [self.state.usual[name] for name in names.index[names == group]]
            self.groups[group] = [self._row(each) for each in estimates]
        self.rows.children = self.groups[group]

    def _row(self, estimate: Estimate) -> widgets.Widget:
        found = states.about(self.tables, self.scenario.value, estimate)
        fields = tuple(
            widgets.BoundedFloatText(
                value=getattr(estimate, end),
                min=estimate.minimum,
                max=estimate.maximum,
                step=None,
                description=str(template.render("parts/form_label.html.j2", of=found["label"], end=end)),
                description_allow_html=True,
                layout={"width": "13em"},
                style=STYLE,
            )
            for end in ENDS
        )
        for field in fields:
            field.observe(functools.partial(self._entered, estimate, fields), names="value")
        self.numbers[estimate.name] = fields
        words = widgets.HTML(str(template.render("parts/form_input.html.j2", **found))).add_class("burn")
        return widgets.VBox([words, widgets.HBox(fields)])

    def _entered(self, estimate: Estimate, fields: tuple, change) -> None:
        """Say at once what cannot be. A new central value of a certain input takes both ends along."""
        low, central, high = fields
        if change.owner is central and low.value == high.value == change.old:
            low.value = high.value = change.new
        self.check()
        if change.new in (estimate.minimum, estimate.maximum) and not self.message.value:
            label = self.tables.assumptions.loc[estimate.name, "label"]
            self.say(f"{label}: {estimate.minimum:.12g} to {estimate.maximum:.12g} is allowed.")

    def read(self) -> states.State:
        """Return the state with what stands in the widgets now."""
        self.state.chosen = {
            "burn_basis": self.basis.value,
            "horizon_months": self.horizon.value,
            "target_month": self.target.value.strip(),
        }
        for name, fields in self.numbers.items():
            self.state.values[name] = tuple(each.value for each in fields)
        return self.state

    def say(self, text: str, wrong: bool = False) -> None:
        """Show one line, or none; a screen reader reads it out."""
        part = template.render("parts/form_message.html.j2", text=text, wrong=wrong) if text else ""
        self.message.value = str(part)

    @_telling
    def check(self) -> None:
        """Say what is wrong with what stands in the widgets, if anything is."""
        self.read().case()

    @_telling
    def run(self) -> None:
        """Show the headlines beside the scenario's own."""
        frame = self.read().headlines(self.compared.value)
        titles = {name: each.title for name, each in self.tables.scenarios.items()}
        own, other = titles[self.scenario.value], titles.get(self.compared.value, "")
        self._display("parts/form_headlines.html.j2", rows=frame.to_dict("records"), own=own, other=other)

    @_telling
    def command(self) -> None:
        """Show the two command lines that make this case."""
        self.read().case()
        self.lines.value = "\n".join(self.state.commands())

    @_telling
    def save(self) -> None:
        """Save the case as a scenario file."""
        given = self.name.value.strip(), self.title.value, self.world.value, self.reason.value
        path = self.read().save(*given, folder=self.folder)
        self.say(f"Saved as {path.name}. Run the cell of the form again to choose it.")

    @_telling
    def build(self) -> None:
        """Build the report of this case in a process of its own, say how far it is, and link its pages."""
        self.read().case()
        if self.building and self.building.is_alive():
            raise InputError("pages are being built; wait until they are there")
        command = [sys.executable, "-m", "analysis", *self.state.arguments(REPORT)]
        self.say("Building the pages.")
        self.building = threading.Thread(target=self._build, args=(command,), daemon=True)
        self.building.start()

    def _build(self, command: list[str]) -> None:
        lines, made = [], 0
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, text=True, encoding="utf-8", **pipes) as process:
            for line in process.stdout:
                lines.append(line.strip())
                if line.startswith("done"):
                    made += 1
                    self.say(f"Building the pages: {made} done, the last {line.split()[-1]}.")
        if process.returncode:
            self.say(" ".join(lines[-3:]), wrong=True)
            return
        folder = pathlib.Path(REPORT)
        changed = states.CASE if self.state.overrides() else self.state.scenario
        pages = [folder / "index.html", *sorted((folder / changed).glob("*.html"))]
        self._display("parts/form_links.html.j2", pages=[page.as_posix() for page in pages])
        self.say("The pages are built.")

    def _display(self, part: str, **values) -> None:
        content = str(template.render("parts/form_outcome.html.j2", part=template.render(part, **values)))
        shown = {"output_type": "display_data", "data": {"text/html": content}, "metadata": {}}
        self.outcome.outputs = (shown,)

    def show(self) -> None:
        """Display the form."""
        actions = {"Run": self.run, "Build pages": self.build, "Copy command": self.command}
        buttons = [_button(words, action) for words, action in actions.items()]
        keep = [self.name, self.title, self.world, self.reason, _button("Save as scenario", self.save)]
        display(HTML(str(template.render("parts/form_style.html.j2", style=shell.lab_style()))))
        parts = [
            widgets.HBox([self.scenario, self.compared]),
            widgets.HBox([self.basis, self.horizon, self.target]),
            self.group,
            self.rows,
            widgets.HBox(buttons),
            self.message.add_class("burn"),
            self.outcome,
            self.lines,
            *keep,
        ]
        display(widgets.VBox(parts).add_class("burn-form").add_class("mathjax_ignore"))


def _button(words: str, action) -> widgets.Button:
    button = widgets.Button(description=words)
    button.on_click(action)
    return button
