"""Cards as Discord messages: what stands where, within the platform's limits, and every word as a word."""

import re
import string
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.chat.discord import marks, parts
from adapters.chat.discord.library import read_custom_id
from adapters.chat.discord.render import AMBER, CORAL, TEAL, Look, Native, clip_name, render
from bot.cards import Button, Card, CardClip, Change, Chip, Progress, PromptPart, Row, Tone
from tests.fakes.discord.components import check_components
from tests.specs_discord import Book

NOW = 1_700_000_000.0
INES = Look("en", NOW, "80351110224678912")
ROLLING = Card(
    tone=Tone.ROLLING,
    title="1B-2",
    status="rolling",
    quote="same shot, one street lamp from camera left",
    facts=("omni 1.2 flash", "6 s", "$0.14"),
    progress=Progress(0.56, seconds_left=50),
    buttons=(Button("Cancel", "cancel:t1"), Button("Show the prompt", "prompt:t1")),
    prompt=(PromptPart("Your words", "one street lamp"),),
    take="t1",
)
READY = Card(
    tone=Tone.READY,
    title="1A-2",
    status="ready",
    quote="same shot, teal umbrella instead of red",
    reply_to="1A-1",
    facts=("omni 1.2 flash, draft", "6 s", "$0.14"),
    changes=(Change("Umbrella", "teal", "red"),),
    kept=(Chip("place", "a wet street", "Place", "drop:t1:place"), Chip("time", "night", "Time")),
    clip=CardClip("d" * 64, 6.0, 1280, 720),
    buttons=tuple(Button(name, f"{name.lower()}:t1", asks=name == "Remix") for name in ("Remix", "Retake", "Circle")),
    take="t1",
)


def texts(native: Native) -> list[str]:
    return [each["content"] for each in parts.every(native.components) if each["type"] == parts.TEXT]


def of_type(native: Native, kind: int) -> list[dict[str, Any]]:
    return [each for each in parts.every(native.components) if each["type"] == kind]


def sound(native: Native, uploads: tuple[str, ...] = ()) -> None:
    """AssertionError, or the fake's own refusal, where Discord would not take it."""
    check_components(list(native.components), v2=True)
    every = list(parts.every(native.components))
    assert len(every) <= 40
    assert sum(marks.units(text) for text in texts(native)) <= 4000
    ids = [each["custom_id"] for each in every if "custom_id" in each]
    assert len(ids) == len(set(ids))
    shown = re.findall(r"attachment://([^']+)'", repr(native.components))
    assert sorted(shown) == sorted([*uploads, *native.files])
    if book := Book.found():
        assert book.objections("POST", "/channels/{channel}/messages", native.body()) == []


def test_a_rolling_card_reads_as_in_the_picture() -> None:
    native = render(ROLLING, INES)
    head, body = texts(native)
    assert head == ("### 1B-2 · rolling\n-# for <@80351110224678912>\n> same shot, one street lamp from camera left")
    assert body == "▰▰▰▰▰▰▱▱▱▱▱▱ **56 %**\n-# ready <t:1700000050:R> · omni 1.2 flash · 6 s · $0.14"
    assert native.components[0]["accent_color"] == AMBER
    assert [each["label"] for each in of_type(native, parts.BUTTON)] == ["Cancel", "Show the prompt"]
    assert "one street lamp\n" not in body, "a take's prompt is one tap away"
    sound(native)


def test_a_ready_card_plays_its_clip_and_says_what_changed() -> None:
    native = render(READY, replace(INES, clips=("1A-2.mp4",)))
    assert [each["type"] for each in native.components[0]["components"]][:3] == [parts.TEXT, parts.GALLERY, parts.TEXT]
    assert texts(native)[0].startswith("### 1A-2\n-# for <@80351110224678912> · Made from 1A-1\n> ")
    assert texts(native)[1].splitlines()[:2] == ["Umbrella: ~~red~~ **teal**", "-# Kept: a wet street, night"]
    assert native.components[0]["accent_color"] == TEAL
    sound(native, ("1A-2.mp4",))


def test_a_failed_card_is_coral_and_says_what_it_cost() -> None:
    sentence = (
        "This take could not be filmed: the finished clip was refused by the model (result gate). You paid nothing."
    )
    native = render(Card(tone=Tone.FAILED, title="1C-3", status="not filmed", lines=(sentence,)), INES)
    assert texts(native)[1].replace("\\", "") == sentence
    assert native.components[0]["accent_color"] == CORAL


def test_a_card_speaks_the_members_language() -> None:
    waiting = replace(ROLLING, tone=Tone.WAITING, status="排队中", progress=Progress(0.0, place=3))
    native = render(waiting, replace(INES, locale="zh-CN"))
    assert "给 <@80351110224678912>" in texts(native)[0]
    assert "第 3 位" in texts(native)[1]


def test_nobody_is_named_where_the_card_is_for_the_reader_alone() -> None:
    assert "<@" not in "".join(texts(render(ROLLING, Look("en", NOW))))


def test_a_menu_takes_away_what_was_kept() -> None:
    (menu,) = of_type(render(READY, INES), parts.SELECT)
    assert [(line["label"], line["value"]) for line in menu["options"]] == [("a wet street", "t:drop:t1:place")]


def test_a_clip_too_large_for_the_place_is_a_link() -> None:
    native = render(replace(READY, clip=CardClip("d", 6, 1, 1, url="https://film.example/c/1")), INES)
    first = of_type(native, parts.BUTTON)[0]
    assert (first["label"], first["url"]) == ("Watch the clip", "https://film.example/c/1")
    sound(native)


def test_words_still_missing_are_asked_for_behind_the_button() -> None:
    ids = [each["custom_id"] for each in of_type(render(READY, INES), parts.BUTTON)]
    tap = read_custom_id(ids[0])
    assert tap is not None
    assert (tap.action, tap.asks) == ("remix:t1", True)


def test_a_short_list_has_a_button_a_line_and_a_long_one_a_menu() -> None:
    rows = tuple(Row(f"take {n}", "a fox", action=f"shot:{n}") for n in range(12))
    few, many = render(Card(title="Dailies", rows=rows[:3]), INES), render(Card(title="Dailies", rows=rows), INES)
    assert [each["accessory"]["custom_id"] for each in of_type(few, parts.SECTION)] == [
        "t:shot:0",
        "t:shot:1",
        "t:shot:2",
    ]
    (menu,) = of_type(many, parts.SELECT)
    assert len(menu["options"]) == 12
    assert not of_type(many, parts.SECTION)
    sound(few)
    sound(many)


def test_a_line_may_say_what_its_button_does() -> None:
    rows = (Row("Neon", "wet asphalt", action="try:neon", label="Try this"), Row("1A-1", "a fox", action="shot:1"))
    labels = [each["accessory"]["label"] for each in of_type(render(Card(rows=rows), INES), parts.SECTION)]
    assert labels == ["Try this", "Choose"]


def test_the_prompt_is_shown_part_by_part_or_attached_whole() -> None:
    said = (PromptPart("Spine", "85mm lens"), PromptPart("Your words", "a ``` fence"))
    native = render(Card(title="1A-2", prompt=said), INES)
    assert texts(native)[1] == "**Spine**\n```\n85mm lens\n```\n**Your words**\n```\na `\u200b`\u200b` fence\n```"
    long = render(Card(title="1A-2", prompt=(PromptPart("Spine", "x" * 5000), said[1])), INES)
    assert long.files == {"prompt.txt": b"Spine\n\n" + b"x" * 5000 + b"\n\nYour words\n\na ``` fence"}
    sound(native)
    sound(long)


def test_what_does_not_fit_gives_way_and_slate_and_buttons_never_do() -> None:
    rows = tuple(Row(f"row {n}", "y" * 190, "z" * 110) for n in range(40))
    crowded = replace(READY, quote="q" * 6000, lines=("s" * 900,) * 9, rows=rows, tone=Tone.PLAIN)
    native = render(replace(crowded, buttons=tuple(Button(f"b{n}", f"x:{n}") for n in range(25))), INES)
    assert len(of_type(native, parts.BUTTON)) == 25
    assert texts(native)[0].startswith("### 1A-2")
    assert texts(native)[-1].splitlines()[-1].startswith("-# And "), "it says how many are not shown"
    sound(native)


def test_forty_components_and_no_more_though_everything_is_there() -> None:
    rows = tuple(Row(f"row {n}", action=f"shot:{n}") for n in range(25))
    buttons = tuple(Button(f"b{n}", f"x:{n}") for n in range(25))
    prompt = (PromptPart("Spine", "x" * 5000),)
    full = replace(READY, tone=Tone.PLAIN, rows=rows, buttons=buttons, prompt=prompt, clip=None)
    native = render(full, replace(INES, clips=("1A-2.mp4",)))
    assert len(of_type(native, parts.BUTTON)) == 25
    assert [each["custom_id"] for each in of_type(native, parts.SELECT)] == ["t:pick"], "the other menu gives way"
    sound(native, ("1A-2.mp4",))


@pytest.mark.parametrize(
    ("title", "name"), [("1A-2", "1A-2.mp4"), ("../..\\x", "x.mp4"), ("第一条", "take.mp4"), ("", "take.mp4")]
)
def test_a_clip_has_its_slate_as_name(title: str, name: str) -> None:
    assert clip_name(Card(title=title), ".mp4") == name


# whatever a member writes


OPENERS = (
    *("@everyone", "<@1>", "<#2>", "<t:1:R>", "<:a:3>", "```", "||", "**", "__", "~~", "> ", ">>> ", "# ", "-# ", "- "),
    *("1. ", "\\", "https://a.b/c", "[x](https://a.b)", "discord.gg/x", "\n", "\u202e", "\u2028", "word", "字", "🎬"),
)
HOSTILE = st.one_of(
    st.text(max_size=200),
    st.text(string.punctuation + "ab1 \n\t", max_size=300),
    st.lists(
        st.sampled_from(OPENERS),
        max_size=40,
    ).map("".join),
)
LONG = st.one_of(HOSTILE, HOSTILE.map(lambda text: text * 60))
ACTIONS = st.integers(0, 40).map("remix:{}".format)


def cards() -> st.SearchStrategy[Card]:
    chips = st.lists(st.builds(Chip, HOSTILE, HOSTILE, HOSTILE, st.one_of(st.just(""), ACTIONS)), max_size=30)
    prompt = st.lists(st.builds(PromptPart, HOSTILE, LONG), max_size=8)
    progress = st.builds(
        Progress,
        st.one_of(st.none(), st.floats(-1, 2)),
        st.one_of(st.none(), st.integers(0, 500)),
        st.one_of(st.none(), st.floats(-10, 1e6)),
    )
    url = st.sampled_from(["", "https://film.example/c", "javascript:alert(1)"])
    clip = st.builds(CardClip, st.just("d"), st.just(6.0), st.just(16), st.just(9), url=url)
    return st.builds(
        Card,
        st.sampled_from(Tone),
        LONG,
        HOSTILE,
        LONG,
        HOSTILE,
        st.lists(LONG, max_size=8).map(tuple),
        st.lists(HOSTILE, max_size=12).map(tuple),
        st.lists(st.builds(Change, HOSTILE, HOSTILE, HOSTILE), max_size=9).map(tuple),
        chips.map(tuple),
        chips.map(tuple),
        st.one_of(st.none(), progress),
        st.one_of(st.none(), clip),
        st.lists(st.builds(Row, HOSTILE, HOSTILE, HOSTILE, st.one_of(st.just(""), ACTIONS)), max_size=40).map(tuple),
        prompt.map(tuple),
        st.lists(st.builds(Button, LONG, ACTIONS, st.booleans(), st.booleans()), max_size=30).map(tuple),
    )


BLOCK = re.compile(r"```\n(.*?)\n```", re.S)
OURS = re.compile(r"<@80351110224678912>|<t:\d+:R>")


@given(cards(), st.sampled_from(["en", "zh-CN", "zh-TW"]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_any_card_is_a_message_that_discord_takes(card: Card, locale: str, clip: bool) -> None:
    clips = ("1A-2.mp4",) if clip else ()
    native = render(card, replace(INES, locale=locale, clips=clips))
    sound(native, clips)
    for text in texts(native):
        said = OURS.sub("", BLOCK.sub("", text))
        assert not re.search(r"(?<!\\)(<|@|`|\|\||\[)|https?://|discord\.gg/", said.replace("\\\\", "")), text


def read(text: str) -> str:
    """What Discord shows of it; AssertionError at any markup."""
    shown, at = [], 0
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] and text[at + 1] in string.punctuation:
            shown.append(text[at + 1])
            at += 2
            continue
        assert text[at] not in "*_~`|<>[]@\\", (text, at)
        shown.append(text[at])
        at += 1
    lines = text.split("\n")
    assert not any(re.match(r"\s*(#{1,3} |-# |[-+*] |\d+\. |>)", line) for line in lines), text
    return "".join(shown)


@given(LONG)
@settings(max_examples=300, deadline=None)
def test_words_are_shown_letter_by_letter(words: str) -> None:
    shown = read(marks.plain(words, 500))
    assert marks.clean(words).startswith(shown.removesuffix("…").rstrip()), "nothing is added, nothing changed"
    if len(words) < 200:
        assert shown == marks.clean(words)


@given(LONG, st.integers(20, 300))
@settings(max_examples=200, deadline=None)
def test_a_quote_stays_behind_its_bar_and_in_its_room(words: str, room: int) -> None:
    shown = marks.quote(words, room)
    assert all(line.startswith("> ") for line in shown.split("\n"))
    assert marks.units(shown) <= room
    read("\n".join(line[2:] for line in shown.split("\n")))


@given(LONG)
@settings(max_examples=200, deadline=None)
def test_a_block_of_code_ends_where_it_should(words: str) -> None:
    block = marks.code(words)
    assert block.index("```", 3) == len(block) - 3
