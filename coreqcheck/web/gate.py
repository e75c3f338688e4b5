"""Who may talk to the page: the browser that was given the start link, on its own page.

A page of another site can make a browser send requests here, and can even point a name of its own
at this computer. So every request must show the cookie that the start link gave, must be
addressed to this server by its own name, and must not come from another page.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: its own two files and its own data."""

HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
START = "/start"
_READING = {"GET", "HEAD"}


@dataclass(slots=True)
class Keys:
    """The secrets of one session. ``once`` opens the browser and is used up by it."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    once: str | None = field(default_factory=lambda: secrets.token_urlsafe(32))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def admits(self, token: str) -> bool:
        """True for a token of a start link; the one-time token is spent."""
        if self.once is not None and hmac.compare_digest(token.encode(), self.once.encode()):
            self.once = None
            return True
        return hmac.compare_digest(token.encode(), self.token.encode())


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens. ``names`` are further host names that mean it."""

    host: str
    port: int
    names: frozenset[str] = frozenset()

    @property
    def loopback(self) -> bool:
        """True when only this computer can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def link(self) -> str:
        """The address as a browser takes it, without a path."""
        unspecified = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}
        host = unspecified.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def means_us(self, header: str) -> bool:
        """Whether a ``Host`` header names this server.

        A number is no name that somebody else could have pointed here; a name must be known.
        """
        try:
            parts = urlsplit(f"//{header}")
            name, port = (parts.hostname or "").lower(), parts.port or 80
        except ValueError:
            return False
        if port != self.port or parts.username or parts.path:
            return False
        if name in {"localhost", "127.0.0.1", "::1", self.host.lower(), *self.names}:
            return True
        return not self.loopback and _is_number(name)


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Gate:
    """The outermost layer: refuses what does not belong here, and marks every answer."""

    def __init__(self, app: ASGIApp, keys: Keys, address: Address) -> None:
        self.app = app
        self.keys = keys
        self.address = address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or say in one sentence why not."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no web sockets here
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self.refusal(scope)
        if refusal is not None:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, marked)
            return
        await self.app(scope, receive, marked)

    def refusal(self, scope: Scope) -> str | None:
        """Why a request is refused; ``None`` when it is not."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self.address.means_us(host):
            return "This page answers only under its own address; open the link that was printed."
        origin = headers.get("origin")
        reading = scope["method"] in _READING
        if (origin is not None or not reading) and origin != f"http://{host}":
            return "This request comes from another page and is refused."
        if scope["path"] == START and reading:
            return None
        if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            return "This request comes from another page and is refused."
        if not self._known(headers):
            return "Open this page through the link that coreqcheck printed when it started."
        return None

    def _known(self, headers: Headers) -> bool:
        found = SimpleCookie()
        found.load(headers.get("cookie", ""))
        morsel = found.get(cookie_name(self.address))
        return morsel is not None and hmac.compare_digest(
            morsel.value.encode(), self.keys.cookie.encode()
        )


def cookie_name(address: Address) -> str:
    """A cookie of its own for each port: browsers do not keep ports apart."""
    return f"coreqcheck-{address.port}"
