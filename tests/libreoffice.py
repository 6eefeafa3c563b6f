"""A workbook computed anew by LibreOffice, as an investor's spreadsheet does it."""

import io
import pathlib
import shutil
import subprocess

import openpyxl

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
XLSX = "xlsx:Calc MS Excel 2007 XML"


def recalculated(books: dict[str, bytes], folder: pathlib.Path) -> dict[str, openpyxl.Workbook]:
    """Return name -> workbook with every formula computed. `folder`: an empty one; LibreOffice keeps its profile there."""
    given = [folder / f"{number}.xlsx" for number in range(len(books))]
    for path, content in zip(given, books.values(), strict=True):
        path.write_bytes(content)
    command = [
        PROGRAM, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
        "--convert-to", XLSX, "--outdir", str(folder / "made"), *map(str, given),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    made = [(folder / "made" / path.name).read_bytes() for path in given]
    return {
        name: openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        for name, content in zip(books, made, strict=True)
    }
