"""The words of a page: one Jinja file, read as a module of macros (sentences) and sets (fixed words, labels).

A template names its numbers (`{{ f.runway }}`); what a printed number rests on is recorded, so that markers
behind a sentence follow from what it says. All else that is printed is escaped; a number needs a formatter.
"""

import functools
import pathlib
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import jinja2
from jinja2.runtime import Macro
from markupsafe import Markup, escape

from analysis import pages
from analysis.inputs.errors import InputError, unknown
from analysis.inputs.tables import Tables
from analysis.show import filters
from analysis.show.template import COMPILED, render

FILE, SHARED = "text.en.j2", "shared.en.j2"
TEMPLATES, _HOUSE = pathlib.Path(__file__).parent / "templates", pathlib.Path(__file__).parent.parent


class _Strict(jinja2.StrictUndefined):
    """A name that is missing; of facts, the nearest right one is said."""

    @property
    def _undefined_message(self) -> str:
        if isinstance(self._undefined_obj, Mapping):
            return str(unknown("name", str(self._undefined_name), list(map(str, self._undefined_obj))))
        return super()._undefined_message


class Markers:
    """Collects the ids a page cites, in order of first use: of claims, figures, assumptions or their name."""

    def __init__(self, tables: Tables | None = None) -> None:
        self.used: dict[str, None] = {}
        self._tables = tables

    def behind(self, refs: Iterable[str], cited: set[str]) -> Markup:
        """Return the markers of `refs` not yet `cited` (which is added to), led by a blank, or ""."""
        new = [ref for ref in map(self.identify, refs) if ref not in cited]
        cited.update(new)
        return Markup(" ") + self.links(new) if new else Markup("")

    def links(self, refs: Iterable[str]) -> Markup:
        """Return the links to the rows of `refs`; a row leads back to the first link to it."""
        names = dict.fromkeys(map(self.identify, refs))
        links = render("parts/markers.html.j2", names=names, used=self.used)
        self.used |= names
        return links

    def identify(self, ref: str) -> str:
        """Return the id of `ref`: of an assumption's name its id, else the id itself."""
        if self._tables is None:
            return ref
        if ref not in self._ids:
            raise unknown("source", ref, self._ids)
        return self._ids[ref]

    @functools.cached_property
    def _ids(self) -> dict[str, str]:
        names = self._tables.assumptions["id"].to_dict()
        ids = [*self._tables.evidence.index, *self._tables.claims.index, *names.values()]
        return dict(zip(ids, ids, strict=True)) | names


class Text:
    """Words of page `stem` with `facts` as `f`, then those of SHARED; `markers` collects what they cite."""

    def __init__(self, stem: str, facts: Mapping[str, object], markers: Markers | None = None) -> None:
        self.file = f"{stem}/{FILE}"
        self.markers = markers if markers is not None else Markers()
        self._record = filters.Record()
        with self._recording():
            self.own = vars(_template(self.file).make_module({"f": dict(facts)}))

    def __contains__(self, name: str) -> bool:
        return name in self.own or name in shared()

    def names(self, prefix: str) -> list[str]:
        """Return the names of the file's texts that begin with `prefix`, sorted."""
        return sorted(name for name in self.own if name.startswith(prefix) and name[0] != "_")

    def findings(self) -> list[str]:
        """Return the names of the findings, in the order of the file's `findings`, that say something."""
        return [name for each in self.own["findings"] if self.words(name := f"finding_{each}")]

    def words(self, name: str, *values: object) -> Markup:
        """Return a macro's text (called with `values`) or a fixed text, escaped, without markers."""
        if name not in self:
            raise InputError(f"pages/{self.file}: {unknown('text', name, self.names(''))}")
        said = (shared() | self.own)[name]
        with self._recording():
            return Markup(" ".join(said(*values).split())) if isinstance(said, Macro) else escape(said)

    def sentence(self, name: str, *values: object, cited: set[str] | None = None) -> Markup:
        """Return `words(name)` and the markers of its numbers, but of those `cited`, which are added to."""
        self._record.refs.clear()
        text = self.words(name, *values)
        return text + self.markers.behind(self._record.refs, set() if cited is None else cited)

    def refs(self, name: str) -> tuple[str, ...]:
        """Return what a text's numbers rest on, in order of use."""
        self._record.refs.clear()
        self.words(name)
        return tuple(dict.fromkeys(self._record.refs))

    @contextmanager
    def _recording(self) -> Iterator[None]:
        try:
            with filters.recording(self._record):
                yield
        except (jinja2.TemplateError, InputError, TypeError, ZeroDivisionError) as problem:
            said = getattr(problem, "message", None) or str(problem) or type(problem).__name__
            raise InputError(f"{_place(problem, self.file)}: {said}") from problem


class Labels(dict):
    """The `labels` of a page, for its charts and tables; an unknown key is an InputError that says where."""

    def __init__(self, stem: str) -> None:
        super().__init__(fixed(stem).get("labels", {}))
        self._stem = stem

    def __missing__(self, key: str) -> str:
        raise InputError(f"pages/{self._stem}/{FILE}: {unknown('label', str(key), list(self))}")


@functools.lru_cache
def fixed(stem: str) -> Mapping[str, object]:
    """Return the fixed words of a page, those that need no facts: title, question, labels …"""
    with filters.recording(filters.Record()):
        module = _template(f"{stem}/{FILE}").make_module({"f": jinja2.ChainableUndefined()})
    words = {name: value for name, value in vars(module).items() if name[0] != "_"}
    return {name: value for name, value in words.items() if not isinstance(value, Macro)}


@functools.cache
def shared() -> Mapping[str, object]:
    """Return the words and macros that all pages share (templates/shared.en.j2)."""
    return vars(_template(SHARED).make_module({}))


def mix_name(mix: str, short: bool = False) -> str:
    """Return a mix of options ("raise_capital+partner") in words; `short`: "Money + partner" of several."""
    parts = mix.split("+")
    names = shared()["options_short" if short and len(parts) > 1 else "options"]
    words = (names.get(part, part.replace("_", " ").capitalize()) for part in parts)
    joined = " + ".join(map(filters.mid_sentence, words))
    return joined[:1].upper() + joined[1:]


def _template(name: str) -> jinja2.Template:
    try:
        return _environment(tuple(pages.__path__)).get_template(name)
    except jinja2.TemplateSyntaxError as problem:
        place = f"{_short(problem.filename or name)}, line {problem.lineno}"
        raise InputError(f"{place}: {problem.message}") from None
    except jinja2.TemplateNotFound as problem:
        raise InputError(f"pages/{name}: no such file ({problem.name})") from None


@functools.lru_cache
def _environment(folders: tuple[str, ...]) -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, TEMPLATES]), undefined=_Strict, autoescape=True,
        trim_blocks=True, lstrip_blocks=True, bytecode_cache=COMPILED,
        # what our own code makes of constants is not compiled in, where a change of it would be missed
        optimized=False, finalize=jinja2.pass_context(lambda _, value: filters.printed(value)),
    )  # fmt: skip
    made.filters |= filters.FILTERS | {"mix": mix_name}
    made.globals["cite"] = filters.cite
    return made


def _place(problem: BaseException, file: str) -> str:
    """Return "pages/x/text.en.j2, line 12": the innermost line of a template that led to `problem`."""
    found = f"pages/{file}"
    for frame, line in traceback.walk_tb(problem.__traceback__):
        template = frame.f_globals.get("__jinja_template__")
        if template is not None and template.filename:
            found = f"{_short(template.filename)}, line {template.get_corresponding_lineno(line)}"
    return found


def _short(filename: str) -> str:
    path = pathlib.Path(filename)
    return path.relative_to(_HOUSE).as_posix() if path.is_relative_to(_HOUSE) else "/".join(path.parts[-2:])
