"""A browser for tests: the Chromium on the machine, with no way out; and what tests ask of a page."""

import contextlib
import io
import pathlib
import shutil

import pypdf
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
MISSING = (
    "no Chromium on this machine: the browser tests are left out (install the package `chromium` to run them)"
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
A4 = {"format": "A4", "prefer_css_page_size": True}


class Opened:
    """A page that is open, with what it asked for and complained about."""

    def __init__(self, page, url: str) -> None:
        self.page, self.requests, self.errors = page, [], []
        page.on("request", lambda request: self._seen(request.url, url))
        page.on(
            "console", lambda message: self.errors.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(url)

    def _seen(self, asked: str, own: str) -> None:
        if not asked.startswith(("data:", "blob:")) and asked.split("#")[0] != own:
            self.requests.append(asked)

    def evaluate(self, script: str):
        """Return what a script in the page gives."""
        return self.page.evaluate(script)

    def axe(self) -> list[dict]:
        """Return the violations that axe-core finds."""
        from axe_playwright_python.sync_playwright import Axe

        return Axe().run(self.page).response["violations"]

    def overflow_px(self) -> int:
        """Return by how much the page is wider than its window."""
        return self.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.fixture(scope="session")
def browser():
    """A Chromium for the whole session; without one on the machine the test is skipped and says why."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@contextlib.contextmanager
def open_page(browser, path: pathlib.Path, width: int = 1280, scheme: str = "light", script: bool = True):
    """Open a file in a fresh context, offline; `script`: whether the page may run its own."""
    size = {"width": width, "height": 844 if width < 760 else 900}
    context = browser.new_context(
        viewport=size, color_scheme=scheme, offline=True, java_script_enabled=script
    )
    try:
        yield Opened(context.new_page(), path.resolve().as_uri())
    finally:
        context.close()


def page_height_before_appendix(page) -> int:
    """Return how far down the appendix begins, in px; without one, how tall the page is."""
    return round(page.evaluate(
        "(document.querySelector('details.appendix')?.getBoundingClientRect().top"
        " ?? document.body.scrollHeight) + scrollY"
    ))  # fmt: skip


def pdf_pages(page) -> list[str]:
    """Return the text of each A4 page of a print."""
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(page.pdf(**A4))).pages]


def cut_in_print(page) -> list[str]:
    """Return figures and rows that no A4 page holds whole, and headings parted from what follows."""
    page.set_viewport_size({"width": 665, "height": 1000})  # what A4 leaves between its margins
    page.emulate_media(media="print")
    found = page.evaluate("""() => {
      const shown = (part) => part.getBoundingClientRect().height > 0;
      const name = (part) => part.id || part.textContent.trim().slice(0, 40);
      const whole = [...document.querySelectorAll("main :is(figure, tr)")].filter(shown);
      const heads = [...document.querySelectorAll("main :is(h1, h2, h3, caption)")].filter(shown);
      return [
        ...whole.filter((part) => getComputedStyle(part).breakInside !== "avoid"),
        ...whole.filter((part) => part.getBoundingClientRect().height > 990),
        ...heads.filter((part) => getComputedStyle(part).breakAfter !== "avoid"),
      ].map(name);
    }""")
    page.emulate_media(media="null")
    return found
