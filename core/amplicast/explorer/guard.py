"""Who may ask the page for what: this computer, this page, and nobody by a trick."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["COOKIE", "LOOPBACK", "TOKEN_HEADER", "Guard"]

LOOPBACK = ("127.0.0.1", "localhost")
"""Names of this computer that a request may call it by."""

TOKEN_HEADER = "x-amplicast-token"  # noqa: S105 - the name of a header
COOKIE = "amplicast-key"

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

STATIC = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class Guard:
    """Middleware: headers of every answer, and what a request that changes something must show.

    Parameters
    ----------
    app : callable
    token : str
        That a POST shows in `TOKEN_HEADER`; the page holds it.
    key : str
        That every request shows where other computers may ask, once in the address (``?key=``)
        and then by cookie; empty where only this one may.
    """

    def __init__(self, app: App, *, token: str, key: str = "") -> None:
        self.app, self.token, self.key = app, token, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["nonce"] = nonce = secrets.token_urlsafe(16)
        headers = {
            name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        reason = self._refused(scope, headers)
        extra = [*STATIC, (b"content-security-policy", _policy(nonce).encode())]
        if self.key and not reason:
            cookie = f"{COOKIE}={self.key}; HttpOnly; SameSite=Strict; Path=/"
            extra.append((b"set-cookie", cookie.encode()))

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *extra]
            await send(message)

        if reason:
            await _refuse(reason, sent)
        else:
            await self.app(scope, receive, sent)

    def _refused(self, scope: Scope, headers: dict[str, str]) -> str:
        """Why a request is refused; empty where it is not."""
        if self.key and not self._knows_key(scope, headers):
            return "This page needs the key that the server printed: open the address with ?key=..."
        if scope["method"] in {"GET", "HEAD"}:
            return ""
        if scope["method"] != "POST":
            return "Only GET and POST are answered."
        if not secrets.compare_digest(headers.get(TOKEN_HEADER, ""), self.token):
            return f"A POST needs the page's token in {TOKEN_HEADER}; reload the page."
        origin = urlsplit(headers.get("origin", ""))
        if origin.scheme not in {"http", "https"} or origin.netloc != headers.get("host", ""):
            return "A POST must come from this page: its Origin is another one."
        return ""

    def _knows_key(self, scope: Scope, headers: dict[str, str]) -> bool:
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("key", [""])[0]
        cookie: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
        shown = cookie[COOKIE].value if COOKIE in cookie else ""
        return any(
            secrets.compare_digest(each.encode(), self.key.encode()) for each in (asked, shown)
        )


def _policy(nonce: str) -> str:
    """Nothing is loaded but from here, and no script runs but the page's own."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


async def _refuse(reason: str, send: Send) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 403,
            "headers": [(b"content-type", b"text/plain; charset=utf-8")],
        }
    )
    await send({"type": "http.response.body", "body": f"{reason}\n".encode()})
