"""Every garment is seen, in its colour, where it belongs."""

import numpy as np
import pytest

from adapters.video.animatic.figures.traits import BODICES, HATS, HELD, cut_of, tailor
from adapters.video.animatic.spec import Garment
from tests.adapters.video.animatic.stage_figures import bytes_of, drawn, figure, pixels_of_hue, solid, top

CUTS = tuple(tailor()["cuts"])
GREEN = (30, 190, 60)
FLOATING = {"balloon", "umbrella", "hat", "fedora", "top_hat", "beanie", "cap", "crown", "helmet", "hood"}


@pytest.mark.parametrize("cut", CUTS)
def test_every_garment_changes_the_figure_and_shows_its_colour(cut: str) -> None:
    bare, worn = figure(name="Ada"), figure("person", "still", Garment(cut, GREEN), name="Ada")
    image = drawn(worn, 0.4, height_px=300)
    assert bytes_of(image) != bytes_of(drawn(bare, 0.4, height_px=300))
    if cut == "lantern":
        return
    seen = pixels_of_hue(image, GREEN) - pixels_of_hue(drawn(bare, 0.4, height_px=300), GREEN)
    assert seen >= (6 if cut in {"glasses", "phone"} else 30), seen


@pytest.mark.parametrize("word", sorted({word for words in tailor()["cuts"].values() for word in words}))
def test_a_garment_without_a_colour_is_seen_as_well(word: str) -> None:
    bare, worn = figure(name="Ada"), figure("person", "still", Garment(word), name="Ada")
    a, b = (drawn(one, 0.4, height_px=120) for one in (bare, worn))
    assert a.alpha.shape != b.alpha.shape or np.abs(a.y.astype(int) - b.y).sum() > 100


@pytest.mark.parametrize("word", sorted({word for words in tailor()["cuts"].values() for word in words}))
def test_every_word_of_the_wardrobe_is_cut_as_something(word: str) -> None:
    assert cut_of(word) in CUTS
    assert cut_of(word.replace("_", " ").title()) == cut_of(word)


def test_an_unknown_garment_is_worn_as_a_sash_and_not_lost() -> None:
    assert cut_of("bandolier") == "belt"
    assert cut_of("long wool coat") == "coat"
    image = drawn(figure("person", "still", Garment("bandolier", GREEN)), 0.4, height_px=300)
    assert pixels_of_hue(image, GREEN) > 30


@pytest.mark.parametrize(
    "cut", [*BODICES, *HATS, "scarf", "cloak", "backpack", "tie", "apron", "belt", "glasses", "mask", "umbrella"]
)
@pytest.mark.parametrize("view", ["bust", "back"])
def test_close_up_and_from_behind_it_is_still_worn(cut: str, view: str) -> None:
    bare, worn = figure(name="Ada"), figure("person", "still", Garment(cut, GREEN), name="Ada")
    images = [drawn(one, 0.4, height_px=500, **{view: True}) for one in (worn, bare)]
    assert pixels_of_hue(images[0], GREEN) > pixels_of_hue(images[1], GREEN) + 25


@pytest.mark.parametrize("cut", HELD)
def test_what_is_held_is_held_while_walking_and_sitting(cut: str) -> None:
    for gait in ("walk", "run", "sit"):
        images = [drawn(figure("person", gait, *worn, name="Ada"), 0.3) for worn in ((Garment(cut, GREEN),), ())]
        assert bytes_of(images[0]) != bytes_of(images[1])


@pytest.mark.parametrize("gait", ["still", "walk", "run", "sit"])
def test_the_umbrella_is_above_the_head_and_the_hat_on_it(gait: str) -> None:
    plain = drawn(figure("person", gait, name="Ada"), 0.3, height_px=300)
    under = drawn(figure("person", gait, Garment("umbrella", GREEN), name="Ada"), 0.3, height_px=300)
    hatted = drawn(figure("person", gait, Garment("fedora", GREEN), name="Ada"), 0.3, height_px=300)
    heads = [image.foot[1] - top(image) for image in (plain, under, hatted)]
    assert heads[1] > heads[0] + 40
    assert heads[0] - 12 < heads[2] < heads[0] + 25


def test_a_scarf_streams_further_in_a_stronger_wind() -> None:
    worn = figure("person", "still", Garment("scarf", GREEN), name="Ada")

    def behind(wind: float) -> float:
        image = drawn(worn, 0.3, height_px=300, wind=wind)
        return image.foot[0] - float(np.nonzero(solid(image).any(axis=0))[0].min())

    assert behind(1.0) > behind(0.0) + 20


@pytest.mark.parametrize(
    "kind", ["fox", "dog", "horse", "cat", "dragon", "ostrich", "robot", "bicycle", "child", "crowd", "car", "fish"]
)
@pytest.mark.parametrize("cut", ["scarf", "hat", "cloak"])
def test_creatures_and_machines_wear_things_too(kind: str, cut: str) -> None:
    image = drawn(figure(kind, "walk", Garment(cut, GREEN), name="Ada"), 0.3)
    assert pixels_of_hue(image, GREEN) > 20


@pytest.mark.parametrize("kind", ["fox", "horse", "car", "dragon", "boat"])
def test_the_colour_of_the_body_can_be_named(kind: str) -> None:
    plain = drawn(figure(kind, "walk", name="Ada"), 0.3)
    named = drawn(figure(kind, "walk", Garment(kind, GREEN), name="Ada"), 0.3)
    assert pixels_of_hue(named, GREEN) > pixels_of_hue(plain, GREEN) + 200
