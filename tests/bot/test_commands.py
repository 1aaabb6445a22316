"""Commands: declared once, built from typed options, read from text, carried by buttons."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import Button
from bot.commands import (
    COMMANDS,
    Cancel,
    Command,
    Drop,
    Generate,
    Queue,
    Remix,
    Retake,
    Scene,
    SessionAction,
    SessionCommand,
    Style,
    StyleAction,
    action,
    build,
    from_action,
    from_dict,
    options,
    to_dict,
)
from bot.errors import BadValue, ControlCharacters, Declined, EmptyWords, UnknownCommand, UnknownOption
from bot.film import Shape, new_id
from bot.reading import read
from bot.text import languages, say


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/generate a fox", Generate(prompt="a fox")),
        ("/generate a fox seconds:6 shape:9:16", Generate(prompt="a fox", seconds=6, shape=Shape.TALL)),
        ("/generate shape:4:5 a fox", Generate(prompt="a fox", shape=Shape.PORTRAIT)),
        ("/generate a fox scene:new continue:no", Generate(prompt="a fox", scene=Scene.NEW, carry=False)),
        ("/generate@throughline_bot a fox", Generate(prompt="a fox")),
        ("/generate A sign: model: T. Dialogue: hi", Generate(prompt="A sign: model: T. Dialogue: hi")),
        ("/generate  two  spaces\nSound: rain", Generate(prompt=" two  spaces\nSound: rain")),
        ("/remix at night", Remix(change="at night")),
        ("/remix at night take:2B-3", Remix(change="at night", take="2B-3")),
        ("/retake", Retake()),
        ("/retake 1A-1 shape:square", Retake(take="1A-1", shape=Shape.SQUARE)),
        ("/style", Style()),
        ("/style 35mm film, rain", Style(action=StyleAction.SET, look="35mm film, rain")),
        (
            "/style set lens:85mm lens light:golden hour, haze",
            Style(action=StyleAction.SET, lens="85mm lens", light="golden hour, haze"),
        ),
        ("/style clear field:lens", Style(action=StyleAction.CLEAR, field="lens")),
        ("/session new No Return Address", SessionCommand(action=SessionAction.NEW, title="No Return Address")),
        ("/cancel 2B-3", Cancel(take="2B-3")),
        ("/queue", Queue()),
    ],
)
def test_read(line: str, command: Command) -> None:
    assert read(line) == command


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("/generate", EmptyWords),
        ("/generate   ", EmptyWords),
        ("/remix", EmptyWords),
        ("/generate a fox seconds:long", BadValue),
        ("/generate a fox seconds:0", BadValue),
        ("/generate a fox seconds:61", BadValue),
        ("/generate a fox seconds:９", BadValue),
        ("/generate a fox shape:round", BadValue),
        ("/generate a fox continue:perhaps", BadValue),
        ("/generate a \x07 fox", ControlCharacters),
        ("/queue now", UnknownOption),
        ("/frobnicate", UnknownCommand),
        ("hello", UnknownCommand),
        ("/", UnknownCommand),
    ],
)
def test_what_cannot_be_read_is_declined(line: str, error: type[Declined]) -> None:
    with pytest.raises(error):
        read(line)


@pytest.mark.parametrize(
    "values",
    [
        {"prompt": "x", "nonsense": 1},
        {"prompt": 7},
        {"prompt": "x", "seconds": [1]},
        {"prompt": "x", "model": {"a": 1}},
    ],
)
def test_build_declines_what_a_form_should_not_send(values: dict[str, Any]) -> None:
    with pytest.raises(Declined):
        build("generate", values)


def test_a_button_carries_ids_only_and_ends_in_the_same_command() -> None:
    take = new_id()
    assert from_action(action("remix", take), "at night") == Remix(take=take, change="at night")
    assert from_action(action("retake", take)) == Retake(take=take)
    assert from_action(action("drop", take, "weather")) == Drop(take=take, kind="weather")
    assert from_action(action("generate", take), "other words") == Generate(prompt="other words")
    assert from_action("session:switch:abc") == SessionCommand(action=SessionAction.SWITCH, title="abc")
    with pytest.raises(EmptyWords):
        from_action(action("remix", take))
    with pytest.raises(UnknownCommand):
        from_action("rm -rf")
    with pytest.raises(ValueError, match="64 bytes"):
        Button("x", "界" * 30)


commands = st.one_of(
    st.builds(
        Generate,
        prompt=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(str.strip),
        seconds=st.none() | st.integers(1, 60),
        shape=st.none() | st.sampled_from(Shape),
        carry=st.booleans(),
    ),
    st.builds(Style, action=st.sampled_from(StyleAction), lens=st.none() | st.just("85mm")),
)


@given(commands)
def test_a_stored_wish_is_the_same_wish(command: Command) -> None:
    assert from_dict(json.loads(json.dumps(to_dict(command)))) == command


@given(st.text(max_size=60))
def test_reading_never_breaks(text: str) -> None:
    for line in (text, f"/generate {text}", f"/style {text}", f"/session {text}"):
        try:
            assert isinstance(read(line), Command)
        except Declined:
            continue


@pytest.mark.parametrize("kind", COMMANDS.values(), ids=lambda kind: kind.name)
def test_declarations_stay_within_both_platforms(kind: type[Command]) -> None:
    assert re.fullmatch(r"[a-z0-9_]{1,32}", kind.name)
    assert kind.__doc__
    assert len(kind.__doc__) <= 100
    assert len(options(kind)) <= 25
    for name, option in options(kind).items():
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(option.help) <= 100
        assert len(option.choices) <= 25


@pytest.mark.parametrize("tag", languages())
def test_every_listed_command_has_its_help(tag: str) -> None:
    for name, kind in COMMANDS.items():
        assert not kind.listed or say(f"help.{name}", tag)
