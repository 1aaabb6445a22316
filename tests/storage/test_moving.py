"""A group becomes a supergroup: everything follows it, but its messages."""

from __future__ import annotations

from dataclasses import replace

from bot.cards import Card
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.session import Session
from bot.states import State
from tests.storage.conftest import Store
from tests.storage.props import job, production, shot, take

ADA = "telegram:1"
OLD, NEW = "-4001", "-1004001"
GROUP, SUPERGROUP = f"telegram/{OLD}", f"telegram/{NEW}"
HERE = Address("telegram", OLD, message="17", member=ADA, locale="de", pressed=f"{GROUP}/16")
WISH = Wish("tg--4001-17", Member(ADA), HERE, {"name": "help", "values": {}}, at=1.0)


async def filmed(store: Store) -> None:
    """A film in the old group: one take under way, one failed and told."""
    async with store.work() as w:
        await w.productions.add(production(member=ADA, place=GROUP))
        await w.productions.add_shot(shot())
        for number, name in enumerate(("rolls", "failed"), start=1):
            await w.takes.add(take(f"take {name}", number=number, member=ADA, place=GROUP))
            row = job(name, of=f"take {name}", member=ADA, address=HERE, posted=f"{GROUP}/{20 + number}")
            await w.jobs.add(replace(row, state=State.ROLLING))
        await w.jobs.move("failed", State.ROLLING, State.FAILED, told=True)
        await w.wishes.add(WISH)
        await w.sessions.save(Session(ADA, GROUP, production="film", last_take="take rolls"))
        await w.posts.put(GROUP, "take rolls", Card(title="1A-1"), at=1.0)
        await w.messages.put(f"{GROUP}/21", "remix:take rolls", at=1.0)


async def test_addresses_places_and_productions_follow(store: Store) -> None:
    await filmed(store)
    async with store.work() as w:
        await w.move_chat("telegram", OLD, NEW)
    async with store.work() as w:
        wish, rolls = await w.wishes.get(WISH.id), await w.jobs.get("rolls")
        assert wish is not None
        assert rolls is not None
        assert wish.address == rolls.address == replace(HERE, chat=NEW, message=None, pressed=None)
        assert [each.id for each in await w.productions.of(ADA, SUPERGROUP)] == ["film"]
        assert await w.productions.of(ADA, GROUP) == []
        assert len(await w.takes.newest(ADA, SUPERGROUP)) == 2
        assert await w.sessions.get(ADA, SUPERGROUP) == Session(
            ADA, SUPERGROUP, production="film", last_take="take rolls"
        )
        assert await w.sessions.get(ADA, GROUP) == Session(ADA, GROUP)
        assert [post.card.title for post in await w.posts.latest(SUPERGROUP)] == ["1A-1"]


async def test_messages_do_not_follow_so_a_card_that_still_changes_is_posted_anew(store: Store) -> None:
    await filmed(store)
    async with store.work() as w:
        before = await w.jobs.get("rolls")
        await w.messages.put("telegram/-40012/21", "remix:another", at=1.0)
        await w.move_chat("telegram", OLD, NEW)
    async with store.work() as w:
        rolls, failed = await w.jobs.get("rolls"), await w.jobs.get("failed")
        assert before is not None
        assert rolls is not None
        assert failed is not None
        assert (rolls.posted, failed.posted) == (None, f"{GROUP}/22")
        assert rolls.revision == before.revision + 1
        assert await w.messages.action(f"{GROUP}/21") is None
        assert await w.messages.action("telegram/-40012/21") == "remix:another"


async def test_nobody_else_is_moved(store: Store) -> None:
    elsewhere = [
        Address("telegram", "-40012", member=ADA),
        Address("discord", OLD, server="9", member=ADA),
    ]
    async with store.work() as w:
        for number, address in enumerate(elsewhere):
            await w.wishes.add(replace(WISH, id=f"{number}", address=address))
        await w.sessions.save(Session(ADA, f"{GROUP}2"))
        await w.move_chat("telegram", OLD, NEW)
        found = [await w.wishes.get(f"{number}") for number in range(2)]
    assert [wish.address for wish in found if wish] == elsewhere


async def test_a_server_that_moves_takes_its_channels_along(store: Store) -> None:
    async with store.work() as w:
        await w.wishes.add(replace(WISH, address=Address("chatter", "lobby", server="7", member=ADA)))
        await w.move_chat("chatter", "7", "8")
        found = await w.wishes.get(WISH.id)
    assert found is not None
    assert found.address == Address("chatter", "lobby", server="8", member=ADA)


async def test_what_was_begun_in_the_new_chat_stays(store: Store) -> None:
    await filmed(store)
    async with store.work() as w:
        await w.productions.add(production("newer", member=ADA, place=SUPERGROUP))
        await w.sessions.save(Session(ADA, SUPERGROUP, production="newer"))
        for _ in range(2):
            await w.move_chat("telegram", OLD, NEW)
    async with store.work() as w:
        assert await w.sessions.get(ADA, SUPERGROUP) == Session(ADA, SUPERGROUP, production="newer")
        assert {each.id for each in await w.productions.of(ADA, SUPERGROUP)} == {"film", "newer"}
