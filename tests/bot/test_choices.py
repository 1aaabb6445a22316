"""Which backend, which model, how long, for how much: what a member may name, what is refused, and what the card says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.asking import Desk
from bot.capabilities import Capabilities, ModelCard, Pictures, Sound
from bot.commands import Generate
from bot.errors import BackendPaused, UnknownBackend
from bot.film import Shape
from bot.prices import Rate, Tariff, Unit
from bot.states import State
from tests.dialogue import Chat
from tests.fakes.film_world import FakeBackend, FakeClock

DESK = Desk("omni", "home", ("omni", "home", "omni/gemini-omni-1.2", "router/google/veo-3", "router/kling/veo-3"))


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        (None, "omni"),
        ("home", "home"),
        ("omni/gemini-omni-1.2", "omni/gemini-omni-1.2"),
        ("Gemini-Omni-1.2", "omni/gemini-omni-1.2"),
        ("1.2", "omni/gemini-omni-1.2"),
        (" google/veo-3 ", "router/google/veo-3"),
    ],
)
def test_a_choice_is_named_in_full_or_in_short(said: str | None, chosen: str) -> None:
    assert DESK.choose(said) == chosen


@pytest.mark.parametrize("said", ["nobody", "veo-3", "omni/gemini-omni-9", "router"])
def test_what_is_not_offered_or_not_clear_is_unknown(said: str) -> None:
    with pytest.raises(UnknownBackend, match="backends="):
        DESK.choose(said)


def test_what_rests_is_declined_with_what_does_not() -> None:
    with pytest.raises(BackendPaused) as declined:
        replace(DESK, paused=frozenset({"omni"})).choose("1.2")
    assert declined.value.params["backends"] == "home, router/google/veo-3, router/kling/veo-3"


def test_once_more_with_the_same_while_it_is_offered() -> None:
    assert DESK.again("omni/gemini-omni-1.2") == "omni/gemini-omni-1.2"
    assert DESK.again("omni/gemini-omni-1.1") == "omni"
    assert DESK.again("other/model", "home") == "home"
    assert DESK.again("other/model") == "omni"


@dataclass
class Studio(FakeBackend):
    """A backend with two models."""

    async def models(self) -> Sequence[ModelCard]:
        quick = Capabilities(seconds=(4, 8), micros_per_second=10_000, model="quick", usual_length=4)
        fine = replace(quick, seconds=(5, 10), micros_per_second=70_000, model="fine", usual_length=5)
        return [ModelCard("quick", quick), ModelCard("fine", fine)]


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    chat = Chat(tmp_path, Studio(clock=FakeClock(), can=Capabilities(seconds=(4, 8), model="quick", usual_length=4)))
    chat.studio.desk = replace(chat.studio.desk, offered=("fake", "fake/quick", "fake/fine"))
    return chat


async def test_a_model_is_named_priced_and_frozen(chat: Chat) -> None:
    card = await chat.says("/generate a fox seconds:10 model:fine")
    job = await chat.job(card)

    assert (job.backend, job.model, job.price, job.seconds) == ("fake", "fine", 700_000, 10)
    assert card.facts[0] == "fine"
    [order] = chat.backend.accepted.values()
    assert order.model == "fine"


async def test_each_model_has_its_own_lengths(chat: Chat) -> None:
    refused = await chat.says("/generate a fox seconds:8 model:fine")
    assert refused.lines == ("fake/fine does not film 8 s. It films: 5, 10 s.",)


async def test_a_retake_stays_with_its_model(chat: Chat) -> None:
    await chat.says("/generate a fox model:fine")
    assert (await chat.job(await chat.says("/retake"))).choice == "fake/fine"


async def test_a_retake_with_another_model_is_fitted_and_told(chat: Chat) -> None:
    await chat.says("/generate a fox seconds:5 model:fine")
    chat.studio.desk = replace(chat.studio.desk, offered=("fake",))
    card = await chat.says("/retake")

    assert (await chat.take(card)).brief.seconds == 8
    assert card.lines == ("This model films 4, 8 s; 8 s instead of 5 s.",)
    assert chat.prompts == ["a fox", "a fox"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            "make it a 30 second video of a fox",
            "Your words ask for 30 s; this model films 8 s at most. Go on from the clip with /extend, or with the next shot.",
        ),
        (
            "拍一段八秒的视频，狐狸",
            "Your words ask for 8 s. This model films 4, 8 s, so this take has 4 s; the option seconds sets it.",
        ),
    ],
)
async def test_a_length_in_the_words_is_answered_and_the_words_stay(chat: Chat, words: str, line: str) -> None:
    card = await chat.says(words)
    assert card.lines == (line,)
    assert chat.prompts == [words]


async def test_a_picture_that_is_fitted_is_told(chat: Chat) -> None:
    chat.backend.can = Capabilities(
        images=True, resolution="720p", shapes=(Shape.TALL,), pictures=Pictures(exact=True), micros_per_second=1
    )
    digest = "0" * 64
    (chat.clips.root / digest).write_bytes(b"a picture")
    card = await chat.wants(Generate(prompt="a fox", image=digest))
    assert "The picture is fitted to 720 × 1280, the size of the clip." in card.lines
    assert chat.gate.fitted == [(720, 1280)]


async def test_an_unknown_price_is_shown_as_unknown_and_counted_in_seconds(chat: Chat) -> None:
    card = await chat.says("/generate a fox seconds:8")
    job = await chat.job(card)

    assert (job.price, job.seconds, job.state) == (None, 8, State.DONE)
    assert "price not known" in card.facts


async def test_where_the_operator_demands_a_price_nothing_is_filmed_without_one(chat: Chat) -> None:
    chat.studio.desk = replace(chat.studio.desk, demand=True)
    refused = await chat.says("a fox")

    assert refused.lines[0].startswith("Nobody has set a price for fake")
    assert not chat.store.rows.jobs
    assert (await chat.job(await chat.says("/generate a fox model:quick"))).price == 40_000


async def test_the_estimate_is_the_most_it_can_be(chat: Chat) -> None:
    rates = (Rate(Unit.SECOND, 10_000, "720p", sound=False), Rate(Unit.SECOND, 20_000, "720p", sound=True))
    chat.backend.can = Capabilities(seconds=(8,), tariff=Tariff(rates), resolution="720p")
    assert (await chat.job(await chat.says("/generate a fox seconds:8"))).price == 160_000


async def test_what_has_ended_is_refused_with_its_day(chat: Chat) -> None:
    chat.backend.can = Capabilities(retires_on="1970-01-01")
    refused = await chat.says("a fox")
    assert refused.lines == ("fake was ended by its provider on 1970-01-01. Choose another model.",)


async def test_a_tier_and_the_sound_are_chosen_checked_and_priced(chat: Chat) -> None:
    rates = (Rate(Unit.SECOND, 10_000, "720p"), Rate(Unit.SECOND, 40_000, "4k"))
    chat.backend.can = Capabilities(
        seconds=(8,), tariff=Tariff(rates), resolutions=("720p", "4k"), resolution="720p", sound=Sound.OPTIONAL
    )
    plain = await chat.says("/generate a fox seconds:8")
    fine = await chat.says("/generate a fox seconds:8 resolution:4K sound:no")

    assert [(await chat.job(card)).price for card in (plain, fine)] == [80_000, 320_000]
    briefs = [order.brief for order in chat.backend.accepted.values()]
    assert [(brief.resolution, brief.sound) for brief in briefs] == [(None, None), ("4k", False)]
    refused = await chat.says("/generate a fox seconds:8 resolution:1080p")
    assert refused.lines == ("fake does not film in 1080p. It films in: 720p, 4k.",)


async def test_the_operators_tier_is_sent(chat: Chat) -> None:
    chat.backend.can = Capabilities(resolutions=("720p", "4k"), resolution="720p", set_resolution=True)
    await chat.says("a fox")
    assert [order.brief.resolution for order in chat.backend.accepted.values()] == ["720p"]
