"""The page around the cells: policy, metadata, bar, contents, style sheet, script; their share in Lab."""

import base64
import collections
import functools
import hashlib
import re
from collections.abc import Sequence

from markupsafe import Markup

from analysis.show import template

# name of the CSS variable -> on a light and on a dark ground
PALETTE = {
    "paper": ("#FFFFFF", "#14171A"), "ink": ("#1A1A1A", "#E9E6E1"), "muted": ("#595959", "#ABB0B6"),
    "spending": ("#12436D", "#B2DAFB"), "spending-2": ("#5495D0", "#2F6FA8"),
    "spending-3": ("#0A2A45", "#DCEFFF"), "spending-4": ("#8094A6", "#667B8F"),
    "revenue": ("#EB681E", "#C5510F"), "revenue-2": ("#702A00", "#FFC9A3"),
    "revenue-3": ("#CB7F2F", "#A5672F"), "revenue-4": ("#4A2410", "#FFE6D2"),
    "revenue-text": ("#B34700", "#FF9B5E"), "needed": ("#5A1F80", "#E4CBFB"),
    "others": ("#858585", "#7F868E"),
}  # fmt: skip
# behind the text of the page, never in a drawing
GROUND = {"tint": ("#F4F2ED", "#1F242A"), "band": ("#C6D5E3", "#293E51"), "rule": ("#D9D6D0", "#3A3F45")}


def render(meta: dict, body: str, contents: Sequence[dict], scripts: Sequence[str] = ()) -> str:
    """Return a whole page around `body`, which is markup. `meta`: as in templates/burn/shell.html.j2.

    `contents`: {id, title} of its sections. `scripts`: a page's own, run after its content is there. The
    policy allows these and the shell's by their hashes and nothing else: no request, nothing from elsewhere.
    """
    inline = [_compact("page.js"), *scripts]
    page = template.render(
        "shell.html.j2", meta=collections.defaultdict(str, meta), body=body, contents=contents,
        policy=_policy(inline), style=_style(), scripts=inline,
    )  # fmt: skip
    return str(page)


def of_notebook(notebook, body: str, scripts: Sequence[str] = ()) -> str:
    """Return the page of an executed notebook with cells `body`; head() says what the metadata do not."""
    meta = {"title": "Notebook"}
    for each in said(notebook):
        meta |= each.get("burn_head", {})
    return render(meta | notebook.metadata.get("burn_report", {}), body, headings(notebook), scripts)


def said(notebook) -> list[dict]:
    """Return the metadata of an executed notebook's outputs, in order."""
    return [output.get("metadata", {}) for cell in notebook.cells for output in cell.get("outputs", [])]


def headings(notebook) -> list[dict]:
    """Return the headings that the cells of an executed notebook show."""
    return [each["burn_heading"] for each in said(notebook) if "burn_heading" in each]


def reading_order(notebook):
    """Return the notebook with the head of its page first; the code up to it, folded away, comes after."""
    import nbformat  # two seconds, for whoever exports notebooks anyway

    outputs = [cell.get("outputs", []) for cell in notebook.cells]
    heads = [any("burn_head" in out.get("metadata", {}) for out in shown) for shown in outputs]
    if not any(heads):
        return notebook
    place = heads.index(True)
    before, head, after = notebook.cells[:place], notebook.cells[place], notebook.cells[place + 1 :]
    shown = nbformat.from_dict({**head, "source": "", "id": "head"})
    code = nbformat.from_dict({**head, "outputs": []})
    return nbformat.from_dict({**notebook, "cells": [shown, *before, code, *after]})


def lab_style() -> Markup:
    """Return the style sheet for JupyterLab and VS Code, for what stands in an element of class burn."""
    fonts = re.search(r"--serif:.*?(?=color-scheme)", _compact("shell.css"), flags=re.S)[0]
    content = _compact("content.css")
    return template.render("lab_style.html.j2", colors=_colors(), fonts=fonts, content=content)


def _policy(scripts: Sequence[str]) -> str:
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    allowed = " ".join(f"'sha256-{hash_}'" for hash_ in dict.fromkeys(hashes))
    own = f"style-src 'unsafe-inline'; img-src data:; script-src {allowed}"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def _colors() -> str:
    both = PALETTE | GROUND
    return "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in both.items())


@functools.cache
def _style() -> str:
    # browsers without light-dark() read the page in black on white
    colors = f"@supports (color:light-dark(red,red)){{:root{{{_colors()}}}}}"
    return colors + _compact("shell.css") + _compact("content.css")


@functools.cache
def _compact(name: str) -> str:
    """Return a style sheet or script of the shell without comments and indentation."""
    text = (template.FOLDER / name).read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    return re.sub(r"\s*\n\s*", "\n", text).strip()
