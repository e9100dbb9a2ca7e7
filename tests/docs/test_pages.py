from __future__ import annotations

import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def script(name: str) -> ModuleType:
    """A program of the folder docs, which is no package."""
    spec = spec_from_file_location(f"docs_{name}", ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    sys.path.insert(0, str(ROOT / "docs"))  # as when it is run
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.pop(0)
    return module


transcripts = script("transcripts")
PAGES = transcripts.documents()


def name_of(page: Path) -> str:
    """Path below the project."""
    return str(page.relative_to(ROOT))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the one run of the baseline that all pages share."""
    return tmp_path_factory.mktemp("shared")


LONG = {
    "check-a-run.md",
    "choose-a-pool.md",
    "compare-variants.md",
    "count-copies.md",
    "draw-pictures.md",
    "export-a-forecast.md",
    "find-what-matters.md",
    "first-forecast.md",
    "first-technique.md",
    "hindcast.md",
    "people-money-energy.md",
    "spend-a-budget.md",
    "sweep-scenarios.md",
    "use-the-command-line.md",
    "write-a-memo.md",
    "write-a-technique-plugin.md",
}
"""Pages that take long, and are run with the slow tests."""


def is_long(page: Path) -> bool:
    """Whether it is one of them, or the first page of all."""
    return page.name in LONG or page == ROOT / "README.md"


@pytest.mark.parametrize(
    "page",
    [pytest.param(page, marks=[pytest.mark.slow] if is_long(page) else []) for page in PAGES],
    ids=name_of,
)
def test_a_page_prints_what_it_shows(page: Path, tmp_path: Path, shared: Path) -> None:
    """Every command and program of a page runs, and prints what the page says."""
    shell = transcripts.Shell(tmp_path, shared)
    wrong, _ = transcripts.check(page.read_text(encoding="utf-8"), shell)
    assert not wrong, "\n\n".join([*wrong, "python docs/transcripts.py puts new numbers in"])


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of a page names a file that is there."""
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)", text)
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not missing


def test_the_reference_is_what_the_code_says() -> None:
    """No page of the reference is out of date, missing or left over."""
    folder = ROOT / "docs" / "reference"
    written = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in (*folder.rglob("*.md"), *folder.rglob("*.json"))
    }
    current = script("generate").pages()
    assert sorted(written) == sorted(current)
    stale = [name for name in current if written[name] != current[name]]
    assert not stale, "run python docs/generate.py"


@pytest.mark.parametrize(
    ("said", "printed", "same"),
    [
        ("world   15 million (3 to 4)", "world 17 million (3 to 4.2)", True),
        ("world   15 million", "world 1,500", False),
        ("gain 0.4", "gain -0.4", False),
        ("gain 2.4", "gain 2.5", True),
    ],
)
def test_the_runner_sees_stale_numbers(said: str, printed: str, same: bool) -> None:
    """Numbers that still say the same pass; others do not."""
    assert transcripts.matches(said, printed)
    pairs = zip(transcripts.numbers(said), transcripts.numbers(printed), strict=True)
    assert all(transcripts.near(*pair) for pair in pairs) == same


def test_the_runner_sees_missing_words() -> None:
    """A line whose words changed does not match; an ellipsis stands for anything."""
    assert not transcripts.matches("world 15 copies", "world 15 people")
    assert transcripts.matches("world ... people", "world 15 million people")


def test_the_plugin_in_the_text_is_the_one_that_tests_use() -> None:
    """The how-to shows the third party's plugin word for word."""
    page = ROOT / "docs" / "how-to" / "write-a-technique-plugin.md"
    stranger = (ROOT / "tests" / "contract" / "stranger.py").read_text(encoding="utf-8")
    assert f"```python self_check.py\n{stranger}```" in page.read_text(encoding="utf-8")


def test_the_tutorial_grows_the_example() -> None:
    """Whoever follows it to the end has the distribution that lies in the examples."""
    page = (ROOT / "docs" / "tutorials" / "first-technique.md").read_text(encoding="utf-8")
    example = ROOT / "docs" / "examples" / "amplicast-debate"
    grown = ("src/amplicast_debate/__init__.py", "src/amplicast_debate/rows.csv")
    for name in grown:
        text = (example / name).read_text(encoding="utf-8")
        assert f"{name}\n{text}```" in page, name


def test_the_example_is_a_scaffold_grown_up(tmp_path: Path) -> None:
    """Beside what its author wrote, it is what the command writes today."""
    from amplicast.scaffold import write

    begun = write("technique", "debate", tmp_path)
    example = ROOT / "docs" / "examples" / "amplicast-debate"
    own = {"LICENSE", "README.md", "__init__.py", "rows.csv", "pyproject.toml"}
    for path in (p for p in begun.rglob("*") if p.is_file() and p.name not in own):
        assert (example / path.relative_to(begun)).read_text("utf-8") == path.read_text("utf-8")
