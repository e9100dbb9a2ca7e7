"""Files that are there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

__all__ = ["whole", "write_whole"]


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A temporary name beside `path` to write under, renamed at the end; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _part(path)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write every file under a temporary name, then rename all of them.

    Where one of them cannot be written, none is, and nothing is left behind; what was there before
    stays as it was. Should a rename fail after others, those others are new and whole.

    Parameters
    ----------
    files : Mapping[Path, bytes]
        By where they are to be; their folders exist.
    """
    parts = {path: _part(path) for path in files}
    try:
        for path, part in parts.items():
            part.write_bytes(files[path])
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _part(path: Path) -> Path:
    """A name of its own for every writer, whatever the process."""
    from secrets import token_hex

    return path.with_name(f".{path.name}.{token_hex(4)}")
