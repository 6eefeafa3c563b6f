"""What every papermill run of this environment goes through: names and values that cannot become code of
their own.

papermill pastes parameter names into a cell as they are, and values of other types than JSON's between two
quotes. It loads this module by its entry point (group papermill.engine in pyproject.toml), before it looks at
any notebook, so both are mended here for the command, for Python and for this project's own builds. Import
papermill first, never this.
"""

import keyword
import os
import re

from click import ClickException
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillException
from papermill.translators import PythonTranslator, papermill_translators

from analysis.inputs.errors import shown

OURS = "from analysis.show.notebook import begin"
INPUT_ERRORS = ("InputError", "ParameterError")
OTHER_LANGUAGES = re.compile(r"[^\W\d][\w.]*")  # R has names with dots


class RefusedParameter(PapermillException, ClickException):
    """A name or value that cannot be; papermill's command says it in one line and ends with 1."""

    def __init__(self, message: str) -> None:
        ClickException.__init__(self, message)


def check_name(name: object, python: bool = True) -> None:
    """Raise RefusedParameter for a parameter name that cannot stand left of an equals sign."""
    fits = str.isidentifier if python else OTHER_LANGUAGES.fullmatch
    if not isinstance(name, str) or not fits(name) or (python and keyword.iskeyword(name)):
        allowed = "letters, digits and '_' are allowed, no digit first"
        raise RefusedParameter(f"parameter name {shown(str(name))}: {allowed}")


class SafeTranslator(PythonTranslator):
    """papermill's translator to Python, with names checked and every value escaped, whatever its type."""

    @classmethod
    def codify(cls, parameters: dict, comment: str = "Parameters") -> str:
        """Return the source of the injected cell."""
        for name in parameters:
            check_name(name)
        return super().codify(parameters, comment)

    @classmethod
    def translate(cls, val: object) -> str:
        """Return `val` as Python source; what JSON does not have (dates, bytes, sets) as an escaped text."""
        known = val is None or isinstance(val, str | bool | int | float | dict | list)
        return super().translate(val) if known else cls.translate_escaped_str(str(val))

    @classmethod
    def translate_escaped_str(cls, str_val: object) -> str:
        """Return a text between quotes, escaped whatever its type was."""
        return super().translate_escaped_str(str(str_val))


def _checked(translator: type) -> type:
    """Return a translator to another language that refuses names which are no names."""

    def codify(cls: type, parameters: dict, *args, **options) -> str:
        for name in parameters:
            check_name(name, python=False)
        return super(checked, cls).codify(parameters, *args, **options)

    checked = type(f"Safe{translator.__name__}", (translator,), {"codify": classmethod(codify)})
    return checked


class SafeEngine(NBClientEngine):
    """papermill's own engine, also when none is named. What it adds concerns this project's notebooks only.

    They find the project and not a file of its name where one stands, and refuse a parameter in one line.
    """

    notebook = None  # the last one that this process ran, as far as it came

    @classmethod
    def execute_managed_notebook(cls, nb_man, kernel_name, **kwargs) -> None:
        """Run the notebook that `nb_man` manages."""
        SafeEngine.notebook = nb_man.nb
        code = [cell for cell in nb_man.nb.cells if cell.cell_type == "code"]
        if any(OURS in cell.source for cell in code):
            os.environ["PYTHONSAFEPATH"] = "1"
        cls.run_cells(nb_man, kernel_name, **kwargs)
        for output in (output for cell in code for output in cell.outputs):
            if output.get("ename") in INPUT_ERRORS:
                nb_man.save()
                raise RefusedParameter(output.evalue)

    run_cells = NBClientEngine.execute_managed_notebook


papermill_engines.register(None, SafeEngine)
for language, translator in list(papermill_translators._translators.items()):
    safe = SafeTranslator if issubclass(translator, PythonTranslator) else _checked(translator)
    papermill_translators.register(language, safe)
