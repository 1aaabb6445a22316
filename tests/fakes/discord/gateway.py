"""The gateway: hello, identify, ready, events with numbers, heartbeats, resume.

Uncompressed text frames only, which clients that ask for compression accept. A session that lost its connection keeps its
events until it is resumed. Close codes and opcodes: Discord's "Opcodes and Status Codes", "Gateway".
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.fakes.discord.refusals import Json

GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8
KEPT = 5000


@dataclass(eq=False)
class Session:
    """One shard's connection, and what it missed while it was away."""

    id: str
    shard: int
    shards: int
    intents: int
    seq: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT))
    socket: web.WebSocketResponse | None = None
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    def hears(self, guild: int | None) -> bool:
        """Whether events of this guild (None: direct messages) come to this shard."""
        return self.shard == (0 if guild is None else (guild >> 22) % self.shards)

    def dispatch(self, event: str, data: Json) -> None:
        """Number an event and send it, now or after a resume."""
        self.seq += 1
        frame = json.dumps({"op": 0, "t": event, "s": self.seq, "d": data})
        self.sent.append((self.seq, frame))
        if self.socket is not None:
            self.outbox.put_nowait(frame)


class Gateway:
    """All sessions. `ready(session)` gives the guilds to announce and the READY payload's own parts."""

    def __init__(self, token: str, allowed: int, ready: Callable[[Session], tuple[Json, list[Json]]]) -> None:
        self.token, self.allowed, self._ready = token, allowed, ready
        self.sessions: dict[str, Session] = {}
        self.identifies = 0
        self.on_change: Callable[[], None] = lambda: None

    def dispatch(self, event: str, guild: int | None, render: Callable[[Session], Json | None]) -> int:
        """Send an event to every session that hears this guild; how many it went to. `render` may say None: not for you."""
        reached = 0
        for session in list(self.sessions.values()):
            if session.hears(guild) and (data := render(session)) is not None:
                session.dispatch(event, data)
                reached += 1
        return reached

    def connected(self) -> list[Session]:
        """The sessions that are on the line."""
        return [session for session in self.sessions.values() if session.socket is not None]

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from hello to close."""
        socket = web.WebSocketResponse(max_msg_size=15 * 1024)
        await socket.prepare(request)
        await socket.send_json({"op": 10, "d": {"heartbeat_interval": 41_250, "_trace": []}})
        line = Line(self, socket)
        try:
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                await line.heard(json.loads(frame.data))
        finally:
            await line.hang_up()
            self.on_change()
        return socket

    async def drop(self, code: int = 4000, *, forget: bool = False) -> None:
        """Every connection breaks off; sessions can be resumed, unless they are forgotten."""
        lines = self.connected()
        if forget:
            self.sessions.clear()
        for session in lines:
            socket, session.socket = session.socket, None
            if socket is not None:
                await socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        """Opcode 7 to everyone."""
        for session in self.connected():
            session.outbox.put_nowait(json.dumps({"op": 7, "d": None, "s": None, "t": None}))

    def welcome(self, session: Session) -> None:
        """READY and the guilds."""
        about, guilds = self._ready(session)
        self.sessions[session.id] = session
        session.dispatch("READY", about)
        for guild in guilds:
            session.dispatch("GUILD_CREATE", guild)


class Line:
    """One socket and the session that speaks on it."""

    def __init__(self, gateway: Gateway, socket: web.WebSocketResponse) -> None:
        self._gateway, self._socket = gateway, socket
        self._session: Session | None = None
        self._pump: asyncio.Task[None] | None = None
        self._heard: deque[float] = deque(maxlen=120)

    async def heard(self, frame: Json) -> None:
        """Answer one frame of the client."""
        if self._too_fast():
            await self._socket.close(code=4008, message=b"You are being rate limited.")
        elif frame["op"] == 1:
            await self._socket.send_json({"op": 11, "d": None})
        elif frame["op"] == 2:
            await self._identify(frame["d"])
        elif frame["op"] == 6:
            await self._resume(frame["d"])
        elif self._session is None:
            await self._socket.close(code=4003, message=b"Not authenticated.")

    def _too_fast(self) -> bool:
        now = asyncio.get_running_loop().time()
        full = len(self._heard) == self._heard.maxlen and now - self._heard[0] < 60
        self._heard.append(now)
        return full

    async def _identify(self, said: Json) -> None:
        gateway = self._gateway
        gateway.identifies += 1
        if said["token"].removeprefix("Bot ") != gateway.token:
            await self._socket.close(code=4004, message=b"Authentication failed.")
        elif said["intents"] & ~gateway.allowed:
            await self._socket.close(code=4014, message=b"Disallowed intent(s).")
        else:
            shard, shards = said.get("shard") or (0, 1)
            session = Session(f"s{gateway.identifies}", shard, shards, said["intents"])
            self._take(session)
            gateway.welcome(session)
            gateway.on_change()

    async def _resume(self, said: Json) -> None:
        session = self._gateway.sessions.get(said["session_id"])
        if session is None or said["token"].removeprefix("Bot ") != self._gateway.token:
            await self._socket.send_json({"op": 9, "d": False})
            return
        self._take(session)
        for frame in missed(session, said["seq"] or 0):
            session.outbox.put_nowait(frame)
        session.dispatch("RESUMED", {"_trace": []})
        self._gateway.on_change()

    def _take(self, session: Session) -> None:
        session.socket, session.outbox = self._socket, asyncio.Queue()
        self._session = session
        self._pump = asyncio.create_task(self._send_all(session.outbox))

    async def _send_all(self, outbox: asyncio.Queue[str]) -> None:
        while not self._socket.closed:
            try:
                await self._socket.send_str(await outbox.get())
            except ConnectionError:
                return

    async def hang_up(self) -> None:
        """The connection is over; the session stays, to be resumed."""
        if self._pump is not None:
            self._pump.cancel()
        if self._session is not None and self._session.socket is self._socket:
            self._session.socket = None
            if self._socket.close_code in (1000, 1001):
                self._gateway.sessions.pop(self._session.id, None)


def missed(session: Session, seq: int) -> Iterator[str]:
    """What was sent after number `seq`."""
    yield from [frame for number, frame in session.sent if number > seq]


def sees(session: Session, guild: Any, readable: bool) -> bool | None:
    """Whether a message's event comes at all (None: no) and whether with its content."""
    wanted = DIRECT_MESSAGES if guild is None else GUILD_MESSAGES
    if not session.intents & wanted:
        return None
    return readable or bool(session.intents & MESSAGE_CONTENT)
