"""A real JupyterLab for tests: on loopback, with folders of its own, driven in a browser."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

from urllib3 import PoolManager, Retry

from analysis.inputs.place import NOTEBOOKS

PATIENCE_MS = 90_000  # the machine may be busy; everything waits for an event
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}
OUTPUTS = ".jp-Notebook .jp-OutputArea-output"


class Lab:
    """A server that runs, and a browser's window that shows it; `folder` holds what it shows."""

    def __init__(self, folder: pathlib.Path, page) -> None:
        self.folder, self.page = folder, page

    @contextlib.contextmanager
    def open(self, notebook: str):
        """Open a copy of one of the project's notebooks and wait for its kernel; close both in the end."""
        shutil.copy(NOTEBOOKS / notebook, self.folder)
        panel = self.page.evaluate_handle(
            """async (path) => {
              const panel = await jupyterapp.commands.execute("docmanager:open", { path });
              await panel.context.ready; await panel.sessionContext.ready; await panel.revealed;
              return panel;
            }""",
            notebook,
        )
        try:
            yield Book(self.page)
        finally:
            panel.evaluate("""async (panel) => {
              await panel.sessionContext.shutdown();
              panel.context.model.dirty = false;
              panel.close();
            }""")


class Book:
    """A notebook that is open in the browser."""

    def __init__(self, page) -> None:
        self.page = page

    def run_all(self) -> None:
        """Do what the menu's Run All Cells does; return when the last cell is done or one has failed."""
        self.page.evaluate("() => jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")

    def change_first_cell(self, old: str, new: str) -> None:
        """Select all of the first code cell and type it anew with `new` in place of `old`."""
        editor = self.page.locator(".jp-CodeCell .cm-content").first
        content = "\n".join(editor.locator(".cm-line").all_text_contents())
        assert old in content
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(content.replace(old, new))

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

    def axe(self, *rules: str) -> list[str]:
        """Return the violations that axe-core finds (of these `rules`) in what the project shows in cells.

        An analyst's own chart (seaborn) is left out: JupyterLab shows it without an alternative text.
        """
        from axe_playwright_python.sync_playwright import Axe

        where = {"include": [[".jp-Cell-outputArea"]], "exclude": [[".jp-RenderedImage"]]}
        options = {"runOnly": list(rules)} if rules else None
        found = Axe().run(self.page, context=where, options=options).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]

    def scheme(self, scheme: str) -> None:
        """Choose the light or the dark theme, as the menu Settings does."""
        change = "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })"
        self.page.evaluate(change, f"JupyterLab {scheme.title()}")
        light = "true" if scheme == "light" else "false"
        self.page.wait_for_selector(f'body[data-jp-theme-light="{light}"]', state="attached")


@contextlib.contextmanager
def running(folder: pathlib.Path, browser):
    """Start JupyterLab with `folder`/books as its root and open it; configuration and home lie in `folder` too."""
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
            context = browser.new_context(
                viewport={"width": 1440, "height": 1000}, permissions=["clipboard-read", "clipboard-write"]
            )
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            # it says where it listens before it does
            PoolManager(retries=Retry(connect=15, backoff_factor=0.1)).request("HEAD", address)
            page.goto(f"{address}/lab?token={token}&reset")
            page.wait_for_function("() => globalThis.jupyterapp?.restored.then(() => true)")
            yield Lab(books, page)
            context.close()
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
