"""A brief asked for part by part."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import forms
from bot.commands import Edit, EditIdea, Generate, Idea
from bot.errors import EmptyWords, UnknownIdea, UnknownTake
from bot.people import Address
from tests.dialogue import INES, MAREK, Chat

HERE = Address("chat", "night-shoots", member=INES.id)
DIRECT = Address("chat", "direct-ines", member=INES.id, direct=True)


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    return Chat(tmp_path)


def parts(**given: str) -> dict[str, str]:
    return dict.fromkeys(forms.PARTS, "") | given


@pytest.mark.parametrize(
    ("words", "taken_apart"),
    [
        ("A fox.", parts(prompt="A fox.")),
        ("A fox.\nCamera: low\nSound: wind", parts(prompt="A fox.", camera="low", sound="wind")),
        ("Dialogue: “Nine: nobody：here”", parts(dialogue="“Nine: nobody：here”")),
        ("一只狐狸。\n镜头：缓慢推近\n对白：“谁？”", parts(prompt="一只狐狸。", camera="缓慢推近", dialogue="“谁？”")),
        ("一隻狐狸。\n鏡頭：緩慢推近", parts(prompt="一隻狐狸。", camera="緩慢推近")),
    ],
)
def test_words_come_apart_and_together_again(words: str, taken_apart: dict[str, str]) -> None:
    assert forms.parts_of(words) == taken_apart
    assert forms.compose(taken_apart) == words


def test_a_filled_in_form_is_the_command_behind_its_button() -> None:
    filled = parts(prompt="A fox.", action="it yawns")
    assert forms.command("edit:t1", filled) == Edit(take="t1", prompt="A fox.\nAction: it yawns")
    assert forms.command("edit_idea:w1", filled) == EditIdea(idea="w1", prompt="A fox.\nAction: it yawns")
    assert forms.command("generate", filled) == Generate(prompt="A fox.\nAction: it yawns")
    with pytest.raises(EmptyWords):
        forms.command("edit:t1", parts(prompt="  "))


async def test_a_form_is_filled_in_with_the_words_that_it_replaces(chat: Chat) -> None:
    await chat.says("/style set look:VHS")
    first = await chat.says("A red car.\nSound: rain")
    remix = await chat.taps("Remix", first, "at night")

    async def filled_in(take: str) -> dict[str, str]:
        return dict(await chat.intake.filled_in(f"edit:{take}", INES, HERE))

    assert await filled_in(first.take) == parts(prompt="A red car.", sound="rain")
    assert await filled_in(remix.take) == parts(prompt="at night")
    again = await chat.wants(forms.command(f"edit:{first.take}", parts(prompt="A blue car.", sound="wind")))
    assert await filled_in(again.take) == parts(prompt="A blue car.", sound="wind")
    assert dict(await chat.intake.filled_in("generate", INES, HERE)) == parts()
    assert await chat.intake.asked_about(f"edit:{remix.take}", INES, HERE) == ("1A-2", "at night")


async def test_a_form_tells_nobody_what_is_not_theirs_to_see(chat: Chat) -> None:
    idea = await chat.stored(Idea(prompt="a surprise party"), place="direct-ines")
    take = await chat.says("A surprise party.", place="direct-ines")

    assert (await chat.intake.filled_in(f"edit_idea:{idea.id}", INES, DIRECT))["prompt"] == "a surprise party"
    with pytest.raises(UnknownIdea):
        await chat.intake.filled_in(f"edit_idea:{idea.id}", MAREK, DIRECT)
    with pytest.raises(UnknownTake):
        await chat.intake.filled_in(f"edit:{take.take}", MAREK, HERE)
