"""An environment of its own that borrows what is installed here, so that nothing is fetched.

What a page or a test installs lands in it, and is gone with its folder.
"""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

PROGRAMS = {"amplicast": "amplicast.cli", "pip": "pip", "pytest": "pytest"}
"""Program -> module that it runs."""


def make(folder: Path) -> Path:
    """Make an environment in `folder`, and give back the folder of its programs."""
    subprocess.run(  # noqa: S603 - this Python
        [sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True
    )
    programs = folder / "bin"
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    done = subprocess.run(  # noqa: S603 - the Python just made
        [programs / "python", "-c", asked], check=True, capture_output=True, encoding="utf-8"
    )
    here = sysconfig.get_path("purelib")
    # Reads the .pth files of the lender too: an editable install is one.
    lent = Path(done.stdout.strip()) / "borrowed.pth"
    lent.write_text(f"import site; site.addsitedir({here!r})\n", encoding="utf-8")
    for name, module in PROGRAMS.items():
        program = programs / name
        text = f'#!/bin/sh\nexec "{programs / "python"}" -m {module} "$@"\n'
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
    return programs
