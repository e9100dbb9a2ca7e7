"""Where plugins come from: entry points of installed distributions, and files named by path.

Finding them reads names and versions from package metadata and imports nothing; `import_plugin`
then imports one, and says what is wrong where that fails.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import importlib.util
import re
import sys
import traceback
from collections.abc import Buffer, Iterable, Sequence
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from amplicast.errors import AmplicastError, PluginError, Problem

__all__ = ["GROUP", "Candidate", "Trust", "describe_error", "find_plugins", "import_plugin"]

GROUP = "amplicast"
"""Entry-point group that plugins are declared in."""

OURS = re.compile(r"amplicast(?:\[[^]]*\])?\s*(\(?[<>=!~][^;]*)", re.IGNORECASE)
"""What a distribution asks of amplicast, in a line of its metadata."""

Trust = Literal["built in", "installed", "file"]


class _Refused(PluginError):
    """Raised here, unlike a `PluginError` that a plugin's own code raises."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A plugin that was found and is not imported yet.

    Attributes
    ----------
    name : str
        Entry-point name, or the name of the file; what ``--block`` takes.
    distribution, version : str
        Who ships it; a file has no version, and its path stands for the distribution.
    trust : {"built in", "installed", "file"}
    target : str
        ``package.module`` or ``package.module:attribute``, or the absolute path of the file.
    needs : str
        Versions of amplicast that its distribution asks for, such as ``>=0.2``; empty for any.
    """

    name: str
    distribution: str
    version: str
    trust: Trust
    target: str
    needs: str = ""

    def __str__(self) -> str:
        origin = f"{self.distribution} {self.version}".strip()
        return f"plugin {self.name} ({origin})"

    @property
    def remedy(self) -> str:
        """How a user does without it."""
        if self.trust == "file":
            return f"leave out --plugin {self.target} (or --block {self.name})"
        return f"--block {self.name}"


def find_plugins(
    plugin_files: Sequence[Path] = (), entry_points: Iterable[EntryPoint] | None = None
) -> list[Candidate]:
    """Find every plugin without importing any; sorted, doubles of one name kept.

    Parameters
    ----------
    plugin_files : sequence of Path
        One-file plugins; a file that is named twice counts once.
    entry_points : iterable of EntryPoint, optional
        Instead of those of the installed distributions.
    """
    if entry_points is None:
        entry_points = importlib.metadata.entry_points(group=GROUP)
    found = {_from_file(path) for path in plugin_files}
    origins: dict[int, tuple[str, str, str]] = {}
    for entry in entry_points:
        distribution = entry.dist
        # Each look at a name or version parses the whole metadata again.
        if id(distribution) not in origins:
            origins[id(distribution)] = _origin(distribution)
        name, version, needs = origins[id(distribution)]
        trust: Trust = "built in" if name == "amplicast" else "installed"
        found.add(
            Candidate(
                name=entry.name,
                distribution=name,
                version=version,
                trust=trust,
                target=entry.value,
                needs="" if trust == "built in" else needs,
            )
        )
    return sorted(found, key=lambda c: (c.name, c.distribution, c.version, c.target))


def _from_file(path: Path) -> Candidate:
    target = path.expanduser().resolve()
    return Candidate(
        name=target.name, distribution=str(target), version="", trust="file", target=str(target)
    )


def _origin(distribution: Distribution | None) -> tuple[str, str, str]:
    """Name, version and need; metadata may be damaged, which is no reason to load nothing."""
    try:
        metadata: Any = distribution.metadata if distribution else {}
    except OSError:
        metadata = {}
    name, version = (metadata.get(key) or "unknown" for key in ("Name", "Version"))
    asked = metadata.get_all("Requires-Dist") if distribution and metadata else None
    found = (OURS.match(text) for text in asked or ())
    return str(name), str(version), next((match[1].strip() for match in found if match), "")


def import_plugin(candidate: Candidate) -> object:
    """Import the module (or the object in it) that a candidate names.

    Raises
    ------
    PluginError
        The file or the target is missing, or importing it fails; one problem, without its place.
    """
    try:
        _require_fit(candidate)
        if candidate.trust == "file":
            return _import_file(Path(candidate.target))
        return _import_target(candidate.target)
    except _Refused:
        raise
    except SyntaxError as error:
        raise PluginError(
            Problem(
                code="AMP-P102",
                what=f"its source is not valid Python: {error.msg}",
                why=f"{error.filename}, line {error.lineno}: {(error.text or '').strip()}",
                fix="Mend that line.",
            )
        ) from error
    except (Exception, SystemExit) as error:
        raise PluginError(
            Problem(
                code="AMP-P101",
                what=f"it cannot be imported: {describe_error(error)}",
                why=_last_line(error),
                fix="Mend the module, or install what it needs.",
            )
        ) from error


def _require_fit(candidate: Candidate) -> None:
    """Refuse a plugin whose distribution asks for another amplicast, before it is imported.

    What it imports may not be there yet, and the error of that would say nothing of the reason.
    """
    if not candidate.needs:
        return
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    ours = importlib.metadata.version("amplicast")
    try:
        fits = SpecifierSet(candidate.needs.strip("()")).contains(ours, prereleases=True)
    except InvalidSpecifier:
        return  # pip has its say on that
    if not fits:
        raise _Refused(
            Problem(
                code="AMP-P117",
                what=f"it needs amplicast {candidate.needs}; this is {ours}",
                why="Its distribution says so, and so it was not imported.",
                fix=f'pip install --upgrade {candidate.distribution} "amplicast{candidate.needs}"',
            )
        )


def describe_error(error: BaseException) -> str:
    """Type and message in one line; of our own errors, every problem they carry."""
    if isinstance(error, AmplicastError):
        return "; ".join(problem.what for problem in error.problems)
    message = " ".join(str(error).split())
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def _last_line(error: BaseException) -> str:
    """Place where it was raised; import machinery says nothing to a reader."""
    raised = traceback.extract_tb(error.__traceback__)
    frames = [frame for frame in raised if not frame.filename.startswith("<frozen")]
    if not frames:
        return ""
    return f"{frames[-1].filename}, line {frames[-1].lineno}: {frames[-1].line}"


def _import_target(target: str) -> object:
    module_name, _, attribute = (part.strip() for part in target.partition(":"))
    if not all(part.isidentifier() for part in module_name.split(".")):
        raise _Refused(_missing(target, "That is not the name of a module."))
    try:
        found: object = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        # Only its own name missing is the entry point's slip; else it needs something else.
        if error.name and f"{module_name}.".startswith(f"{error.name}."):
            raise _Refused(_missing(target, f"There is no module {error.name}.")) from error
        raise
    for name in filter(None, attribute.split(".")):
        if not hasattr(found, name):
            raise _Refused(_missing(target, f"{module_name} has no attribute {name}."))
        found = getattr(found, name)
    return found


def _missing(target: str, why: str) -> Problem:
    return Problem(
        code="AMP-P103",
        what=f"its entry point names {target!r}, which is not there",
        why=why,
        fix='Correct the line under [project.entry-points.amplicast]: name = "package.module".',
    )


class _FreshLoader(SourceFileLoader):
    """Leaves no bytecode beside a user's file: an edit within one second would not be seen."""

    def set_data(self, path: str, data: Buffer, *, _mode: int = 0o666) -> None:
        """Keep nothing."""


def _import_file(path: Path) -> ModuleType:
    if not path.is_file() or path.suffix != ".py":
        kind = "is not a Python file" if path.exists() else "does not exist"
        raise _Refused(
            Problem(
                code="AMP-P104",
                what=f"the file {path} {kind}",
                why="--plugin takes the path of one file whose name ends in .py.",
                fix="Correct the path.",
            )
        )
    # Two files of one name in different folders are different modules.
    digest = hashlib.sha256(str(path).encode()).hexdigest()[:12]
    name = f"amplicast_plugin_file_{digest}"
    loader = _FreshLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    # Dataclasses and `inspect` look a class's module up by name.
    sys.modules[name] = module
    try:
        loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
