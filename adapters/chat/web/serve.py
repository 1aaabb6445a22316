"""The studio's server: routes, and nothing that another file here could say."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from adapters.chat.web import pages
from adapters.chat.web.bell import Bell
from adapters.chat.web.guard import HEADERS, Guard, checks, is_loopback, refusal
from adapters.chat.web.listen import Listener, TooBig, Unreadable, json_form, local_address, local_member
from adapters.chat.web.offers import Offer, Offering, asked_for, offers_data
from adapters.chat.web.render import command_data, post_data, preset_data, view_data
from adapters.chat.web.stream import Streams
from bot.errors import BadSetting, Busy, Declined, PortTaken, SetupFault, TokenNeeded, UnknownTake
from bot.film import Slate
from bot.people import Address, Member
from bot.ports import Clips, Gate, WorkFactory
from bot.text import explain, say

log = logging.getLogger(__name__)

FEED_PAGE: Final = 50
WRONG_TOKEN_SECONDS: Final = 0.5
IMMUTABLE: Final = "private, max-age=31536000, immutable"
MEDIA: Final = {
    "mp4": {".webm": "video/webm", ".mov": "video/quicktime"},
    "jpg": {".png": "image/png", ".webp": "image/webp"},
    "zip": {},
}
DEFAULT_MEDIA: Final = {"mp4": "video/mp4", "jpg": "image/jpeg", "zip": "application/zip"}

TakeUp = Callable[[str], Awaitable[None]]
View = Callable[[Member, Address], Awaitable[dict[str, Any]]]


class WebStudio:
    """A chat in the browser. `take_up` handles a stored wish; `view` gives the session panel as JSON-ready data.

    `names`: further host names under which the studio is reached, behind a proxy. `bell`: shared with `WebPoster`.
    `doors`: answer what they are for before our own checks, for they have their own. `offering`: what could be said instead, asked
    for while one types; without it the page does not ask.
    """

    def __init__(
        self,
        *,
        work: WorkFactory,
        clips: Clips,
        gate: Gate,
        take_up: TakeUp,
        view: View,
        host: str,
        port: int,
        token: str | None,
        locale: str = "en",
        version: str = "",
        bell: Bell | None = None,
        names: Collection[str] = (),
        doors: Sequence[Middleware] = (),
        offering: Offering | None = None,
    ) -> None:
        self._work, self._clips, self._take_up, self._view = work, clips, take_up, view
        self._host, self._port, self._token, self._locale, self._version = host, port, token, locale, version
        self._bell = bell or Bell()
        self._guard = Guard(host, token, names)
        self._doors, self._offering = doors, offering
        self._listener = Listener(work, clips, gate, locale)
        self._streams = Streams(work, self._bell, local_address(locale).place)
        self._pages: dict[str, pages.Page] = {}
        self._wishes: set[asyncio.Task[None]] = set()
        self._wrong_token = asyncio.Lock()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the studio is, for people."""
        name = "127.0.0.1" if self._host in ("0.0.0.0", "::", "") else self._host  # noqa: S104 - compared, not bound
        return f"http://{f'[{name}]' if ':' in name else name}:{self._port}"

    async def start(self) -> None:
        """Listen. Raises `TokenNeeded` beyond loopback without a token, `PortTaken`, `BadSetting` for a bad address."""
        if not self._token and not is_loopback(self._host):
            raise TokenNeeded(host=self._host)
        self._pages = await asyncio.to_thread(pages.load, self._locale)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as taken:
            await self._runner.cleanup()
            self._runner = None
            if taken.errno == errno.EADDRINUSE:
                raise PortTaken(host=self._host, port=self._port) from taken
            raise BadSetting(name="THROUGHLINE_WEB_HOST", reason=taken.strerror or str(taken)) from taken
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Quick: streams end at once; wishes in hand are stored and will be taken up at the next start."""
        self._streams.close()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None
        for task in self._wishes:
            task.cancel()
        await asyncio.gather(*self._wishes, return_exceptions=True)

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[_sentences(self._locale), *self._doors, checks(self._guard, self._locale)])
        app.on_response_prepare.append(_harden)
        app.add_routes(
            [
                web.get("/", self._page),
                web.post("/login", self._login),
                web.get("/static/{name:.*}", self._static),
                web.get("/healthz", _healthz),
                web.post("/api/wish", self._wish),
                web.post("/api/offers", self._offers),
                web.get("/api/feed", self._feed),
                web.get("/api/view", self._panel),
                web.get("/api/presets", self._presets),
                web.get("/api/events", self._events),
                web.get("/clips/{digest:[0-9a-f]{64}}.{kind:mp4|jpg|zip}", self._clip),
            ]
        )
        return app

    # ------------------------------------------------------------ pages

    async def _page(self, request: web.Request) -> web.Response:
        if not self._guard.is_inside(request):
            return pages.login_page(self._pages["login.html"])
        return self._pages["index.html"].answer(request)

    async def _static(self, request: web.Request) -> web.Response:
        page = self._pages.get(request.match_info["name"])
        if page is None or page.content_type.startswith("text/html"):
            return refusal(404, "not_found", self._locale)
        return page.answer(request)

    async def _login(self, request: web.Request) -> web.Response:
        given = (await request.post()).get("token")
        if not isinstance(given, str) or not self._guard.is_token(given.strip()):
            async with self._wrong_token:  # one at a time: guessing in parallel is no faster
                await asyncio.sleep(WRONG_TOKEN_SECONDS)
            return pages.login_page(self._pages["login.html"], say("web_error.token_wrong", self._locale))
        response = web.Response(status=303, headers={"Location": "/"})
        self._guard.let_in(request, response)
        return response

    # ------------------------------------------------------------ wishes in, cards out

    async def _wish(self, request: web.Request) -> web.Response:
        wish = await self._listener.hear(request)
        task = asyncio.create_task(self._handle(wish), name=f"wish {wish}")
        self._wishes.add(task)
        task.add_done_callback(self._wishes.discard)
        return web.json_response({"wish": wish}, status=202)

    async def _handle(self, wish: str) -> None:
        try:
            await self._take_up(wish)
        except Exception:
            log.exception("a wish could not be handled", extra={"wish": wish})
        self._bell.ring(view=True)

    async def _feed(self, request: web.Request) -> web.Response:
        place = local_address(self._locale).place
        before = _number(request.query.get("before"))
        async with self._work() as w:
            posts = await w.posts.latest(place, FEED_PAGE, before)
        data = {"posts": [post_data(post) for post in posts], "more": len(posts) == FEED_PAGE}
        return web.json_response(data, headers={"Cache-Control": "no-store"})

    async def _panel(self, request: web.Request) -> web.Response:
        view = await self._view(local_member(self._locale), local_address(self._locale))
        about = {
            "commands": command_data(self._locale),
            "local": is_loopback(self._host),
            "version": self._version,
            "offers": self._offering is not None,
        }
        return web.json_response({**view_data(view), **about}, headers={"Cache-Control": "no-store"})

    async def _presets(self, request: web.Request) -> web.Response:
        return web.json_response({"presets": preset_data(self._locale)}, headers={"Cache-Control": "no-store"})

    async def _offers(self, request: web.Request) -> web.Response:
        asked = asked_for(await json_form(request))
        if asked is None:
            raise Unreadable
        found: Sequence[Offer] = ()
        if self._offering:
            found = await self._offering(asked, local_member(self._locale), local_address(self._locale))
        return web.json_response({"offers": offers_data(asked.text, found)}, headers={"Cache-Control": "no-store"})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        after = request.headers.get("Last-Event-ID") or request.query.get("after")
        if self._streams.full:
            return refusal(503, "too_many", self._locale)
        return await self._streams.serve(request, int(_number(after) or 0))

    # ------------------------------------------------------------ clips

    async def _clip(self, request: web.Request) -> web.StreamResponse:
        digest, kind = request.match_info["digest"], request.match_info["kind"]
        path = await self._clips.path(digest)
        if path is None or (kind == "zip") != (path.suffix == ".zip"):
            return refusal(404, "not_found", self._locale)
        headers = {"Content-Type": _media_type(path, kind), "Cache-Control": IMMUTABLE}
        if request.query.get("download") or kind == "zip":
            headers["Content-Disposition"] = f'attachment; filename="{_file_name(request.query, kind)}"'
        return web.FileResponse(path, headers=headers)


def _media_type(path: Path, kind: str) -> str:
    """By the route first: no stored file is ever served as anything but a clip or a picture."""
    return MEDIA[kind].get(path.suffix, DEFAULT_MEDIA[kind])


def _file_name(asked: Mapping[str, str], kind: str) -> str:
    """A take by its slate; a film, and what an editor takes home, by its name, as far as that is in Latin letters."""
    if kind != "zip" and asked.get("slate"):
        with suppress(UnknownTake):
            return f"{Slate.read(asked['slate'])}.{kind}"
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", asked.get("name", "")).strip("-")[:60]
    return f"{stem or 'throughline'}.{kind}"


def _number(text: str | None) -> float | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,9})?", text):
        raise Unreadable
    return float(text)


async def _healthz(request: web.Request) -> web.Response:
    return web.json_response({"ok": True}, headers={"Cache-Control": "no-store"})


async def _harden(request: web.BaseRequest, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        if name not in response.headers or name == "Server":
            response.headers[name] = value


def _sentences(locale: str) -> Middleware:
    """The middleware that turns every error into one sentence as JSON."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as error:
            if request.transport is None or request.transport.is_closing():
                raise
            return _answer_to(error, request.path, locale)

    return answer


def _answer_to(error: Exception, path: str, locale: str) -> web.Response:
    match error:
        case web.HTTPException():
            return refusal(error.status, "not_found" if error.status in (404, 405) else "unreadable", locale)
        case TooBig():
            return refusal(413, error.declined.key, locale, explain(error.declined, locale))
        case Unreadable():
            return refusal(400, "unreadable", locale)
        case Declined():
            return refusal(503 if isinstance(error, Busy) else 400, error.key, locale, explain(error, locale))
        case SetupFault():  # a full disk, most likely
            return refusal(507, error.key, locale, explain(error, locale))
    log.error("a request failed", extra={"path": path}, exc_info=error)
    return refusal(500, "fault", locale)
