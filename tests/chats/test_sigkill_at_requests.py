"""SIGKILL while a request of ours is under way: before the platform acted on it, and after, with its answer lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from tests.chats.mortal import Mortal, mortal, until
from tests.chats.stage import cards, clip_of, clips, environment, films, playable, texts
from tests.fakes.dialect_jobs import Quirks
from tests.fakes.dialect_server import DialectServer
from tests.fakes.discord import FakeDiscord, Heard
from tests.fakes.discord.faults import Fault
from tests.fakes.telegram import FakeTelegram, Limits, Message

pytestmark = pytest.mark.slow

POSTS, PATCHES, LOOKS = r"/channels/\d+/messages$", r"/channels/\d+/messages/\d+$", r"/channels/\d+/messages"
BOTH: Final = ("hang", "hang after")
FOREVER: Final = 3600.0


@dataclass
class Stand:
    """Who stands where when it happens. `tell`: reports what became of each."""

    discord: FakeDiscord
    telegram: FakeTelegram
    video: DialectServer
    home: Mortal

    def __post_init__(self) -> None:
        self.channel = self.discord.channel(self.discord.guild("set"), "night-shoots")
        self.ines = self.discord.user("ines")
        self.olga = self.telegram.user("olga", "en")
        self.chat = self.telegram.private(self.olga)

    def hold(self) -> None:
        """Films roll on and on."""
        self.video.book.film_seconds = FOREVER

    def release(self) -> None:
        """Films are ready at once."""
        self.video.book.film_seconds = 0.0

    def orders(self, words: str) -> int:
        """How many there were with these words."""
        return sum(words in str(job.fields["prompt"]) for job in self.video.book.jobs)

    async def comes_back(self) -> None:
        """It is killed, and started again."""
        await self.home.killed()
        await self.home.starts()

    async def settled(self) -> None:
        """Every wish is answered, every take has ended."""
        await until(lambda: not self.home.unanswered() and not self.home.open(), "all is settled")


@asynccontextmanager
async def stand(folder: Path, *platforms: str) -> AsyncIterator[Stand]:
    """It runs, and hears."""
    video = DialectServer(log=folder / "orders.jsonl", quirks=Quirks(words={"queued": "in_progress"}))
    fast = Limits(speed=10)
    async with FakeDiscord(limits=0.1) as discord, FakeTelegram(fast, typed=False) as telegram, video:
        used = {"discord": discord if "discord" in platforms else None}
        own = environment(folder / "home", used["discord"], telegram if "telegram" in platforms else None, video)
        async with mortal(folder / "home", own) as home:
            await home.starts()
            await until(lambda: "discord" not in platforms or discord.commands.get(None), "commands are there")
            yield Stand(discord, telegram, video, home)
        assert discord.broken == []
        assert telegram.broken == []


# ---------------------------------------------------------------- Discord


async def killed_on_discord(here: Stand, words: str, method: str, route: str, what: str, *, late: bool) -> None:
    """It dies during the next such request, or during the first one after the film is ready if `late`."""

    def stops() -> Fault:
        return here.discord.faults.add(method, route, what)

    here.hold()
    fault = None if late else stops()
    asked = asyncio.create_task(here.discord.slash(here.ines, here.channel, "generate", prompt=words))
    if fault is None:
        await until(lambda: [one for one in cards(here.channel, words) if "rolling" in one.text], "it rolls")
        fault = stops()
    here.release()
    await until(lambda: fault.holds, f"{method} {route} {what}")
    await here.comes_back()
    await asked


async def one_on_discord(here: Stand, words: str) -> None:
    """There is one clip, and there was one order."""
    await until(lambda: clips(here.channel, words), f"a clip of {words}")
    await here.settled()
    (clip,) = clips(here.channel, words)
    assert playable(clip_of(clip)).frames == 24
    assert here.orders(words) == 1


async def test_discord_one_clip_whichever_request_it_dies_in(tmp_path: Path) -> None:
    moments = {
        "acknowledgement": ("POST", r"/interactions/.*/callback", False),
        "card": ("POST", POSTS, False),
        "clip": ("POST", POSTS, True),
        "tidying up": ("DELETE", PATCHES, True),
    }
    async with stand(tmp_path, "discord") as here:
        for name, (method, route, late) in moments.items():
            for what in BOTH:
                words = f"{name}, {what}"
                await killed_on_discord(here, words, method, route, what, late=late)
                await one_on_discord(here, words)
        assert here.home.kills == 2 * len(moments)


async def test_discord_one_clip_even_when_the_nonce_is_forgotten(tmp_path: Path) -> None:
    async with stand(tmp_path, "discord") as here:
        here.hold()
        asked = await here.discord.slash(here.ines, here.channel, "generate", prompt="an owl")
        assert asked.acknowledged
        await until(lambda: [one for one in cards(here.channel, "owl") if "rolling" in one.text], "it rolls")
        fault = here.discord.faults.add("POST", POSTS, "hang after")
        here.release()
        await until(lambda: fault.holds, "the clip is posted")
        await here.home.killed()
        here.discord.skip(3600)
        looks = here.discord.faults.add("GET", LOOKS, "hang")
        await here.home.starts()
        await until(lambda: looks.holds, "it looks whether the clip stands there")
        await here.comes_back()
        await one_on_discord(here, "owl")


async def test_discord_a_wish_that_was_never_acknowledged_is_filmed_once(tmp_path: Path) -> None:
    """The member saw "did not respond"; what was stored is filmed all the same, and a second wish is a second take."""
    async with stand(tmp_path, "discord") as here:
        here.discord.faults.add("POST", r"/interactions/.*/callback", "hang")
        asked: asyncio.Task[Heard] = asyncio.create_task(
            here.discord.slash(here.ines, here.channel, "generate", prompt="a hare")
        )
        await until(lambda: here.home.stored() == 1, "it is stored")
        await here.comes_back()
        assert not (await asked).acknowledged
        await one_on_discord(here, "a hare")
        await here.discord.slash(here.ines, here.channel, "generate", prompt="a heron")
        await one_on_discord(here, "a heron")
        assert len(clips(here.channel)) == 2


# ---------------------------------------------------------------- Telegram


class Stopped:
    """A request that hangs: looked at from outside."""

    def __init__(self, telegram: FakeTelegram, method: str, what: str | int) -> None:
        self._telegram, self._method = telegram, method
        telegram.faults.add(method, what)

    def is_under_way(self) -> bool:
        """The request has come."""
        return not any(method == self._method for method, _ in self._telegram.faults.waiting)


async def asks(here: Stand, words: str) -> None:
    """A member wants a take."""
    await here.telegram.say(here.olga, here.chat, f"/generate {words}")


async def rolls(here: Stand, words: str) -> Message:
    """Its card, once it says so."""
    seen: Callable[[], Any] = lambda: [one for one in texts(here.chat, words) if "rolling" in one.text]  # noqa: E731
    (card,) = await until(seen, f"{words} rolls")
    return card  # type: ignore[no-any-return]


async def one_on_telegram(here: Stand, words: str) -> Message:
    """There is one clip, and there was one order."""
    await until(lambda: films(here.chat, words), f"a clip of {words}")
    await here.settled()
    (clip,) = films(here.chat, words)
    assert clip.video is not None
    assert playable(clip.video.bytes).frames == 24
    assert here.orders(words) == 1
    return clip


@pytest.mark.parametrize("what", BOTH)
async def test_telegram_one_clip_whichever_request_it_dies_in(tmp_path: Path, what: str) -> None:
    moments = {"card": ("sendMessage", False), "clip": ("editMessageMedia", True), "notice": ("sendMessage", True)}
    async with stand(tmp_path, "telegram") as here:
        for name, (method, late) in moments.items():
            words = f"{name}, {what}"
            here.hold()
            fault = None if late else Stopped(here.telegram, method, what)
            await asks(here, words)
            if fault is None:
                await rolls(here, words)
                fault = Stopped(here.telegram, method, what)
            here.release()
            await until(fault.is_under_way, f"{method} {what}")
            await here.comes_back()
            await one_on_telegram(here, words)
        assert here.home.kills == len(moments)


@pytest.mark.parametrize("what", BOTH)
@pytest.mark.parametrize("method", ["sendMessage", "editMessageMedia"])
async def test_telegram_one_clip_where_the_card_is_gone(tmp_path: Path, method: str, what: str) -> None:
    """Then there is a new card first, because of what becomes of a new clip nothing could be learnt afterwards."""
    async with stand(tmp_path, "telegram") as here:
        here.hold()
        await asks(here, "an owl")
        here.telegram.delete(await rolls(here, "an owl"))
        if method == "editMessageMedia":
            refused = Stopped(here.telegram, method, 502)
            here.release()
            await until(refused.is_under_way, "nobody knows what became of the first")
        fault = Stopped(here.telegram, method, what)
        here.release()
        await until(fault.is_under_way, f"{method} {what}")
        await here.comes_back()
        await one_on_telegram(here, "an owl")


async def test_telegram_what_was_not_confirmed_comes_again_and_is_filmed_once(tmp_path: Path) -> None:
    async with stand(tmp_path, "telegram") as here:
        await here.home.killed()
        await asks(here, "an owl")
        await here.home.starts(wait=False)
        await until(lambda: here.home.stored() == 1, "it is stored")
        await here.comes_back()
        await asks(here, "a hare")
        await one_on_telegram(here, "an owl")
        await one_on_telegram(here, "a hare")
        assert len(films(here.chat)) == 2
        assert here.home.stored() == 2
