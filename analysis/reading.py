"""Text files to plain content, strictly: CSV rows under a fixed header, YAML mappings of plain values.

Errors name the file, and the row, column or line. Rows are counted as a text editor shows them: the header is row 1.
"""

import csv
import io
import itertools
import pathlib

import yaml

from analysis.errors import InputError, shown


def read_csv(path: pathlib.Path, columns: list[str]) -> list[list[str]]:
    """Return the rows below the header, each with one text per column."""
    text = _read(path)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{path.name}: not readable as CSV ({error}); cells with commas or quotes need quotes") from None
    if not rows:
        raise InputError(f"{path.name}, row 1: the header is missing, the file is empty; needed is {','.join(columns)}")
    for number, (given, wanted) in enumerate(itertools.zip_longest(rows[0], columns, fillvalue=""), 1):
        if given != wanted:
            expected = f"{wanted!r} is expected" if wanted else "nothing is expected"
            raise InputError(
                f"{path.name}, row 1, column {number}: {expected}; given {shown(given)}. The header is {','.join(columns)}"
            )
    for number, row in enumerate(rows, 1):
        if len(row) != len(columns):
            last = shown(row[-1] if row else "")
            raise InputError(f"{path.name}, row {number}: {len(columns)} cells expected, {len(row)} given, the last {last}")
    if len(rows) == 1:
        raise InputError(f"{path.name}, row 2: no rows below the header")
    if not text.endswith(("\n", "\r")):
        raise InputError(f"{path.name}, row {len(rows)}: no line break after {shown(rows[-1][-1][-40:])}; is the file cut off?")
    return rows[1:]


def read_yaml(path: pathlib.Path) -> dict:
    """Return a YAML mapping: plain values only, no tags, anchors or duplicate keys."""
    text = _read(path)
    try:
        content = yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = ", ".join(part for part in (error.context, error.problem) if part)
        raise InputError(f"{path.name}, line {mark.line + 1 if mark else 1}: {what}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise InputError(f"{path.name}, line {line}: the character {shown(chr(error.character))} is not allowed") from None
    except RecursionError:
        raise InputError(f"{path.name}: not readable as YAML (nested too deeply)") from None
    if not isinstance(content, dict):
        given = "an empty file" if content is None else type(content).__name__
        raise InputError(f"{path.name}, line 1: a mapping of names to values is expected; given {given}")
    return content


def _read(path: pathlib.Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name}: the file is missing in {path.parent.name}/") from None
    except OSError as error:
        raise InputError(f"{path.name}: not readable ({error.strerror})") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path.name}, line {line}: not UTF-8 text (byte {error.object[error.start]:#04x}); save it as UTF-8"
        ) from None


class _StrictLoader(yaml.SafeLoader):
    """A safe loader that refuses duplicate keys and references (anchors), which a settings file never needs."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent) or getattr(self.peek_event(), "anchor", None):
            raise yaml.composer.ComposerError(None, None, "anchors and aliases are not allowed", self.peek_event().start_mark)
        return super().compose_node(parent, index)

    def construct_object(self, node, deep=False):
        try:
            return super().construct_object(node, deep)
        except ValueError as error:  # an impossible date, a number of thousands of digits
            raise yaml.constructor.ConstructorError(
                None, None, f"{shown(node.value)} is not possible ({shown(str(error))})", node.start_mark
            ) from None

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                raise yaml.constructor.ConstructorError(
                    None, None, f"key {key!r} is given twice", node.value[position][0].start_mark
                )
        return super().construct_mapping(node, deep)
