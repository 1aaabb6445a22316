"""A remix that changes somebody's clothes: the cast's line follows, and so does every shot after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.brief import PartName, compile_brief
from bot.cast import CastMember, redressed_line, worn_in
from bot.commands import Generate
from bot.remixing import remixed
from tests.dialogue import Chat

MARA = CastMember("m", "web:i", "web:i", "Mara", "a young woman with red braids", "a long brown coat, black boots")
ERIK = CastMember("e", "web:i", "web:i", "Erik", "an old man with a cane", "a grey suit", "hoarse")
MEI = CastMember("y", "web:i", "web:i", "阿梅", "一位红发少女", "一件棕色长外套")


def lines(change: str, *cast: CastMember, words: str = "They wait for a train.") -> str:
    """What is said of the cast after that change."""
    return remixed(compile_brief(words, cast=cast), change, cast).part(PartName.CAST)


@pytest.fixture
async def chat(tmp_path: Path) -> Chat:
    chat = Chat(tmp_path)
    await chat.says("/cast add Mara: a young woman with red braids wardrobe:a long brown coat")
    await chat.says("/cast add Erik: an old man with a cane wardrobe:a grey suit")
    return chat


@pytest.mark.parametrize(
    ("change", "worn"),
    [
        ("Mara in a red raincoat", "a red raincoat, black boots"),
        ("she wears a yellow dress", "a yellow dress"),
        ("a yellow dress and a hat", "a yellow dress, a hat"),
        ("make her coat red", "a long red coat, black boots"),
        ("white sneakers instead of the boots", "a long brown coat, white sneakers"),
        ("without the coat", "black boots"),
        ("take off her boots", "a long brown coat"),
        ("make it night", "a long brown coat, black boots"),
        ("add a red scarf", "a long brown coat, black boots"),
    ],
)
def test_the_clothes_alone_get_new_words(change: str, worn: str) -> None:
    assert lines(change, MARA) == f"Mara: a young woman with red braids. Wardrobe: {worn}."


@pytest.mark.parametrize(
    ("change", "who"),
    [
        ("Erik in a black cape", "Erik"),
        ("she wears a black cape", "Mara"),
        ("he wears a black cape", "Erik"),
        ("a black cape instead of the suit", "Erik"),
        ("a black cape instead of the coat", "Mara"),
        ("a black cape", ""),
    ],
)
def test_of_two_it_is_the_one_who_is_meant_or_nobody(change: str, who: str) -> None:
    before = compile_brief("They wait.", cast=(MARA, ERIK)).part(PartName.CAST).split("\n")
    after = lines(change, MARA, ERIK, words="They wait.").split("\n")
    assert [line.partition(":")[0] for line, old in zip(after, before, strict=True) if line != old] == [who][: len(who)]
    assert all("black cape" in line for line, old in zip(after, before, strict=True) if line != old)


def test_what_a_stranger_wears_is_not_the_casts() -> None:
    told = lines("a parka instead of the trench coat", MARA, words="Mara meets a detective in a trench coat.")
    assert told == lines("make it night", MARA)


def test_in_chinese_too() -> None:
    assert lines("阿梅穿红色雨衣", MEI, words="阿梅在等车。") == "阿梅：一位红发少女。 穿着：红色雨衣。"


def test_a_description_that_says_wardrobe_itself_stays_byte_for_byte() -> None:
    odd = CastMember(
        "o", "web:i", "web:i", "Olga", "a tailor.\nWardrobe: none of her own! Voice: none", "a blue apron", "low"
    )
    (line,) = compile_brief('"Sit", says Olga.', cast=(odd,)).part(PartName.CAST, PartName.CAST).split("\0")
    assert worn_in(line) == "a blue apron"
    assert redressed_line(line, "a cape!") == line.replace("a blue apron.", "a cape!")
    assert redressed_line(line, "") == line.replace(" Wardrobe: a blue apron.", "")
    assert redressed_line("Tom: a grey cat.", "a hat") == "Tom: a grey cat."


async def test_the_next_shot_keeps_the_new_clothes_and_not_the_entrys(chat: Chat) -> None:
    first = await chat.says("Mara and Erik cross a bridge at dusk.")
    remix = await chat.taps("Remix", first, "Mara in a red raincoat")
    for words in ("Mara waits.", "She sits down.", "Erik looks up.", "Mara and Erik leave."):
        await chat.says(words)

    assert [(each.old, each.new) for each in remix.changes] == [("a long brown coat", "a red raincoat")]
    assert "Wardrobe: a red raincoat." in chat.prompts[1]
    assert not any("a long brown coat" in prompt for prompt in chat.prompts[1:])
    assert [prompt.count("a red raincoat") for prompt in chat.prompts[2:]] == [1, 1, 0, 1]
    assert all("Erik: an old man with a cane. Wardrobe: a grey suit." in prompt for prompt in chat.prompts[4:])
    assert len(chat.prompts[3]) < len(chat.prompts[2]) + 20


async def test_clothes_that_the_words_of_a_shot_changed_come_back_with_their_wearer(chat: Chat) -> None:
    for words in (
        "Mara in a red raincoat crosses a bridge.",
        "Erik looks up.",
        "Mara waves.",
        "Mara takes off her raincoat.",
    ):
        await chat.says(words)
    await chat.says("Mara sits down.")
    assert [prompt.count("a red raincoat") for prompt in chat.prompts] == [1, 0, 1, 1, 0]
    assert not any("a long brown coat" in prompt for prompt in chat.prompts)


async def test_a_later_shot_can_be_dressed_otherwise_too(chat: Chat) -> None:
    first = await chat.says("Mara crosses a bridge.")
    await chat.taps("Remix", first, "she wears a red raincoat")
    await chat.says("Erik looks up.")
    third = await chat.says("Mara waves.")
    await chat.taps("Remix", third, "make her raincoat yellow")
    await chat.says("Mara and Erik leave.")
    assert "Wardrobe: a red raincoat." in chat.prompts[3]
    assert "Wardrobe: a yellow raincoat." in chat.prompts[5]
    assert "red raincoat" not in chat.prompts[5]


async def test_one_persons_new_clothes_are_not_anothers(chat: Chat) -> None:
    first = await chat.says("Mara crosses a bridge. Erik watches her.")
    await chat.taps("Remix", first, "Erik in a black cape")
    await chat.says("Mara smiles.")
    await chat.says("Erik smiles.")
    assert "black cape" not in chat.prompts[2]
    assert "Wardrobe: a black cape." in chat.prompts[3]


async def test_a_new_scene_is_dressed_as_the_cast_says(chat: Chat) -> None:
    first = await chat.says("Mara crosses a bridge at dusk.")
    await chat.taps("Remix", first, "she wears a red raincoat")
    await chat.wants(Generate(prompt="Mara wakes up.", carry=False))
    assert chat.prompts[-1].startswith("Mara: a young woman with red braids. Wardrobe: a long brown coat.")


async def test_remixes_of_remixes_dress_from_what_was_worn_last(chat: Chat) -> None:
    first = await chat.says("Mara crosses a bridge at dusk.")
    second = await chat.taps("Remix", first, "she wears a red raincoat")
    await chat.taps("Remix", second, "make her raincoat yellow")
    await chat.says("She waits.")
    assert "Wardrobe: a yellow raincoat." in chat.prompts[2]
    assert "a yellow raincoat" in chat.prompts[3]
    assert "a red raincoat" not in chat.prompts[3]
