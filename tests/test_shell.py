"""The shell of a page: policy, metadata, and in a real browser what a reader does with it, offline."""

import base64
import hashlib
import json
import re

import html5lib
import nbformat
import pytest

from analysis.build import export
from analysis.show import shell
from tests import sample_page
from tests.browser import cut_in_print, open_page, page_height_before_appendix, pdf_pages
from tests.test_figures import HOSTILE

PHONE = 390


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return sample_page.write(tmp_path_factory.mktemp("shell"))


@pytest.fixture(scope="module")
def text(path):
    return path.read_text(encoding="utf-8")


def meta_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page))


class TestPage:
    def test_is_valid_markup(self, text):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert not parser.errors

    def test_the_empty_shell_is_small(self):
        assert len(shell.render({"title": "t"}, "", []).encode()) <= 30_000

    def test_ids_are_unique_and_links_within_lead_somewhere(self, text):
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)

    def test_the_policy_names_each_script_by_its_hash(self, text):
        policy = re.search(r'content="(default-src [^"]+)"', text)[1]
        scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
        hashes = [
            f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
            for script in scripts
        ]
        assert len(scripts) == 2 and sample_page.OWN_SCRIPT in scripts
        assert policy.startswith("default-src 'none'; ")
        assert re.search("script-src ([^;]*);", policy)[1].split() == hashes

    def test_a_link_to_it_shows_something(self, text):
        meta = meta_of(text)
        assert meta["og:title"] == "Revenue gap · As reported" and meta["og:image"] == "page.png"
        assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
        assert meta["description"] == meta["og:description"] == sample_page.META["description"]
        assert meta["citation_title"] and meta["citation_author"] == "A. Author"
        assert meta["citation_publication_date"] == "2026/11/25"

    def test_search_engines_read_licence_and_citation(self, text):
        data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
        assert data["@type"] == "Report" and data["license"].startswith("https://creativecommons.org/")
        assert (
            data["creditText"] == sample_page.META["citation"] and data["temporalCoverage"] == "../2026-08-23"
        )
        assert data["hasPart"]["distribution"][0]["contentUrl"] == "results.json"

    def test_what_is_not_known_is_not_said(self):
        page = shell.render({"title": "t"}, "", [])
        assert set(meta_of(page)) == {
            "viewport",
            "og:type",
            "og:title",
            "og:locale",
            "citation_title",
            "citation_language",
        }
        assert set(json.loads(re.search(r"\+json\">(.*?)</script>", page)[1])) == {
            "@context", "@type", "name", "inLanguage", "license"
        }  # fmt: skip

    @pytest.mark.parametrize("given", HOSTILE, ids=lambda given: ascii(given[:16]))
    def test_any_text_stays_text(self, given):
        link = {"title": given, "href": given, "current": False, "type": given}
        lists = {
            "pages": [link],
            "scenarios": [link],
            "data": [link],
            "authors": [given],
            "keywords": [given],
        }
        names = (
            "title",
            "scenario_title",
            "description",
            "index_href",
            "comparison_href",
            "preview",
            "preview_alt",
        )
        names += ("url", "citation", "publisher", "date", "published", "version", "licence_url")
        page = shell.render(dict.fromkeys(names, given) | lists, "", [{"id": "a", "title": given}])
        plain = shell.render({"title": "t"}, "", [])
        assert page.count("<script") == plain.count("<script") and page.count("</style>") == 1
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(page)
        assert not parser.errors


def notebook() -> nbformat.NotebookNode:
    """A notebook whose third cell shows the head."""
    cells = [
        nbformat.v4.new_code_cell(source)
        for source in ("scenario = 1", "# Parameters\nscenario = 2", "page.head()")
    ]
    cells += [
        nbformat.v4.new_markdown_cell("# A note"),
        nbformat.v4.new_code_cell("page.section()\nplt.show()"),
    ]
    style = nbformat.v4.new_output(
        "display_data", {"text/html": "<style>x</style>"}, metadata={"burn_style": True}
    )
    said = {"burn_head": {"description": "Says."}, "burn_heading": {"id": "summary", "title": "In short"}}
    head = nbformat.v4.new_output("display_data", {"text/html": '<h1 id="summary">T</h1>'}, metadata=said)
    cells[2].outputs = [style, head]
    frame = nbformat.v4.new_output(
        "display_data", {"text/html": '<details class="frame" data-notebook open>f</details>'}
    )
    png = nbformat.v4.new_output("display_data", {"image/png": "aGk=", "text/plain": "<Figure>"})
    svg = nbformat.v4.new_output(
        "display_data", {"image/svg+xml": "<svg><script>x</script></svg>", "text/plain": "F"}
    )
    widget = nbformat.v4.new_output("display_data", {"application/javascript": "alert(1)"})
    cells[4].outputs = [frame, png, svg, widget]
    cells.append(nbformat.v4.new_code_cell("sns.histplot()", metadata={"tags": ["explore"]}, outputs=[png]))
    return nbformat.v4.new_notebook(cells=cells, metadata={"burn_report": {"title": "T"}})


@pytest.fixture(scope="module")
def page():
    return export.to_html(notebook())


class TestNotebook:
    def test_the_head_comes_first_and_the_code_before_it_after(self, page):
        body = page[page.index("<main") :]
        order = ("<h1", "scenario", "Parameters", "page</span>", "A note", "section")
        places = [body.index(part) for part in order]
        assert places == sorted(places)
        assert "<style>x" not in page

    def test_metadata_and_contents_come_from_the_outputs(self, page):
        assert meta_of(page)["description"] == "Says." and '<a href="#summary">In short</a>' in page

    def test_frames_are_folded(self, page):
        assert '<details class="frame">' in page

    def test_an_analysts_own_charts_are_shown_as_pictures(self, page):
        images = re.findall(r'<img src="([^"]+)" alt="([^"]+)">', page)
        assert images[0][0] == "data:image/png;base64,aGk=" and "notebook" in images[0][1]
        assert images[1][0].startswith("data:image/svg+xml,%3Csvg") and len(images) == 3

    def test_what_is_explored_is_folded(self, page):
        folded = re.search(
            r'<details class="code"><summary>An analyst’s look</summary>(.*?)</details>', page, re.S
        )[1]
        assert "<img" in folded and page.count('<p class="own-chart">') == 3

    def test_what_would_need_a_script_is_left_out(self, page):
        assert "alert" not in page and page.count("<script>") == 1

    def test_a_notebook_without_a_head_stays_as_it_is(self):
        plain = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x")])
        assert shell.reading_order(plain) is plain


def test_the_style_for_jupyterlab_holds_the_rules_of_the_cells_alone():
    style = shell.lab_style()
    assert (
        style.startswith("<style>.burn.burn {") and "--spending:light-dark(" in style and "--serif:" in style
    )
    assert '[data-jp-theme-light="false"] .burn.burn' in style
    assert not re.search(r"@page|:root|\bbody \{|\.bar\b|\.panel\b", style)


@pytest.mark.browser
class TestBrowser:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [1280, 320])
    def test_accessible_fitting_and_asking_for_nothing(self, browser, path, width, scheme):
        with open_page(browser, path, width, scheme) as opened:
            assert opened.requests == [] and opened.errors == []
            assert opened.overflow_px() <= 0
            opened.page.get_by_text("[E38]").first.click()
            opened.page.evaluate(
                "document.querySelectorAll('details').forEach((box) => { box.open = true; })"
            )
            assert opened.overflow_px() <= 0
            assert opened.axe() == []

    def test_runs_its_own_script_and_no_other(self, browser, path, tmp_path):
        foreign = path.read_text(encoding="utf-8").replace(
            "<h1>", '<script>document.title = "changed"</script><h1>'
        )
        (tmp_path / "page.html").write_text(foreign, encoding="utf-8")
        with open_page(browser, tmp_path / "page.html") as opened:
            assert opened.evaluate("document.documentElement.dataset.own") == "ran"
            assert opened.page.title().startswith("Revenue gap")
            assert any("Content Security Policy" in error for error in opened.errors)

    def test_bar_and_contents_stay_in_sight(self, browser, path):
        with open_page(browser, path) as opened:
            opened.evaluate("scrollTo({top: 1500, behavior: 'instant'})")
            assert opened.page.get_by_role("link", name="Overview").bounding_box()["y"] < 50
            assert opened.page.get_by_role("link", name="Growth of others").bounding_box()["y"] < 300
            assert opened.page.get_by_role("link", name="Scenario comparison").is_visible()

    def test_on_a_phone_one_line_holds_every_menu(self, browser, path):
        for width in (PHONE, 320):
            with open_page(browser, path, width) as opened:
                assert opened.page.locator(".bar").bounding_box()["height"] < 50
                opened.page.locator(".contents summary").click()
                assert opened.page.get_by_role("button", name="Theme: auto").is_visible()
                opened.page.keyboard.press("Escape")
                assert not opened.page.get_by_role("button", name="Theme: auto").is_visible()
                assert opened.evaluate("document.activeElement.textContent") == "Contents"

    def test_another_scenario_opens_at_the_same_section(self, browser, path):
        with open_page(browser, path) as opened:
            opened.page.evaluate("document.getElementById('value').scrollIntoView({behavior: 'instant'})")
            opened.page.locator(".contents [aria-current]", has_text="What the price implies").wait_for()
            opened.page.locator(".scenarios summary").click()
            opened.page.get_by_role("link", name="Critics").click()
            assert opened.page.url.endswith("critics.html#value")

    def test_the_theme_is_switched_and_remembered(self, browser, path):
        ground = "getComputedStyle(document.body).backgroundColor"
        with open_page(browser, path) as opened:
            before = opened.evaluate(ground)
            for _ in range(2):
                opened.page.get_by_role("button", name="Theme").click()
            assert opened.evaluate(ground) != before
            opened.page.reload()
            opened.page.get_by_role("button", name="Theme: dark").wait_for(timeout=5000)

    def test_the_code_opens_in_place_and_goes_again(self, browser, path):
        with open_page(browser, path) as opened:
            code, heading = opened.page.locator("details.code, details.frame"), opened.page.locator("#value")
            assert [code.nth(place).is_visible() for place in range(code.count())] == [False] * 3
            heading.evaluate("heading => heading.scrollIntoView({behavior: 'instant'})")
            before = heading.bounding_box()["y"]
            opened.page.get_by_role("button", name="Show the code").click()
            assert opened.page.get_by_text("A note for analysts.").is_visible()
            assert opened.page.get_by_text("page.head()").is_visible()
            assert abs(heading.bounding_box()["y"] - before) < 3
            opened.page.get_by_role("button", name="Hide the code").click()
            assert not opened.page.get_by_text("page.head()").is_visible()

    def test_the_skip_link_comes_first(self, browser, path):
        with open_page(browser, path) as opened:
            opened.page.keyboard.press("Tab")
            assert opened.evaluate("document.activeElement.className") == "skip"
            opened.page.keyboard.press("Enter")
            assert opened.evaluate("location.hash") == "#main"

    @pytest.mark.parametrize("width", [1280, 320])
    def test_no_focus_is_hidden(self, browser, path, width):
        with open_page(browser, path, width) as opened:
            for _ in range(25):
                opened.page.keyboard.press("Tab")
                style = opened.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert style == "solid", opened.evaluate("document.activeElement.outerHTML.slice(0, 80)")

    def test_reduced_motion_is_respected(self, browser, path):
        with open_page(browser, path) as opened:
            behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
            assert opened.evaluate(behaviour) == "smooth"
            opened.page.emulate_media(reduced_motion="reduce")
            assert opened.evaluate(behaviour) == "auto"

    def test_on_a_phone_number_and_source_come_first_and_nothing_is_clipped(self, browser, path):
        with open_page(browser, path, 320) as opened:
            row = opened.page.locator("table.rows tbody tr").first
            heights = [
                row.locator(part).bounding_box()["y"] for part in ("th", ".num", ".source", "td >> nth=0")
            ]
            assert heights == sorted(heights)
            assert row.evaluate("row => row.scrollWidth <= row.parentNode.parentNode.parentNode.clientWidth")
            assert row.get_attribute("role") == "row"

    def test_on_a_phone_the_drawing_made_for_it_is_seen(self, browser, path):
        for width, seen in ((1280, "wide"), (PHONE, "narrow")):
            with open_page(browser, path, width) as opened:
                plots = opened.page.locator("#figure-fan .plot")
                visible = [
                    plots.nth(place).get_attribute("class")
                    for place in range(2)
                    if plots.nth(place).is_visible()
                ]
                assert visible == [f"plot {seen}"]


@pytest.mark.browser
class TestSources:
    @pytest.mark.parametrize("width", [1280, PHONE])
    def test_a_marker_opens_its_row_beside_the_text(self, browser, path, width):
        with open_page(browser, path, width) as opened:
            marker, panel = (
                opened.page.get_by_text("[E38]").nth(3),
                opened.page.get_by_role("dialog", name="E38"),
            )
            marker.scroll_into_view_if_needed()
            opened.page.evaluate(
                "document.getElementById('E38').append(' And a long note on how it was counted.'.repeat(20))"
            )
            before = opened.evaluate("scrollY")
            marker.click()
            assert "$7.8bn" in panel.inner_text() and "grade A" in panel.inner_text()
            assert panel.get_by_role("link", name="Daily").get_attribute("href") == "https://example.org/E38"
            assert opened.evaluate("scrollY") == before and opened.evaluate("location.hash") == ""
            box = panel.bounding_box()
            assert box["y"] >= 44 and box["y"] + box["height"] <= opened.page.viewport_size["height"] + 1
            if width == 1280:
                assert panel.bounding_box()["x"] >= opened.page.locator(".summary li").first.evaluate(
                    "item => { const words = document.createRange(); words.selectNodeContents(item);"
                    " return words.getBoundingClientRect().right; }"
                )

    @pytest.mark.parametrize("leave", ["Escape", "Close", "outside"])
    def test_it_closes_and_the_focus_returns(self, browser, path, leave):
        with open_page(browser, path) as opened:
            opened.page.get_by_text("[E38]").nth(3).press("Enter")
            panel = opened.page.get_by_role("dialog")
            assert opened.evaluate("document.activeElement.id") == "panel"
            if leave == "Escape":
                opened.page.keyboard.press("Escape")
            elif leave == "Close":
                panel.get_by_role("button", name="Close").click()
            else:
                opened.page.locator("h1").click()
            assert not panel.is_visible()
            focused = opened.evaluate(
                "[...document.querySelectorAll('.marker')].indexOf(document.activeElement)"
            )
            assert focused == (6 if leave != "outside" else -1)

    def test_the_way_into_the_appendix_and_back_to_the_very_marker(self, browser, path):
        with open_page(browser, path) as opened:
            marker = opened.page.get_by_text("[E38]").last
            marker.click()
            opened.page.get_by_role("link", name="Open it in the appendix").click()
            row = opened.page.locator("#E38")
            assert row.is_visible() and not opened.page.get_by_role("dialog").is_visible()
            row.get_by_role("link", name="back").click()
            assert marker.evaluate("link => link === document.activeElement")
            assert marker.is_visible()

    def test_a_link_into_the_folded_appendix_opens_it(self, browser, path):
        with open_page(browser, path) as opened:
            opened.page.goto(path.as_uri() + "#E50")
            assert opened.page.locator("#E50").is_visible()

    def test_without_script_a_marker_leads_to_its_row_and_back(self, browser, path):
        with open_page(browser, path, script=False) as opened:
            marker = opened.page.get_by_text("[E38]").first
            assert marker.get_attribute("href") == "#E38" and marker.get_attribute("id") == "use-E38"
            assert not opened.page.get_by_role("button").count()
            opened.page.locator("details.appendix > summary").click()
            opened.page.locator("#E38 .back").click()
            assert opened.page.url.endswith("#use-E38")


@pytest.mark.browser
class TestPaper:
    def test_what_matters_is_printed_and_nothing_is_cut_in_two(self, browser, path):
        with open_page(browser, path) as opened:
            pages = pdf_pages(opened.page)
            assert cut_in_print(opened.page) == []
        printed = "\n".join(pages)
        assert len(pages) <= 4
        assert "Finding heat" in printed and "Published figures" in printed and "burn-report build" in printed
        for left_out in ("E50", "Data of figure", "Theme", "Contents", "page.head()"):
            assert left_out not in printed

    def test_height_before_the_appendix_is_measured(self, browser, path):
        with open_page(browser, path) as opened:
            top = opened.page.locator("details.appendix").bounding_box()["y"]
            assert page_height_before_appendix(opened.page) == round(top)
