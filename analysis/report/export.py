"""Executed notebook to one self-contained HTML page, by nbconvert with the project's own template."""

import functools
import pathlib

import nbformat
from nbconvert.exporters.html import HTMLExporter
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import Highlight2HTML

TEMPLATES = pathlib.Path(__file__).resolve().parent / "template"


class Exporter(HTMLExporter):
    """nbconvert's exporter without its last pass, which parses the finished page to mend JupyterLab's own template.

    That pass takes ten times as long as the rest and finds nothing to mend in this project's template.
    """

    def from_notebook_node(self, nb: nbformat.NotebookNode, resources: dict | None = None, **options) -> tuple[str, dict]:
        """Return the page and nbconvert's resources."""
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self))
        return TemplateExporter.from_notebook_node(self, nb, resources, **options)


@functools.lru_cache(maxsize=1)
def exporter() -> Exporter:
    """Return the exporter; its first page takes a third of a second, each further one a few hundredths."""
    return Exporter(template_name="burn", extra_template_basedirs=[str(TEMPLATES)])


def to_html(notebook: nbformat.NotebookNode) -> str:
    """Return the page of an executed notebook; `notebook.metadata.burn_report` names its title and neighbours."""
    body, _ = exporter().from_notebook_node(notebook)
    return body


def clean(notebook: nbformat.NotebookNode, meta: dict) -> nbformat.NotebookNode:
    """Return the executed notebook without times, paths and random ids, so that the same input gives the same bytes."""
    kept = {key: notebook.metadata[key] for key in ("kernelspec", "language_info") if key in notebook.metadata}
    notebook.metadata = nbformat.from_dict({**kept, "burn_report": meta})
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
        if "injected-parameters" in tags:
            cell.id = "injected-parameters"
    return notebook
