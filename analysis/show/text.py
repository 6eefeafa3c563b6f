"""The words of a page: one Jinja file, read as a module of macros (sentences) and sets (fixed words, labels).

A template names its numbers (`{{ f.runway }}`); what a printed number rests on is recorded, so that markers
behind a sentence follow from what it says. Everything else that is printed is escaped. A number needs a
formatter, and a name that does not exist is an error with file and line.
"""

import functools
import pathlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import jinja2
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from analysis import pages
from analysis.inputs.errors import InputError, unknown
from analysis.show import filters
from analysis.show.markers import Markers

FILE = "text.en.j2"
SHARED = "shared.en.j2"
TEMPLATES = pathlib.Path(__file__).parent / "templates"
_HOUSE = pathlib.Path(__file__).parent.parent


class _Strict(jinja2.StrictUndefined):
    """A name that is missing; of facts, the nearest right one is said."""

    @property
    def _undefined_message(self) -> str:
        if isinstance(self._undefined_obj, Mapping):
            return str(
                unknown("name", str(self._undefined_name), [str(name) for name in self._undefined_obj])
            )
        return super()._undefined_message


class Text:
    """The words of page `stem` with `facts` as `f`. Attributes are the file's sets and macros.

    `markers` collects what the sentences cite. Every fault of the file is an InputError with file and line.
    """

    def __init__(self, stem: str, facts: Mapping[str, object], markers: Markers | None = None) -> None:
        self.file = f"{stem}/{FILE}"
        self.markers = markers if markers is not None else Markers()
        self._record = filters.Record()
        with self._recording():
            self._module = _template(self.file).make_module({"f": dict(facts)})

    def __contains__(self, name: str) -> bool:
        return hasattr(self._module, name)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        value = self._named(name)
        return functools.partial(self._call, value) if isinstance(value, Macro) else value

    def names(self, prefix: str) -> list[str]:
        """Return the names of the file's texts that begin with `prefix`, sorted."""
        return sorted(name for name in vars(self._module) if name.startswith(prefix) and name[0] != "_")

    def words(self, name: str, *values: object) -> Markup:
        """Return a macro's text (called with `values`) or a fixed text, escaped, without markers."""
        value = self._named(name)
        return self._call(value, *values) if isinstance(value, Macro) else escape(value)

    def sentence(self, name: str, *values: object, cited: set[str] | None = None) -> Markup:
        """Return `words(name)` followed by the markers of what its numbers rest on.

        `cited`: ids that need no marker any more, as those of earlier sentences of the paragraph; added to.
        """
        self._record.refs.clear()
        text = self.words(name, *values)
        return text + self.markers.behind(self._record.refs, set() if cited is None else cited)

    def refs(self, name: str, *values: object) -> tuple[str, ...]:
        """Return what a macro's numbers rest on, in order of use."""
        self._record.refs.clear()
        self.words(name, *values)
        return tuple(dict.fromkeys(self._record.refs))

    def _named(self, name: str) -> object:
        if name not in self:
            raise InputError(f"pages/{self.file}: {unknown('text', name, self.names(''))}")
        return getattr(self._module, name)

    def _call(self, macro: Macro, *values: object, **named: object) -> Markup:
        with self._recording():
            return Markup(" ".join(macro(*values, **named).split()))

    @contextmanager
    def _recording(self) -> Iterator[None]:
        token = filters.record.set(self._record)
        try:
            yield
        except (jinja2.TemplateError, InputError, TypeError, ZeroDivisionError) as problem:
            raise InputError(f"{_place(problem, self.file)}: {_message(problem)}") from problem
        finally:
            filters.record.reset(token)


@functools.lru_cache
def fixed(stem: str) -> Mapping[str, object]:
    """Return the fixed words of a page, those that need no facts: title, question, labels …"""
    token = filters.record.set(filters.Record())
    try:
        module = _template(f"{stem}/{FILE}").make_module({"f": jinja2.ChainableUndefined()})
    finally:
        filters.record.reset(token)
    return {
        name: value for name, value in vars(module).items() if name[0] != "_" and not isinstance(value, Macro)
    }


def labels(stem: str) -> Mapping[str, str]:
    """Return the exported `labels` of a page, for its charts and tables; an unknown key is an InputError."""
    return Labels(stem, fixed(stem).get("labels", {}))


class Labels(dict):
    """Words by key; a missing key says which file lacks it."""

    def __init__(self, stem: str, words: Mapping[str, str]) -> None:
        super().__init__(words)
        self._stem = stem

    def __missing__(self, key: str) -> str:
        raise InputError(f"pages/{self._stem}/{FILE}: {unknown('label', str(key), list(self))}")


@functools.lru_cache
def _shared(environment: jinja2.Environment) -> jinja2.environment.TemplateModule:
    return environment.get_template(SHARED).make_module({})


def shared() -> Mapping[str, object]:
    """Return the fixed words that all pages share (templates/shared.en.j2)."""
    return vars(_shared(_environment(tuple(pages.__path__))))


def say(name: str, *values: object) -> tuple[Markup, list[str]]:
    """Return what a shared macro says of `values`, and what its numbers rest on."""
    record = filters.Record()
    token = filters.record.set(record)
    try:
        return Markup(" ".join(shared()[name](*values).split())), record.refs
    finally:
        filters.record.reset(token)


def points(name: str, *values: object) -> list[Markup]:
    """Return what the shared macros say whose names the shared list `name` holds, in its order."""
    return [say(each, *values)[0] for each in shared()[name]]


def mix_name(mix: str, short: bool = False) -> str:
    """Return a mix of options ("raise_capital+partner") in words; `short`: "Money + partner" of several."""
    names, parts = shared()["options"], mix.split("+")
    if not short or len(parts) == 1:
        return " + ".join([_option(names, parts[0]), *(_option(names, part).lower() for part in parts[1:])])
    words = " + ".join(_option(shared()["options_short"], part) for part in parts)
    return words[:1].upper() + words[1:]


def _option(names: Mapping[str, str], name: str) -> str:
    return names.get(name, name.replace("_", " ").capitalize())


def _template(name: str):
    try:
        return _environment(tuple(pages.__path__)).get_template(name)
    except jinja2.TemplateSyntaxError as problem:
        raise InputError(
            f"{_short(problem.filename or name)}, line {problem.lineno}: {problem.message}"
        ) from None
    except jinja2.TemplateNotFound as problem:
        raise InputError(f"pages/{name}: no such file ({problem.name})") from None


@functools.lru_cache
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader(folders), jinja2.FileSystemLoader(TEMPLATES)]),
        undefined=_Strict,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=filters.printed,
    )
    made.filters |= filters.FILTERS
    made.filters["mix"] = mix_name
    made.globals |= filters.GLOBALS
    return made


def _place(problem: BaseException, file: str) -> str:
    """Return "pages/x/text.en.j2, line 12": the innermost line of a template that led to `problem`."""
    found, step = f"pages/{file}", problem.__traceback__
    while step is not None:
        template = step.tb_frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename:
            line = template.get_corresponding_lineno(step.tb_lineno)
            found = f"{_short(template.filename)}, line {line}"
        step = step.tb_next
    return found


def _short(filename: str) -> str:
    path = pathlib.Path(filename)
    return path.relative_to(_HOUSE).as_posix() if path.is_relative_to(_HOUSE) else "/".join(path.parts[-2:])


def _message(problem: BaseException) -> str:
    return getattr(problem, "message", None) or str(problem) or type(problem).__name__
