"""What a member attached is fetched only after the wish is stored, looked at, and named by its digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.cards import Card, Tone
from bot.commands import Generate, Idea
from bot.errors import DeliveryFault
from bot.paperwork import Wish
from bot.studio import PATIENCE
from tests.dialogue import Chat

PICTURE = b"a picture of a fox"
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    chat = Chat(tmp_path)
    chat.poster.pictures["one"] = PICTURE
    return chat


def unreachable(chat: Chat, *, final: bool = False) -> None:
    """From now on the platform hands nothing over."""

    async def fetch(attachment: str, into: Path) -> None:
        raise DeliveryFault("not now", final=final)

    chat.poster.fetch = fetch  # type: ignore[method-assign]


async def stored(chat: Chat, wish: Wish) -> Wish:
    async with chat.store.work() as w:
        found = await w.wishes.get(wish.id)
    assert found is not None
    return found


async def test_a_take_starts_from_what_was_attached(chat: Chat) -> None:
    wish = await chat.stored(Generate(prompt="it runs", image="chat:one"))
    await chat.studio.take_up(wish.id)
    await chat.engine.quiet()

    assert next(iter(chat.backend.accepted.values())).brief.reference == DIGEST
    assert await chat.clips.path(DIGEST) is not None
    assert (await stored(chat, wish)).command["values"]["image"] == DIGEST
    assert list(Path(chat.clips.root).glob("tmp*")) == [], "nothing is left in the scratch folder"


async def test_an_idea_keeps_its_picture_though_the_platform_lets_it_go(chat: Chat) -> None:
    idea = await chat.wants(Idea(prompt="it runs", image="chat:one"), place="direct-ines")
    chat.poster.pictures.clear()
    await chat.taps("Shoot it", idea, place="direct-ines")

    assert next(iter(chat.backend.accepted.values())).brief.reference == DIGEST


@pytest.mark.parametrize(
    ("address", "sentence"),
    [("chat:gone", "could no longer be fetched"), ("chat:text", "not a picture we can read")],
)
async def test_what_is_no_picture_or_gone_is_declined(chat: Chat, address: str, sentence: str) -> None:
    chat.poster.pictures["text"] = b"broken"
    card = await chat.wants(Generate(prompt="it runs", image=address))

    assert (card.tone, card.quote) == (Tone.FAILED, "it runs")
    assert sentence in card.lines[0]
    assert not chat.store.rows.jobs


async def test_a_platform_that_does_not_answer_is_asked_again(chat: Chat) -> None:
    fetch = chat.poster.fetch
    unreachable(chat)
    wish = await chat.stored(Generate(prompt="it runs", image="chat:one"))
    await chat.studio.take_up(wish.id)
    assert not (await stored(chat, wish)).handled
    chat.poster.fetch = fetch  # type: ignore[method-assign]
    await chat.sweep.round()
    await chat.engine.quiet()

    assert (await chat.answer(wish.id)).tone is Tone.READY


async def test_after_a_while_the_member_is_asked_to_attach_it_again(chat: Chat) -> None:
    unreachable(chat)
    wish = await chat.stored(Generate(prompt="it runs", image="chat:one"))
    chat.clock.time += PATIENCE + 1
    await chat.studio.take_up(wish.id)
    assert "attach it again" in (await chat.answer(wish.id)).lines[0]

    unreachable(chat, final=True)
    assert "attach it again" in (await chat.wants(Generate(prompt="it runs", image="chat:one"))).lines[0]


async def test_what_another_process_brings_in_is_left_to_it(chat: Chat) -> None:
    wish = await chat.stored(Generate(prompt="it runs", image="elsewhere:one"))
    await chat.studio.take_up(wish.id)

    assert not (await stored(chat, wish)).handled
    assert await chat.answer(wish.id) == Card()


async def test_a_digest_needs_no_fetching(chat: Chat) -> None:
    unreachable(chat)
    card = await chat.wants(Generate(prompt="it runs", image=DIGEST))
    assert card.quote == "it runs"
    assert (await chat.take(card)).brief.reference == DIGEST
