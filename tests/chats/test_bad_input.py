"""What cannot be: unknown names, a name that is a command, a description that never ends. One clear sentence each, everywhere."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.chats.stage import PATIENCE, Stage, on_set
from tests.fakes.discord import Heard
from tests.fakes.telegram import Chat, Message

pytestmark = pytest.mark.slow

ENDLESS = "a fox with one torn ear, " * 161
"""More than 4,000 characters."""
BAD = (
    ("cast", {"action": "show", "name": "Pavel"}, "There is nobody called “Pavel” here. There are: Tom."),
    ("cast", {"action": "add", "name": "generate", "description": "a fox"}, "“generate” means something else here"),
    ("cast", {"action": "add", "name": "Camera", "description": "a fox"}, "“Camera” means something else here"),
    ("cast", {"action": "add", "name": "Rusty", "description": ENDLESS}, "characters; 4000 is the most"),
    ("cast", {"action": "add", "name": "Tom", "description": "another cat"}, "Tom"),
    ("shot", {"take": "9Z-9"}, "9Z-9"),
    ("remix", {"change": "at night", "take": "9Z-9"}, "9Z-9"),
    ("style", {"action": "set", "preset": "nosuchlook"}, "nosuchlook"),
)
TOM = ("cast", {"action": "add", "name": "Tom", "description": "a grey cat" + "." * 3_990})
"""Of exactly 4,000 characters: as long as may be."""


async def on_discord(stage: Stage) -> list[str]:
    """What Ines is told there, one text for each of `BAD`."""
    discord = stage.discord
    ines, channel = discord.user("ines"), discord.channel(discord.guild("set"), "casting")
    told = []
    for name, values in (TOM, *((name, values) for name, values, _ in BAD)):
        given: dict[str, Any] = dict(values)
        action = given.pop("action", "")
        heard = await discord.slash(ines, channel, f"{name} {action}".strip(), **given)
        assert heard.acknowledged
        await stage.seen(partial(is_answered, heard))
        told.append(heard.text)
    return told[1:]


def is_answered(heard: Heard) -> bool:
    """Whether more is said than that it was understood."""
    return bool(heard.text) and not heard.thinking and "in a moment" not in heard.text


async def on_telegram(stage: Stage) -> list[str]:
    """The same in a direct conversation, where all is text."""
    telegram = stage.telegram
    ines = telegram.user("ines", "en")
    chat = telegram.private(ines)
    told = []
    for name, values in (TOM, *((name, values) for name, values, _ in BAD)):
        asked = await telegram.say(ines, chat, line_of(name, values))
        answer = await stage.shown(partial(answers_to, chat, asked))
        told.append(answer[0].words)
    return told[1:]


def answers_to(chat: Chat, asked: Message) -> list[Message]:
    """What the bot replied to that message."""
    return [said for said in chat.posted if said.reply_to is asked]


def line_of(name: str, values: dict[str, str]) -> str:
    """The command as a line of text."""
    rest = {key: value for key, value in values.items() if key not in ("action", "name", "description", "change")}
    main = values.get("name", "") + (f": {values['description']}" if "description" in values else "")
    words = (f"/{name}", values.get("action", ""), main or values.get("change", ""))
    return " ".join(filter(None, (*words, *(f"{key}:{value}" for key, value in rest.items()))))


async def in_the_studio(stage: Stage) -> list[str]:
    """The same over the studio's own requests."""
    assert stage.running.url is not None
    headers = {"Sec-Fetch-Site": "same-origin"}
    told = []
    async with aiohttp.ClientSession(stage.running.url, headers=headers) as page:
        for name, values in (TOM, *((name, values) for name, values, _ in BAD)):
            told.append(await asked_of(page, {"command": name, "values": values}))
    return told[1:]


async def asked_of(page: aiohttp.ClientSession, form: dict[str, Any]) -> str:
    """The sentence that answers a form: at once, or on a card in the feed."""
    async with page.get("/api/feed") as answer:
        known = len((await answer.json())["posts"])
    async with page.post("/api/wish", json=form) as answer:
        said = await answer.json()
        if answer.status != 202:
            return str(said["error"]["text"])
    async with asyncio.timeout(PATIENCE):
        while True:
            async with page.get("/api/feed") as answer:
                posts = (await answer.json())["posts"]
            if len(posts) > known:
                return " ".join(posts[-1]["card"]["lines"])
            await asyncio.sleep(0.05)


async def test_one_clear_sentence_each_on_every_surface(tmp_path: Path) -> None:
    async with on_set(tmp_path / "home") as stage:
        everywhere = await asyncio.gather(on_discord(stage), on_telegram(stage), in_the_studio(stage))
        for told in everywhere:
            assert [text for text, (_, _, words) in zip(told, BAD, strict=True) if words not in text] == []
            assert not any("Traceback" in text or "fault of ours" in text for text in told)
        assert not stage.video.book.jobs
