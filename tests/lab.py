"""A real JupyterLab for tests: on loopback, with folders of its own, driven in a browser."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from analysis.inputs.place import NOTEBOOKS

PATIENCE_MS = 180_000  # the machine may be busy; everything waits for an event
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}
OUTPUTS = ".jp-Notebook .jp-OutputArea-output"


class Lab:
    """A server that runs; `folder` holds what it shows."""

    def __init__(self, folder: pathlib.Path, address: str, token: str) -> None:
        self.folder, self.address, self.token = folder, address, token

    @contextlib.contextmanager
    def open(self, browser, notebook: str):
        """Open a copy of one of the project's notebooks and wait for its kernel."""
        shutil.copy(NOTEBOOKS / notebook, self.folder)
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        context.set_default_timeout(PATIENCE_MS)
        try:
            page = context.new_page()
            page.goto(f"{self.address}/lab/tree/{notebook}?token={self.token}&reset")
            page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
            page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.ready")
            yield Book(page)
            page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        finally:
            context.close()


class Book:
    """A notebook that is open in the browser."""

    def __init__(self, page) -> None:
        self.page = page

    def run_all(self) -> None:
        """Do what the menu's Run All Cells does; return when the last cell is done or one has failed."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")

    def type_first_cell(self, change) -> None:
        """Replace the content of the first code cell by `change(content)`, typed into its editor."""
        editor = self.page.locator(".jp-CodeCell .cm-content").first
        lines = editor.locator(".cm-line").all_text_contents()
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(change("\n".join(lines)))

    def text(self) -> str:
        """Return what the outputs say."""
        return "\n".join(self.page.locator(OUTPUTS).all_inner_texts())

    def errors(self) -> list[str]:
        """Return what stands in outputs of errors."""
        kinds = "[data-mime-type='application/vnd.jupyter.error'], [data-mime-type$='stderr']"
        return self.page.locator(kinds).all_inner_texts()

    def formulas(self) -> int:
        """Return how many texts are typeset as formulas."""
        return self.page.locator(f"{OUTPUTS} :is(mjx-container, .MathJax, .katex)").count()

    def drawings(self) -> list[int]:
        """Return for each figure how many drawings of it can be seen."""
        return self.page.evaluate(
            """(outputs) => [...document.querySelectorAll(outputs + " figure")].map((figure) =>
              [...figure.querySelectorAll("svg")].filter((svg) => svg.clientHeight > 0).length)""",
            OUTPUTS,
        )

    def blank(self) -> list[str]:
        """Return the drawings and pictures that are taller than a window and a half."""
        return self.page.evaluate(
            """(outputs) => [...document.querySelectorAll(outputs + " :is(svg, img, figure)")]
              .filter((part) => part.getBoundingClientRect().height > 1500)
              .map((part) => part.tagName + " " + Math.round(part.getBoundingClientRect().height))""",
            OUTPUTS,
        )

    def axe(self) -> list[str]:
        """Return the violations that axe-core finds in what the project shows in cells.

        An analyst's own chart (seaborn) is left out: JupyterLab shows it without an alternative text.
        """
        from axe_playwright_python.sync_playwright import Axe

        where = {"include": [[".jp-Cell-outputArea"]], "exclude": [[".jp-RenderedImage"]]}
        found = Axe().run(self.page, context=where).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]

    def scheme(self, scheme: str) -> None:
        """Choose the light or the dark theme, as the menu Settings does."""
        change = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
        self.page.evaluate(change, f"JupyterLab {scheme.title()}")
        light = "true" if scheme == "light" else "false"
        self.page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")


@contextlib.contextmanager
def running(folder: pathlib.Path):
    """Start JupyterLab with `folder`/books as its root; configuration and home lie in `folder` too."""
    books, token = folder / "books", "a-token-for-tests"
    books.mkdir(parents=True)
    names = (
        "HOME",
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "IPYTHONDIR",
        "JUPYTERLAB_SETTINGS_DIR",
    )
    places = {name: str(folder / name.lower()) for name in names}
    for name, content in SETTINGS.items():
        path = pathlib.Path(places["JUPYTERLAB_SETTINGS_DIR"], "@jupyterlab", f"{name}.jupyterlab-settings")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content))
    options = {
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": 0,
        "ServerApp.root_dir": books,
        "ServerApp.open_browser": False,
    }
    options |= {
        "IdentityProvider.token": token,
        "ServerApp.allow_root": True,
        "LabApp.expose_app_in_browser": True,
        "ExtensionApp.open_browser": False,
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())]
    environment = os.environ | places
    with subprocess.Popen(command, cwd=books, env=environment, stderr=subprocess.PIPE, text=True) as server:
        try:
            address = _address(server)
            drain = subprocess.Popen(["cat"], stdin=server.stderr, stdout=subprocess.DEVNULL)
            yield Lab(books, address, token)
        finally:
            server.terminate()
            server.wait()
            drain.wait()


def _address(server: subprocess.Popen) -> str:
    """Return where the server listens, which it says when it does."""
    said = []
    for line in server.stderr:
        said.append(line)
        if found := re.search(r"http://127\.0\.0\.1:[1-9]\d*", line):
            return found[0]
    raise AssertionError("JupyterLab did not start:\n" + "".join(said[-20:]))
