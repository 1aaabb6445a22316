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
    FIRST,
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
    Start,
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
from bot.levels import Level
from bot.looks import Cast, CastAction
from bot.reading import about, read
from bot.text import DEFAULT, languages, say


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("/generate a fox", Generate(prompt="a fox")),
        ("/generate a fox seconds:6 shape:9:16", Generate(prompt="a fox", seconds=6, shape=Shape.TALL)),
        ("/generate shape:4:5 a fox", Generate(prompt="a fox", shape=Shape.PORTRAIT)),
        ("/generate a fox scene:new continue:no", Generate(prompt="a fox", scene=Scene.NEW, carry=False)),
        ("/generate@throughline_bot a fox", Generate(prompt="a fox")),
        ("/Generate a fox", Generate(prompt="a fox")),
        ("/generate: a fox", Generate(prompt="a fox")),
        ("/generate@throughline_bot：一只狐狸", Generate(prompt="一只狐狸")),
        ("/generate一只狐狸 seconds：6秒 shape：9:16", Generate(prompt="一只狐狸", seconds=6, shape=Shape.TALL)),
        ("/generate A sign：model：T. Dialogue：嗨", Generate(prompt="A sign：model：T. Dialogue：嗨")),
        (
            "/style set lens：85mm 镜头 light：黄金时刻",
            Style(action=StyleAction.SET, lens="85mm 镜头", light="黄金时刻"),
        ),
        ("/start", Start()),
        ("/start from_a_link", Start(code="from_a_link")),
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
        ("/style from 2B-3", Style(action=StyleAction.FROM, take="2B-3")),
        ("/style import # spine\nlens: a: b", Style(action=StyleAction.IMPORT, text="# spine\nlens: a: b")),
        (
            "/style set level:server lens:85mm lens",
            Style(action=StyleAction.SET, lens="85mm lens", level=Level.SERVER),
        ),
        ("/style level:channel 35mm film", Style(action=StyleAction.SET, look="35mm film", level=Level.CHANNEL)),
        ("/cast", Cast()),
        (
            "/cast add Marek: a stooped man, fifty wardrobe: a brown coat voice:hoarse",
            Cast(
                action=CastAction.ADD,
                who="Marek",
                description="a stooped man, fifty",
                wardrobe="a brown coat",
                voice="hoarse",
            ),
        ),
        ("/cast add 老周：五十岁的男人", Cast(action=CastAction.ADD, who="老周", description="五十岁的男人")),
        (
            "/cast add name:Marek level:server description:a man",
            Cast(action=CastAction.ADD, who="Marek", description="a man", level=Level.SERVER),
        ),
        ("/cast add Marek from:1A-2", Cast(action=CastAction.ADD, who="Marek", take="1A-2")),
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
    with pytest.raises(UnknownOption):
        from_action(action("cancel", take), "words that nobody asked for")
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


def test_an_unknown_command_is_named_without_what_stands_behind_it() -> None:
    with pytest.raises(UnknownCommand) as declined:
        read("/frobnicate my private thoughts")
    assert declined.value.params == {"command": "/frobnicate"}


def test_what_was_attached_may_have_a_long_address() -> None:
    address = "discord:https://cdn.example/" + "a" * 1_000
    assert build("generate", {"prompt": "a fox", "image": address}) == Generate(prompt="a fox", image=address)


def test_the_first_twelve_are_those_of_the_menu() -> None:
    listed = [kind.name for kind in COMMANDS.values() if kind.listed]
    assert listed[:3] == ["generate", "remix", "style"]
    assert {"dailies", "shot", "queue", "cancel", "session", "help"} <= set(listed[:FIRST])


LISTED = [kind for kind in COMMANDS.values() if kind.listed]
_NAME = re.compile(r"[-_\w]{1,32}")  # Discord's rule for names of commands and options, in any script


@pytest.mark.parametrize("tag", languages())
def test_every_command_has_its_name_and_help(tag: str) -> None:
    names = [say(f"name.{kind.name}", tag) for kind in LISTED]
    assert len(set(names)) == len(names)
    for kind, name in zip(LISTED, names, strict=True):
        assert _NAME.fullmatch(name)
        assert name == name.lower()
        assert tag != DEFAULT or name == kind.name
        assert 1 <= len(say(f"help.{kind.name}", tag)) <= 100


@pytest.mark.parametrize("tag", languages())
@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.name)
def test_every_option_has_its_name_and_help(kind: type[Command], tag: str) -> None:
    names = [say(f"option.{name}", tag) for name in options(kind)]
    assert len(set(names)) == len(names)
    for (name, option), said in zip(options(kind).items(), names, strict=True):
        assert _NAME.fullmatch(said)
        assert said == said.lower()
        help_ = say(f"optionhelp.{kind.name}.{name}", tag)
        assert 1 <= len(help_) <= 100
        if tag == DEFAULT:
            assert (said, help_) == (name, option.help)
        choices = [say(f"choice.{choice}", tag) for choice in option.choices]
        assert len(set(choices)) == len(choices)
        assert all(1 <= len(choice) <= 100 for choice in choices)


@pytest.mark.parametrize("kind", LISTED, ids=lambda kind: kind.name)
def test_a_command_fits_discords_8000_characters(kind: type[Command]) -> None:
    def longest(key: str) -> int:
        return max(len(say(key, tag)) for tag in languages())

    total = longest(f"name.{kind.name}") + longest(f"help.{kind.name}")
    for name, option in options(kind).items():
        total += longest(f"option.{name}") + longest(f"optionhelp.{kind.name}.{name}")
        total += sum(longest(f"choice.{choice}") + len(choice) for choice in option.choices)
    assert total <= 8_000


def test_a_reply_to_a_clip_speaks_of_its_take() -> None:
    assert about(read("/cast add Marek"), "take") == Cast(action=CastAction.ADD, who="Marek", take="take")
    assert about(read("/cast add Marek: a man"), "take") == read("/cast add Marek: a man")
    assert about(read("/style from"), "take") == Style(action=StyleAction.FROM, take="take")
    assert about(read("/style"), "take") == Style()
