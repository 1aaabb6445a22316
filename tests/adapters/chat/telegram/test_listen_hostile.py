"""Thousands of updates, valid, broken and hostile: nothing breaks, and nothing bad ever films."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from telegram import Update

from adapters.chat.telegram.ears import readable
from adapters.chat.telegram.understand import Asked, Told, Wanted, tapped, understood
from adapters.chat.telegram.updates import Event, Me, Pressed, Said, Surroundings, read
from adapters.chat.telegram.webhook import read as read_body
from bot.commands import Generate, from_dict, to_dict
from bot.errors import Declined
from tests.adapters.chat.telegram import hostile
from tests.adapters.chat.telegram.stage_listen import house

AROUND = Surroundings(Me(7_000_000_001, "throughline_bot"), "en", 20 * 2**20)
FILMING = {"generate", "idea", "remix", "retake", "extend", "edit", "shoot"}


def often(examples: int) -> settings:
    """So many examples, always the same ones."""
    checks = list(HealthCheck)
    phases = [Phase.generate]
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=phases,
        suppress_health_check=checks,
    )


def event_of(data: dict[str, Any]) -> Event | None:
    """What an update tells, as the listener learns it: whatever fails in the reading of it is passed over there."""
    update = Update.de_json(readable({"update_id": 1} | data))
    try:
        return read(update, AROUND)
    except Exception:  # noqa: BLE001 - as the listener does
        return None


def names_of(data: dict[str, Any], meaning: str | None = None) -> list[str]:
    """The names of the commands that come of it; whatever is understood can be stored and read back."""
    event = event_of(data)
    if not isinstance(event, Said | Pressed):
        return []
    assert len(event.wish) <= 50
    try:
        outcome = tapped(event.data) if isinstance(event, Pressed) else understood(event, meaning)
    except Declined:
        return []
    if isinstance(outcome, Wanted):
        assert from_dict(to_dict(outcome.command)) == outcome.command
        int(event.address.chat)
        return [outcome.command.name]
    assert outcome is None or isinstance(outcome, Asked | Told)
    return []


@often(1_500)
@given(hostile.VALID, st.sampled_from([None, "remix:01take", "generate", "idea:telegram:large", "edit:01take"]))
def test_what_telegram_sends_is_understood(data: dict[str, Any], meaning: str | None) -> None:
    names_of(data, meaning)


@often(2_500)
@given(hostile.BROKEN, st.sampled_from([None, "remix:01take", "nonsense"]))
def test_what_telegram_would_never_send_breaks_nothing(data: dict[str, Any], meaning: str | None) -> None:
    names_of(data, meaning)


@often(2_500)
@given(hostile.BAD)
def test_nothing_bad_films(data: dict[str, Any]) -> None:
    assert not FILMING & set(names_of(data))


@often(1_000)
@given(st.one_of(st.binary(max_size=200), st.builds(lambda junk: str(junk).encode("utf-8", "replace"), hostile.JUNK)))
def test_any_body_at_the_door_is_an_update_or_none(body: bytes) -> None:
    update = read_body(body)
    assert update is None or isinstance(update.update_id, int)


@often(300)
@given(hostile.WORDS)
def test_plain_words_reach_the_command_byte_for_byte(words: str) -> None:
    said = event_of({"message": hostile.message(hostile.PRIVATE, {"text": words})})
    assert isinstance(said, Said)
    outcome = understood(said, None)
    assert isinstance(outcome, Wanted)
    assert isinstance(outcome.command, Generate)
    assert outcome.command.prompt == words


UPDATES = st.lists(st.one_of(hostile.VALID, hostile.BROKEN, hostile.BAD), min_size=150, max_size=150)


@often(2)
@given(UPDATES)
def test_hundreds_of_them_through_the_wire(updates: list[dict[str, Any]]) -> None:
    asyncio.run(_through_the_wire(updates))


async def _through_the_wire(updates: list[dict[str, Any]]) -> None:
    """All of them, and one good one behind them, which has to arrive."""
    errors = Errors()
    logging.getLogger("throughline").addHandler(errors)
    with TemporaryDirectory() as folder:
        async with house(Path(folder)) as set_:
            for data in updates:
                set_.telegram.mailbag.put_raw(data)
            await set_.open()
            await set_.telegram.say(set_.mei, set_.telegram.private(set_.mei), "/generate the last fox")
            await set_.telegram.until(lambda: not set_.telegram.mailbag.pending, 30)
            assert "the last fox" in [wish.command["values"].get("prompt") for wish in set_.wishes]
    logging.getLogger("throughline").removeHandler(errors)
    assert errors.seen == []


class Errors(logging.Handler):
    """What was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())
