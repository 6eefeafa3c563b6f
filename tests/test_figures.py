"""Figures: same bytes, nothing outside the drawing, any text stays text, CSV that is read back."""

import base64
import csv
import html
import io
import pathlib
import re

import html5lib
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from matplotlib.collections import PolyCollection
from PIL import Image

from analysis import pages
from analysis.inputs.errors import InputError
from analysis.show import figure, marks, theme
from analysis.show.figure import NO_DATA, Figure, csv_bytes, preview, render
from analysis.show.notebook import begin
from tests import charts, drawings

PAGES = pathlib.Path(pages.__file__).parent

HOSTILE = [
    "<script>alert(1)</script>",
    "\"quoted\" 'twice' & more",
    "]]> --> </style></svg></script>",
    "x" * 10_000,
    "\u202eright to left\u202c \u200f",
    "{{ 7 * 7 }} {% raw %} ${x} $1 and $2",
]
LINE = pd.DataFrame({"t_months": [0, 1, 2], "y_usd_m": [1.0, 2.0, 1.5]})


@theme.chart
def line(frame, ax=None, narrow=False):
    ax.plot(frame["t_months"], frame["y_usd_m"], color=theme.SPENDING)
    ax.set_xlabel(frame["name"].iloc[0] if "name" in frame else "months")
    return ax


def shown(frame=LINE, key="line", draw=line, file_name="base-page-line.csv", **words) -> str:
    words = {"title": "A line", "unit": "millions of US dollars", "alt": "It rises.", "source": "Us"} | words
    return str(render(Figure(draw, key, (200, 180), "Line chart"), frame, words, key, 1, file_name))


def errors(body: str) -> list:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(f'<!DOCTYPE html><html lang="en"><head><title>t</title></head><body>{body}</body></html>')
    return parser.errors


def saved(body: str) -> bytes:
    return base64.b64decode(re.search(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', body)[1])


class TestFigure:
    def test_two_drawings_words_data_and_download(self):
        body = shown()
        assert body.count("<svg") == 2 and body.count('role="img" aria-label="Line chart: It rises."') == 2
        assert '<div class="plot wide">' in body and '<div class="plot narrow" hidden>' in body
        assert "Figure 1. A line" in body and "millions of US dollars" in body and "Source: Us" in body
        assert 'download="base-page-line.csv"' in body and '<details class="data">' in body
        assert not errors(body)

    def test_heights_may_follow_from_the_frame(self):
        assert charts.FIGURES["rows"].heights_px(charts.FRAMES["rows"]) == (240, 305)
        assert charts.FIGURES["fan"].heights_px(charts.FRAMES["fan"]) == (360, 320)

    def test_the_same_data_give_the_same_bytes(self):
        assert shown() == shown(LINE.copy())

    def test_colours_are_variables_and_ids_are_unique(self):
        body = shown()
        assert f"var(--spending, {theme.SPENDING.lower()})" in body
        assert not re.search(r"#[0-9a-fA-F]{6}(?!\))", body), "a colour that cannot go dark"
        ids = re.findall(r'\sid="([^"]+)"', body)
        assert len(ids) == len(set(ids))
        assert "<metadata" not in body and "<style" not in body and "xlink" not in body

    def test_texts_are_texts(self):
        body = shown(LINE.assign(name="$1 and $2"))
        assert re.search(r"<text[^>]*>\$1 and \$2</text>", body)

    def test_labels_name_the_columns_of_the_data(self):
        words = {"title": "A line"}
        body = str(
            render(
                charts.FIGURES["growth"],
                charts.FRAMES["growth"],
                words,
                "g",
                2,
                "g.csv",
                {"usd_m": "Revenue"},
            )
        )
        assert '<th scope="col" class="num">Revenue</th>' in body
        assert '<th scope="col" class="num">month</th>' in body

    def test_years_and_counts_in_the_data_are_not_rounded(self):
        body = shown(pd.DataFrame({"t_months": [2027, 123456], "y_usd_m": [1234.5678, np.nan]}))
        assert '<td class="num">2027</td>' in body and '<td class="num">123456</td>' in body
        assert '<td class="num">1,230</td>' in body and '<td class="num"></td>' in body

    @pytest.mark.parametrize(
        "frame", [LINE.iloc[:0], pd.DataFrame({"t_months": [np.nan], "y_usd_m": [np.nan]})]
    )
    def test_without_numbers_it_is_empty_and_says_so(self, frame):
        body = shown(frame)
        assert NO_DATA in body and "<svg" not in body and not errors(body)

    @pytest.mark.parametrize("values", [[5.0], [0.0, 0.0, 0.0]], ids=["one point", "all zeros"])
    def test_one_point_and_all_zeros_are_drawn(self, values):
        body = shown(pd.DataFrame({"t_months": range(len(values)), "y_usd_m": values}))
        assert body.count("<svg") == 2 and not errors(body)

    def test_an_infinity_is_an_error_with_its_name(self):
        with pytest.raises(InputError, match="figure line: column y_usd_m holds an infinite number"):
            shown(pd.DataFrame({"t_months": [0, 1], "y_usd_m": [1.0, np.inf]}))

    def test_a_key_that_is_no_name_is_refused(self):
        with pytest.raises(InputError, match="a figure's key"):
            shown(key='x" onload="')

    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:16]))
    def test_any_text_stays_text(self, text):
        frame = LINE.assign(name=text[:300])
        body = shown(frame, title=text, unit=text, note=text, alt=text, source=text, file_name=text[:90])
        assert "<script" not in body and not errors(body)
        plain = html.unescape(re.sub(r"<[^>]+>", "", body))
        assert plain.count(text[:40]) >= 4  # title, unit, note, source
        assert re.search(r'download="[\w.-]+"', body)


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("key", charts.FIGURES)
def test_words_of_every_form_are_inside_apart_and_large_enough(key, narrow):
    found, frame = charts.FIGURES[key], charts.FRAMES[key]
    picture = drawings.drawn(found.draw, frame, narrow, found.heights_px(frame)[narrow])
    assert drawings.texts_outside(picture) == []
    assert drawings.texts_overlapping(picture) == []
    assert drawings.smallest_text_px(picture) >= 12


CASE_PAGES = [
    stem
    for stem, spec in pages.PAGES.items()
    if spec.kind == "case" and (PAGES / stem / "charts.py").exists()
]


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("stem", CASE_PAGES)
def test_every_chart_of_a_page_is_drawn_with_words_inside_apart_and_large_enough(stem, narrow):
    page = begin(stem, {})
    offenders = {}
    for key, found in page.spec.module("charts").FIGURES.items():
        frame = getattr(page.measures, found.measure)
        picture = drawings.drawn(found.draw, frame, narrow, found.heights_px(frame)[narrow])
        wrong = drawings.texts_outside(picture) + drawings.texts_overlapping(picture)
        if wrong or drawings.smallest_text_px(picture) < 12:
            offenders[key] = wrong or "text below 12 px"
    assert offenders == {}


def test_words_outside_and_on_top_of_each_other_are_found():
    @theme.chart
    def wrong(frame, ax=None, narrow=False):
        ax.annotate("far out", (2, 1), annotation_clip=False).set_in_layout(False)
        for shift in (0, 0.01):
            ax.text(0.5 + shift, 0.5, "twice")
        ax.set_xticks([])
        return ax

    picture = drawings.drawn(wrong, LINE)
    assert drawings.texts_outside(picture) == ["far out"]
    assert drawings.texts_overlapping(picture) == [("twice", "twice")]


SOURCE = Markup('<a href="x">Us &amp; them</a>')


class TestCsv:
    def test_says_what_it_holds_and_pandas_reads_it(self):
        frame = pd.DataFrame(
            {"month": ["2025-06", "2025-07"], "note": ["a # b, c", "– é"], "usd_m": [1.5, np.nan]}
        )
        content = csv_bytes(
            frame, {"Title": "Cash, by month", "Unit": "US dollars", "Source": SOURCE, "Note": ""}
        )
        assert content.decode("utf-8-sig").splitlines()[:3] == [
            "# Title: Cash; by month", "# Unit: US dollars", "# Source: Us & them"
        ]  # fmt: skip
        pd.testing.assert_frame_equal(pd.read_csv(io.BytesIO(content), comment="#"), frame)

    def test_a_spreadsheet_on_windows_knows_the_letters(self):
        assert csv_bytes(LINE, {}).startswith(b"\xef\xbb\xbf")

    @pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+2", "@sum", "\tx", "\rx", '=HYPERLINK("a")'])
    def test_no_cell_becomes_a_formula(self, cell):
        content = csv_bytes(pd.DataFrame({cell: [cell]}), {"Title": f"{cell},{cell}"}).decode("utf-8-sig")
        first, *table = csv.reader(io.StringIO(content))
        assert table == [[f"'{cell}"]] * 2
        assert first[0].startswith("# Title: ") and len(first) == 1

    def test_a_line_break_in_a_title_stays_on_its_line(self):
        assert csv_bytes(LINE, {"Title": "a\n=1+1"}).decode("utf-8-sig").splitlines()[0] == "# Title: a =1+1"

    def test_numbers_stay_numbers(self):
        assert csv_bytes(pd.DataFrame({"a": [-1.5]}), {}).decode("utf-8-sig") == '"a"\n-1.5\n'

    def test_the_download_of_a_figure_is_its_data(self):
        frame = pd.read_csv(io.BytesIO(saved(shown())), comment="#")
        pd.testing.assert_frame_equal(frame, LINE, check_dtype=False)
        assert b"# Licence: CC BY 4.0" in saved(shown())


class TestPreview:
    def test_is_a_small_picture_of_the_size_that_cards_have(self):
        picture = preview(
            charts.FIGURES["fan"], charts.FRAMES["fan"], "Cash ends around March 2026, and " * 3
        )
        assert Image.open(io.BytesIO(picture)).size == (1200, 630)
        assert len(picture) <= 100_000
        assert picture == preview(
            charts.FIGURES["fan"], charts.FRAMES["fan"], "Cash ends around March 2026, and " * 3
        )

    def test_without_data_it_is_the_title(self):
        assert Image.open(
            io.BytesIO(preview(charts.FIGURES["fan"], charts.FRAMES["fan"].iloc[:0], "No data"))
        ).size


class TestCalendar:
    def test_positions_are_months_and_their_fractions(self):
        assert marks.position("2000-01") == 0 and marks.position("2026-03") == 314
        assert marks.position("2026-03-01") == 314 and marks.position("2026-04-16") == 315.5
        assert list(marks.positions(["2000-02", "2001-01"])) == [1, 12]

    @pytest.mark.parametrize(
        ("first", "last", "names"),
        [
            ("2025-06", "2030-05", ["2026", "2027", "2028", "2029", "2030"]),
            ("2025-06", "2025-12", ["Jun\n2025", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]),
            ("2025-06", "2026-12", ["Jul\n2025", "Oct", "Jan\n2026", "Apr", "Jul", "Oct"]),
            ("2025-06", "2025-06", ["Jun\n2025", "Jul"]),
        ],
    )
    def test_names_as_many_months_as_have_room(self, first, last, names):
        with theme.style():
            ax = theme.canvas(False, 300).subplots()
            marks.month_axis(ax, first, last)
        assert [label.get_text() for label in ax.get_xticklabels()] == names
        assert ax.get_xlim()[0] == marks.position(first)


class TestMarks:
    @pytest.fixture
    def ax(self):
        with theme.style():
            yield theme.canvas(False, 300).subplots()

    def test_a_fan_is_two_polygons_and_the_median(self, ax):
        marks.fan(ax, range(60), charts.FRAMES["fan"], theme.SPENDING, suffix="_usd_m")
        assert [band.get_alpha() for band in ax.findobj(PolyCollection)] == [theme.BAND_90, theme.BAND_50]
        assert list(ax.lines[0].get_ydata()) == list(charts.FRAMES["fan"]["p50_usd_m"])

    def test_a_fan_without_quartiles_is_one_polygon(self, ax):
        marks.fan(ax, [0, 1], pd.DataFrame({"p5": [0, 0], "p50": [1, 1], "p95": [2, 2]}), theme.SPENDING)
        assert len(ax.findobj(PolyCollection)) == 1

    def test_what_happened_is_a_black_diamond_with_its_label(self, ax):
        marks.happened(ax, [1, 2], [3, 4], ["$10bn", "$20bn"], ["left", "below"])
        assert ax.lines[0].get_marker() == "D" and ax.lines[0].get_color() == theme.HAPPENED == theme.INK
        assert [text.get_text() for text in ax.texts] == ["$10bn", "$20bn"]

    def test_names_at_line_ends_stand_at_their_heights_on_a_log_axis(self, ax):
        ax.set_yscale("log")
        ax.set_ylim(1, 100)
        marks.names_at_ends(ax, 1, [1, 10, 100], "abc", [theme.SPENDING] * 3)
        assert [text.xy[1] for text in ax.texts] == pytest.approx([0, 0.5, 1])

    def test_axes_are_written_by_the_one_rounding(self, ax):
        marks.money_axis(ax)
        written = ax.yaxis.get_major_formatter()
        assert [written(value) for value in (0, 500, 1500, -2000)] == ["0", "$500m", "$1.5bn", "−$2bn"]
        marks.percent_axis(ax)
        assert ax.yaxis.get_major_formatter()(0.125) == "12.5%"

    @pytest.mark.parametrize(
        ("low", "high", "ticks"), [(1, 1000, [1, 10, 100, 1000]), (2, 60, [2, 5, 10, 20, 50])]
    )
    def test_decades(self, ax, low, high, ticks):
        ax.set_yscale("log")
        ax.set_ylim(low, high)
        marks.decades(ax)
        assert list(ax.get_yticks()) == pytest.approx(ticks)

    @given(st.lists(st.floats(0, 1), max_size=8))
    def test_names_moved_apart_keep_order_distance_and_place(self, places):
        moved = marks.apart(places, 0.1, 0, 1)
        order = np.argsort(places, kind="stable")
        assert all(np.diff(np.array(moved)[order]) >= 0.1 - 1e-9)
        assert all(-1e-9 <= value <= 1 + 1e-9 for value in moved)

    def test_names_that_do_not_touch_stay(self):
        assert marks.apart([0.9, 0.1, 0.5], 0.1, 0, 1) == [0.9, 0.1, 0.5]


def test_the_drawing_takes_what_its_labels_leave():
    picture = drawings.drawn(charts.rows, charts.FRAMES["rows"])
    ax = picture.axes[0]
    leftmost = min(text.get_window_extent().x0 for text in ax.texts)
    assert leftmost == pytest.approx(3, abs=0.5)  # the longest name begins at the edge, less the pad
    assert ax.bbox.x1 == pytest.approx(picture.bbox.width - 3, abs=20)


def test_a_template_of_the_shell_refuses_names_that_it_is_not_given():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError, match="alternative"):
        figure.template.render("svg.html.j2")
