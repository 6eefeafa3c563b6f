"""The look: contrasts as computed, one meaning for a colour, nothing that a matplotlibrc can change."""

import itertools
import os
import pathlib
import subprocess
import sys

import matplotlib as mpl
import pytest
import seaborn as sns
from matplotlib import pyplot
from matplotlib.figure import Figure

from analysis.inputs.place import ROOT
from analysis.show import figure, shell, theme
from tests import charts

TONES = shell.PALETTE
TEXTS = ("ink", "muted", "spending", "revenue-text", "needed")
MARKS = [name for name in TONES if name not in ("paper", "muted")]
SCHEMES = (0, 1)  # light, dark
# drawn side by side: spending and revenue, what is needed and what is earned, parts of one whole
NEIGHBOURS = [("spending", "revenue"), ("needed", "revenue")]
NEIGHBOURS += [
    pair
    for role in ("spending", "revenue")
    for pair in itertools.pairwise([role] + [f"{role}-{number}" for number in (2, 3, 4)])
]


def luminance(color: str) -> float:
    """Relative luminance as in WCAG 2."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
class TestContrast:
    @pytest.mark.parametrize("name", TEXTS)
    def test_words_on_paper_and_on_tint(self, scheme, name):
        for ground in (TONES["paper"], shell.GROUND["tint"]):
            assert contrast(TONES[name][scheme], ground[scheme]) >= 4.5

    @pytest.mark.parametrize("name", MARKS)
    def test_marks_on_paper(self, scheme, name):
        assert contrast(TONES[name][scheme], TONES["paper"][scheme]) >= 3

    @pytest.mark.parametrize(("one", "other"), NEIGHBOURS)
    def test_neighbours(self, scheme, one, other):
        assert contrast(TONES[one][scheme], TONES[other][scheme]) >= 3


def test_words_are_written_in_a_tone_that_can_be_read():
    tone_of = {light: (light, dark) for light, dark in TONES.values()}
    for name, (light, _) in TONES.items():
        written = tone_of[theme.text_color(light)]
        for scheme in SCHEMES:
            assert name == "paper" or contrast(written[scheme], TONES["paper"][scheme]) >= 4.5


def test_colours_are_one_each():
    lights = [light.lower() for light, _ in TONES.values()]
    assert len(set(lights)) == len(lights)


def test_the_first_tone_of_a_role_is_its_own():
    assert {role: tones[0] for role, tones in theme.TONES.items()} == {
        color: color for color in (theme.SPENDING, theme.REVENUE)
    }


def drawing() -> str:
    return str(figure.drawing(charts.fan, charts.FRAMES["fan"], False, 300, "fan", "A fan"))


class TestUsersStyle:
    @pytest.fixture(autouse=True)
    def own(self):
        with mpl.rc_context():
            yield

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda: pyplot.style.use("dark_background"),
            lambda: sns.set_theme(context="poster", style="dark", font="serif", palette="bright"),
            lambda: mpl.rcParams.update(
                {"font.weight": "bold", "axes.unicode_minus": False, "lines.linewidth": 9}
            ),
            lambda: mpl.rcParams.update(
                {"text.usetex": True, "svg.fonttype": "path", "axes.formatter.use_locale": True}
            ),
        ],
        ids=["a style", "seaborn", "parameters", "usetex"],
    )
    def test_changes_no_drawing(self, spoil):
        before = drawing()
        spoil()
        assert drawing() == before

    def test_is_put_back(self):
        mpl.rcParams.update({"font.weight": "bold", "svg.fonttype": "path"})
        drawing()
        assert mpl.rcParams["font.weight"] == "bold" and mpl.rcParams["svg.fonttype"] == "path"

    def test_of_the_session_can_be_the_reports(self):
        pyplot.style.use("dark_background")
        theme.use()
        assert mpl.rcParams["figure.facecolor"] == theme.PAPER and not mpl.rcParams["text.usetex"]

    def test_of_the_session_writes_powers_of_ten_as_such(self):
        with mpl.rc_context():
            theme.use()
            axes = Figure().subplots()
            axes.set_xscale("log")
            assert all(label.get_parse_math() for label in axes.get_xticklabels())


@pytest.mark.parametrize(
    "content", ["font.weight: bold\naxes.grid: False", "text.usetex: True"], ids=["bold", "usetex"]
)
def test_a_matplotlibrc_changes_no_drawing(tmp_path, content):
    (tmp_path / "matplotlibrc").write_text(content, encoding="utf-8")
    code = "from tests.test_theme import drawing; import sys; sys.stdout.write(drawing())"
    environment = os.environ | {"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.stdout == drawing(), done.stderr[-500:]


class TestChart:
    def test_draws_on_axes_of_its_own(self):
        ax = charts.fan(charts.FRAMES["fan"])
        assert ax.figure.get_figwidth() * 96 == theme.WIDE_PX
        pyplot.close(ax.figure)

    @pytest.mark.parametrize("name", charts.FRAMES)
    @pytest.mark.parametrize("narrow", [False, True])
    def test_draws_on_any_axes(self, name, narrow):
        plain = Figure()
        ax = plain.subplots()
        assert charts.FIGURES[name].draw(charts.FRAMES[name], ax=ax, narrow=narrow).figure is plain

    def test_draws_in_the_reports_style_on_an_analysts_axes_too(self):
        with mpl.rc_context({"lines.linewidth": 9.0, "text.parse_math": True, "font.size": 30.0}):
            ax = charts.fan(charts.FRAMES["fan"], ax=Figure().subplots())
            assert mpl.rcParams["lines.linewidth"] == 9
        assert ax.lines[0].get_linewidth() == 2
        assert not any(text.get_parse_math() or text.get_fontsize() > 10 for text in ax.texts)

    @pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
    def test_an_analyst_can_save_it(self, tmp_path, ending):
        ax = charts.rows(charts.FRAMES["rows"])
        ax.figure.savefig(path := pathlib.Path(tmp_path / f"chart.{ending}"))
        pyplot.close(ax.figure)
        assert path.stat().st_size > 3000
