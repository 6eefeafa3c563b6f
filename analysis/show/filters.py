"""What a page's text file can write: quantities, ranges, counts. Each records what the sentence rests on."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from numbers import Integral, Real

from markupsafe import Markup, escape

from analysis.inputs.errors import InputError
from analysis.show import numbers
from analysis.show.quantity import Quantity


@dataclass
class Record:
    """What has been printed: `refs` of the sentence at hand; `written`: id -> text, of the whole page."""

    refs: list[str] = field(default_factory=list)
    written: dict[str, str] = field(default_factory=dict)


_record: ContextVar[Record] = ContextVar("record")


@contextmanager
def recording(record: Record) -> Iterator[Record]:
    """Let what the templates print be recorded in `record`."""
    token = _record.set(record)
    try:
        yield record
    finally:
        _record.reset(token)


def show(quantity: Quantity) -> Markup:
    """Write a quantity as `<data>` with its exact value and its id, and record what it rests on."""
    return _data(quantity, str(quantity), "" if quantity.value is None else quantity.value)


def between(quantity: Quantity) -> Markup:
    """Write a quantity's range: "between 5.3 and 15 months", one value where both ends read alike."""
    ends = quantity.low, quantity.high
    text = numbers.interval(*ends, quantity.formatter, quantity.digits, "between {} and {}")
    return _data(quantity, text, "{} {}".format(*ends), ".between")


def interval(quantity: Quantity) -> Markup:
    """Write a quantity's range: "5.3 to 15 months"."""
    return _data(quantity, quantity.interval, f"{quantity.low} {quantity.high}", ".range")


def plain(value: Quantity | float, digits: int = 2) -> str:
    """Write a quantity without tags (its refs are recorded), or a bare number."""
    if not isinstance(value, Quantity):
        return numbers.plain(value, digits)
    return _noted(value, str(value), value.id)


def cite(*refs: str) -> str:
    """Add sources to the sentence where no number carries them."""
    _record.get().refs.extend(refs)
    return ""


def sentence_case(text: str) -> Markup:
    """Return `text` with its first letter (outside tags) in upper case."""
    first = r"^((?:\s*<[^>]*>)*\s*)(\w)"
    return Markup(re.sub(first, lambda found: found[1] + found[2].upper(), escape(text)))


def mid_sentence(text: str) -> str:
    """Return a label for the middle of a sentence: lower case, if it begins with an ordinary word."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def _formatted(name: str) -> Callable[..., str]:
    def written(value: Quantity | float | str | None, digits: int | None = None) -> str:
        if not isinstance(value, Quantity):
            return numbers.FORMATTERS[name](value, digits or 2)
        changed = replace(value, formatter=name, digits=digits or value.digits)
        return show(value if changed == value else replace(changed, id=value.id and f"{value.id}.{name}"))

    return written


def _data(quantity: Quantity, text: str, value: object, part: str = "") -> Markup:
    name = quantity.id and quantity.id + part
    identity = Markup(' data-id="{}"').format(name) if name else ""
    return Markup('<data value="{}"{}>{}</data>').format(value, identity, _noted(quantity, text, name))


def _noted(quantity: Quantity, text: str, name: str) -> str:
    kept = _record.get()
    kept.refs.extend(quantity.refs)
    before = kept.written.setdefault(name, text) if name else text
    if before != text:
        raise InputError(f"one quantity, two texts: {name} is written {before!r} and {text!r}")
    return text


def printed(value: object) -> object:
    """What `{{ value }}` prints: a quantity, a whole number as a count; no bare fraction, no None."""
    if isinstance(value, Quantity):
        return show(value)
    if value is None or isinstance(value, bool):
        raise InputError(f"{value} is printed; say in the template what is meant")
    if isinstance(value, Real) and not isinstance(value, Integral):
        raise InputError(f"the number {value} is printed without a formatter (| money, | percent …)")
    return numbers.count(int(value)) if isinstance(value, Integral) else value


FILTERS = {name: _formatted(name) for name in numbers.FORMATTERS} | {
    "between": between, "range": interval, "plain": plain, "spelled": numbers.spelled,
    "sentence_case": sentence_case, "mid_sentence": mid_sentence,
}  # fmt: skip
