"""Posting is a row and a ring."""

import asyncio
from dataclasses import replace
from pathlib import Path

from adapters.chat.web import Bell, WebPoster
from bot.cards import Button, Card, CardClip, Change, Chip, Progress, PromptPart, Row, Tone, card_from_dict
from bot.people import Address
from bot.ports import Poster
from tests.adapters.chat.web.stage import Stage
from tests.fakes.storage import FakeStore

STUDIO = Address(platform="web", chat="studio", member="web:local")

FULL = Card(
    tone=Tone.ROLLING,
    title="1A-2",
    status="Rolling",
    quote="**a** <fox> @everyone",
    reply_to="1A-1",
    lines=("one",),
    facts=("two",),
    changes=(Change("umbrella", "teal", "red"),),
    spine=(Chip("lens", "85mm"),),
    kept=(Chip("place", "street", "Place", "drop:t:place"),),
    progress=Progress(0.5, 1, 2.0),
    clip=CardClip("a" * 64, 2.0, 320, 180),
    rows=(Row("1A-1", "words", "note", "shot:t"),),
    prompt=(PromptPart("Spine", "85mm", "spine"),),
    buttons=(Button("Cancel", "cancel:t"),),
    take="t",
    revision=3,
)


async def test_showing_twice_leaves_one_post_and_rings_each_time() -> None:
    store, bell = FakeStore(), Bell()
    poster: Poster = WebPoster(store.work, bell, now=lambda: 7.0)
    for revision in (1, 2):
        rung = asyncio.create_task(bell.wait(5))
        await asyncio.sleep(0)
        assert await poster.show(STUDIO, "t", Card(title="1A-1", revision=revision), None) == "t"
        assert await rung
    async with store.work() as w:
        (post,) = await w.posts.latest("web/studio")
    assert (post.key, post.at, post.card.revision) == ("t", 7.0, 2)


async def test_an_older_card_never_replaces_a_newer_one() -> None:
    store = FakeStore()
    poster = WebPoster(store.work)
    await poster.show(STUDIO, "t", Card(title="new", revision=5), None)
    await poster.show(STUDIO, "t", Card(title="old", revision=4), "t")
    async with store.work() as w:
        (post,) = await w.posts.latest("web/studio")
    assert post.card.title == "new"


async def test_something_to_take_home_is_a_link_into_the_clip_store(tmp_path: Path) -> None:
    store = FakeStore()
    card = Card(title="Winter, for the editor", file="e" * 64)
    await WebPoster(store.work).answer(STUDIO, "w1", card, file=tmp_path / "The-Lamp.zip")
    async with store.work() as w:
        (post,) = await w.posts.latest("web/studio")
    (button,) = post.card.buttons
    assert (button.label, button.url) == ("Download", f"/clips/{'e' * 64}.zip?download=1&name=The-Lamp")


async def test_a_delivered_clip_is_the_card_itself(tmp_path: Path) -> None:
    store = FakeStore()
    poster = WebPoster(store.work)
    await poster.show(STUDIO, "t", Card(tone=Tone.ROLLING, revision=1), None)
    assert await poster.deliver(STUDIO, "t", FULL, [tmp_path / "clip.mp4"], "t") == "t"
    async with store.work() as w:
        assert [post.card for post in await w.posts.latest("web/studio")] == [FULL]


async def test_a_card_reaches_the_page_whole(stage: Stage) -> None:
    from adapters.chat.web.render import post_data

    await stage.post("t", FULL)
    async with stage.store.work() as w:
        (post,) = await w.posts.latest("web/studio")
    assert card_from_dict(post_data(post)["card"]) == FULL


async def test_a_bell_nobody_rings_is_waited_for_no_longer_than_asked() -> None:
    assert not await Bell().wait(0.01)


async def test_progress_is_a_card_like_any_other_and_never_fails() -> None:
    store = FakeStore()
    poster = WebPoster(store.work)
    await poster.show(STUDIO, "t", Card(title="waits", revision=1), None)
    await poster.progress(STUDIO, "t", Card(title="rolls", revision=2), "t")
    async with store.work() as w:
        assert [post.card.title for post in await w.posts.latest("web/studio")] == ["rolls"]
        await poster.progress(
            STUDIO, "t", Card(), "t"
        )  # no second transaction inside the first: it cannot be shown now


async def test_an_answer_stands_by_itself_or_in_place_of_what_was_pressed() -> None:
    store = FakeStore()
    poster = WebPoster(store.work)
    await poster.answer(STUDIO, "idea", Card(title="Idea"))
    pressed = replace(STUDIO, pressed="web/studio/idea")
    await poster.answer(pressed, "help", Card(title="Help"))
    await poster.answer(pressed, "dismiss", Card(title="Gone", replaces=True))
    async with store.work() as w:
        found = {post.key: post.card.title for post in await w.posts.latest("web/studio")}
    assert found == {"idea": "Gone", "help": "Help"}


async def test_the_studio_takes_clips_of_any_size() -> None:
    assert await WebPoster(FakeStore().work).room(STUDIO) is None
