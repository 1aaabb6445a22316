"""Spines by level, and the cast with every version of it, on each store."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.cast import CastMember, Standing
from bot.levels import Level, SharedSpine
from bot.spine import Spine
from storage.database import Database
from storage.migrate import downgrade, upgrade
from tests.storage.conftest import Store
from tests.storage.props import ADA, BO

SERVER = "discord/9"
MAREK = CastMember(
    "marek", ADA, ADA, "Märek", "a stooped man 老周", wardrobe="a coat", voice="hoarse", image="ab" * 32, consent="yes",
    consent_at=3.5, made_from="take", ids={"relay": "ch-1"}, remote="relay:77", by=ADA, at=2.5, pending="chat:x",
)  # fmt: skip


async def test_a_level_that_nobody_set_is_empty(store: Store) -> None:
    async with store.work() as w:
        assert await w.spines.get(Level.SERVER, SERVER) == SharedSpine()


async def test_every_change_of_a_spine_is_a_version(store: Store) -> None:
    async with store.work() as w:
        await w.spines.put(Level.SERVER, SERVER, Spine(lens="35mm", mood="calm"), ADA, 1.0)
        await w.spines.put(Level.CHANNEL, f"{SERVER}/1", Spine(lens="85mm"), BO, 1.5)
        await w.spines.put(Level.SERVER, SERVER, Spine(lens="50mm"), BO, 2.0)
    async with store.work() as w:
        assert await w.spines.get(Level.SERVER, SERVER) == SharedSpine(Spine(lens="50mm"), 2, BO, 2.0)
        assert await w.spines.get(Level.CHANNEL, f"{SERVER}/1") == SharedSpine(Spine(lens="85mm"), 1, BO, 1.5)
        await w.sessions.set_spine(ADA, Spine(mood="mine"), 3.0)
        assert await w.spines.get(Level.OWN, ADA) == SharedSpine(Spine(mood="mine"), 1, ADA, 3.0)


async def test_everything_about_somebody_is_kept(store: Store) -> None:
    async with store.work() as w:
        await w.cast.save(MAREK)
    async with store.work() as w:
        assert await w.cast.of(ADA) == [MAREK]
        assert await w.cast.get("marek") == MAREK
        assert await w.cast.of(BO) == []
        assert await w.cast.get("nobody") is None


async def test_versions_stay_and_the_newest_is_meant(store: Store) -> None:
    second = replace(MAREK, version=2, wardrobe="", description="a tall man", at=9.0, pending="")
    async with store.work() as w:
        await w.cast.save(MAREK)
        await w.cast.save(second)
        await w.cast.save(replace(second, locked=True))
    async with store.work() as w:
        assert await w.cast.of(ADA) == [replace(second, locked=True)]
        old = await w.cast.get("marek", 1)
        assert old is not None
        assert (old.description, old.wardrobe, old.locked) == (MAREK.description, "a coat", True)
        assert [each.version for each in await w.cast.versions("marek")] == [2, 1]
        assert await w.cast.get("marek", 3) is None


async def test_two_that_stand_cannot_have_one_name(store: Store) -> None:
    async with store.work() as w:
        await w.cast.save(MAREK)
        await w.cast.save(replace(MAREK, id="other", holder=BO))
        await w.cast.save(replace(MAREK, id="proposed", standing=Standing.PROPOSED))
    with pytest.raises(store.violation):
        async with store.work() as w:
            await w.cast.save(replace(MAREK, id="twin", name="MÄREK"))


async def test_who_is_gone_makes_room(store: Store) -> None:
    async with store.work() as w:
        await w.cast.save(MAREK)
        await w.cast.save(replace(MAREK, standing=Standing.GONE))
        await w.cast.save(replace(MAREK, id="twin"))
        assert [each.id for each in await w.cast.of(ADA)] == ["twin"]
        gone = await w.cast.get("marek")
        assert gone is not None
        assert gone.standing is Standing.GONE


async def test_proposals_come_in_their_order_and_names_by_the_alphabet(store: Store) -> None:
    async with store.work() as w:
        for name, at in (("Zoe", 1.0), ("Bo", 2.0)):
            await w.cast.save(replace(MAREK, id=name, name=name, holder=SERVER, standing=Standing.PROPOSED, at=at))
            await w.cast.save(replace(MAREK, id=f"own {name}", name=name, at=at))
        assert [each.name for each in await w.cast.proposed(SERVER)] == ["Zoe", "Bo"]
        assert [each.name for each in await w.cast.of(ADA)] == ["Bo", "Zoe"]
        assert await w.cast.of(SERVER) == []


async def test_what_a_group_shares_follows_it(store: Store) -> None:
    old, new = "telegram/-4", "telegram/-1004"
    async with store.work() as w:
        await w.spines.put(Level.SERVER, old, Spine(lens="35mm"), ADA, 1.0)
        await w.spines.put(Level.CHANNEL, f"{old}/-4", Spine(mood="calm"), ADA, 1.0)
        await w.cast.save(replace(MAREK, holder=old))
        await w.cast.save(replace(MAREK, id="lena", name="Lena", holder=old))
        await w.cast.save(replace(MAREK, id="newer", holder=new))
        await w.move_chat("telegram", "-4", "-1004")
    async with store.work() as w:
        assert (await w.spines.get(Level.SERVER, new)).spine == Spine(lens="35mm")
        assert (await w.spines.get(Level.CHANNEL, f"{new}/-1004")).spine == Spine(mood="calm")
        assert (await w.spines.get(Level.SERVER, old)).version == 0
        assert [each.id for each in await w.cast.of(new)] == ["lena", "newer"]
        assert await w.cast.of(old) == []


async def test_a_spine_from_before_there_were_levels_is_its_members_own(database: Database) -> None:
    await upgrade(database)
    await downgrade(database, "0005")
    async with database.transaction() as connection:
        statement = sa.text("INSERT INTO spines (member, spine) VALUES (:member, :spine)")
        await connection.execute(statement, {"member": ADA, "spine": '{"lens": "85mm"}'})
    await upgrade(database)

    async def enqueue(connection: object, ticket: object) -> None:
        """Nothing is filmed."""

    async with database.work_factory(enqueue)() as w:
        assert await w.spines.get(Level.OWN, ADA) == SharedSpine(Spine(lens="85mm"), 1, ADA, 0.0)
        assert (await w.sessions.get(ADA, "anywhere")).spine == Spine(lens="85mm")
    await downgrade(database, "0005")
    async with database.transaction() as connection:
        assert (await connection.execute(sa.text("SELECT member FROM spines"))).scalar() == ADA
