"""What every papermill run of this environment goes through: names and values that cannot become code.

papermill pastes names into a cell as they are, and values of other types than JSON's between two quotes. It
loads this module by its entry point (papermill.engine in pyproject.toml). Import papermill first, never this.
"""

import keyword
import os

from click import ClickException
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillException
from papermill.translators import PythonTranslator, papermill_translators

from analysis.inputs.errors import shown

OURS = "from analysis.show.notebook import begin"


class RefusedParameter(PapermillException, ClickException):
    """A name or value that cannot be; papermill's command says it in one line and ends with 1."""

    def __init__(self, message: str) -> None:
        ClickException.__init__(self, message)


class SafeTranslator(PythonTranslator):
    """papermill's translator: names that are no names are refused, values escaped that JSON does not have."""

    @classmethod
    def codify(cls, parameters: dict, *args, **options) -> str:
        """Return the source of the injected cell."""
        for name in parameters:
            if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
                allowed = "letters, digits and '_' are allowed, no digit first"
                raise RefusedParameter(f"parameter name {shown(str(name))}: {allowed}")
        return super().codify(parameters, *args, **options)

    @classmethod
    def translate_escaped_str(cls, str_val: object) -> str:
        """Return a text between quotes, escaped whatever its type was (a date, bytes)."""
        return super().translate_escaped_str(str(str_val))


class SafeEngine(NBClientEngine):
    """papermill's own engine; this project's notebooks find the project and refuse input in one line."""

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
            if output.get("ename") == "InputError":
                nb_man.save()
                raise RefusedParameter(output.evalue)

    run_cells = NBClientEngine.execute_managed_notebook


papermill_engines.register(None, SafeEngine)
for language, translator in list(papermill_translators._translators.items()):
    if issubclass(translator, PythonTranslator):
        papermill_translators.register(language, SafeTranslator)
