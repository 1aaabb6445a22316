"""A spine as text: read back, it is the same spine."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import ControlCharacters, SpineUnreadable, WordsTooLong
from bot.spine import FIELDS, Spine, preset
from bot.spine_text import exported, imported

texts = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t :#"), min_size=1, max_size=60
).filter(str.strip)
spines = st.builds(Spine, **{name: st.just("") | texts for name in FIELDS}).filter(lambda spine: bool(spine.filled()))


@given(spines)
@example(Spine(look="a\nlens: no\n  b\n", mood="calm"))
@example(Spine(look="\nx", lens="# spine"))
def test_read_back_it_is_the_same_spine(spine: Spine) -> None:
    assert imported(exported(spine)) == spine


def test_people_can_read_it() -> None:
    assert exported(Spine(lens="85mm lens", palette="teal, amber")) == "# spine\nlens: 85mm lens\npalette: teal, amber"


@pytest.mark.parametrize("flat", ["# spine lens: 85mm lens light: golden hour", "lens:85mm lens light：golden hour"])
def test_text_that_lost_its_line_ends_is_read_by_its_fields(flat: str) -> None:
    assert imported(flat) == Spine(lens="85mm lens", light="golden hour")


def test_a_presets_text_survives_a_one_line_box() -> None:
    noir = preset("noir")
    assert imported(exported(noir).replace("\n", " ")) == noir


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("just words", SpineUnreadable),
        ("# spine", SpineUnreadable),
        ("lens: 85mm\nweather: rain", SpineUnreadable),
        ("words first lens: 85mm", SpineUnreadable),
        ("lens: \x07", ControlCharacters),
        (f"lens: {'x' * 2_001}", WordsTooLong),
    ],
)
def test_what_is_no_spine_is_refused(text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        imported(text)
