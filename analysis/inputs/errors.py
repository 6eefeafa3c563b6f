"""The one error that bad input raises: what is wrong, what was given, what is allowed, the nearest right name."""

import difflib
from collections.abc import Iterable

MOST_NAMES = 12  # that an error lists when none is near


class InputError(ValueError):
    """Input that a user can correct. Its text is shown as it is, without a traceback."""


def shown(value: object, limit: int = 60) -> str:
    """Return `value` as it was given, on one line, control characters escaped, cut to `limit` characters."""
    text = ascii(value) if isinstance(value, str) else " ".join(str(value).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def unknown(kind: str, given: object, allowed: Iterable[str]) -> InputError:
    """Return the error for a name that does not exist, with the nearest ones that do."""
    names = list(allowed)
    near = difflib.get_close_matches(str(given), names, n=3, cutoff=0.5)
    if near:
        return InputError(f"unknown {kind} {shown(given)}. Nearest: {', '.join(near)}.")
    more = " …" if len(names) > MOST_NAMES else ""
    return InputError(f"unknown {kind} {shown(given)}. Allowed: {', '.join(names[:MOST_NAMES])}{more}.")
