"""Text files to plain content, strictly: CSV rows (the header is row 1), YAML mappings, pydantic models."""

import csv
import io
import itertools
import pathlib
import re
import typing
from collections.abc import Mapping

import pydantic
import yaml

from analysis.inputs.errors import InputError, shown, unknown

Model = typing.TypeVar("Model", bound=pydantic.BaseModel)

_UNKNOWN_KEY = ("extra_forbidden", "invalid_key")
_WHOLE = re.compile(r"[-+]?[0-9]{1,1000}")
_DECIMAL = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")


def read_csv(path: pathlib.Path, columns: list[str], may_be_empty: bool = False) -> list[list[str]]:
    """Return the rows below the header, each with one text per column."""
    text = _read(path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        advice = "cells with commas or quotes need quotes"
        raise InputError(f"{path.name}: not readable as CSV ({error}); {advice}") from None
    header = ",".join(columns)
    if not rows:
        raise InputError(f"{path.name}, row 1: the header is missing, the file is empty; needed is {header}")
    for number, (given, wanted) in enumerate(itertools.zip_longest(rows[0], columns, fillvalue=""), 1):
        if given != wanted:
            expected = f"{wanted!r} is expected" if wanted else "nothing is expected"
            where = f"{path.name}, row 1, column {number}"
            raise InputError(f"{where}: {expected}; given {shown(given)}. The header is {header}")
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            cells = f"{len(columns)} cells expected, {len(row)} given, the last {shown(''.join(row[-1:]))}"
            raise InputError(f"{path.name}, row {number}: {cells}")
    if len(rows) == 1 and not may_be_empty:
        raise InputError(f"{path.name}, row 2: no rows below the header")
    if not text.endswith(("\n", "\r")):
        last = shown(rows[-1][-1][-40:])
        raise InputError(f"{path.name}, row {len(rows)}: no line break after {last}; is the file cut off?")
    return rows[1:]


def read_yaml(path: pathlib.Path) -> dict:
    """Return a YAML mapping of texts, plain decimal numbers, lists and mappings; what is blank is None."""
    text = _read(path)
    try:
        content = yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        what = ", ".join(part for part in (error.context, error.problem) if part)
        line = (error.problem_mark or error.context_mark).line + 1
        raise InputError(f"{path.name}, line {line}: {what}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        character = shown(chr(error.character))
        raise InputError(f"{path.name}, line {line}: the character {character} is not allowed") from None
    except RecursionError:
        raise InputError(f"{path.name}: not readable as YAML (nested too deeply)") from None
    if not isinstance(content, dict):
        given = "an empty file" if content is None else type(content).__name__
        raise InputError(f"{path.name}, line 1: a mapping of names to values is expected; given {given}")
    return content


def checked(model: type[Model], content: Mapping[str, object], where: str) -> Model:
    """Return `content` as a flat pydantic model; an error says what was given and the field's description."""
    try:
        return model.model_validate(content)
    except pydantic.ValidationError as error:  # a misspelt key is missing too: the spelling comes first
        problem = min(error.errors(), key=lambda each: each["type"] not in _UNKNOWN_KEY)
    key, fields = problem["loc"][0], model.model_fields
    if problem["type"] in _UNKNOWN_KEY:
        raise InputError(f"{where}: {unknown('key', key, fields)}")
    if problem["type"] == "missing":
        needed = ", ".join(name for name, field in fields.items() if field.is_required())
        raise InputError(f"{where}: the key {key!r} is missing; needed are {needed}")
    if problem["type"] == "literal_error":
        allowed = typing.get_args(fields[key].annotation)
        raise InputError(f"{where}, {key}: {unknown(key, content[key], allowed)}")
    raise InputError(f"{where}, {key}: {fields[key].description} is expected; given {shown(content[key])}")


def _read(path: pathlib.Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name}: the file is missing in {path.parent}") from None
    except OSError as error:
        raise InputError(f"{path.name}: not readable ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        byte = f"byte {error.object[error.start]:#04x}"
        raise InputError(f"{path.name}, line {line}: not UTF-8 text ({byte}); save it as UTF-8") from None


class _StrictLoader(yaml.BaseLoader):
    """Reads an unquoted decimal number as one and all else as text: YAML's own rules read 0700 as 448."""

    def compose_node(self, parent, index):
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or event.anchor or getattr(event, "tag", None):
            problem = "tags (!), anchors (&) and aliases (*) are not allowed; quote a text that begins so"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                mark = node.value[position][0].start_mark
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", mark)
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node):
        text = super().construct_scalar(node)
        if node.style is not None:  # quoted, or a block
            return text
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        return None if text in ("", "~", "null") else text
