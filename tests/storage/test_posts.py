"""The studio's chat: one post per key, and a reader who misses nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.cards import Card
from bot.paperwork import Post
from bot.ports import Work
from tests.storage.conftest import Store
from tests.storage.props import STUDIO

CARD = Card(title="1A-1", revision=3)


async def test_a_newer_card_replaces_an_older_one_and_never_the_other_way_round(store: Store) -> None:
    async with store.work() as w:
        first = await w.posts.put(STUDIO, "take", CARD, at=1.0)
        assert first == Post(STUDIO, "take", CARD, first.cursor, 1.0)

        same = await w.posts.put(STUDIO, "take", replace(CARD, status="rolling"), at=2.0)
        assert same.cursor > first.cursor
        assert (same.card.status, same.at) == ("rolling", 1.0)

        late = await w.posts.put(STUDIO, "take", replace(CARD, revision=2), at=3.0)
        assert late == same
        assert await w.posts.latest(STUDIO) == [same]


async def test_a_reader_asks_for_what_came_after(store: Store) -> None:
    async with store.work() as w:
        first, second, _, fourth = [
            await w.posts.put(place, key, CARD, at=1.0)
            for place, key in ((STUDIO, "a"), (STUDIO, "b"), ("web/else", "a"), (STUDIO, "c"))
        ]
        assert await w.posts.changed(STUDIO, after=0) == [first, second, fourth]
        assert await w.posts.changed(STUDIO, after=0, limit=2) == [first, second]
        assert await w.posts.changed(STUDIO, after=second.cursor) == [fourth]
        edited = await w.posts.put(STUDIO, "a", replace(CARD, revision=4), at=9.0)
        assert await w.posts.changed(STUDIO, after=second.cursor) == [fourth, edited]


async def test_the_last_posts_stand_in_the_order_in_which_they_were_made(store: Store) -> None:
    async with store.work() as w:
        for key, at in (("z", 1.0), ("y", 2.0), ("x", 2.0), ("w", 3.0)):
            await w.posts.put(STUDIO, key, CARD, at=at)
        await w.posts.put(STUDIO, "z", replace(CARD, revision=4), at=4.0)
        assert [post.key for post in await w.posts.latest(STUDIO)] == ["z", "y", "x", "w"]
        assert [post.key for post in await w.posts.latest(STUDIO, limit=3)] == ["y", "x", "w"]
        assert [post.key for post in await w.posts.latest(STUDIO, limit=1, before=3.0)] == ["x"]
        assert await w.posts.latest("web/else") == []


async def test_with_many_writers_a_reader_misses_nothing(store: Store) -> None:
    """A writer whose cursor is lower must not become visible after one whose cursor is higher."""
    writers, posts_each = 8, 6
    finished = asyncio.Event()

    async def write(writer: int) -> None:
        for number in range(posts_each):
            async with store.work() as w:
                if writer % 2:
                    await linger(w, 3)
                await w.posts.put(STUDIO, f"{writer}/{number}", CARD, at=1.0)
                await linger(w, writer)  # some take their time between the cursor and the commit

    async def read() -> list[str]:
        seen: list[str] = []
        after = 0
        while True:
            ended = finished.is_set()
            async with store.work() as w:
                news = await w.posts.changed(STUDIO, after)
            seen += [post.key for post in news]
            after = max([after, *(post.cursor for post in news)])
            if ended and not news:
                return seen
            await asyncio.sleep(0)

    reader = asyncio.create_task(read())
    await asyncio.gather(*map(write, range(writers)))
    finished.set()
    seen = await asyncio.wait_for(reader, 30)
    assert sorted(seen) == sorted(f"{writer}/{number}" for writer in range(writers) for number in range(posts_each))


async def linger(w: Work, times: int) -> None:
    for _ in range(times):
        await w.posts.latest(STUDIO, limit=1)
