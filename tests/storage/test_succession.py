"""What a waiting shot begins with is settled once: the row and the take's brief change together, or not at all."""

from __future__ import annotations

from dataclasses import replace

from bot.brief import Note
from bot.states import State
from tests.storage.conftest import Store
from tests.storage.props import job, one_shot, shot, take


async def test_a_brief_gets_its_first_frame_with_the_row_that_waited_for_it(store: Store) -> None:
    async with store.work() as w:
        await one_shot(w)
        await w.productions.add_shot(shot("shot b", number=1))
        await w.takes.add(take("take b", of="shot b"))
        await w.jobs.add(job("b", of="take b", board="sb", after="a"))
        before = (await w.takes.get("take b")) or take("none", of="none")
    brief = replace(before.brief, reference="ab" * 32, notes=(Note("no_last_frame", (("shot", "1A"),)),))
    async with store.work() as w:
        moved = await w.jobs.note("b", State.RESERVED, after="")
        assert moved is not None
        assert (moved.after, moved.revision) == ("", 1)
        await w.takes.set_brief("take b", brief)
    async with store.work() as w:
        assert await w.takes.get("take b") == replace(before, brief=brief)
