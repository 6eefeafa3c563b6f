"""Executed notebook to one self-contained HTML page, by nbconvert with the project's own template."""

import functools
import pathlib

import nbformat
from nbconvert import HTMLExporter

TEMPLATES = pathlib.Path(__file__).resolve().parent / "template"


@functools.lru_cache(maxsize=1)
def exporter() -> HTMLExporter:
    """Return the exporter; its first page takes half a second, each further one a few hundredths."""
    return HTMLExporter(template_name="burn", extra_template_basedirs=[str(TEMPLATES)])


def to_html(notebook: nbformat.NotebookNode) -> str:
    """Return the page of an executed notebook; `notebook.metadata.burn_report` names its title and neighbours."""
    body, _ = exporter().from_notebook_node(notebook)
    return body
