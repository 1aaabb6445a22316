"""A storyboard on Telegram: a reply to its card changes it."""

from __future__ import annotations

from bot.cards import Button, Card
from tests.adapters.chat.telegram.studio import Studio, address, at

BOARD = Card(
    title="Storyboard · 2 shots",
    buttons=(Button("Film it", "shoot:tg-1"), Button("Edit", "edit_board:tg-1", asks=True)),
)


async def test_a_reply_to_its_card_changes_it_and_one_to_a_list_does_not(stage: Studio) -> None:
    ines = stage.telegram.user("ines")
    chat = stage.telegram.private(ines)
    wish = await stage.telegram.say(ines, chat, "/storyboard Shot 1: a")
    poster, here = stage.poster(), address(chat, wish)
    await poster.answer(here, "tg-1", BOARD)
    await poster.answer(here, "tg-2", Card(title="Dailies", buttons=(Button("Next shot", "generate", asks=True),)))
    assert await stage.meaning(at(chat.posted[0])) == "edit_board:tg-1"
    assert not await stage.meaning(at(chat.posted[1]))
