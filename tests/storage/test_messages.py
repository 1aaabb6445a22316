"""What a reply to one of our messages means."""

from __future__ import annotations

from tests.storage.conftest import Store

CARD = "discord/80351110224678912/41771983429993937"


async def test_a_reply_means_what_was_said_of_the_message(store: Store) -> None:
    async with store.work() as w:
        assert await w.messages.action(CARD) is None
        await w.messages.put(CARD, "words:wish", at=1.0)
    async with store.work() as w:
        assert await w.messages.action(CARD) == "words:wish"
        assert await w.messages.action(CARD[:-1]) is None


async def test_a_card_that_becomes_another_means_something_else(store: Store) -> None:
    async with store.work() as w:
        await w.messages.put(CARD, "words:wish", at=1.0)
        await w.messages.put(CARD, "remix:take", at=2.0)
    async with store.work() as w:
        assert await w.messages.action(CARD) == "remix:take"
