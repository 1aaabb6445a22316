"""A pretended Telegram: a Bot API on loopback, spoken to by the real python-telegram-bot, with people who write and tap.

It keeps Telegram's rules (lengths in UTF-16, 64 bytes, flood control, "message is not modified", blocked, kicked, migrated,
late callback answers, sizes, privacy mode, getUpdates offsets, 409) and says so in the real server's words. Every request is
judged by `tests.specs_telegram`; breaches are collected in `telegram.broken`.

    async with FakeTelegram() as telegram:
        bot = telegram.library()                                       # telegram.Bot at telegram.base_url, telegram.file_url
        ines = telegram.user("ines", language="en")
        chat = telegram.private(ines)                                  # also .group("set", forum=True, admins=[ines]), .topic(…)
        wish = await telegram.say(ines, chat, "/generate a fox")       # also photo=, caption=, reply_to=, topic=, album=
        …                                                              # the bot answers
        card = await telegram.until(lambda: chat.posted and chat.posted[-1])
        assert card.text and card.labels == ["Cancel"]                 # .entities .buttons .video .reply_to .edited …
        press = await telegram.press(ines, card, "Cancel")             # by label, or by any data
        await telegram.until(lambda: press.answered)                   # .text .alert .after (seconds)
        assert telegram.broken == []

What goes wrong on purpose: `telegram.faults.add("sendVideo", "reset after")` (see `faults`), `telegram.block(ines)`,
`.kick(group)`, `.migrate(group)` (gives the supergroup), `.delete(message)`, `group.muted.add("video")`, `topic.closed = True`.
`telegram.skip(3600)` lets an hour pass. `telegram.calls` has every request that was answered (method, params, sizes, status,
at); `telegram.patience.disregarded` those that did not wait as told. Flood control: `FakeTelegram(Limits(speed=20))` runs it
twenty times as fast, `Limits(on=False)` switches it off. `FakeTelegram(local=True)` is a local Bot API server: large files,
``file://``.

As a process of its own, for tests that kill: ``python -m tests.fakes.telegram --port 8081``; see `control`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from aiohttp import web

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.control import control_routes
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.flood import Limits
from tests.fakes.telegram.model import Answer, Button, Chat, Media, Message, Press, Topic, User
from tests.fakes.telegram.wire import Wire
from tests.fakes.telegram.world import World
from tests.specs_telegram import Judge

if TYPE_CHECKING:
    from telegram import Bot

__all__ = [
    "Answer",
    "Button",
    "Call",
    "Chat",
    "FakeTelegram",
    "Fault",
    "Limits",
    "Media",
    "Message",
    "Press",
    "Topic",
    "User",
]


class FakeTelegram(World):
    """The world with its server. `typed` false spares aiogram's judgement (its import takes seconds), `judged` false all of it."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        port: int = 0,
        local: bool = False,
        privacy: bool = True,
        typed: bool = True,
        judged: bool = True,
    ) -> None:
        super().__init__(limits, local=local, privacy=privacy)
        self.port = port
        self._wire = Wire(self, Judge.found(typed=typed) if judged else None)
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """What `telegram.Bot(base_url=…)` takes: ``http://127.0.0.1:N/bot``."""
        return f"http://127.0.0.1:{self.port}/bot"

    @property
    def file_url(self) -> str:
        """What `telegram.Bot(base_file_url=…)` takes."""
        return f"http://127.0.0.1:{self.port}/file/bot"

    def library(self, token: str | None = None) -> Bot:
        """A `telegram.Bot` that speaks to this server; `async with` it, or `initialize` and `shutdown` it."""
        # the library's own switch, without which each "too many requests" comes with a warning
        os.environ.setdefault("PTB_TIMEDELTA", "true")
        from telegram import Bot

        return Bot(
            token or self.token, base_url=self.base_url, base_file_url=self.file_url, local_mode=self.parcels.local
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on loopback; a port of 0 is replaced by the one that was free."""
        app = web.Application(client_max_size=2 * 1024**3)
        app.add_routes([*self._wire.routes(), *control_routes(self)])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cut every connection and forget the files."""
        self._wire.closing.set()
        await self.mailbag.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        self.parcels.folder.cleanup()
