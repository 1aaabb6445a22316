"""The same gateway client before simcord, an independent simulation of Discord: what we took for granted, somebody else checks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import discord
import simcord

from adapters.chat.discord.ears import Ears
from adapters.chat.discord.library import reference
from bot.asking import Desk
from bot.commands import Generate, Remix, Style, from_dict
from bot.intake import Intake
from bot.paperwork import Wish
from tests.adapters.chat.discord.stage_listen import Answers
from tests.fakes.film_world import FakeClock
from tests.fakes.storage import FakeStore


@dataclass
class Set:
    """A server in simcord with a channel and a member, and the client in it."""

    env: simcord.Env
    store: FakeStore
    poster: Answers
    taken_up: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.guild = self.env.create_guild()
        self.channel = self.guild.create_text_channel("night-shoots")
        self.ines = self.guild.add_member(self.env.create_user("ines"))

    @property
    def wish(self) -> Wish:
        """The only one."""
        (only,) = self.store.rows.wishes.values()
        return only

    async def take(self) -> discord.Message:
        """A take's card, as a worker posts it."""
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(label="Remix", custom_id="ta:remix:01take"))
        view.add_item(discord.ui.Button(label="Circle", custom_id="t:circle:01take"))
        view.stop()
        channel = self.env.bot.get_channel(self.channel.id)
        assert isinstance(channel, discord.TextChannel)
        said = await channel.send("2B-3", view=view)
        async with self.store.work() as w:
            await w.messages.put(reference(self.channel.id, said.id), "remix:01take", 0.0)
        return said


@asynccontextmanager
async def on_set() -> AsyncIterator[Set]:
    """Not a fixture: simcord's clock belongs to the task that began it."""
    store, poster, taken_up = FakeStore(), Answers(), list[str]()

    async def take_up(wish: str) -> None:
        taken_up.append(wish)

    intake = Intake(store.work, take_up, Desk("animatic", "animatic", ("animatic",)), FakeClock())
    client = Ears(intake, poster, "en", asyncio.Event())
    async with simcord.run(client, shard_count=1, approved_intents=discord.Intents.default()) as env:
        yield Set(env, store, poster, taken_up)


async def test_a_member_generates() -> None:
    async with on_set() as here:
        result = await here.ines.slash(here.channel, "generate", prompt="a fox", seconds=6)
        assert result.ephemeral
        assert result.response
        assert result.response.content == "Understood. The card comes in a moment."
        assert from_dict(here.wish.command) == Generate(prompt="a fox", seconds=6)
        assert here.taken_up == [here.wish.id]


async def test_a_member_sets_their_spine() -> None:
    async with on_set() as here:
        result = await here.ines.slash(here.channel, "style set", look="rain on glass")
        assert result.deferred
        assert result.ephemeral
        assert from_dict(here.wish.command) == Style(action="set", look="rain on glass")  # type: ignore[arg-type]


async def test_a_member_remixes_through_the_form() -> None:
    async with on_set() as here:
        opened = await here.ines.click(await here.take(), label="Remix")
        assert opened.modal
        sent = await here.ines.submit_modal(opened, {"words": "at night"})
        assert sent.ephemeral
        assert from_dict(here.wish.command) == Remix(change="at night", take="01take")


async def test_a_member_remixes_through_the_messages_menu() -> None:
    async with on_set() as here:
        opened = await here.ines.context_menu(here.channel, "Remix this take", await here.take())
        assert opened.modal
        await here.ines.submit_modal(opened, {"words": "at night"})
        assert from_dict(here.wish.command) == Remix(change="at night", take="01take")


async def test_a_reply_brings_its_words_without_the_privileged_intent() -> None:
    async with on_set() as here:
        await here.ines.send(here.channel, "at night", reply_to=await here.take())
        assert from_dict(here.wish.command) == Remix(change="at night", take="01take")


async def test_a_circle_is_taken_without_a_word() -> None:
    async with on_set() as here:
        result = await here.ines.click(await here.take(), label="Circle")
        assert result.acknowledged
        assert "DEFERRED_UPDATE" in repr(result)
        assert not result.followups
        assert here.wish.command == {"name": "circle", "values": {"take": "01take"}}


async def test_where_it_may_not_attach_files_nothing_is_filmed() -> None:
    async with on_set() as here:
        denied: dict[Any, Any] = {here.guild.default_role: discord.PermissionOverwrite(attach_files=False)}
        result = await here.ines.slash(
            here.guild.create_text_channel("archive", overwrites=denied), "generate", prompt="a fox"
        )
        assert result.response
        assert "Attach Files" in result.response.content
        assert not here.store.rows.wishes


async def test_direct_words_are_shown_where_to_begin() -> None:
    async with on_set() as here:
        await here.ines.send_dm("hello")
        assert here.poster.lines[0].startswith("Use /generate")
