"""The listener before the pretended Telegram: what members do there ends as stored wishes, or as words to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.chat import ChatSettings
from adapters.chat.telegram.listen import TelegramListener
from adapters.chat.telegram.post import TelegramPoster
from adapters.chat.telegram.wire import Wire
from bot.asking import Desk
from bot.commands import Command, from_dict
from bot.intake import Intake
from bot.paperwork import Wish
from tests.fakes.film_world import FakeClock
from tests.fakes.storage import FakeStore
from tests.fakes.telegram import Chat, FakeTelegram, Limits, Message, User
from tests.storage import props

JPEG = bytes.fromhex("ffd8ffc0000b080040006001011100ffd9")
"""A picture of 96 x 64, as far as its head goes."""


class Storage:
    """A database that can hang (until `go`), break (`broken` times), or refuse whatever says `refuses`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.go = asyncio.Event()
        self.go.set()
        self.broken = 0
        self.transactions = 0
        self.refuses = ""

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Any]:
        self.transactions += 1
        await self.go.wait()
        if self.broken:
            self.broken -= 1
            raise OSError("the disk is full of holes")
        async with self._store.work() as w:
            yield w
            if self.refuses and any(self.refuses in str(wish.command) for wish in await w.wishes.open()):
                raise ValueError(f"not in this database: {self.refuses}")


@dataclass
class House:
    """One private chat, one group; the listener hears what is said there."""

    telegram: FakeTelegram
    folder: Path
    table: dict[str, Any] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    public_url: str = ""

    def __post_init__(self) -> None:
        self.ines: User = self.telegram.user("ines", language="en")
        self.mei: User = self.telegram.user("mei", language="zh-hant")
        self.chat: Chat = self.telegram.private(self.ines)
        self.group: Chat = self.telegram.group("set", admins=[self.telegram.user("olga"), self.mei])
        self.clock = FakeClock(1_800_000_000.0)
        self.store = FakeStore()
        self.storage = Storage(self.store)
        self.taken_up: list[str] = []
        self._strangers = 0
        desk = Desk("animatic", "animatic", ("animatic",))
        self.intake = Intake(self.storage.work, self._take_up, desk, self.clock)
        url = f"http://127.0.0.1:{self.telegram.port}"
        self.poster = TelegramPoster(Wire(self.telegram.token, url), self.store.work)
        self.listener = self.another()

    def another(self) -> TelegramListener:
        """A further process of the same bot."""
        options = {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{self.telegram.port}",
        } | self.options
        setting = ChatSettings(options, self.table, self.folder, public_url=self.public_url)
        return TelegramListener(setting, self.intake, self.poster, poll=2)

    async def open(self) -> None:
        """The listener hears."""
        await self.listener.start()

    async def close(self) -> None:
        """Nobody hears any more."""
        await self.listener.stop()
        await self.intake.close()
        await self.poster.close()

    async def restart(self) -> None:
        """Another process takes over; it knows what is stored, and nothing else."""
        await self.listener.stop()
        self.listener = self.another()
        await self.listener.start()

    async def _take_up(self, wish: str) -> None:
        self.taken_up.append(wish)

    # ------------------------------------------------------------ what came of it

    @property
    def wishes(self) -> list[Wish]:
        """What is stored, oldest first."""
        return list(self.store.rows.wishes.values())

    async def heard(self, count: int = 1) -> Wish:
        """Wait for so many wishes and no more; the newest."""
        await self.telegram.until(lambda: len(self.wishes) >= count)
        assert len(self.wishes) == count
        return self.wishes[-1]

    async def command(self, count: int = 1) -> Command:
        """The same as the command."""
        return from_dict((await self.heard(count)).command)

    async def told(self, chat: Chat | None = None, count: int = 1) -> Message:
        """Wait for so many messages of the bot's; the newest."""
        place = chat or self.chat
        await self.telegram.until(lambda: len(place.posted) >= count)
        return place.posted[-1]

    async def asked(self, chat: Chat | None = None, count: int = 1) -> Message:
        """Wait for so many messages of the bot's, the newest a question, and for what its answer means to be known."""
        question = await self.told(chat, count)
        assert question.asks
        await self.telegram.until(lambda: at(question) in self.store.rows.messages)
        return question

    async def quiet(self) -> None:
        """Until everything that was said has been heard and answered: a stranger says something last, and is answered."""
        self._strangers += 1
        stranger = self.telegram.user(f"stranger {self._strangers}")
        place = self.telegram.private(stranger)
        await self.telegram.say(stranger, place, kind="sticker")
        await self.told(place)

    # ------------------------------------------------------------ what stands in the chats

    async def take(self, chat: Chat | None = None, meaning: str = "remix:take") -> Message:
        """A take's card, as the poster leaves it: a reply to it means that action."""
        markup = {"inline_keyboard": [[{"text": "Remix", "callback_data": "remix:take"}]]}
        card = self.telegram.put(chat or self.chat, self.telegram.bot, text="1A-1, ready", markup=markup)
        async with self.store.work() as w:
            await w.messages.put(at(card), meaning, self.clock.now())
        return card

    async def film(self, chat: Chat | None = None) -> str:
        """A take that exists, made in that chat; its id."""
        place = f"telegram/{(chat or self.chat).id}"
        member = f"telegram:{self.ines.id}"
        async with self.store.work() as w:
            await w.productions.add(props.production(member=member, place=place))
            await w.productions.add_shot(props.shot())
            await w.takes.add(props.take(member=member, place=place))
        return "take"

    def button(self, data: str, chat: Chat | None = None) -> Message:
        """A message of the bot's with one button."""
        markup = {"inline_keyboard": [[{"text": "tap", "callback_data": data}]]}
        return self.telegram.put(chat or self.chat, self.telegram.bot, text="a card", markup=markup)


def at(message: Message) -> str:
    """The reference of a message."""
    return f"telegram/{message.chat.id}/{message.id}"


@asynccontextmanager
async def house(folder: Path, *, privacy: bool = True, typed: bool = False, **more: Any) -> AsyncIterator[House]:
    """At the end everything that was sent must have been to Telegram's liking."""
    async with FakeTelegram(Limits(on=False), privacy=privacy, typed=typed) as telegram:
        stage = House(telegram, folder, **more)
        try:
            yield stage
        finally:
            await stage.close()
        assert telegram.broken == []
