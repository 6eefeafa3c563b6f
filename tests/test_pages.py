"""The committed pages in a real browser, as readers use them: from disk, offline, at three widths, light and dark."""

import base64
import gzip
import hashlib
import itertools
import pathlib
import re

import html5lib
import pytest

from analysis import inputs
from analysis.report import site
from tests.browser import open_page

REPORTS = inputs.ROOT / "reports"
PAGES = sorted(path.relative_to(REPORTS).as_posix() for path in REPORTS.glob("**/*.html"))
AS_REPORTED = [f"as_reported/{name}.html" for name in ("cost_breakdown", "revenue_gap", "strategic_options")]
WIDTHS = (1280, 768, 320)


def text_of(page: str) -> str:
    return (REPORTS / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES)
class TestFile:
    def test_size(self, page):
        raw = (REPORTS / page).read_bytes()
        assert len(raw) <= 1_000_000
        assert len(gzip.compress(raw)) <= 300_000

    def test_markup_is_valid(self, page):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text_of(page))
        assert not parser.errors, parser.errors[:3]

    def test_ids_are_unique_and_links_within_the_page_lead_somewhere(self, page):
        text = text_of(page)
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)

    def test_links_to_neighbours_lead_to_pages_that_are_there(self, page):
        for href in re.findall(r'<a [^>]*href="([^"#:]+\.html)', text_of(page)):
            assert ((REPORTS / page).parent / href).resolve().is_file(), href

    def test_policy_is_strict_and_names_the_script_by_its_hash(self, page):
        text = text_of(page)
        policy = re.search(r'content="(default-src [^"]+)"', text)[1]
        assert policy.startswith("default-src 'none'") and 'http-equiv="Content-Security-Policy"' in text
        scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
        hashes = {base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts}
        assert hashes == set(re.findall(r"'sha256-([^']+)'", policy))
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]

    def test_one_title_and_no_jump_in_headings(self, page):
        levels = [int(level) for level in re.findall(r"<h([1-6])\b", text_of(page))]
        assert levels.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in itertools.pairwise(levels))

    def test_every_drawing_has_a_text_alternative(self, page):
        for tag in re.findall(r"<svg\b[^>]*>", text_of(page)):
            assert 'role="img"' in tag and re.search(r'aria-label="[^"]{30,}"', tag), tag[:120]


def test_shell_is_small():
    empty = site.shell({"title": "t"}, "", [])
    assert len(empty.encode()) <= 30_000


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_page_is_accessible_fits_and_asks_for_nothing(browser, page, scheme, width):
    with open_page(browser, REPORTS / page, width, scheme) as opened:
        assert opened.requests == []
        assert opened.errors == []
        assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        assert [violation["id"] for violation in opened.axe()] == []


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_readable_within_a_second(browser, page):
    with open_page(browser, REPORTS / page) as opened:
        times = []
        for _ in range(4):  # the best of several: the page's own time, not that of a machine busy with other tests
            times.append(opened.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
            opened.page.reload()
        assert min(times) < 1000


@pytest.mark.browser
class TestUse:
    @pytest.mark.parametrize("page", AS_REPORTED)
    def test_contents_lead_to_their_sections(self, browser, page):
        with open_page(browser, REPORTS / page) as opened:
            links = opened.page.locator("nav.contents a")
            for position in range(links.count()):
                target = links.nth(position).get_attribute("href")
                links.nth(position).click()
                assert opened.evaluate("location.hash") == target
                top = opened.evaluate(f"document.querySelector('{target}').getBoundingClientRect().top")
                bottom = opened.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
                assert -5 <= top < 300 or bottom < 5

    @pytest.mark.parametrize("page", AS_REPORTED)
    def test_a_marker_leads_to_its_source_and_back(self, browser, page):
        with open_page(browser, REPORTS / page) as opened:
            marker = opened.page.locator(".summary a.ref").first
            row = marker.get_attribute("href")
            marker.click()
            assert opened.evaluate("location.hash") == row
            opened.page.locator(f"{row} th a").click()
            assert opened.evaluate("location.hash").startswith("#back-")

    def test_the_code_is_one_click_away(self, browser):
        with open_page(browser, REPORTS / AS_REPORTED[0]) as opened:
            code = opened.page.locator("details.code pre").first
            assert not code.is_visible()
            opened.page.get_by_role("button", name="Show the code").click()
            assert code.is_visible()
            assert opened.errors == []

    def test_the_theme_is_switched_and_remembered(self, browser):
        with open_page(browser, REPORTS / "index.html") as opened:
            background = (
                "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor"
            )
            before = opened.evaluate(background)
            for _ in range(2):
                opened.page.get_by_role("button", name="Theme").click()
            assert opened.evaluate(background) != before
            opened.page.reload()
            assert opened.evaluate("document.documentElement.dataset.theme") == "dark"

    def test_neighbours_are_reached_by_links(self, browser):
        with open_page(browser, REPORTS / AS_REPORTED[0]) as opened:
            opened.page.locator("nav.scenarios summary").click()
            opened.page.locator("nav.scenarios a", has_text="Critics").click()
            assert opened.page.url.endswith("critics/cost_breakdown.html")
            opened.page.get_by_role("link", name="Overview").click()
            assert opened.page.url.endswith("reports/index.html")

    @pytest.mark.parametrize("page", AS_REPORTED)
    def test_data_of_a_figure_can_be_opened_and_downloaded(self, browser, page, tmp_path):
        with open_page(browser, REPORTS / page) as opened:
            figure = opened.page.locator("figure.chart").first
            figure.locator("summary").click()
            assert figure.locator("table").is_visible()
            with opened.page.expect_download() as download:
                figure.locator("a[download]").click()
            saved = pathlib.Path(download.value.path()).read_text(encoding="utf-8")
            rows = figure.locator("tbody tr").count()
            assert len(saved.strip().splitlines()) == rows + 1

    def test_tab_reaches_the_content_first_through_the_skip_link(self, browser):
        with open_page(browser, REPORTS / AS_REPORTED[1]) as opened:
            opened.page.keyboard.press("Tab")
            assert opened.evaluate("document.activeElement.className") == "skip"
            opened.page.keyboard.press("Enter")
            assert opened.evaluate("location.hash") == "#main"


@pytest.mark.browser
@pytest.mark.parametrize("page", AS_REPORTED)
def test_no_figure_is_cut_in_two_on_paper(browser, page):
    with open_page(browser, REPORTS / page, width=680) as opened:  # the width that A4 leaves between its margins
        opened.page.emulate_media(media="print")
        heights = opened.evaluate(
            "[...document.querySelectorAll('figcaption, .plot')].map(e => e.getBoundingClientRect().height)"
        )
        rules = opened.evaluate(
            "[...document.querySelectorAll('figcaption, .plot, table tr')].every(e => getComputedStyle(e).breakInside === 'avoid')"
        )
        assert rules
        assert max(heights) < 247 * 96 / 25.4  # A4 less margins: what must not break fits on one page
        assert len(opened.page.pdf(format="A4")) > 10_000
