"""The Word memo has two pages, as LibreOffice sets it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest
from tests.unit.test_memo import VIEW

from amplicast import Forecast, Registry
from amplicast.report import ForecastDocument
from amplicast.report.export import write_files
from amplicast.report.memo import Asked, memo_files

PROGRAMS = ("soffice", "pdfinfo", "pdffonts")
WIDE_AS_ARIAL = ("Arial", "LiberationSans")
"""Fonts of the same widths; others need other room."""


def told(*command: str | Path) -> str:
    """What a program prints."""
    return subprocess.run(
        [str(part) for part in command], check=True, capture_output=True, text=True, timeout=180
    ).stdout


@pytest.mark.skipif(not all(map(which, PROGRAMS)), reason="no LibreOffice or no Poppler")
def test_a_word_memo_has_two_pages(finished: Forecast, installed: Registry, tmp_path: Path) -> None:
    """With the font that it asks for, or one of the same widths."""
    asked = Asked(view=VIEW, audience="The committee")
    memo = memo_files(ForecastDocument(finished, installed), "docx", stem="m", asked=asked)
    write_files(memo, tmp_path / "memo.docx")
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    told("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path,
         tmp_path / "memo.docx")  # fmt: skip
    page = tmp_path / "memo.pdf"
    if not page.exists():
        pytest.skip("LibreOffice without Writer")
    if not any(font in told("pdffonts", page) for font in WIDE_AS_ARIAL):
        pytest.skip("no font as wide as Arial: install fonts-liberation")
    assert re.search(r"^Pages:\s+2$", told("pdfinfo", page), flags=re.MULTILINE)
