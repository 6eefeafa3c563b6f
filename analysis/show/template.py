"""The one Jinja environment for the markup of pages: every value is escaped, an unknown name is an error."""

import contextlib
import functools
import pathlib
import sys

import jinja2
from markupsafe import Markup

FOLDER = pathlib.Path(__file__).resolve().parent / "templates" / "burn"


class Compiled(jinja2.FileSystemBytecodeCache):
    """Compiled templates, kept where Python keeps compiled modules, when it does and that can be written."""

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if not sys.dont_write_bytecode:
            with contextlib.suppress(OSError):
                super().dump_bytecode(bucket)


COMPILED = Compiled(str(pathlib.Path(__file__).parent / "__pycache__"), "%s.jinja")


@functools.cache
def environment() -> jinja2.Environment:
    """Return the environment; templates lie in templates/burn/, those of a page are PAGE/x.html.j2."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader([FOLDER, FOLDER.parents[2] / "pages"]), bytecode_cache=COMPILED,
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip


def render(name: str, **values: object) -> Markup:
    """Return the template `name` filled with `values`: text is escaped, Markup stays as it is."""
    return Markup(environment().get_template(name).render(values))
