"""What could be said instead: where it stands, in the browser's own count, and what the linter makes of a session."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import pytest

from adapters.chat.web.listen import local_address, local_member
from adapters.chat.web.offers import MOST, Asked, Linting, Offer, asked_for, offers_data
from bot.spine import Spine
from tests.adapters.chat.web.stage import Stage, staged
from tests.fakes.storage import FakeStore

WORDS = "a fox in dramatic light"


def test_places_are_counted_as_a_browser_counts_them() -> None:
    text = "🦊 in 戏剧性的光"
    found = offers_data(text, [Offer(5, 10, "which lamp?", ("a lamp",)), Offer(1, 99, "outside", ())])
    assert [(each["start"], each["end"]) for each in found] == [(6, 11)]


def test_no_more_are_shown_than_one_can_read() -> None:
    assert len(offers_data("words", [Offer(0, 1, "again", ("x",))] * 40)) == MOST


@pytest.mark.parametrize(
    "more", [{"text": 5}, {"reply_to": ["t1"]}, {"seconds": "six"}, {"lengths": [0]}, {"lengths": 4}]
)
def test_what_is_no_question_of_ours_is_none(more: dict[str, object]) -> None:
    assert asked_for({"text": "a", **more}) is None


def test_a_question_names_words_take_and_length() -> None:
    form = {"text": WORDS, "reply_to": "t1", "seconds": 6}
    assert asked_for(form) == Asked(WORDS, "t1", 6)
    assert asked_for({"text": WORDS, "reply_to": ""}) == Asked(WORDS)


async def test_the_studio_answers_and_stores_nothing(client: aiohttp.ClientSession, stage: Stage) -> None:
    async with client.post("/api/offers", json={"text": WORDS, "reply_to": "take0"}) as answer:
        offers = (await answer.json())["offers"]
    assert [each["label"] for each in offers[0]["instead"]] == ["one street lamp from camera left", "low key"]
    assert WORDS[offers[0]["start"] : offers[0]["end"]] == "dramatic light"
    assert stage.crew.reader.asked == [Asked(WORDS, "take0")]
    assert await stage.wishes() == []


@pytest.mark.parametrize("body", ['{"text": 5}', "[]", "not json"])
async def test_a_broken_question_is_refused(client: aiohttp.ClientSession, body: str) -> None:
    async with client.post("/api/offers", data=body, headers={"Content-Type": "application/json"}) as answer:
        assert answer.status == 400


async def test_a_foreign_page_cannot_ask(stage: Stage) -> None:
    async with (
        aiohttp.ClientSession(stage.studio.url) as foreign,
        foreign.post("/api/offers", json={"text": WORDS}, headers={"Origin": "http://evil.example"}) as answer,
    ):
        assert answer.status == 403
    assert stage.crew.reader.asked == []


@pytest.fixture
async def silent(tmp_path: Path) -> AsyncIterator[aiohttp.ClientSession]:
    """A studio that nobody gave a linter."""
    own = {"Sec-Fetch-Site": "same-origin"}
    async with (
        staged(tmp_path, offering=None) as stage,
        aiohttp.ClientSession(stage.studio.url, headers=own) as client,
    ):
        yield client


async def test_without_a_linter_nothing_is_offered_and_the_page_is_told(silent: aiohttp.ClientSession) -> None:
    async with silent.get("/api/view") as answer:
        assert (await answer.json())["offers"] is False
    async with silent.post("/api/offers", json={"text": WORDS}) as answer:
        assert await answer.json() == {"offers": []}


async def offered(asked: Asked, locale: str = "en") -> Sequence[Offer]:
    """What the linter offers a member whose film is black and white."""
    store, member, address = FakeStore(), local_member(locale), local_address(locale)
    async with store.work() as w:
        await w.sessions.set_spine(member.id, Spine(stock="black and white film"))
    return await Linting(store.work)(asked, member, address)


async def test_the_linter_reads_the_members_words() -> None:
    words = "A man walks in beautiful light."
    offers = await offered(Asked(words))
    weak = next(offer for offer in offers if "beautiful" in words[offer.start : offer.end])
    assert "beautiful" in weak.says
    assert weak.instead == weak.labels


async def test_a_length_in_the_words_becomes_one_that_is_chosen_but_not_in_a_remix() -> None:
    words = "A 6 second clip of a fox in the snow."
    offers = await offered(Asked(words, lengths=(4, 8)))
    assert ("8 s instead", 8) in [(offer.labels[0], offer.seconds) for offer in offers]
    again = await offered(Asked(words, "take0", lengths=(4, 8)))
    assert not [offer for offer in again if offer.seconds]


async def test_offers_speak_the_members_language() -> None:
    offers = await offered(Asked("一个男人走在美丽的光里。"), "zh-Hans")
    assert offers
    assert all(any(sign > "\u4e00" for sign in offer.says) for offer in offers)


async def test_the_ready_spines_come_with_their_names_colours_and_words(client: aiohttp.ClientSession) -> None:
    async with client.get("/api/presets") as answer:
        presets = {each["name"]: each for each in (await answer.json())["presets"]}
    assert len(presets) >= 10
    assert presets["cinematic"]["colours"][0].startswith("#")
    assert "anamorphic" in presets["cinematic"]["text"]
