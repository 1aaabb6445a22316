"""Who may talk to the studio: this machine's names only, this page only, and the holder of the token where there is one.

- A foreign ``Host`` is how DNS rebinding reaches a loopback server, so only our own names pass.
- A foreign page may send a POST without asking, so a POST has to say that it comes from us (``Origin`` or
  ``Sec-Fetch-Site``) and to be JSON or multipart; only who carries the token in a header need not.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import socket
from collections.abc import Collection
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.chat.web.render import error_data
from bot.text import say

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
WILDCARDS: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, never bound to
COOKIE: Final = "throughline"
COOKIE_SECONDS: Final = 30 * 24 * 3600

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Server": "Throughline",
}


def refusal(status: int, key: str, locale: str, text: str | None = None) -> web.Response:
    """One sentence as JSON: `text`, or that of ``web_error``."""
    return web.json_response(error_data(key, text or say(f"web_error.{key}", locale)), status=status)


def is_loopback(host: str) -> bool:
    """Whether a bind address is reachable from this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_name(netloc: str) -> str:
    """The name in ``name:port``, ``[::1]:port`` or ``name``, in lower case."""
    if netloc.startswith("["):
        return netloc[1:].partition("]")[0].lower()
    return netloc.rpartition(":")[0].lower() if netloc.count(":") == 1 else netloc.lower()


class Guard:
    """The rules for one bind address and one token (or none). `names`: further host names under which we are reached."""

    def __init__(self, host: str, token: str | None, names: Collection[str] = ()) -> None:
        self._any_address = host in WILDCARDS
        self._names = LOOPBACK_NAMES | {host.lower().strip("[]"), *(name.lower() for name in names)}
        if self._any_address:
            self._names |= {socket.gethostname().lower(), f"{socket.gethostname().lower()}.local"}
        self._token = token.encode() if token else None
        self._pass = hmac.new(self._token, b"throughline studio", hashlib.sha256).hexdigest() if self._token else ""

    def knows_host(self, netloc: str) -> bool:
        """Rebinding needs a name, so where we listen on every address a literal address passes too."""
        name = host_name(netloc)
        return name in self._names or (self._any_address and _is_address(name))

    def is_token(self, given: str) -> bool:
        """Compared in constant time."""
        return self._token is not None and hmac.compare_digest(given.encode(errors="replace"), self._token)

    def has_header(self, request: web.Request) -> bool:
        """``Authorization: Bearer <token>``."""
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.is_token(given.strip())

    def is_inside(self, request: web.Request) -> bool:
        """Has the token by header or cookie, or none is asked for."""
        given = request.cookies.get(COOKIE, "").encode(errors="replace")
        return not self._token or hmac.compare_digest(given, self._pass.encode()) or self.has_header(request)

    def let_in(self, request: web.Request, response: web.Response) -> None:
        """Set the cookie that stands for the token without telling it."""
        response.set_cookie(
            COOKIE,
            self._pass,
            max_age=COOKIE_SECONDS,
            httponly=True,
            samesite="Strict",
            secure=request.secure,
            path="/",
        )

    def is_own_page(self, request: web.Request) -> bool:
        """The browser says that our own page sent it, or the sender carries the token in a header."""
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if site not in (None, "same-origin") or (origin is not None and not _same_origin(origin, request.host)):
            return False
        return site is not None or origin is not None or self.has_header(request)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _same_origin(origin: str, host: str) -> bool:
    scheme, mark, netloc = origin.partition("://")
    return scheme in ("http", "https") and bool(mark) and netloc.lower() == host.lower()


OPEN_PATHS: Final = ("/static/", "/healthz", "/login")
POST_TYPES: Final = frozenset({"application/json", "multipart/form-data"})


def checks(guard: Guard, locale: str) -> Middleware:
    """The middleware: foreign hosts, foreign pages and strangers are answered here."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        objection = _objection(guard, request)
        return refusal(*objection, locale) if objection else await handler(request)

    return check


def _objection(guard: Guard, request: web.Request) -> tuple[int, str] | None:
    """Status and key of what is wrong with it."""
    if not guard.knows_host(request.headers.get("Host", "")):
        return 421, "foreign_host"
    if request.method == "POST" and not guard.is_own_page(request):
        return 403, "foreign_origin"
    if request.path.startswith("/api/") and request.headers.get("Sec-Fetch-Site") == "cross-site":
        return 403, "foreign_origin"
    if request.method == "POST" and request.path != "/login" and request.content_type not in POST_TYPES:
        return 415, "wrong_type"
    if request.path != "/" and not request.path.startswith(OPEN_PATHS) and not guard.is_inside(request):
        return 401, "token_missing"
    return None
