"""Thousands of interactions and messages, valid, broken and hostile, through the real library and a real connection.

Nothing of it may raise, nothing bad may be stored, and everything good has to be.
"""

from __future__ import annotations

import asyncio
import itertools
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

BATCH, BATCHES, BY_WIRE = 50, 110, 4
"""So many events are heard at once, so often; every n-th batch goes by the gateway, the others straight to the library."""
_numbers = itertools.count(2_000_000_000_000_000_000)


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
        self.house.discord.problems.clear()  # answers to interactions that Discord never made are refused: that is expected
        self.runner.run(self._open.__aexit__(None, None, None))
        self.runner.close()

    @property
    def place(self) -> Place:
        """What the bot knows there."""
        fake, here = self.house.discord, self.house
        direct = fake.dm(here.ines).id
        return Place(fake.application_id, fake.bot_id, here.guild.id, here.channel.id, direct, rights.BOT)

    def hear(self, events: list[Event], *, by_wire: bool) -> list[Wish]:
        """Let all of it be heard; what was stored of it."""
        return self.runner.run(self._hear(events, by_wire))

    async def _hear(self, events: list[Event], by_wire: bool) -> list[Wish]:
        before = set(self.house.store.rows.wishes)
        for event in events:
            self._send(event, by_wire)
        await self._settled()
        self.seen += len(events)
        return [wish for id_, wish in self.house.store.rows.wishes.items() if id_ not in before]

    def _send(self, event: Event, by_wire: bool) -> None:
        client = self.house.listener._client
        assert client
        if by_wire:
            self.house.discord.gateway.dispatch(event.name, None, lambda _: event.data)
        else:
            client._connection.parsers[event.name](json.loads(json.dumps(event.data)))

    async def _settled(self) -> None:
        """An honest question is answered, and no handler of ours is left."""
        await self.house.quiet()
        async with asyncio.timeout(10):
            while [task for task in asyncio.all_tasks() if task.get_name().startswith(("discord.py: on_", "wish "))]:
                await asyncio.sleep(0.002)


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


def number() -> int:
    """An id that was never used."""
    return next(_numbers)


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


def test_a_storm_of_interactions_and_messages(storm: Storm) -> None:
    place, batch = storm.place, itertools.count()
    event = st.one_of(
        hostile.interactions(place, number),
        hostile.interactions(place, number),
        hostile.messages(place, number, storm.take.id),
    )

    @settings(max_examples=BATCHES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(event, min_size=BATCH, max_size=BATCH))
    def hear(events: list[Event]) -> None:
        stored = {wish.id: wish for wish in storm.hear(events, by_wire=next(batch) % BY_WIRE == 0)}
        assert not storm.loud, [(record.getMessage(), record.exc_info) for record in storm.loud]
        for one in events:
            kept = stored.pop(f"dc-{one.data.get('id')}", None)
            assert kept is None or one.verdict is not Verdict.BAD, one
            assert kept is not None or one.verdict is not Verdict.GOOD, one
            assert kept is None or sound(kept), (one, kept)
        assert all(map(sound, stored.values())), stored

    hear()
    assert storm.seen >= 5_000
    assert storm.house.discord.gateway.identifies == 1
