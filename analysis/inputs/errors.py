"""The one error that bad input raises: what is wrong, given and allowed, and the nearest right name."""

import contextlib
import difflib
from collections.abc import Iterable, Iterator

MOST_NAMES = 12  # that an error lists when none is near


class InputError(ValueError):
    """Input that a user can correct. Its text is one line, shown as it is, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows."""
        return [str(self)]


@contextlib.contextmanager
def within(where: str) -> Iterator[None]:
    """Put `where` (a file, a row) before the text of an InputError that is raised inside."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where} {error}") from None


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
