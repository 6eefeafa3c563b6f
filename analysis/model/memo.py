"""What several models share: a value is computed once for the same input arrays, which are told apart by identity."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np

Value = TypeVar("Value")


class Memo:
    """Keeps the `size` values that were asked for last. The cases of a sweep differ in few inputs and share the rest."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._kept: OrderedDict[tuple, tuple] = OrderedDict()

    def get(self, name: object, arrays: Iterable[np.ndarray], compute: Callable[[], Value]) -> Value:
        """Return compute(), or what it gave before for the same `name` and the very same arrays."""
        arrays = tuple(arrays)
        key = (name, *map(id, arrays))
        if key not in self._kept:
            self._kept[key] = compute(), arrays  # the arrays live on, so that no other takes their identity
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key][0]
