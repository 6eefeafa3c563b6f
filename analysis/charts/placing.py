"""Names beside their lines where nothing else is: a map of what is drawn, and the nearest free place for a text."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text

from analysis.charts import theme
from analysis.charts.svg import lay_out

RINGS = (5, 11, 19, 29, 41, 55, 71, 90, 110, 130)  # distances tried, in points
LEADER = 19  # from this distance on a thin line ties the name to its place
DIRECTIONS = ((1, 0), (-1, 1), (1, 1), (0, 1), (1, -1), (-1, -1), (0, -1), (-1, 0), (2, -1), (1, -2), (-2, 1), (2, 1))
GLYPH, LINE = 0.68, 1.3  # width of a bold letter and height of a line, in font sizes


class Space:
    """What is taken of an axes, point by point. Make it when limits and ticks are final, tell it what is drawn, then name."""

    def __init__(self, ax: Axes) -> None:
        lay_out(ax.figure)
        self.ax, self._scale = ax, 72 / ax.figure.dpi
        self._written: list[Text] = []
        rows, columns = (int(size * self._scale) + 1 for size in (ax.bbox.height, ax.bbox.width))
        self._taken, self._grid, self._names = (np.zeros((rows, columns), dtype=bool) for _ in range(3))
        heights = self._points([ax.get_xlim()[0]] * len(ax.get_yticks()), ax.get_yticks())[:, 1]
        self._grid[[int(height) for height in heights if 0 <= height < rows]] = True

    def line(self, x: Iterable[float], y: Iterable[float]) -> None:
        """Mark a line through data points as taken."""
        self.band(x, y, y)

    def band(self, x: Iterable[float], low: Iterable[float], high: Iterable[float]) -> None:
        """Mark the area between two lines as taken."""
        bottom, top = self._points(x, low), self._points(x, high)
        if len(bottom) == 1:
            return self._fill(*bottom[0], *top[0], 3)
        steps = np.linspace(0, len(bottom) - 1, 2 * self._taken.shape[1])
        columns = [np.interp(steps, np.arange(len(bottom)), values) for values in (bottom[:, 0], bottom[:, 1], top[:, 1])]
        for at, below, above in zip(*columns, strict=True):
            self._fill(at, below, at, above, 1)
        return None

    def name(self, text: str, anchors: Iterable[tuple[float, float]], color: str, near: bool = False) -> bool:
        """Write `text` at the free place nearest to one of `anchors` (data), off the grid lines where that is as near.

        Where all is taken it is written at the first anchor; with `near` (only where no leader is needed) not at all,
        and the answer is False.
        """
        size = self.ax.xaxis.label.get_size()
        box = np.array([GLYPH * size * max(map(len, text.split("\n"))), LINE * size * (text.count("\n") + 1)])
        places = [(anchor, self._points([anchor[0]], [anchor[1]])[0]) for anchor in anchors]
        for ring in RINGS[: 2 if near else None]:
            for taken in (self._taken | self._grid, self._taken):
                for anchor, point in places:
                    for direction in DIRECTIONS:
                        away = np.array(direction) * ring / np.hypot(*direction) + np.sign(direction) * box / 2
                        if _free(taken, point + away, box) and not self._crosses(point, away, box):
                            self._write(text, anchor, point, away, box, color)
                            return True
        if not near:
            self._write(text, *places[0], np.array([RINGS[0] + box[0] / 2, 0]), box, color)
        return not near

    def undo(self) -> None:
        """Take away every name that this map has written."""
        while self._written:
            self._written.pop().remove()

    def _write(
        self, text: str, anchor: tuple[float, float], point: np.ndarray, away: np.ndarray, box: np.ndarray, color: str
    ) -> None:
        arrow = {"arrowstyle": "-", "color": theme.MUTED, "linewidth": 0.75, "linestyle": ":", "shrinkA": 0, "shrinkB": 3}
        arrow = arrow if _has_leader(away, box) else None
        where = {"xytext": tuple(away), "textcoords": "offset points", "arrowprops": arrow}
        theme.label(self.ax, *anchor, text, color, ha="center", va="center", **where)
        self._written.append(self.ax.texts[-1])
        for taken in (self._taken, self._names):
            self._fill(*(point + away - box / 2), *(point + away + box / 2), 1, taken)
        for share in np.linspace(0, 1, 50) if arrow else ():
            self._fill(*(point + share * away), *(point + share * away), 0)

    def _crosses(self, point: np.ndarray, away: np.ndarray, box: np.ndarray) -> bool:
        """Whether the leader of a name would run through another name."""
        if not _has_leader(away, box):
            return False
        rows, columns = self._names.shape
        along = (point + np.linspace(0, 1, 50)[:, None] * away).astype(int)
        return bool(self._names[np.clip(along[:, 1], 0, rows - 1), np.clip(along[:, 0], 0, columns - 1)].any())

    def _points(self, x: Iterable[float], y: Iterable[float]) -> np.ndarray:
        data = np.column_stack([np.asarray(x, dtype=float), np.asarray(y, dtype=float)])
        limit = 10 * max(self._taken.shape)  # a value of 0 on a log axis lies infinitely far below
        points = (self.ax.transData.transform(data) - self.ax.bbox.p0) * self._scale
        return np.clip(np.nan_to_num(points, neginf=-limit), -limit, limit)

    def _fill(self, left: float, bottom: float, right: float, top: float, margin: int, taken: np.ndarray | None = None) -> None:
        bottom, top, left, right = (
            int(max(0, value)) for value in (bottom - margin, top + margin + 1, left - margin, right + margin + 1)
        )
        (self._taken if taken is None else taken)[bottom:top, left:right] = True


def _free(taken: np.ndarray, centre: np.ndarray, box: np.ndarray) -> bool:
    (left, bottom), (right, top) = centre - box / 2, centre + box / 2
    rows, columns = taken.shape
    inside = left >= 0 and bottom >= 0 and right <= columns and top <= rows
    return bool(inside and not taken[int(bottom) : int(top) + 1, int(left) : int(right) + 1].any())


def _has_leader(away: np.ndarray, box: np.ndarray) -> bool:
    return bool((np.abs(away) - box / 2).max() >= LEADER / np.sqrt(2))
