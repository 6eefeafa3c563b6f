"""What several models share: a value is computed once for the same input arrays, told apart by identity."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from analysis.inputs.draws import Inputs

Value = TypeVar("Value")


class Memo:
    """Keeps the `size` values asked for last. Cases of a sweep differ in few inputs and share the rest."""

    def __init__(self, size: int = 64) -> None:
        self._size = size
        self._read: dict[object, tuple[str, ...]] = {}  # name of a value -> the inputs that it is made of
        self._kept: OrderedDict[tuple, tuple] = OrderedDict()

    def get(
        self, name: object, inputs: Inputs, compute: Callable[[Inputs], Value], *objects: object
    ) -> Value:
        """Return compute(inputs), once for `name`, the inputs that it reads and `objects`, by identity."""
        key = self._key(name, inputs, objects)
        if key not in self._kept:
            reader = _Reader(inputs)
            value = compute(reader)
            self._read[name] = tuple(reader)
            key = self._key(name, inputs, objects)
            self._kept[key] = value, objects, reader  # alive, so that no other takes their identity
            if len(self._kept) > self._size:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def _key(self, name: object, inputs: Inputs, objects: tuple) -> tuple:
        read = map(inputs.__getitem__, self._read.get(name, ()))
        return (name, *map(id, objects), *map(id, read))


class _Reader(dict[str, np.ndarray]):
    """Those of the inputs that were read."""

    def __init__(self, inputs: Inputs) -> None:
        self._inputs = inputs

    def __missing__(self, name: str) -> np.ndarray:
        self[name] = self._inputs[name]
        return self[name]
