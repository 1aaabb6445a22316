"""The listener before a fake Discord: what members do there ends as stored wishes, or as a sentence to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from adapters.chat import ChatSettings
from adapters.chat.discord.library import point
from adapters.chat.discord.listen import DiscordListener
from bot.asking import Desk
from bot.cards import Card
from bot.intake import Intake
from bot.paperwork import Wish
from bot.people import Address
from tests.fakes.discord import Channel, FakeDiscord, File, Guild, Message, User, payloads
from tests.fakes.discord.nouns import V2
from tests.fakes.discord.refusals import Json
from tests.fakes.film_world import FakeClock, FakePoster
from tests.fakes.storage import FakeStore


@dataclass
class Answers(FakePoster):
    """A poster that keeps what it is given to say, with where."""

    platform: str = "discord"
    said: list[tuple[Address, str, Card]] = field(default_factory=list)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        self.said.append((address, key, card))

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def lines(self) -> list[str]:
        """Every sentence so far."""
        return [line for _, _, card in self.said for line in card.lines]


class Slow:
    """A database that can be told to hang: the next transactions wait until `go`."""

    def __init__(self, store: FakeStore) -> None:
        self._store = store
        self.go = asyncio.Event()
        self.go.set()

    @asynccontextmanager
    async def work(self) -> AsyncIterator[object]:
        await self.go.wait()
        async with self._store.work() as w:
            yield w


class House:
    """One server with one channel, and two members; the listener hears what they do."""

    def __init__(self, discord: FakeDiscord) -> None:
        self.discord = discord
        self.guild: Guild = discord.guild("set")
        self.channel: Channel = discord.channel(self.guild, "night-shoots")
        self.ines: User = discord.user("ines")
        self.marek: User = discord.user("marek", locale="zh-CN")
        self.clock = FakeClock(1_800_000_000.0)
        self.store = FakeStore()
        self.database = Slow(self.store)
        self.poster = Answers(work=self.store.work)
        self.taken_up: list[str] = []
        self.take_up_hangs = False
        self.on_take_up: Callable[[], object] = lambda: None
        desk = Desk("animatic", "animatic", ("animatic", "openai_videos"))
        self.intake = Intake(self.database.work, self._take_up, desk, self.clock)  # type: ignore[arg-type]
        self.listener = self._listener()

    def _listener(self) -> DiscordListener:
        options = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }
        return DiscordListener(ChatSettings(options), self.intake, self.poster)

    async def open(self) -> None:
        """The listener is on the line, its commands registered."""
        await self.listener.start(10)
        await self.discord.until(lambda: self.discord.commands.get(None))

    async def close(self) -> None:
        """Nobody hears any more."""
        await self.listener.stop()
        await self.intake.close()

    async def restart(self) -> None:
        """Another process takes over; it knows what is stored, and nothing else."""
        await self.listener.stop()
        self.listener = self._listener()
        await self.listener.start(10)

    async def _take_up(self, wish: str) -> None:
        self.on_take_up()
        self.taken_up.append(wish)
        if self.take_up_hangs:
            await asyncio.Event().wait()

    @property
    def wishes(self) -> list[Wish]:
        """What is stored, oldest first."""
        return list(self.store.rows.wishes.values())

    @property
    def wish(self) -> Wish:
        """The only one."""
        (only,) = self.wishes
        return only

    async def heard(self, count: int = 1) -> Wish:
        """Wait for so many wishes; the newest."""
        await self.discord.until(lambda: len(self.wishes) >= count)
        assert len(self.wishes) == count
        return self.wishes[-1]

    async def said(self, count: int = 1) -> str:
        """Wait for so many sentences of the poster; the newest."""
        await self.discord.until(lambda: len(self.poster.lines) >= count)
        return self.poster.lines[-1]

    def card(
        self, *buttons: tuple[str, str], channel: Channel | None = None, menu: dict[str, str] | None = None
    ) -> Message:
        """A message of the bot's: buttons by label and custom id; `menu`: the lines of a select, label to value."""
        row = [{"type": 2, "style": 2, "label": label, "custom_id": custom_id} for label, custom_id in buttons]
        rows: list[dict[str, object]] = [{"type": 1, "components": row}] if row else []
        if menu:
            lines = [{"label": label, "value": value} for label, value in menu.items()]
            rows.append({"type": 1, "components": [{"type": 3, "custom_id": "t:pick", "options": lines}]})
        place = channel or self.channel
        said = Message(self.discord.ids.make(), place, self.discord.bot, components=rows, flags=V2)
        said.created = self.discord.now()
        place.history[said.id] = said
        return said

    async def take(self, action: str = "remix:01take", channel: Channel | None = None) -> Message:
        """A take's card, as the poster leaves it: a reply to it means that action."""
        said = self.card(("Remix", "ta:remix:01take"), channel=channel)
        await self.means(said.channel, said.id, action)
        return said

    async def quiet(self) -> None:
        """Wait until everything said so far was heard: something said afterwards is."""
        end = await self.discord.autocomplete(self.ines, self.discord.dm(self.ines), "generate", prompt="x", model="")
        assert end.acknowledged
        await asyncio.sleep(0)

    async def knows_the_server(self) -> None:
        """Wait until the library has taken the server in, which it does a little after it hears."""
        client = self.listener._client
        assert client
        await self.discord.until(lambda: (known := client.get_guild(self.guild.id)) and known.me)

    def guild_now(self) -> Json:
        """The server as an event tells it."""
        return payloads.guild(self.guild, self.discord.bot)

    def with_picture(self, take: Message, words: str) -> Json:
        """A reply to a take with a picture, as the gateway brings it."""
        said = Message(self.discord.ids.make(), self.channel, self.ines, words, kind=19, reply_to=take)
        said.mentions, said.attachments = [self.discord.bot], [File(5, self.channel.id, "fox.png", b"x", "image/png")]
        member = payloads.member(self.ines, with_user=False)
        about = payloads.message(said, self.discord.origin, self.discord.now())
        return about | {"guild_id": str(self.guild.id), "member": member}

    async def means(self, channel: Channel, message: int, action: str) -> None:
        """A message of ours, as the poster writes it down."""
        async with self.store.work() as w:
            await w.messages.put(f"discord/{channel.id}/{message}", action, 0.0)


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    """A listening house; every rule that was broken towards Discord fails the test."""
    async with FakeDiscord() as discord:
        here = House(discord)
        try:
            await here.open()
            yield here
        finally:
            await here.close()
            point()
        assert discord.broken == [], discord.broken
