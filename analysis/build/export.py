"""Executed notebook to one self-contained HTML page, by nbconvert with the project's own templates."""

import base64
import functools
import re

import nbformat
from jupyter_core.paths import ENV_JUPYTER_PATH, SYSTEM_JUPYTER_PATH, jupyter_path
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML

from analysis.inputs import place
from analysis.show import shell, template

STEM = re.compile(r"""\bbegin\(["'](\w+)["']""")  # how a notebook says which page it makes
# whatever a notebook was saved with
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


class BurnExporter(HTMLExporter):
    """nbconvert's exporter with the report's shell around the cells; also `jupyter nbconvert --to burn`."""

    export_from_notebook = "Burn report"

    def __init__(self, **options) -> None:
        folders = [str(template.FOLDER.parent)]
        super().__init__(template_name="burn", extra_template_basedirs=folders, **options)
        self.environment.bytecode_cache = template.COMPILED

    def get_prefix_root_dirs(self) -> list[str]:
        """Return where templates are; those of the installation come before a user's own of the same name."""
        own = [*ENV_JUPYTER_PATH, *SYSTEM_JUPYTER_PATH]
        return own + [folder for folder in jupyter_path() if folder not in own]

    def from_notebook_node(
        self, nb: nbformat.NotebookNode, resources: dict | None = None, **options
    ) -> tuple[str, dict]:
        """Return page and resources, without nbconvert's slow last pass, for JupyterLab's template."""
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self))
        nb = shell.reading_order(nb)
        body, resources = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        return shell.of_notebook(nb, body, scripts(nb)), resources


def scripts(notebook: nbformat.NotebookNode) -> list[str]:
    """Return the scripts of a page's own, which lie in its folder as *.js."""
    stem = STEM.search("\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code"))
    folder = place.PACKAGE / "pages" / (stem[1] if stem else "")
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))] if stem else []


_exporter = functools.cache(BurnExporter)  # its first page takes a third of a second


def to_html(notebook: nbformat.NotebookNode) -> str:
    """Return the page of an executed notebook; its `metadata.burn_report` names title and neighbours."""
    return _exporter().from_notebook_node(notebook)[0]


def clean(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the executed notebook without times, paths, random ids: the same input gives the same bytes."""
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNEL})
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if "injected-parameters" in tags:
            cell.id = "injected-parameters"
    return notebook


def preview(notebook: nbformat.NotebookNode) -> bytes:
    """Take the preview (PNG) that the page's lead figure left out of the notebook; b"" without one."""
    found = [each.pop("burn_preview", "") for each in shell.said(notebook)]
    return base64.b64decode(next(filter(None, reversed(found)), ""))
