"""What may come in, and how lines are named without being moved."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ControlCharacters, EmptyWords, WordsTooLong
from bot.words import checked, labelled_runs


@pytest.mark.parametrize("text", ["", "   ", "\n\t ", "\u3000"])
def test_nothing_but_space_is_empty(text: str) -> None:
    with pytest.raises(EmptyWords):
        checked(text)


def test_forty_thousand_characters_are_too_many() -> None:
    with pytest.raises(WordsTooLong) as caught:
        checked("x" * 40_000)
    assert caught.value.params == {"length": 40_000, "limit": 32_000}


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\r", "\x7f", "\x85", "\x9f", "\ud800"])
def test_control_characters_are_named(char: str) -> None:
    with pytest.raises(ControlCharacters) as caught:
        checked(f"a fox{char}")
    assert caught.value.params == {"found": f"U+{ord(char):04X}"}


@pytest.mark.parametrize(
    "text", ["a\tb\nc", "👩‍👩‍👧 family", "\u202eabc\u202c", "  leading and trailing  ", "一只鸵鸟"]
)
def test_peoples_languages_pass_byte_for_byte(text: str) -> None:
    assert checked(text) is text


def test_lines_are_named_by_their_labels() -> None:
    words = "A kitchen.\nCamera: slow dolly in\nAction:\n- she cracks an egg\n- it sizzles\n对白：“早。”\nSound: butter"
    assert labelled_runs(words) == [
        ("words", "A kitchen."),
        ("camera", "Camera: slow dolly in"),
        ("action", "Action:\n- she cracks an egg\n- it sizzles"),
        ("dialogue", "对白：“早。”"),
        ("sound", "Sound: butter"),
    ]


def test_a_label_in_the_middle_of_a_line_is_just_a_word() -> None:
    assert labelled_runs("He says: Camera: off") == [("words", "He says: Camera: off")]


@given(st.text(alphabet=st.sampled_from("abS \n:：Camerasoundaction声音"), max_size=200))
def test_the_runs_are_the_words_again(words: str) -> None:
    assert "\n".join(run for _, run in labelled_runs(words)) == words
