"""Files that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

__all__ = ["write_whole"]


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write every file under a temporary name, then rename all of them.

    Where one of them cannot be written, none is, and nothing is left behind; what was there before
    stays as it was. Should a rename fail after others, those others are new and whole.

    Parameters
    ----------
    files : Mapping[Path, bytes]
        By where they are to be; their folders exist.
    """
    parts = {path: path.with_name(f".{path.name}.{token_hex(4)}") for path in files}
    try:
        for path, part in parts.items():
            part.write_bytes(files[path])
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
