"""How a take was looked at: read from its brief, newest words first, nothing invented."""

import pytest

from bot.brief import Brief, compile_brief, with_change
from bot.camera import Camera, camera_of
from bot.continuity import Kind
from bot.remixing import remixed
from bot.spine import Spine, presets

ANAMORPHIC = Spine(look="Anamorphic 2.0x lens, shallow depth of field. Mood: tense.")


def shot(words: str, spine: Spine | None = None) -> Brief:
    return compile_brief(words, spine=spine)


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (
            "Wide shot. Marek crosses the street at night, slow dolly in. 85mm lens.",
            Camera(lens=("85mm",), light=("night",), move=("slow dolly in",)),
        ),
        ("A man reads by window light, noon. 50mm", Camera(lens=("50mm",), light=("window light", "noon"))),
        (
            "广角。一只狐狸在黎明穿过积雪的森林；镜头缓慢推近，逆光。",
            Camera(("广角",), ("逆光", "黎明"), ("缓慢推近",)),
        ),
        ("一隻狐狸，夜晚，手持鏡頭", Camera(light=("夜晚",), move=("手持鏡頭",))),
        ("Handheld, rack focus to the letter", Camera(move=("Handheld", "rack focus"))),
        ("A fox.", Camera()),
        ("", Camera()),
    ],
)
def test_the_words_say_how_it_is_looked_at(words: str, seen: Camera) -> None:
    assert camera_of(shot(words)) == seen


@pytest.mark.parametrize(
    "words",
    ["A chef puts a pan on the stove.", "A crane lifts a truck.", "Radio static fills an orbit.", "Shot on 35mm film."],
)
def test_what_only_sounds_like_a_camera_is_not_one(words: str) -> None:
    assert camera_of(shot(words)) == Camera()


def test_a_camera_line_is_the_cameras() -> None:
    assert camera_of(shot("Camera: slow pan\nA dog runs.")).move == ("slow pan",)
    assert camera_of(shot("The camera makes a slow pan over the desert.")).move == ("slow pan",)


def test_the_spine_says_what_the_words_do_not() -> None:
    assert camera_of(shot("A fox.", ANAMORPHIC)).lens == ("Anamorphic",)
    assert camera_of(shot("A fox. 24mm", ANAMORPHIC)).lens == ("24mm",)
    fields = Spine(lens="anamorphic 2.0x lens", light="low key, one hard key from camera left")
    assert camera_of(shot("A fox.", fields)) == Camera(lens=("anamorphic 2.0x",), light=("low key",))


def test_a_change_wins_over_the_shots_own_words_and_the_newest_change_over_all() -> None:
    first = shot("A man reads by window light, noon. 50mm")
    second = remixed(first, "same shot, at night, slow push in")
    third = remixed(second, "24mm")
    assert camera_of(second) == Camera(("50mm",), ("window light", "night"), ("slow push in",))
    assert camera_of(third) == Camera(("24mm",), ("window light", "night"), ("slow push in",))


def test_of_two_changes_the_later_one_counts() -> None:
    assert camera_of(with_change(with_change(shot("A fox."), "24mm"), "back to 85mm")).lens == ("85mm",)


def test_light_that_was_carried_over_counts() -> None:
    brief = compile_brief("He looks up.", kept=((Kind.LIGHT, "candlelight"), (Kind.TIME, "midnight")))
    assert camera_of(brief).light == ("candlelight", "midnight")


def test_dialogue_and_sound_say_nothing_of_the_camera() -> None:
    assert camera_of(shot('A man waits.\nDialogue: "Zoom in on 85mm!"\nSound: a crash zoom')) == Camera()


@pytest.mark.parametrize("name", presets())
def test_every_preset_gives_few_words(name: str) -> None:
    camera = camera_of(shot("A fox.", presets()[name]))
    assert camera.lens or camera.light or not (presets()[name].lens or presets()[name].light)
    for pieces in (camera.lens, camera.light, camera.move):
        assert len(pieces) <= 1 or sum(map(len, pieces)) <= 28
        assert all(piece == piece.strip(" .,") for piece in pieces)
