"""The spine: fields and free text, one stable block, changed only by the member."""

from __future__ import annotations

import pytest

from bot.errors import ControlCharacters, EmptyWords, UnknownField, UnknownPreset, WordsTooLong
from bot.spine import FIELDS, Spine, preset, presets


def test_fields_become_one_block_in_the_order_of_a_shot_description() -> None:
    spine = Spine().set(mood="cinematic and tense", lens="85mm lens", depth="shallow depth of field", light="cool blue")
    assert spine.render() == (
        "Cinematography: 85mm lens, shallow depth of field. Lighting: cool blue. Mood: cinematic and tense."
    )


def test_free_text_is_one_unbroken_string_in_front() -> None:
    look = "35mm film,  two  spaces\nand a line. Palette: none"
    assert Spine().set(look=look, mood="calm").render() == f"{look} Mood: calm."


def test_a_sentence_that_ends_itself_gets_no_second_full_stop() -> None:
    assert Spine(mood="安静。").render() == "Mood: 安静。"


def test_add_goes_behind_and_clear_empties() -> None:
    spine = Spine(palette="teal").add(palette="amber", mood="quiet")
    assert (spine.palette, spine.mood) == ("teal, amber", "quiet")
    assert spine.anchors() == ("teal", "amber")
    assert spine.clear("palette") == Spine(mood="quiet")
    assert spine.clear() == Spine()
    assert Spine(palette="青色、琥珀，墨黑").anchors() == ("青色", "琥珀", "墨黑")


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(UnknownField):
        Spine().set(weather="rain")
    with pytest.raises(UnknownField):
        Spine().clear("weather")
    with pytest.raises(EmptyWords):
        Spine().set(lens=" ")
    with pytest.raises(WordsTooLong):
        Spine().set(lens="x" * 2001)
    with pytest.raises(ControlCharacters):
        Spine().add(lens="\x00")
    with pytest.raises(UnknownPreset):
        preset("baroque")


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_preset_is_a_look_in_technical_terms(name: str) -> None:
    filled = preset(name.upper()).filled()
    assert len(filled) >= 3
    assert set(filled) <= set(FIELDS)
    assert not any(weak in preset(name).render().lower() for weak in ("cinematic look", "beautiful", "epic", "4k"))
