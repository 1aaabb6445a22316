"""`/storyboard` on Discord: in one line, or in a form of many; its card is for everybody, so that a thread can hang on it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.assembly import EditBoard, Storyboard
from bot.commands import from_dict
from bot.film import Shape
from bot.picks import Opening, Stage
from tests.adapters.chat.discord.stage_listen import House, house

TEXT = "Shot 1 (4s): a fox\nDialogue: Jo: “Hi”\nShot 2: a hare"


@pytest.fixture
async def here() -> AsyncIterator[House]:
    async with house() as opened:
        yield opened


async def test_in_one_line_it_is_a_wish_at_once_and_its_card_is_for_everybody(here: House) -> None:
    heard = await here.discord.slash(here.ines, here.channel, "storyboard", text="Shot 1: a Shot 2: b", shape="tall")
    assert (heard.text, heard.ephemeral) == ("The price comes first; nothing is spent yet.", True)
    assert from_dict(here.wish.command) == Storyboard(text="Shot 1: a Shot 2: b", shape=Shape.TALL)
    assert (here.wish.address.hook, here.wish.address.chat) == ("", str(here.channel.id))


async def test_without_words_a_form_asks_for_them_line_by_line_and_keeps_what_was_chosen(here: House) -> None:
    opened = await here.discord.slash(
        here.ines, here.channel, "storyboard", shape="tall", stage="final", start="last-frame"
    )
    assert opened.modal
    assert opened.modal.title == "Storyboard"
    assert [field.label for field in opened.modal.fields] == ["Shots, each by its number"]
    assert not here.wishes
    await here.restart()
    await here.discord.submit(here.ines, opened, {"words": TEXT})
    wanted = Storyboard(text=TEXT, shape=Shape.TALL, stage=Stage.FINAL, start=Opening.LAST_FRAME)
    assert from_dict(here.wish.command) == wanted
    assert not here.wish.address.hook


async def test_the_edit_button_asks_for_the_shots_that_change(here: House) -> None:
    opened = await here.discord.press(here.marek, here.card(("修改", "ta:edit_board:dc-7")), "修改")
    assert opened.modal
    assert opened.modal.title == "修改分镜表"
    await here.discord.submit(here.marek, opened, {"words": "镜头 2：一只猫头鹰"})
    assert from_dict(here.wish.command) == EditBoard(board="dc-7", text="镜头 2：一只猫头鹰")


async def test_a_reply_to_the_storyboard_changes_it(here: House) -> None:
    await here.knows_the_server()
    card = await here.take("edit_board:dc-7")
    await here.discord.say(here.ines, here.channel, "Shot 2 (4s): an owl", reply_to=card)
    wish = await here.heard()
    assert from_dict(wish.command) == EditBoard(board="dc-7", text="Shot 2 (4s): an owl")


async def test_nothing_is_asked_where_nothing_could_be_posted(here: House) -> None:
    here.discord.revoke(here.channel, "attach_files")
    for given in ({}, {"text": TEXT.replace("\n", " ")}):
        heard = await here.discord.slash(here.ines, here.channel, "storyboard", **given)
        assert "Attach Files" in heard.text
        assert heard.modal is None
    assert not here.wishes


async def test_where_the_bot_is_a_guest_only_its_member_sees_the_card(here: House) -> None:
    elsewhere = here.discord.guild("elsewhere", installed=False)
    channel = here.discord.channel(elsewhere, "there")
    guest = here.discord.user("guest", installed=True)
    await here.discord.slash(guest, channel, "storyboard", text="Shot 1: a")
    assert here.wish.address.guest
    assert here.wish.address.hook
