"""What is offered: refused in one sentence, or made to fit and told; the words are never touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot import errors
from bot.brief import Brief, Note, brief_from_dict, compile_brief
from bot.capabilities import Capabilities, ModelCard, Pictures, Sound, size_of, steps
from bot.film import Shape
from bot.offering import Offers, adapted, capabilities_of, check, must_film, nearest, noted, offers, price, span
from bot.prices import Rate, Tariff, Unit
from tests.fakes.film_world import FakeBackend, FakeBackends

NOW = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
CAN = Capabilities(seconds=(4, 8, 12), shapes=(Shape.WIDE,), resolutions=("720p", "4k"), usual_length=4)


def brief(words: str = "a fox", **more: Any) -> Brief:
    return replace(compile_brief(words), **more)


@pytest.mark.parametrize(
    ("said", "can", "refusal"),
    [
        ({"seconds": 7}, CAN, errors.SecondsNotOffered),
        ({"shape": Shape.TALL}, CAN, errors.ShapeNotOffered),
        ({"resolution": "1080p"}, CAN, errors.ResolutionNotOffered),
        ({"resolution": "720p"}, Capabilities(), errors.ResolutionNotOffered),
        ({"reference": "d"}, CAN, errors.ImageNotOffered),
        ({"last_frame": "d"}, CAN, errors.LastFrameNotOffered),
        ({"references": ("a", "b")}, replace(CAN, pictures=Pictures(references=1)), errors.ReferencesNotOffered),
        ({}, replace(CAN, text=False), errors.PictureNeeded),
        ({"sound": False}, replace(CAN, sound=Sound.ALWAYS), errors.SoundNotOffered),
        ({"sound": True}, replace(CAN, sound=Sound.NONE), errors.SoundNotOffered),
        ({"seconds": 8, "starts_at": 24.0}, replace(CAN, extended_max=30), errors.ExtendedTooLong),
        ({}, replace(CAN, words_max=3), errors.BriefTooLong),
        ({}, replace(CAN, retires_on="2026-11-19"), errors.ModelRetired),
    ],
)
def test_what_cannot_be_filmed_is_refused(said: dict[str, Any], can: Capabilities, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check(can, brief(**said), "relay", now=NOW)


@pytest.mark.parametrize(
    ("said", "can"),
    [
        ({"seconds": 8, "shape": Shape.WIDE, "resolution": "4k"}, CAN),
        ({"seconds": 7, "shape": Shape.TALL, "sound": True}, Capabilities()),  # what nobody knows is not checked
        ({}, replace(CAN, retires_on="2026-11-20")),
        ({"references": ("a",)}, replace(CAN, text=False, pictures=Pictures(references=1))),
    ],
)
def test_what_can_be_filmed_passes(said: dict[str, Any], can: Capabilities) -> None:
    check(can, brief(**said), "relay", now=NOW)


@pytest.mark.parametrize(("seconds", "filmed"), [(1, 4), (4, 4), (6, 8), (12, 12), (30, 12)])
def test_the_nearest_length_is_not_shorter(seconds: int, filmed: int) -> None:
    assert nearest(seconds, (4, 8, 12)) == filmed


def test_a_brief_made_for_another_model_is_fitted_and_the_member_told() -> None:
    fitted = adapted(CAN, brief(seconds=6, resolution="1080p", sound=True))
    assert (fitted.seconds, fitted.resolution, fitted.sound) == (8, None, True)
    assert fitted.text == "a fox"
    assert fitted.notes == (Note("length", (("offered", "4, 8, 12"), ("seconds", 8), ("asked", 6))),)
    assert adapted(CAN, fitted).notes == ()  # nothing is told twice
    assert brief_from_dict(fitted.to_dict()) == fitted


@pytest.mark.parametrize(
    ("words", "seconds", "can", "told"),
    [
        ("a 30 second video of a fox", None, CAN, "asked_more"),
        ("一段三十秒的视频", 12, CAN, "asked_more"),
        ("an 8 second clip", None, CAN, "asked_length"),
        ("an 8 second clip", 12, CAN, None),  # the option is what the member chose
        ("an 8 second clip", 8, CAN, None),
        ("a 4 second clip", None, CAN, None),  # it films that anyway
        ("an 8 second clip", None, Capabilities(), "asked_length_free"),
        ("a fox", None, CAN, None),
    ],
)
def test_a_length_in_the_words_is_answered(
    words: str, seconds: int | None, can: Capabilities, told: str | None
) -> None:
    asked = brief(words, seconds=seconds)
    answered = noted(can, asked, words)
    assert [note.key for note in answered.notes] == ([told] if told else [])
    assert answered.text == asked.text


def test_a_picture_that_will_be_fitted_is_told() -> None:
    can = replace(CAN, images=True, resolution="720p", pictures=Pictures(exact=True))
    assert noted(can, brief(reference="d"), "").notes == (Note("fitted", (("width", 1280), ("height", 720))),)
    assert noted(replace(can, pictures=Pictures()), brief(reference="d"), "").notes == ()


@pytest.mark.parametrize(
    ("shape", "tier", "size"),
    [
        (Shape.WIDE, "720p", (1280, 720)),
        (Shape.TALL, "1080p", (1080, 1920)),
        (Shape.WIDE, "4k", (3840, 2160)),
        (Shape.SQUARE, "480p", (480, 480)),
        (Shape.PORTRAIT, "720p", (720, 900)),
    ],
)
def test_sizes_follow_from_shape_and_tier(shape: Shape, tier: str, size: tuple[int, int]) -> None:
    assert size_of(shape, tier) == size


def test_lengths_are_told_shortly() -> None:
    assert span(steps(3, 15)) == "3-15"
    assert span((4, 8, 12)) == "4, 8, 12"


class Studio(FakeBackend):
    """A backend with two models."""

    async def models(self) -> list[ModelCard]:
        dear = Capabilities(seconds=(10,), tariff=Tariff((Rate(Unit.SECOND, 100_000),)))
        return [ModelCard("house/dear", dear), ModelCard("cheap", replace(dear, seconds=(5,), micros_per_second=1))]


async def test_choices_are_backends_and_their_models() -> None:
    found = await offers(FakeBackends({"studio": Studio("studio")}))
    assert set(found) == {"studio", "studio/house/dear", "studio/cheap"}
    assert found["studio/house/dear"].seconds == (10,)
    assert found["studio/never-heard-of"].seconds == (4, 8, 12)
    assert found["studio/never-heard-of"].model == "never-heard-of"
    assert (await capabilities_of(FakeBackends({"studio": Studio("studio")}), "studio/cheap")).seconds == (5,)


def router() -> Offers:
    cheap = Capabilities(seconds=(4, 8), micros_per_second=10)
    dear = Capabilities(seconds=(8, 12), micros_per_second=50)
    return Offers(cheap=cheap, dear=dear, auto=Capabilities(seconds=(4, 8, 12), among=("cheap", "dear")))


def test_a_choice_among_several_films_what_one_of_them_films_and_shows_the_dearest_price() -> None:
    must_film(router(), "auto", brief(seconds=4), NOW)
    assert price(router(), "auto", brief(seconds=4), NOW) == 40
    assert price(router(), "auto", brief(seconds=8), NOW) == 400
    with pytest.raises(errors.SecondsNotOffered):
        must_film(router(), "auto", brief(seconds=5), NOW)
