"""A poster in front of the pretended Telegram, with a storage in memory."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.chat.telegram.pace import Pacer
from adapters.chat.telegram.post import TelegramPoster
from adapters.chat.telegram.rate import GROUP, Allowance
from adapters.chat.telegram.wire import Wire
from bot.people import Address
from tests.fakes.storage import FakeStore
from tests.fakes.telegram import Chat, FakeTelegram, Limits, Message

SPEED = 20.0


class FastClock:
    """`ports.Clock` on which time flies."""

    def __init__(self, speed: float = SPEED) -> None:
        self.speed = speed

    def now(self) -> float:
        return time.monotonic() * self.speed

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


@dataclass
class Studio:
    """What a test about posting needs."""

    telegram: FakeTelegram
    folder: Path
    store: FakeStore = field(default_factory=FakeStore)
    posters: list[TelegramPoster] = field(default_factory=list)

    def poster(self, group: Allowance = GROUP, **more: Any) -> TelegramPoster:
        """Another process."""
        values = {"quick": 0.7, "long": 0.7} | more
        wire = Wire(self.telegram.token, f"http://127.0.0.1:{self.telegram.port}", **values)
        clock = FastClock()
        poster = TelegramPoster(wire, self.store.work, clock, Pacer(clock, group=group))
        self.posters.append(poster)
        return poster

    def clip(self, size: int = 4000, name: str = "clip.mp4") -> Path:
        """A file to deliver."""
        file = self.folder / name
        file.write_bytes(name.encode() + bytes(size))
        return file

    async def meaning(self, reference: str) -> str | None:
        """What a reply to that message means."""
        async with self.store.work() as w:
            return await w.messages.action(reference)

    async def ready_line(self, chat: Chat) -> Message:
        """The short line below a clip."""
        found = await self.telegram.until(lambda: [each for each in chat.posted if "Ready" in each.text])
        line: Message = found[-1]
        for _ in range(300):  # it is noted a moment after it is posted
            if at(line) in self.store.rows.messages:
                break
            await asyncio.sleep(0.01)
        return line

    def methods(self) -> list[str]:
        """What was called, by name."""
        return [call.method for call in self.telegram.calls]


@asynccontextmanager
async def studio(folder: Path, *, limits: Limits | None = None, local: bool = False) -> AsyncIterator[Studio]:
    """At the end everything that was sent must have been to Telegram's liking."""
    async with FakeTelegram(limits or Limits(speed=SPEED), local=local, typed=False) as telegram:
        stage = Studio(telegram, folder)
        yield stage
        for poster in stage.posters:
            await poster.close()
        assert telegram.broken == [], telegram.broken
        assert telegram.patience.disregarded == [], telegram.patience.disregarded


def address(chat: Chat, message: Message | None = None, **more: Any) -> Address:
    """Where an answer goes, as the listener says it."""
    direct = chat.private
    return Address(
        platform="telegram",
        chat=str(chat.id),
        server=None if direct else str(chat.id),
        message=str(message.id) if message else None,
        direct=direct,
        **more,
    )


def at(message: Message) -> str:
    """The reference of a message."""
    return f"telegram/{message.chat.id}/{message.id}"


def clips(chat: Chat) -> list[Message]:
    """The bot's clips in that chat."""
    return [each for each in chat.posted if each.video]
