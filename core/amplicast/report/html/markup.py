"""HTML by function calls: every text is escaped unless it was made here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

__all__ = ["Content", "Markup", "coded", "link", "name_of", "tag", "text"]

VOID = frozenset({"br", "col", "link", "meta", "wbr"})
"""Elements without content or end tag."""


class Markup(str):
    """Text that is HTML already; only this room makes it."""

    __slots__ = ()


Content = str | Iterable["Content"] | None
"""A text (escaped unless it is `Markup`), several of them, or nothing."""


def text(content: Content) -> Markup:
    """Content as HTML: whatever is not `Markup` is escaped."""
    if content is None:
        return Markup("")
    if isinstance(content, Markup):
        return content
    if isinstance(content, str):
        return Markup(escape(content))
    return Markup("".join(text(one) for one in content))


def tag(name: str, /, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """One element.

    Parameters
    ----------
    name : str
    *content
        Children.
    **attributes
        ``class_`` is written class and ``aria_label`` aria-label; None and False leave one out,
        True writes its name alone.
    """
    written = []
    for key, given in attributes.items():
        if given is None or given is False:
            continue
        shown = key.rstrip("_").replace("_", "-")
        written.append(f" {shown}" if given is True else f' {shown}="{escape(str(given))}"')
    head = f"<{name}{''.join(written)}>"
    return Markup(head if name in VOID else f"{head}{text(content)}</{name}>")


def link(address: str, *content: Content) -> Markup:
    """A link where the address is one of the web or of this page; else the content alone."""
    if address.startswith(("https://", "http://", "#")):
        return tag("a", *content, href=address)
    return text(content)


def name_of(id_: str) -> Markup:
    """A name of the program, which may break where its parts meet."""
    parts = re.split(r"(?<=[_.])", id_)
    return tag("code", [[tag("wbr") if i else "", part] for i, part in enumerate(parts)])


def coded(words: str) -> Markup:
    """Text whose parts between backticks are names of the program."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return text(words)
    return text([tag("code", part) if i % 2 else part for i, part in enumerate(parts)])
