"""The memo as one HTML file of two pages, pictures inside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files

from amplicast.report.html.figures import inlined
from amplicast.report.html.markup import Markup, tag
from amplicast.report.html.opening import said
from amplicast.report.html.page import digest
from amplicast.report.memo.structure import Aside, Block, Bullets, Figure, Memo, Paragraph, Table
from amplicast.report.prose import unbroken

__all__ = ["page"]


def page(memo: Memo, drawn: Mapping[str, str]) -> str:
    """The whole file; the same memo gives the same bytes.

    Parameters
    ----------
    memo : Memo
    drawn : Mapping[str, str]
        SVG by name of the figure.
    """
    style = files("amplicast.report.memo").joinpath("memo.css").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src '{digest(style)}'; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="author", content=memo.author),
        tag("title", memo.title),
        tag("style", Markup(style)),
    )
    facts = [
        [tag("b", f"{name}:"), f" {told}", " · " if i < len(memo.facts) - 1 else ""]
        for i, (name, told) in enumerate(memo.facts)
    ]
    number = {"Figure": 0, "Table": 0}
    body = tag(
        "body",
        tag("p", memo.stamp, class_="banner", role="alert") if memo.stamp else None,
        tag(
            "main",
            tag("h1", memo.title),
            tag("p", facts, class_="facts"),
            (
                tag("section", tag("h2", section.title), [
                    list(_block(block, drawn, number)) for block in section.blocks
                ])
                for section in memo.sections
            ),
        ),
        class_="stamped" if memo.stamp else None,
    )  # fmt: skip
    return f"<!doctype html>\n{tag('html', head, body, lang='en')}\n"


def _block(block: Block, drawn: Mapping[str, str], number: dict[str, int]) -> Iterator[Markup]:
    match block:
        case Paragraph():
            yield tag("p", said(block.says), class_="small" if block.small else None)
        case Bullets():
            items = (tag("li", said(item)) for item in block.items)
            yield tag("ol" if block.numbered else "ul", items)
        case Table():
            head = tag("tr", (tag("th", cell or "quantity", scope="col") for cell in block.header))
            rows = (
                tag(
                    "tr",
                    tag("th", unbroken(row[0]), scope="row"),
                    (tag("td", unbroken(cell)) for cell in row[1:]),
                )
                for row in block.rows
            )
            caption = tag("caption", *_numbered("Table", block.caption, number))
            whole = tag("table", caption, tag("thead", head), tag("tbody", rows))
            label = f"Table {number['Table']}"
            yield tag("div", whole, class_="frame", tabindex=0, role="region", aria_label=label)
        case Figure():
            wide = "whole" if block.width >= 1.0 else "part"
            told = tag("figcaption", *_numbered("Figure", block.caption, number))
            frame = tag(
                "div", inlined(drawn[block.name], block.alt, wide), class_="frame", tabindex=0,
                role="region", aria_label=f"Figure {number['Figure']}",
            )  # fmt: skip
            yield tag("figure", frame, told)
        case Aside():
            texts = (
                tag("p", said(one.says), class_="small" if one.small else None)
                for one in block.paragraphs
            )
            yield tag("aside", tag("p", tag("b", block.title)), texts, aria_label=block.title)


def _numbered(kind: str, text: str, number: dict[str, int]) -> tuple[Markup, str]:
    number[kind] += 1
    return tag("b", f"{kind} {number[kind]}."), f" {unbroken(text)}"
