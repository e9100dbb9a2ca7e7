"""Text for terminals: it fits the width, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast.report.fan_text import ASCII, BLOCKS, CELLS, bar
from amplicast.report.layout import Grid, Text, grid, note, text_of
from amplicast.report.table_layout import table_lines

WORDS = st.text(alphabet="abcxyz0189.%", min_size=1, max_size=9)
CELLS_OF_TEXT = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
RANGES = st.builds(
    "{} ({} to {}; {} to {})".format, *[st.integers(0, 10**7).map("{:,}".format)] * 5
)
TABLES = st.integers(2, 7).flatmap(
    lambda columns: st.lists(
        st.lists(CELLS_OF_TEXT | RANGES, min_size=columns, max_size=columns), min_size=2, max_size=6
    )
)


def spoken(text: str) -> list[str]:
    """Words of a text without the spaces that a layout puts between them."""
    return text.split()


@given(TABLES, st.integers(60, 140))
def test_tables_fit_and_keep_every_word(rows: list[list[str]], width: int) -> None:
    """No line is longer than the terminal, and every word of every cell is there."""
    parts = table_lines(rows, width)
    lines = [line for part in parts for _, line in part]
    assert max(map(len, lines)) <= width
    told = spoken(" ".join(lines))
    for row in rows:
        for cell in row:
            for word in spoken(cell):
                assert word in told


@given(TABLES)
def test_pipes_get_tables_in_their_own_width(rows: list[list[str]]) -> None:
    """One line a row, each cell whole, columns aligned."""
    (part,) = table_lines(rows, None)
    assert len(part) == len(rows)
    for (_, line), row in zip(part, rows, strict=True):
        assert all(cell in line for cell in row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for (_, line), row in zip(part, rows, strict=True):
        start = 2 + sum(width + 3 for width in widths[:-1])
        assert line[start:] == row[-1].rstrip()


def test_intervals_are_folded_before_words_are_broken() -> None:
    """The 90 % interval goes below the 66 % one, inside the bracket."""
    rows = [
        ["", "2025", "2029"],
        ["copies", *["6 million (2 to 15 million; 50,000 to 29 million)"] * 2],
    ]
    lines = str(Text((grid("", rows),)).laid(80)).splitlines()
    assert lines[-2].count("6 million (2 to 15 million;") == 2
    assert lines[-1].index("50,000") == lines[-2].index("2 to")


def test_columns_that_belong_together_are_not_parted() -> None:
    """A table that is cut repeats its keys and keeps a median with its interval."""
    head = ["pool", "year", *["median", "90 %"] * 3]
    rows = [head, ["p" * 20, "2025", *["12345678901234", "1234567 to 123456"] * 3]]
    parts = table_lines(rows, 70, keys=2, group=2)
    assert len(parts) > 1
    for part in parts:
        named = part[0][1].split()
        assert named[:2] == ["pool", "year"]
        assert named.count("median") == named.count("90") == named.count("%")


def test_notes_are_wrapped_and_lists_hang() -> None:
    """A paragraph is broken at the width; a share in per cent stays whole."""
    text = text_of([note("one\ntwo  three"), "", "  key: " + "90 % " * 40])
    assert text.blocks[0] == "one two three"
    lines = text.laid(50).splitlines()
    assert all(len(line) <= 50 for line in lines)
    assert all(not line.lstrip().startswith("%") for line in lines)
    assert lines[-1].startswith("    90 %")


def test_style_sees_titles_and_heads_but_decides_no_width() -> None:
    """Dressing a line changes nothing else."""
    table = Text((Grid("title", (("head", "x"), ("body", "y"))),))
    dressed = table.laid(80, lambda line, role: f"<{role}>{line}")
    assert dressed.splitlines() == ["<title>title", "<head>  head   x", "<body>  body   y"]
    assert "\n".join(line.partition(">")[2] for line in dressed.splitlines()) == table.laid(80)


@pytest.mark.parametrize("marks", [BLOCKS, ASCII])
@given(st.lists(st.floats(-3.0, 12.0), min_size=5, max_size=5).map(sorted))
def test_bars_nest(marks: object, numbers: list[float]) -> None:
    """The 66 % band lies in the 90 % band, the median in both, all on the axis."""
    line = bar(numbers, (0.0, 10.0), [0.0, 10.0], marks)  # type: ignore[arg-type]
    assert len(line) == CELLS
    assert line.count(marks.median) == 1  # type: ignore[attr-defined]
    inked = line.strip(" " + marks.rule)  # type: ignore[attr-defined]
    assert " " not in inked
    middle = line.index(marks.median)  # type: ignore[attr-defined]
    assert abs(middle - min(max(numbers[2] / 10.0, 0.0), 1.0) * (CELLS - 1)) <= 0.51
