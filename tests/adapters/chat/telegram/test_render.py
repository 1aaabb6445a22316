"""Cards as messages: the facts in their order, cut by weight, and nothing of a member's that could be more than text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import MessageEntity

from adapters.chat.telegram.keyboard import keyboard
from adapters.chat.telegram.marked import head, units
from adapters.chat.telegram.render import CAPTION, MESSAGE, Page, caption, message
from bot.cards import Button, Card, CardClip, Change, Chip, Progress, PromptPart, Row, Tone
from tests.adapters.chat.telegram.deck import TAPS, buttons, ready, refused, rolling

TELEGRAM_FINDS = re.compile(
    r"https?://\S+|(?<!\w)@[A-Za-z0-9_]{3,}|(?<!\w)#[A-Za-z]\w*|(?<![\w/])/[A-Za-z0-9_]+(?![\w/])|(?<!\w)\$[A-Z]{3,8}\b|\bt\.me/\w+"
)


def marked(page: Page, kind: str) -> list[str]:
    """The texts that are set in that way."""
    entities = [each for each in page.entities if each.type == kind]
    raw = page.text.encode("utf-16-le")
    return [raw[2 * each.offset : 2 * (each.offset + each.length)].decode("utf-16-le") for each in entities]


def rows(page: Page) -> list[list[str]]:
    """The keyboard's labels."""
    return [[key.text for key in row] for row in page.keyboard.inline_keyboard] if page.keyboard else []


def test_a_delivered_take_reads_as_in_the_picture() -> None:
    page = caption(ready(), "en")
    assert page.text.split("\n") == [
        "1C-2",
        "same shot, at night",
        "Time of day: golden hour night",
        "Kept: Place, Subject",
        "omni 1.2 flash, draft · 6 s · $0.14",
    ]
    assert marked(page, MessageEntity.BOLD) == ["1C-2", "night"]
    assert marked(page, MessageEntity.STRIKETHROUGH) == ["golden hour"]
    assert marked(page, MessageEntity.BLOCKQUOTE) == ["same shot, at night"]
    assert rows(page) == [["Remix", "Next shot", "Retake"], ["Circle", "Final $0.63", "More"], ["Show the prompt"]]


def test_a_rolling_take_shows_how_far_it_is() -> None:
    page = message(rolling(), "en")
    assert page.text.split("\n") == [
        "1B-2 rolling",
        "a fox in the snow, blue hour",
        "▰▰▰▰▰▰▱▱▱▱▱▱  56 %",
        "About 50 s left · animatic · 6 s · $0.14",
    ]
    assert marked(page, MessageEntity.BOLD) == ["1B-2", "56 %"]
    assert rows(page) == [["Cancel", "Show the prompt"]]


def test_a_refused_take_says_so_under_the_quote() -> None:
    page = message(refused(), "en")
    assert page.text.split("\n")[0] == "1C-3 not filmed"
    assert page.text.endswith("You paid nothing; $0.14 is back.")
    assert rows(page) == [["Change the words", "Show the prompt"]]


def test_it_speaks_chinese() -> None:
    waiting = Card(
        tone=Tone.WAITING,
        title="1A-2",
        status="排队中",
        quote="同一镜头，换成青绿色的伞",
        changes=(Change("伞", "青绿色", "红色"),),
        kept=(Chip("place", "港口", "地点"), Chip("light", "雨夜", "光线")),
        facts=("0.14 美元",),
        progress=Progress(0.0, place=3),
        buttons=buttons("取消", "查看提示词"),
        take="t1",
    )
    page = message(waiting, "zh-CN")
    assert page.text.split("\n")[2:] == ["伞：红色 青绿色", "保留：地点、光线", "第 3 位 · 0.14 美元"]
    assert rows(page) == [["取消", "查看提示词"]]
    long = keyboard(buttons("改一处", "下一镜", "重拍", "圈选", "成片 $0.63", "查看提示词", "更多"))
    assert long is not None
    labels = [[key.text for key in row] for row in long.inline_keyboard]
    assert labels == [["改一处", "下一镜", "重拍"], ["圈选", "成片 $0.63"], ["查看提示词", "更多"]]


def test_a_long_quote_can_be_folded_and_is_cut_before_anything_else() -> None:
    page = caption(ready(quote="很长的话😀 " * 400), "en")
    assert units(page.text) <= CAPTION
    assert page.text.startswith("1C-2\n")
    assert page.text.split("\n")[-1] == "omni 1.2 flash, draft · 6 s · $0.14"
    assert marked(page, MessageEntity.EXPANDABLE_BLOCKQUOTE)[0].endswith("…")
    assert sum(len(row) for row in rows(page)) == len(TAPS)


def test_words_that_look_like_links_are_set_as_code() -> None:
    said = "ask @durov or www.evil.example/x about #one /cancel t.me/trap https://a.b/c but not $0.14 or 1.2 or 16:9"
    page = message(Card(title="Idea", quote=said), "en")
    assert said in page.text
    assert marked(page, MessageEntity.CODE) == [
        "@durov",
        "www.evil.example/x",
        "#one",
        "/cancel",
        "t.me/trap",
        "https://a.b/c",
    ]


def test_our_own_commands_may_be_tapped() -> None:
    page = message(Card(lines=("There is no take “@durov” here. /dailies shows yours.",)), "en")
    assert marked(page, MessageEntity.CODE) == ["@durov"]


def test_the_prompt_is_shown_word_for_word_and_part_by_part() -> None:
    parts = (PromptPart("Spine", "85mm lens, <b>teal</b> & amber"), PromptPart("Your words", "a fox\n\n@durov"))
    page = message(Card(title="2B-3", prompt=parts, take="t1"), "en")
    assert marked(page, MessageEntity.PRE) == [part.text for part in parts]
    assert marked(page, MessageEntity.BOLD) == ["2B-3", "Spine", "Your words"]


def test_a_take_card_keeps_its_prompt_behind_a_button() -> None:
    page = message(replace(rolling(), prompt=(PromptPart("Spine", "85mm"),)), "en")
    assert "85mm" not in page.text


def test_a_prompt_that_is_too_long_comes_as_a_file() -> None:
    parts = (PromptPart("Spine", "s" * 3000), PromptPart("Your words", "w" * 3000))
    page = message(Card(title="2B-3", prompt=parts, take="t1", buttons=buttons("Remix")), "en")
    assert page.document == f"Spine\n{'s' * 3000}\n\nYour words\n{'w' * 3000}"
    assert page.name == "2B-3.txt"
    assert page.text == "2B-3\nIt is long, so it comes as a file."
    assert rows(page) == [["Remix"]]
    cut = message(Card(title="2B-3", prompt=parts, take="t1"), "en", files=False)
    assert not cut.document
    assert units(cut.text) <= MESSAGE


def test_a_list_is_cut_to_what_can_be_tapped() -> None:
    listed = tuple(Row(f"{n}A-1", "a fox", "ready · $0.14", f"shot:{n}") for n in range(14))
    page = message(Card(title="Dailies", rows=listed), "en")
    assert page.text.split("\n")[1] == "0A-1  a fox · ready · $0.14"
    assert page.text.endswith("And 4 more.")
    assert [len(row) for row in rows(page)] == [3, 3, 2, 2]


def test_what_was_carried_can_be_taken_away_where_a_card_tells_all() -> None:
    page = message(replace(ready(), tone=Tone.PLAIN, clip=None, buttons=()), "en")
    assert rows(page) == [["✕ Place"]]


@pytest.mark.parametrize(
    ("url", "labels"),
    [("https://films.example/c?x=1", ["Watch the clip"]), ("http://localhost:8000/c", [])],
)
def test_a_linked_clip_has_a_button_or_its_address(url: str, labels: list[str]) -> None:
    page = message(replace(ready(url=url), buttons=()), "en")
    assert [label for row in rows(page) for label in row] == labels
    assert (url in page.text) is not bool(labels)


def test_cutting_never_parts_a_character() -> None:
    assert head("😀😀😀", 4) == "😀…"
    assert head("abc", 3) == "abc"
    assert head("abcd", 3) == "ab…"


words = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(
    [
        "@durov",
        "https://t.me/x 😀",
        "/start",
        "<b>&amp;</b>",
        "*bold* _x_ [a](http://b)",
        "\n\n",
        " ",
        "😀" * 700,
        "猫" * 1500,
    ]
)
short = st.text(max_size=30)
cards = st.builds(
    Card,
    tone=st.sampled_from(Tone),
    title=words,
    status=short,
    quote=words,
    lines=st.lists(words, max_size=3).map(tuple),
    facts=st.lists(short, max_size=4).map(tuple),
    changes=st.lists(st.builds(Change, short, words, words), max_size=3).map(tuple),
    spine=st.lists(st.builds(Chip, short, words, short), max_size=4).map(tuple),
    kept=st.lists(st.builds(Chip, short, words, short, st.sampled_from(["", "drop:t:place"])), max_size=4).map(tuple),
    progress=st.none()
    | st.builds(Progress, st.none() | st.floats(0, 1), st.none() | st.integers(1, 99), st.none() | st.floats(0, 9999)),
    clip=st.none() | st.just(CardClip("d" * 64, 6.0, 320, 180)),
    rows=st.lists(st.builds(Row, words, words, short, st.sampled_from(["", "shot:1"])), max_size=30).map(tuple),
    prompt=st.lists(st.builds(PromptPart, short, words), max_size=4).map(tuple),
    buttons=st.lists(st.builds(Button, short, st.just("do:1")), max_size=9).map(tuple),
    take=st.sampled_from(["", "t1"]),
)


@settings(max_examples=400, deadline=None)
@given(cards, st.sampled_from(["en", "zh-Hans"]), st.booleans())
def test_any_card_can_be_sent(card: Card, locale: str, under_clip: bool) -> None:
    page = caption(card, locale) if under_clip else message(card, locale)
    limit = CAPTION if under_clip or page.document else MESSAGE
    assert 0 < units(page.text) <= limit
    page.text.encode()
    assert page.text.strip()
    assert len(page.entities) <= 100
    inside = [(each.offset, each.offset + each.length) for each in page.entities]
    assert all(0 <= start < end <= units(page.text) for start, end in inside)
    for index, (_, end) in enumerate(inside):
        for other, stop in inside[index + 1 :]:
            assert other >= end or stop <= end, "entities that cross"
    assert_text_only(page, card)
    for row in rows(page):
        assert 1 <= len(row) <= 3
        assert all(label for label in row)


def assert_text_only(page: Page, card: Card) -> None:
    """Whatever Telegram would find by itself stands inside code, but for our own lines' commands."""
    covered = [
        (each.offset, each.offset + each.length)
        for each in page.entities
        if each.type in (MessageEntity.CODE, MessageEntity.PRE)
    ]
    for hit in TELEGRAM_FINDS.finditer(page.text):
        if hit[0].startswith("/"):
            continue
        start, end = units(page.text[: hit.start()]), units(page.text[: hit.end()])
        assert any(a <= start and end <= b for a, b in covered), hit[0]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=900))
def test_a_quote_that_fits_stands_there_word_for_word(said: str) -> None:
    if said.strip():
        assert said in message(Card(title="1A-1", quote=said), "en").text
