"""A browser for tests: the Chromium that is on the machine, with no way out of it."""

import contextlib
import pathlib
import shutil

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
MISSING = "no Chromium on this machine: the browser tests are left out (install the package `chromium` to run them)"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Opened:
    """A page that is open, with what it asked for and complained about."""

    def __init__(self, page, url: str) -> None:
        self.page, self.requests, self.errors = page, [], []
        page.on("request", lambda request: self._seen(request.url, url))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
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
def open_page(browser, path: pathlib.Path, width: int = 1280, scheme: str = "light"):
    """Open a file in a fresh context, offline."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)
    try:
        yield Opened(context.new_page(), path.resolve().as_uri())
    finally:
        context.close()
