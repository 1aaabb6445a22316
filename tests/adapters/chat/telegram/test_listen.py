"""Telegram in direct conversation: what a member writes there, and what becomes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.commands import EditIdea, Generate, Idea, Remix, Retake, Start, Style
from bot.looks import Cast
from tests.adapters.chat.telegram.stage_listen import JPEG, House, house


@pytest.fixture(name="set_")
async def _set(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path, typed=True) as stage:
        await stage.open()
        yield stage


async def test_a_command_is_stored_with_who_and_where(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, "/generate a fox crosses the snow seconds:6")
    wish = await set_.heard()
    assert wish.id == f"tg-{set_.chat.id}-{said.id}"
    assert wish.command == {
        "name": "generate",
        "values": {"prompt": "a fox crosses the snow", "seconds": 6, "continue": True},
    }
    assert (wish.member.id, wish.member.name, wish.member.moderator) == (f"telegram:{set_.ines.id}", "ines", False)
    address = wish.address
    assert (address.platform, address.chat, address.message) == ("telegram", str(set_.chat.id), str(said.id))
    assert (address.direct, address.locale, address.thread) == (True, "en", None)
    assert set_.taken_up == [wish.id]


async def test_the_members_own_language_is_kept(set_: House) -> None:
    await set_.telegram.say(set_.mei, set_.telegram.private(set_.mei), "/queue")
    wish = await set_.heard()
    assert (wish.address.locale, wish.member.locale) == ("zh-Hant", "zh-Hant")


async def test_plain_words_are_an_idea(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, "a fox,\ncrossing the snow: slowly")
    assert await set_.command() == Idea(prompt="a fox,\ncrossing the snow: slowly")


async def test_a_photo_with_words_is_an_idea_with_a_picture(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption="she looks up")
    assert said.photo is not None
    assert await set_.command() == Idea(prompt="she looks up", image=f"telegram:{said.photo.file_id}")


async def test_generate_under_a_photo_films_at_once(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption="/generate she looks up shape:tall")
    assert said.photo is not None
    command = await set_.command()
    assert type(command) is Generate
    assert (command.prompt, command.image) == ("she looks up", f"telegram:{said.photo.file_id}")


async def test_a_picture_sent_as_a_file_is_a_picture(set_: House) -> None:
    said = await set_.telegram.say(
        set_.ines, set_.chat, document=JPEG, caption="/generate she looks up", mime="image/png"
    )
    assert said.media is not None
    command = await set_.command()
    assert isinstance(command, Generate)
    assert command.image == f"telegram:{said.media.file_id}"


@pytest.mark.parametrize("action", ["add", "set"])
async def test_a_photo_over_words_about_the_cast_goes_with_them(set_: House, action: str) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption=f"/cast {action} Tom: a grey cat")
    assert said.photo is not None
    command = await set_.command()
    assert isinstance(command, Cast)
    assert (command.who, command.description) == ("Tom", "a grey cat")
    assert command.image == f"telegram:{said.photo.file_id}"
    assert set_.chat.posted == []


async def test_a_photo_that_is_of_no_use_is_told_to_be_left_out(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption="/cast show Tom")
    assert "The attached picture was left out: this takes none." in (await set_.told()).text


async def test_a_photo_without_words_is_asked_about_and_kept_in_mind(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, photo=JPEG)
    question = await set_.asked()
    assert "camera" in question.text
    assert set_.wishes == []
    await set_.telegram.say(set_.ines, set_.chat, "she looks up", reply_to=question)
    assert said.photo is not None
    assert await set_.command() == Idea(prompt="she looks up", image=f"telegram:{said.photo.file_id}")


async def test_generate_without_words_is_asked_about(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, "/generate")
    question = await set_.asked()
    assert question.reply_to is said
    assert set_.wishes == []
    await set_.telegram.say(set_.ines, set_.chat, "a fox", reply_to=question)
    assert await set_.command() == Generate(prompt="a fox")


async def test_generate_under_a_photo_without_words_keeps_the_photo(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption="/generate")
    question = await set_.asked()
    await set_.telegram.say(set_.ines, set_.chat, "she looks up", reply_to=question)
    assert said.photo is not None
    assert await set_.command() == Generate(prompt="she looks up", image=f"telegram:{said.photo.file_id}")


async def test_a_reply_to_a_take_is_a_remix(set_: House) -> None:
    card = await set_.take()
    await set_.telegram.say(set_.ines, set_.chat, "at night", reply_to=card)
    assert await set_.command() == Remix(change="at night", take="take")


async def test_a_reply_with_a_picture_is_a_remix_and_the_picture_is_left_out(set_: House) -> None:
    card = await set_.take()
    await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption="at night", reply_to=card)
    assert await set_.command() == Remix(change="at night", take="take")
    assert "left out" in (await set_.told(count=2)).text


async def test_a_command_as_a_reply_speaks_of_that_take(set_: House) -> None:
    card = await set_.take()
    await set_.telegram.say(set_.ines, set_.chat, "/retake shape:tall", reply_to=card)
    command = await set_.command()
    assert isinstance(command, Retake)
    assert (command.take, command.shape and command.shape.value) == ("take", "tall")


async def test_remix_alone_as_a_reply_asks_what_to_change_in_it(set_: House) -> None:
    await set_.film()
    card = await set_.take()
    await set_.telegram.say(set_.ines, set_.chat, "/remix", reply_to=card)
    question = await set_.asked(count=2)
    assert "1A-1" in question.text
    await set_.telegram.say(set_.ines, set_.chat, "in the rain", reply_to=question)
    assert await set_.command() == Remix(change="in the rain", take="take")


async def test_remix_alone_asks_what_to_change(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, "/remix")
    question = await set_.asked()
    await set_.telegram.say(set_.ines, set_.chat, "in the rain", reply_to=question)
    assert await set_.command() == Remix(change="in the rain")


async def test_a_reply_to_a_message_that_means_nothing_is_an_idea(set_: House) -> None:
    note = set_.telegram.put(set_.chat, set_.telegram.bot, text="What to do next")
    await set_.telegram.say(set_.ines, set_.chat, "a fox", reply_to=note)
    assert await set_.command() == Idea(prompt="a fox")


async def test_start_greets_with_or_without_a_code(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, "/start")
    assert await set_.command() == Start()
    await set_.telegram.say(set_.ines, set_.chat, "/start from-the-poster")
    assert await set_.command(2) == Start(code="from-the-poster")


async def test_style_takes_free_words(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, "/style 35mm film, golden hour")
    command = await set_.command()
    assert isinstance(command, Style)
    assert command.look == "35mm film, golden hour"


async def test_a_command_in_capitals_is_the_same_command(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, "/Generate a fox")
    assert await set_.command() == Generate(prompt="a fox")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("/genrate a fox", "not a command here"),
        ("/generate a fox seconds:ninety", "will not do for seconds"),
        ("/generate a \u202efox\u0007", "control character"),
        ("/queue up", "has no option"),
    ],
)
async def test_what_cannot_be_read_is_told_in_a_sentence(set_: House, words: str, answer: str) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, words)
    told = await set_.told()
    assert answer in told.text
    assert told.reply_to is said
    assert set_.wishes == []


@pytest.mark.parametrize("kind", ["sticker", "voice", "video", "animation"])
async def test_what_is_no_picture_is_answered_with_one_sentence(set_: House, kind: str) -> None:
    await set_.telegram.say(set_.ines, set_.chat, kind=kind)
    told = await set_.told()
    assert "write here what the camera sees" in told.text
    await set_.telegram.say(set_.ines, set_.chat, kind=kind)
    await set_.quiet()
    assert len(set_.chat.posted) == 1
    assert set_.wishes == []


async def test_a_file_that_is_too_large_to_fetch_is_declined(set_: House) -> None:
    await set_.telegram.say(
        set_.ines, set_.chat, document=JPEG, caption="/generate a fox", mime="image/png", size=21_000_000
    )
    assert "too large" in (await set_.told()).text
    assert set_.wishes == []


async def test_an_album_is_one_idea_with_its_first_picture(set_: House) -> None:
    await set_.listener.stop()
    first = await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, caption="she looks up", album="1234")
    for _ in range(3):
        await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, album="1234")
    await set_.restart()
    assert first.photo is not None
    assert await set_.command() == Idea(prompt="she looks up", image=f"telegram:{first.photo.file_id}")
    assert "one picture only" in (await set_.told()).text
    await set_.telegram.say(set_.ines, set_.chat, photo=JPEG, album="1234")
    await set_.quiet()
    assert len(set_.wishes) == len(set_.chat.posted) == 1


async def test_an_edited_message_is_no_new_wish(set_: House) -> None:
    said = await set_.telegram.say(set_.ines, set_.chat, "/generate a fox")
    await set_.heard()
    await set_.telegram.edit(said, "/generate a wolf")
    await set_.quiet()
    assert len(set_.wishes) == 1


async def test_the_words_of_an_idea_can_be_copied_and_changed(set_: House) -> None:
    await set_.telegram.say(set_.ines, set_.chat, "a fox\nCamera: slow push-in")
    idea = (await set_.heard()).id
    press = await set_.telegram.press(set_.ines, set_.button(f"edit_idea:{idea}"), "tap")
    question = await set_.asked(count=2)
    assert question.text.endswith("a fox\nCamera: slow push-in")
    copied = [each for each in question.entities if each["type"] in ("code", "pre")]
    assert copied
    await set_.telegram.until(lambda: press.answered)
    await set_.telegram.say(set_.ines, set_.chat, "a wolf", reply_to=question)
    assert await set_.command(2) == EditIdea(idea=idea, prompt="a wolf")
