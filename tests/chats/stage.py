"""A whole Throughline between a pretended Discord, a pretended Telegram and a video server, as `throughline run` wires it."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av

from adapters import bootstrap, settings
from adapters.bootstrap import Running
from tests.fakes.dialect_jobs import Quirks
from tests.fakes.dialect_server import DialectServer
from tests.fakes.discord import Channel, FakeDiscord, Heard, User
from tests.fakes.discord import Message as Posted
from tests.fakes.telegram import Chat, FakeTelegram, Media
from tests.fakes.telegram import Message as Said

PATIENCE: Final = 120.0
"""Seconds after which a test gives up; on a quiet machine everything happens within a few."""
FOREVER: Final = 3600.0


@dataclass(frozen=True)
class Film:
    """What a clip's file says of itself."""

    seconds: float
    size: tuple[int, int]
    frames: int


def playable(data: bytes) -> Film:
    """Decode a clip to its last frame. Raises av's errors where it cannot be played."""
    with av.open(io.BytesIO(data), "r") as clip:
        picture = clip.streams.video[0]
        frames = sum(1 for _ in clip.decode(video=0))
        length = Fraction(clip.duration or 0, 1_000_000)
        return Film(float(length), (picture.width, picture.height), frames)


@dataclass
class Stage:
    """Where the members are."""

    discord: FakeDiscord
    telegram: FakeTelegram
    video: DialectServer
    running: Running

    # ------------------------------------------------------------ the film lab

    def hold(self) -> None:
        """Films under way roll on and on."""
        self.video.book.film_seconds = FOREVER

    def release(self) -> None:
        """Films under way are ready at once."""
        self.video.book.film_seconds = 0.0

    def orders(self, words: str) -> int:
        """How many orders with these words the video server took."""
        return sum(words in str(job.fields.get("prompt")) for job in self.video.book.jobs)

    # ------------------------------------------------------------ Discord

    async def ordered(self, user: User, channel: Channel, prompt: str, **more: Any) -> Posted:
        """The card of a take that a member asked for by ``/generate``."""
        before = set(channel.history)
        heard = await self.discord.slash(user, channel, "generate", prompt=prompt, **more)
        assert heard.acknowledged, "nothing came in three seconds"
        await self.seen(lambda: [said for said in cards(channel, prompt) if said.id not in before])
        return next(said for said in cards(channel, prompt) if said.id not in before)

    async def filmed(self, channel: Channel, words: str, count: int = 1) -> Posted:
        """The newest clip there whose card says these words, once there are `count`."""
        await self.seen(lambda: len(clips(channel, words)) >= count)
        return clips(channel, words)[-1]

    async def seen(self, holds: Callable[[], object], within: float = PATIENCE) -> None:
        """Wait for something at Discord."""
        await self.discord.until(holds, within)

    async def told(self, heard: Heard, words: str) -> Heard:
        """Wait for these words in the answer that the member alone sees."""
        assert heard.acknowledged, "nothing came in three seconds"
        return await heard.says(words, PATIENCE)

    # ------------------------------------------------------------ Telegram

    async def shown(self, found: Callable[[], Any], within: float = PATIENCE) -> Any:
        """Wait for something at Telegram; what was found."""
        return await self.telegram.until(found, within)

    async def screened(self, chat: Chat, words: str, count: int = 1) -> Said:
        """The newest clip there whose caption says these words, once there are `count`."""
        await self.shown(lambda: len(films(chat, words)) >= count)
        return films(chat, words)[-1]


def cards(channel: Channel, words: str) -> list[Posted]:
    """The bot's messages there that say these words, oldest first."""
    return [said for said in channel.messages if said.author.bot and words in said.text]


def clips(channel: Channel, words: str = "") -> list[Posted]:
    """The bot's messages there that carry a clip and say these words, oldest first."""
    return [said for said in cards(channel, words) if any(name.endswith(".mp4") for name in said.files)]


def clip_of(said: Posted) -> bytes:
    """The one clip of a message."""
    (data,) = (data for name, data in said.files.items() if name.endswith(".mp4"))
    return data


def films(chat: Chat, words: str = "") -> list[Said]:
    """The bot's clips in that chat whose captions say these words, oldest first."""
    return [said for said in chat.posted if said.video and words in said.caption]


def film_of(said: Said) -> Media:
    """The clip of a message."""
    assert said.video is not None, "it is no clip"
    return said.video


def texts(chat: Chat, words: str) -> list[Said]:
    """The bot's messages in that chat that say these words."""
    return [said for said in chat.posted if words in said.words]


def environment(
    home: Path, discord: FakeDiscord | None, telegram: FakeTelegram | None, video: DialectServer | None
) -> dict[str, str]:
    """What an operator sets to have all this."""
    own = {"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_PORT": "0", "THROUGHLINE_BACKEND": "colour_bars"}
    if video is not None:
        own |= {"THROUGHLINE_BACKEND": "openai_videos", "OPENAI_BASE_URL": video.url}
    if discord is not None:
        own |= {"DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url}
        own |= {"DISCORD_GATEWAY_URL": discord.gateway_url}
    if telegram is not None:
        own |= {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_URL": f"http://127.0.0.1:{telegram.port}"}
    return own


@asynccontextmanager
async def on_set(
    home: Path,
    *platforms: str,
    clip: bytes | None = None,
    table: str = "",
    more: Mapping[str, str] | None = None,
) -> AsyncIterator[Stage]:
    """A house that listens to these platforms (both if none is named). At the end neither may have an objection.

    `clip`: what every film becomes; `table`: ``throughline.toml``; `more`: of the environment.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "throughline.toml").write_text(table, "utf-8")
    wanted = platforms or ("discord", "telegram")
    rolling = Quirks(words={"queued": "in_progress"})
    async with (
        FakeDiscord() as discord,
        FakeTelegram(typed=False) as telegram,
        DialectServer(clip=clip, quirks=rolling) as video,
    ):
        own = environment(
            home, discord if "discord" in wanted else None, telegram if "telegram" in wanted else None, video
        )
        setting = settings.load({**own, **(more or {})})
        with discord.pointed():
            async with bootstrap.running(setting, bootstrap.roles(setting)) as running:
                if "discord" in wanted:
                    await discord.until(lambda: discord.commands.get(None), PATIENCE)
                yield Stage(discord, telegram, video, running)
        assert discord.broken == []
        assert telegram.broken == []
        assert telegram.patience.disregarded == []
