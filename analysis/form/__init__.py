"""The form of notebooks/rerun.ipynb: change inputs, see the headlines, build pages, save a scenario."""

import functools
import pathlib
import subprocess
import sys
import threading
from collections.abc import Callable

import ipywidgets as widgets
from IPython.display import HTML, display

from analysis.form import state as states
from analysis.inputs import tables as data
from analysis.inputs.errors import InputError
from analysis.inputs.estimates import Estimate
from analysis.inputs.parameters import BASE, BURN_BASES
from analysis.inputs.place import DATA
from analysis.show import evidence, shell, template
from analysis.show.text import mix_name

REPORT = "report"  # folder, beside the notebook, for pages that the form builds
STYLE = {"description_width": "initial"}
WIDE = {"width": "auto"}
ENDS = ("low", "central", "high")


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
    """The form; what it holds is `state`. `folder`: the data/ that it reads and saves scenarios to."""

    def __init__(self, folder: pathlib.Path = DATA) -> None:
        self.folder = folder
        self.tables = data.load(folder)
        titles = {each.title: name for name, each in self.tables.scenarios.items()}
        groups = {mix_name(group): group for group in self.tables.assumptions["group"].unique()}
        month = "Revenue is to meet spending in (YYYY-MM)"
        self.scenario = _field(widgets.Dropdown, "Scenario", options=titles, value=BASE)
        self.compared = _field(widgets.Dropdown, "Compare with", options={"nothing else": ""} | titles)
        self.basis = _field(widgets.Dropdown, "The claim is", options=list(BURN_BASES))
        self.horizon = _field(widgets.BoundedIntText, "Months to model", min=1, max=240)
        self.target = _field(widgets.Text, month, layout={"width": "26em"})
        self.group = _field(widgets.Dropdown, "Inputs of the group", options=groups)
        self.rows, self.message, self.outcome = widgets.VBox(), widgets.HTML(), widgets.Output()
        self.lines = widgets.Output()
        self.name = _field(widgets.Text, "File name", placeholder="small letters and _")
        self.title = _field(widgets.Text, "Title")
        self.world = _field(widgets.Textarea, "What must be true", layout=WIDE)
        self.reason = _field(widgets.Text, "Why these numbers", layout=WIDE)
        self.building: threading.Thread | None = None
        self._fill()
        self.scenario.observe(lambda _: self._fill(), names="value")
        self.group.observe(lambda _: self._show_group(), names="value")
        for setting in (self.basis, self.horizon, self.target):
            setting.observe(lambda _: self.check(), names="value")

    def _fill(self) -> None:
        """Set every widget to the scenario chosen."""
        self.state = states.State(self.tables, self.scenario.value)
        self.numbers: dict[str, tuple[widgets.BoundedFloatText, ...]] = {}
        self.basis.value, self.horizon.value, self.target.value = self.state.chosen.values()
        self._show_group()
        self.say("")

    def _show_group(self) -> None:
        group_of = self.tables.assumptions["group"]
        names = group_of.index[group_of == self.group.value]
        self.rows.children = [self._row(self.state.usual[name]) for name in names]

    def _row(self, estimate: Estimate) -> widgets.Widget:
        label = self.tables.assumptions["label"][estimate.name]
        given = {"min": estimate.minimum, "max": estimate.maximum, "step": None, "layout": {"width": "13em"}}
        number = functools.partial(_field, widgets.BoundedFloatText, description_allow_html=True, **given)
        values = zip(ENDS, self.state.values[estimate.name], strict=True)
        fields = tuple(number(_part("label", of=label, end=end), value=value) for end, value in values)
        for field in fields:
            field.observe(functools.partial(self._entered, estimate, fields), names="value")
        self.numbers[estimate.name] = fields
        grounds = evidence.grounds(estimate.name, self.scenario.value, self.tables)
        words = widgets.HTML(_part("input", label=label, estimate=estimate, **grounds)).add_class("burn")
        return widgets.VBox([words, widgets.HBox(fields)])

    def _entered(self, estimate: Estimate, fields: tuple, change) -> None:
        """Say at once what cannot be. A new central value of a certain input takes both ends along."""
        low, central, high = fields
        if change.owner is central and low.value == high.value == change.old:
            low.value = high.value = change.new
        self.check()
        if change.new in (estimate.minimum, estimate.maximum) and not self.message.value:
            label = self.tables.assumptions["label"][estimate.name]
            self.say(f"{label}: {estimate.minimum:.12g} to {estimate.maximum:.12g} is allowed.")

    def read(self) -> states.State:
        """Return the state with what stands in the widgets now."""
        given = self.basis.value, self.horizon.value, self.target.value.strip()
        self.state.chosen = dict(zip(states.CHOSEN, given, strict=True))
        for name, fields in self.numbers.items():
            self.state.values[name] = tuple(each.value for each in fields)
        return self.state

    def say(self, text: str, wrong: bool = False) -> None:
        """Show one line, or none; a screen reader reads it out."""
        self.message.value = _part("message", text=text, wrong=wrong) if text else ""

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
        _display(self.outcome, "headlines", rows=frame.to_dict("records"), own=own, other=other)

    @_telling
    def command(self) -> None:
        """Show the two command lines that make this case, each with a button that copies it."""
        _display(self.lines, "commands", lines=self.read().commands())

    @_telling
    def save(self) -> None:
        """Save the case as a scenario file."""
        given = self.name.value.strip(), self.title.value, self.world.value, self.reason.value
        path = self.read().save(*given, folder=self.folder)
        self.say(f"Saved as {path.name}. Run the cell of the form again to choose it.")

    @_telling
    def build(self) -> None:
        """Build the report of this case in a process of its own, say how far it is, and link its pages."""
        arguments = self.read().arguments(REPORT)
        if self.building and self.building.is_alive():
            raise InputError("pages are being built; wait until they are there")
        folder = states.CASE if self.state.overrides() else self.state.scenario
        self.say("Building the pages.")
        command = [sys.executable, "-m", "analysis", *arguments]
        self.building = threading.Thread(target=self._build, args=(command, folder), daemon=True)
        self.building.start()

    def _build(self, command: list[str], folder: str) -> None:
        lines, pipes = [], {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, text=True, encoding="utf-8", **pipes) as process:
            for line in process.stdout:
                lines.append(line.strip())
                if line.startswith("done"):
                    made = sum(each.startswith("done") for each in lines)
                    self.say(f"Building the pages: {made} done, the last {line.split()[-1]}.")
        if process.returncode:
            self.say(" ".join(lines[-3:]), wrong=True)
            return
        report = pathlib.Path(REPORT)
        pages = [report / "index.html", *sorted((report / folder).glob("*.html"))]
        _display(self.outcome, "links", pages=[page.as_posix() for page in pages])
        self.say("The pages are built.")

    def show(self) -> None:
        """Display the form."""
        display(HTML(_part("style", style=shell.lab_style())))
        actions = {"Run": self.run, "Build pages": self.build, "Copy command": self.command}
        parts = [
            widgets.HBox([self.scenario, self.compared]),
            widgets.HBox([self.basis, self.horizon, self.target]),
            self.group,
            self.rows,
            widgets.HBox([_button(words, action) for words, action in actions.items()]),
            self.message.add_class("burn"),
            self.outcome,
            self.lines,
            *(self.name, self.title, self.world, self.reason, _button("Save as scenario", self.save)),
        ]
        display(widgets.VBox(parts).add_class("burn-form").add_class("mathjax_ignore"))


def _part(name: str, **values) -> str:
    return str(template.render(f"parts/form_{name}.html.j2", **values))


def _display(place: widgets.Output, part: str, **values) -> None:
    content = _part("outcome", part=template.render(f"parts/form_{part}.html.j2", **values))
    shown = {"output_type": "display_data", "data": {"text/html": content}, "metadata": {}}
    place.outputs = (shown,)


def _field(kind: type[widgets.Widget], description: str, **given) -> widgets.Widget:
    return kind(description=description, style=STYLE, **given)


def _button(words: str, action: Callable) -> widgets.Button:
    button = widgets.Button(description=words)
    button.on_click(action)
    return button
