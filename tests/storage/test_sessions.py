"""The spine goes with the member, what is in hand stays in the place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.session import Session
from bot.spine import Spine
from tests.storage.conftest import Store
from tests.storage.props import ADA, BO, STUDIO, one_shot, production, take

COLD = Spine(look="Cold and quiet.", lens="85mm lens")


async def test_a_stranger_has_a_fresh_session(store: Store) -> None:
    async with store.work() as w:
        assert await w.sessions.get(ADA, STUDIO) == Session(ADA, STUDIO)


async def test_the_spine_follows_the_member_and_the_production_stays(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.takes.add(take())
        await w.sessions.set_spine(ADA, COLD)
        await w.sessions.save(Session(ADA, STUDIO, production="film", last_take="take"))
    async with store.work() as w:
        assert await w.sessions.get(ADA, STUDIO) == Session(ADA, STUDIO, COLD, "film", "take")
        assert await w.sessions.get(ADA, "discord/9") == Session(ADA, "discord/9", COLD)
        assert await w.sessions.get(BO, STUDIO) == Session(BO, STUDIO)


async def test_saving_a_session_leaves_the_spine_alone(store: Store) -> None:
    async with store.work() as w:
        seen = await w.sessions.get(ADA, STUDIO)
        await w.sessions.set_spine(ADA, COLD)
        await w.productions.add(production())
        await w.sessions.save(replace(seen, production="film"))
        assert await w.sessions.get(ADA, STUDIO) == Session(ADA, STUDIO, COLD, "film")


async def test_what_is_saved_again_replaces_what_was(store: Store) -> None:
    async with store.work() as w:
        await w.productions.add(production("first"))
        await w.productions.add(production("second"))
        for film in ("first", "second"):
            await w.sessions.save(Session(ADA, STUDIO, production=film))
        for spine in (COLD, Spine(mood="tense")):
            await w.sessions.set_spine(ADA, spine)
        assert await w.sessions.get(ADA, STUDIO) == Session(ADA, STUDIO, Spine(mood="tense"), "second")


async def test_a_production_that_is_not_there_cannot_be_in_hand(store: Store) -> None:
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.sessions.save(Session(ADA, STUDIO, production="lost"))
