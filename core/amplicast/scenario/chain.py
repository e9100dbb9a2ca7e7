"""A file and everything it is based on, read one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from amplicast.errors import AmplicastError
from amplicast.scenario.document import Document
from amplicast.scenario.keys import children, read_keys
from amplicast.scenario.structure import check_structure, missing_key, near
from amplicast.scenario.text import decode, read_text

__all__ = ["BUILTIN", "read_chain"]

BUILTIN = "builtin:"
"""Stands before the id of a scenario that a plugin ships."""


def read_chain(source: str | Path, builtin: Callable[[str], Path]) -> list[Document]:
    """Read a scenario file, then the one it is based on, and so on.

    Parameters
    ----------
    source : str or Path
        A path, or ``builtin:ID``.
    builtin : callable
        Id -> path of the file.

    Returns
    -------
    list of Document
        The file itself first. Each holds the part of its tree that has the right structure, and
        its problems; a base that cannot be found is a problem of the file that names it.
    """
    documents: list[Document] = []
    seen: list[Path] = []
    folder = Path()
    wanted = str(source)
    while wanted:
        asker = documents[-1] if documents else None
        path = _find(wanted, folder, builtin, asker, documents)
        if path is None:
            break
        resolved = path.resolve()
        if asker is not None and resolved in seen:
            _cycle(asker, [document.name for document in documents], wanted)
            break
        seen.append(resolved)
        folder = path.parent
        document = Document(wanted if wanted.startswith(BUILTIN) else path.name)
        documents.append(document)
        wanted = _read(document, path)
    return documents


def _find(
    wanted: str,
    folder: Path,
    builtin: Callable[[str], Path],
    asker: Document | None,
    documents: list[Document],
) -> Path | None:
    """Path of a readable file; None, with the problem told, where there is none."""
    if wanted.startswith(BUILTIN):
        try:
            path = builtin(wanted.removeprefix(BUILTIN))
        except (AmplicastError, LookupError) as error:
            told = error.problems[0].fix if isinstance(error, AmplicastError) else ""
            what = f"there is no built-in scenario called {wanted!r}"
            _missing(asker, documents, wanted, what, told or f'"{BUILTIN}baseline"')
            return None
    else:
        path = folder / wanted
    if path.is_file():
        return path
    if path.is_dir():
        what, fix = f"{wanted!r} is a folder, not a file", "name the .toml file inside it"
    elif path.exists():
        what, fix = f"{wanted!r} is not a plain file", "name a .toml file"
    else:
        what = f"there is no file called {wanted!r}"
        beside = path.parent.glob("*.toml") if path.parent.is_dir() else ()
        guess = near(path.stem, [file.stem for file in beside])
        fix = (
            f"did you mean '{guess}.toml'?" if guess else "amplicast scenario new NAME  writes one"
        )
    _missing(asker, documents, wanted, what, fix)
    return None


def _missing(
    asker: Document | None, documents: list[Document], wanted: str, what: str, fix: str
) -> None:
    if asker is None:
        asker = Document(wanted)
        documents.append(asker)
        asker.fault("AMP-S100", 0, what, why="A scenario is one TOML file.", fix=fix)
        return
    asker.fault(
        "AMP-S170",
        "based_on",
        what,
        why="Paths are relative to the folder of the file that names them.",
        fix=f"based_on = {fix}" if fix.startswith('"') else fix,
    )


def _cycle(asker: Document, names: list[str], wanted: str) -> None:
    asker.fault(
        "AMP-S171",
        "based_on",
        "the files are based on each other in a circle",
        why=" -> ".join([*names, wanted]),
        fix=f'based_on = "{BUILTIN}baseline"',
    )


def _read(document: Document, path: Path) -> str:
    """Fill one document; return what it is based on, empty for nothing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        document.fault(
            "AMP-S100",
            0,
            f"the file cannot be read: {error.strerror or error}",
            why="A scenario is one TOML file that this user may read.",
            fix=f"check the permissions of {path.name}",
        )
        return ""
    text = decode(data, document)
    if text is None:
        return ""
    read_text(text, document)
    stated = dict(document.tree)
    if not stated:
        return ""
    document.tree = check_structure(document)
    for key in children("").values():
        if key.required == "always" and key.name not in stated:
            missing_key(document, key, path="")
    if "based_on" not in stated:
        _require_all(document, stated)
    return str(document.tree.get("based_on", ""))


def _require_all(document: Document, stated: dict[str, object]) -> None:
    """Report what a file that inherits nothing must say itself."""
    lacking = [
        key
        for key in read_keys().values()
        if key.required == "alone" and "." not in key.path and key.name not in stated
    ]
    if lacking:
        document.fault(
            "AMP-S115",
            0,
            "nothing is inherited, and these are missing: "
            + ", ".join(key.name for key in lacking),
            why="A file without based_on must say everything itself.",
            fix=f'add  based_on = "{BUILTIN}baseline"',
        )
    for table in ("plugins", "techniques"):
        inner = stated.get(table)
        if not isinstance(inner, dict):
            continue
        for key in children(table).values():
            if key.required == "alone" and key.name not in inner:
                missing_key(document, key, path=table)
