"""The one Jinja environment for the markup of pages: every value is escaped, an unknown name is an error."""

import functools
import pathlib

import jinja2
from markupsafe import Markup

FOLDER = pathlib.Path(__file__).resolve().parent / "templates" / "burn"
PAGES = pathlib.Path(__file__).resolve().parent.parent / "pages"


@functools.cache
def environment() -> jinja2.Environment:
    """Return the environment; templates lie in templates/burn/, those of a page are PAGE/x.html.j2."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([FOLDER, PAGES]), undefined=jinja2.StrictUndefined,
        autoescape=True, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def render(name: str, **values: object) -> Markup:
    """Return the template `name` filled with `values`: text is escaped, Markup stays as it is."""
    return Markup(environment().get_template(name).render(values))
