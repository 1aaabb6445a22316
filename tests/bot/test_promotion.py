"""From stage to stage with the same words: pure rules."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking import Desk
from bot.brief import Brief, compile_brief
from bot.capabilities import TIERS, Capabilities
from bot.commands import Stage
from bot.film import Shape
from bot.offering import Offers
from bot.promotion import Offer, Promotion, Stages, brief_for, next_choice, offer
from bot.spine import Spine
from tests.fakes.film_world import FakeBackend, FakeBackends, FakeClock
from tests.storage.props import job, take

DESK = Desk("relay", "sketch", ("relay", "sketch"), final="grand/veo", final_resolution="1080p")
GRAND = Capabilities(seconds=(4, 8), resolutions=("720p", "1080p"), resolution="720p", micros_per_second=100_000)


@pytest.mark.parametrize(
    ("stage", "above"),
    [
        ("animatic", (Stage.DRAFT, "relay")),
        ("draft", (Stage.FINAL, "grand/veo")),
        ("", (Stage.FINAL, "grand/veo")),
        ("final", None),
    ],
)
def test_the_ladder(stage: str, above: tuple[Stage, str] | None) -> None:
    assert next_choice(DESK, job(stage=stage)) == above


def test_where_the_animatic_films_drafts_it_is_followed_by_the_final() -> None:
    alone = replace(DESK, default="sketch", offered=("sketch",))
    assert alone.stage_of("sketch") is Stage.DRAFT
    assert next_choice(alone, job(stage="animatic")) == (Stage.FINAL, "grand/veo")
    assert next_choice(replace(alone, final=""), job(stage="draft")) is None


words = st.text(string.ascii_letters + " .,\n雨夜", min_size=1, max_size=60).filter(str.strip)


briefs = st.builds(
    compile_brief,
    words,
    spine=st.none() | st.builds(Spine, look=words),
    seed=st.none() | st.integers(0, 2**31 - 1),
    seconds=st.none() | st.sampled_from([4, 6, 8, 12]),
    shape=st.none() | st.sampled_from(Shape),
    reference=st.none() | st.just("ab" * 32),
)


@given(brief=briefs, tier=st.none() | st.sampled_from(list(TIERS)))
def test_what_is_told_stays_byte_for_byte(brief: Brief, tier: str | None) -> None:
    draft = replace(brief, resolution=tier)
    final = brief_for(DESK, Stage.FINAL, GRAND, draft)

    assert final.parts == draft.parts
    assert final.text == draft.text
    assert final.resolution == "1080p"
    assert replace(final, resolution=draft.resolution, seconds=draft.seconds, notes=draft.notes) == draft
    assert final.seconds in (None, 4, 8)
    assert any(note.key == "length" for note in final.notes) is (final.seconds != draft.seconds)


def test_a_brief_that_is_not_filmed_there_is_not_offered() -> None:
    offers = Offers({"grand": GRAND, "grand/veo": replace(GRAND, shapes=(Shape.WIDE,))})
    wide, tall = (compile_brief("a fox", seconds=4, shape=shape) for shape in (Shape.WIDE, Shape.TALL))
    assert offer(DESK, offers, take(brief=wide), job(), 0.0) == Offer(Stage.FINAL, 400_000)
    assert offer(DESK, offers, take(brief=tall), job(), 0.0) is None


async def test_the_price_is_the_models_own_wherever_it_is_asked_for() -> None:
    grand = FakeBackend("grand", can=GRAND)
    promotion = Promotion(replace(DESK, final="grand"), FakeBackends({"grand": grand}), FakeClock())
    brief = compile_brief("a fox", seconds=8)
    assert await promotion(take(brief=brief), job()) == Offer(Stage.FINAL, 800_000)
    grand.can = replace(GRAND, micros_per_second=None)
    assert await promotion(take(brief=brief), job()) == Offer(Stage.FINAL, None)
    assert await promotion(take(brief=brief), job(stage="final")) is None


async def test_what_picks_shows_the_dearest_that_it_may_pick() -> None:
    cheap, dear = FakeBackend("cheap"), FakeBackend("dear", can=GRAND)
    router = FakeBackend("auto", can=Capabilities(among=("cheap", "dear")))
    all_of_them = FakeBackends({each.name: each for each in (cheap, dear, router)})
    promotion = Promotion(replace(DESK, final="auto"), all_of_them, FakeClock())
    assert await promotion(take(brief=compile_brief("a fox", seconds=4)), job()) == Offer(Stage.FINAL, 400_000)


def test_a_tier_that_there_is_not_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="final_resolution"):
        Stages(final_resolution="9k")
    assert Stages(final_resolution="4k").final_resolution == "4k"
