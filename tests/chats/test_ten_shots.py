"""A ten-shot story in two scenes with two of the cast, told on Discord, on Telegram and in the studio, drawn by the animatic.

Everybody tells the same story in their own place's way, in one house. What the backend was told is read where it is kept
for ever, in the frozen orders, and once by each member as they would: from "Show the prompt", or from the card.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import aiohttp
import pytest

from bot.brief import Brief, PartName, brief_from_dict
from tests.chats.stage import PATIENCE, Stage, clip_of, clips, film_of, films, on_set, playable, texts
from tests.fakes.discord import Channel
from tests.fakes.discord import User as Neighbour
from tests.fakes.telegram import Chat, User

pytestmark = pytest.mark.slow

SPINE: Final = {
    "lens": "85mm lens",
    "depth": "shallow depth of field",
    "palette": "teal, amber",
    "mood": "tense",
}
LOOK: Final = "Cinematography: 85mm lens, shallow depth of field. Palette anchors: teal, amber. Mood: tense."
CAST: Final = {
    "Marek": ("a stooped man in his fifties, grey beard", "a long brown coat"),
    "Lena": ("a young woman with red braids", "a teal raincoat"),
}
LINES: Final = {name: f"{name}: {who}. Wardrobe: {worn}." for name, (who, worn) in CAST.items()}


@dataclass(frozen=True)
class Told:
    """A shot as a member tells it, what happens in it and nowhere else, and who is seen."""

    words: str
    deed: str
    here: tuple[str, ...]


STORY: Final = (
    Told("Wide shot. Marek crosses a wet street at night in thick fog.", "crosses", ("Marek",)),
    Told("He lights a cigarette under a street lamp.", "lights a cigarette", ("Marek",)),
    Told("@Lena runs up behind him.", "runs up", ("Lena",)),
    Told("She hands Marek a letter.", "hands", ("Lena", "Marek")),
    Told("He reads it.", "reads", ("Marek",)),
    Told("Marek and Lena argue in a tea house at dawn, candlelight on the walls.", "argue", ("Marek", "Lena")),
    Told("She laughs.", "laughs", ("Lena",)),
    Told("He pours the tea.", "pours", ("Marek",)),
    Told("Lena stands up and leaves.", "stands up", ("Lena",)),
    Told("Marek stares at the door.", "stares", ("Marek",)),
)
SCENE_TWO: Final = 5
STAYS: Final = (("a wet street", "night", "thick fog"), ("a tea house", "dawn", "candlelight"))
GROWTH: Final = 40
"""Characters by which what is carried may differ within a scene: who is in the shot changes, nothing is heaped up."""
LONG: Final = 3 * PATIENCE
"""Seconds for ten clips, which are drawn one after the other where there are two cores."""
QUICK: Final = {"seconds": 2, "seed": 7}
"""As short as the animatic draws; one chance for all, so that what was drawn for the first need not be drawn again."""


class Surface(Protocol):
    """A place in which a member tells the story, in that place's own way."""

    @property
    def member(self) -> str: ...

    @property
    def place(self) -> str: ...

    async def style(self) -> None: ...

    async def cast(self, name: str, description: str, wardrobe: str) -> None: ...

    async def shoots(self, words: str, **options: Any) -> None:
        """Ask for a shot; back when its card is there."""
        ...

    async def screened(self) -> Sequence[bytes]:
        """The clips, once there are ten."""
        ...

    async def reads(self) -> str:
        """What the member reads of the last shot's prompt."""
        ...


@dataclass
class OnDiscord:
    """Slash commands with typed options in a server's channel."""

    stage: Stage
    channel: Channel
    user: Neighbour

    @property
    def member(self) -> str:
        return f"discord:{self.user.id}"

    @property
    def place(self) -> str:
        assert self.channel.guild is not None
        return f"discord/{self.channel.guild.id}"

    async def style(self) -> None:
        heard = await self.stage.discord.slash(self.user, self.channel, "style set", **SPINE)
        await self.stage.told(heard, "85mm lens")

    async def cast(self, name: str, description: str, wardrobe: str) -> None:
        given = {"name": name, "description": description, "wardrobe": wardrobe}
        heard = await self.stage.discord.slash(self.user, self.channel, "cast add", **given)
        await self.stage.told(heard, description)

    async def shoots(self, words: str, **options: Any) -> None:
        heard = await self.stage.discord.slash(self.user, self.channel, "generate", prompt=words, **options)
        await self.stage.told(heard, "The card comes")

    async def screened(self) -> Sequence[bytes]:
        await self.stage.seen(lambda: len(clips(self.channel)) >= len(STORY), LONG)
        return [clip_of(said) for said in clips(self.channel)]

    async def reads(self) -> str:
        (last,) = clips(self.channel, STORY[-1].words)
        shown = await self.stage.discord.press(self.user, last, "Show the prompt")
        return (await self.stage.told(shown, LOOK)).text


@dataclass
class OnTelegram:
    """Commands as lines of text in a direct conversation."""

    stage: Stage
    chat: Chat
    user: User

    @property
    def member(self) -> str:
        return f"telegram:{self.user.id}"

    @property
    def place(self) -> str:
        return f"telegram/{self.chat.id}"

    async def _says(self, words: str, until: str) -> None:
        await self.stage.telegram.say(self.user, self.chat, words)
        await self.stage.shown(lambda: texts(self.chat, until))

    async def style(self) -> None:
        await self._says("/style set " + " ".join(f"{name}:{value}" for name, value in SPINE.items()), "85mm lens")

    async def cast(self, name: str, description: str, wardrobe: str) -> None:
        await self._says(f"/cast add {name}: {description} wardrobe:{wardrobe}", description)

    async def shoots(self, words: str, **options: Any) -> None:
        given = " ".join(f"{name}:{value}" for name, value in options.items())
        await self._says(f"/generate {words} {given}", words.replace("@", ""))

    async def screened(self) -> Sequence[bytes]:
        await self.stage.shown(lambda: len(films(self.chat)) >= len(STORY), LONG)
        return [film_of(said).bytes for said in films(self.chat)]

    async def reads(self) -> str:
        (last,) = films(self.chat, STORY[-1].words)
        known = len(self.chat.posted)
        await self.stage.telegram.press(self.user, last, "Show the prompt")
        shown = await self.stage.shown(lambda: [said for said in self.chat.posted[known:] if LOOK in said.words])
        return str(shown[0].words)


@dataclass
class InTheStudio:
    """The studio's own requests: forms for look and cast, a line for a shot, the feed to look at."""

    url: str
    page: aiohttp.ClientSession
    member: str = "web:local"
    place: str = "web/studio"

    async def _wishes(self, form: dict[str, Any]) -> None:
        async with self.page.post("/api/wish", json=form) as answer:
            assert answer.status == 202, await answer.text()

    async def _feed(self) -> list[dict[str, Any]]:
        async with self.page.get("/api/feed") as answer:
            return [post["card"] for post in (await answer.json())["posts"]]

    async def _seen(self, words: str, count: int = 1, *, clip: bool = False) -> list[dict[str, Any]]:
        async with asyncio.timeout(LONG if clip else PATIENCE):
            while True:
                found = [card for card in await self._feed() if words in str(card) and (card["clip"] or not clip)]
                if len(found) >= count:
                    return found
                await asyncio.sleep(0.1)

    async def style(self) -> None:
        await self._wishes({"command": "style", "values": {"action": "set", **SPINE}})
        await self._seen("85mm lens")

    async def cast(self, name: str, description: str, wardrobe: str) -> None:
        given = {"name": name, "description": description, "wardrobe": wardrobe}
        await self._wishes({"command": "cast", "values": {"action": "add", **given}})
        await self._seen(description)

    async def shoots(self, words: str, **options: Any) -> None:
        await self._wishes({"text": words, "values": options})
        await self._seen(words.replace("@", ""))

    async def screened(self) -> Sequence[bytes]:
        found = await self._seen("", len(STORY), clip=True)
        digests = [card["clip"]["digest"] for card in found]
        return [await self._fetched(digest) for digest in digests]

    async def _fetched(self, digest: str) -> bytes:
        async with self.page.get(f"/clips/{digest}.mp4") as answer:
            assert answer.status == 200
            return await answer.read()

    async def reads(self) -> str:
        (card,) = await self._seen(STORY[-1].words, clip=True)
        return "\n\n".join(part["text"] for part in card["prompt"])


async def told(surface: Surface) -> None:
    """The whole story, shot after shot."""
    await surface.style()
    for name, (description, wardrobe) in CAST.items():
        await surface.cast(name, description, wardrobe)
    for number, shot in enumerate(STORY):
        scene = {"scene": "new"} if number == SCENE_TWO else {}
        await surface.shoots(shot.words, **QUICK, **scene)


async def briefs_of(stage: Stage, surface: Surface) -> list[Brief]:
    """What the backend was told of that member's shots there, in their order; each rolled on the animatic."""
    async with stage.running.house.work() as w:
        session = await w.sessions.get(surface.member, surface.place)
        assert session.production is not None
        takes = await w.takes.of_production(session.production)
        jobs = [await w.jobs.of_take(take.id) for take in takes]
    assert [str(take.slate) for take in takes] == [f"{1 + n // 5}{'ABCDE'[n % 5]}-1" for n in range(len(STORY))]
    assert {job.backend for job in jobs if job} == {"animatic"}
    return [brief_from_dict(json.loads(job.order)["brief"]) for job in jobs if job and job.order]


def check_spine_and_cast(briefs: Sequence[Brief]) -> None:
    """Word for word, once, and nobody who is not there."""
    for brief, shot in zip(briefs, STORY, strict=True):
        assert brief.text.count(LOOK) == 1, shot
        assert brief.text.endswith(shot.words.replace("@", ""))
        seen = {name: brief.text.count(line) for name, line in LINES.items()}
        assert seen == {name: int(name in shot.here) for name in LINES}, shot


def check_carried(briefs: Sequence[Brief]) -> None:
    """Place, hour, weather and light within a scene, and never over its end. (Clothes: with the cast, word for word.)"""
    for number, brief in enumerate(briefs):
        here, elsewhere = STAYS if number < SCENE_TWO else STAYS[::-1]
        first = number in (0, SCENE_TWO)
        carried = brief.part(PartName.CARRIED)
        assert not first or carried == ""
        assert first or [each for each in here if each not in carried] == [], STORY[number]
        assert not any(each in brief.text for each in elsewhere[:2]), STORY[number]


def check_deeds(briefs: Sequence[Brief]) -> None:
    """What was done is done: no shot tells what happens in another."""
    for brief, shot in zip(briefs, STORY, strict=True):
        assert [each.deed for each in STORY if each.deed in brief.text] == [shot.deed]


def check_growth(briefs: Sequence[Brief]) -> None:
    """Without look, cast and own words, what is left stays as long as it was."""
    lengths = [len(brief.part(PartName.CARRIED)) for brief in briefs]
    for first, last in ((1, SCENE_TWO), (SCENE_TWO + 1, len(STORY))):
        assert max(lengths[first:last]) <= min(lengths[first:last]) + GROWTH, lengths


def check_clips(found: Sequence[bytes]) -> None:
    """Ten that play to their end."""
    assert len(found) == len(STORY)
    assert {(film.seconds, film.frames) for film in map(playable, found)} == {(2.0, 48)}


async def test_ten_shots_on_three_surfaces(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        more = {"THROUGHLINE_BACKEND": "animatic"}
        stage = await stack.enter_async_context(on_set(tmp_path / "home", more=more))
        surfaces = await everywhere(stage, stack)

        await filmed(surfaces[0])
        await asyncio.gather(*(filmed(each) for each in surfaces[1:]))
        for surface in surfaces:
            briefs = await briefs_of(stage, surface)
            check_spine_and_cast(briefs)
            check_carried(briefs)
            check_deeds(briefs)
            check_growth(briefs)
            read = await surface.reads()
            assert [part.text for part in briefs[-1].parts if part.text not in read] == []


async def filmed(surface: Surface) -> None:
    """The story, told and seen."""
    await told(surface)
    await asyncio.to_thread(check_clips, await surface.screened())


async def everywhere(stage: Stage, stack: AsyncExitStack) -> tuple[Surface, ...]:
    """A member in each of the three places."""
    guild = stage.discord.guild("set")
    ines, marek = stage.discord.user("ines"), stage.telegram.user("marek", "en")
    assert stage.running.url is not None
    page = aiohttp.ClientSession(stage.running.url, headers={"Sec-Fetch-Site": "same-origin"})
    return (
        OnDiscord(stage, stage.discord.channel(guild, "night-shoots"), ines),
        OnTelegram(stage, stage.telegram.private(marek), marek),
        InTheStudio(stage.running.url, await stack.enter_async_context(page)),
    )
