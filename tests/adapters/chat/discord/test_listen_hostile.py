"""Thousands of interactions and messages, valid, broken and hostile, through the real library and a real connection.

Nothing of it may raise, nothing bad may be stored, and everything good has to be.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands import from_dict
from bot.paperwork import Wish
from tests.adapters.chat.discord import hostile
from tests.adapters.chat.discord.hostile import Event, Place, Verdict
from tests.adapters.chat.discord.stage_listen import House, house
from tests.fakes.discord import rights

EVENTS, BY_WIRE = 5_500, 10
"""So many events; every n-th goes by the gateway, the others straight to the library's reading of it."""


class Storm:
    """A house in a storm, kept through all batches, on a loop of its own."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self._open = house()
        self.house: House = self.runner.run(self._open.__aenter__())
        self.take = self.runner.run(self.house.take())
        self.seen = 0
        self.loud: list[logging.LogRecord] = []

    def close(self) -> None:
        """It has blown over."""
        self.runner.run(self._open.__aexit__(None, None, None))
        self.runner.close()

    @property
    def place(self) -> Place:
        """What the bot knows there."""
        fake, here = self.house.discord, self.house
        direct = fake.dm(here.ines).id
        return Place(fake.application_id, fake.bot_id, here.guild.id, here.channel.id, direct, rights.BOT)

    def hear(self, event: Event) -> list[Wish]:
        """Let it be heard; what was stored of it."""
        self.house.store.rows.wishes.clear()
        self.loud.clear()
        self.seen += 1
        self.runner.run(self._hear(event, by_wire=self.seen % BY_WIRE == 0))
        return self.house.wishes

    async def _hear(self, event: Event, *, by_wire: bool) -> None:
        client = self.house.listener._client
        assert client
        if by_wire:
            self.house.discord.gateway.dispatch(event.name, None, lambda _: event.data)
            await self.house.quiet()
        else:
            client._connection.parsers[event.name](json.loads(json.dumps(event.data)))
        async with asyncio.timeout(10):
            while busy := [
                task for task in asyncio.all_tasks() if task.get_name().startswith(("discord.py: on_", "wish "))
            ]:
                await asyncio.wait(busy)


@pytest.fixture(scope="module")
def storm() -> Iterator[Storm]:
    with ExitStack() as stack:
        began = Storm()
        stack.callback(began.close)
        handler = Loud(began.loud)
        logging.getLogger().addHandler(handler)
        stack.callback(logging.getLogger().removeHandler, handler)
        yield began


class Loud(logging.Handler):
    """Keeps what is logged as an error, by whomever."""

    def __init__(self, into: list[logging.LogRecord]) -> None:
        super().__init__(logging.ERROR)
        self._into = into

    def emit(self, record: logging.LogRecord) -> None:
        self._into.append(record)


def sound(wish: Wish) -> bool:
    """Whether a stored wish can be taken up by anyone, kept by any database, and answered."""
    text = json.dumps(
        {"member": vars(wish.member), "address": vars(wish.address), "command": wish.command}, ensure_ascii=False
    )
    from_dict(wish.command)
    ids = (
        wish.member.id.removeprefix("discord:"),
        wish.address.chat,
        wish.address.server or "1",
        wish.address.message or "1",
    )
    printable = "\x00" not in text and "\\u0000" not in text and text.encode()
    return (
        bool(printable)
        and all(id_.isdecimal() for id_ in ids)
        and len(wish.id.encode()) <= 50
        and math.isfinite(wish.at)
    )


@pytest.mark.slow
def test_a_storm_of_interactions_and_messages(storm: Storm) -> None:
    place = storm.place
    interaction, message = hostile.interactions(place), hostile.messages(place, storm.take.id)

    @settings(max_examples=EVENTS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(interaction, interaction, message))
    def hear(event: Event) -> None:
        stored = storm.hear(event)
        assert not storm.loud, [(record.getMessage(), record.exc_info) for record in storm.loud]
        assert len(stored) <= 1
        assert not stored or event.verdict is not Verdict.BAD
        assert stored or event.verdict is not Verdict.GOOD
        assert all(map(sound, stored))

    hear()
    assert storm.seen >= EVENTS
    assert storm.house.discord.gateway.identifies == 1
