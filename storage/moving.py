"""A chat has got another id: what points to it follows, within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.states import ENDS
from storage.tables import cast_members, films, jobs, messages, posts, productions, sessions, spines, takes, wishes

_KEYED: Final = ((sessions, sessions.c.member), (posts, posts.c.key))
"""Tables in which a place may have but one row of each: what is in the new place already is newer, and stays."""


async def move_chat(connection: AsyncConnection, platform: str, old: str, new: str) -> None:
    """Addresses and places follow; messages do not, for their ids mean nothing in the new chat. Harmless to repeat."""
    if old == new:
        return
    for table in (wishes, jobs):
        await _move_addresses(connection, table, platform, old, new)
    await _move_places(connection, f"{platform}/{old}", f"{platform}/{new}")
    await _move_shared(connection, f"{platform}/{old}", f"{platform}/{new}")
    gone = f"{platform}/{old}/"
    await connection.execute(
        sa.delete(messages).where(messages.c.reference.startswith(gone, autoescape=True)),
    )
    await connection.execute(
        sa.update(jobs)
        .where(jobs.c.posted.startswith(gone, autoescape=True), _card_still_changes())
        .values(posted=None, revision=jobs.c.revision + 1)
    )


def _card_still_changes() -> sa.ColumnElement[bool]:
    """Its card is posted anew in the new chat. That of a job that is over and told stays where it was."""
    return sa.or_(
        jobs.c.state.not_in([state.value for state in ENDS]), sa.and_(jobs.c.told.is_(False), jobs.c.state != "done")
    )


async def _move_addresses(connection: AsyncConnection, table: sa.Table, platform: str, old: str, new: str) -> None:
    address = table.c.address
    here = sa.and_(
        address["platform"].as_string() == platform,
        sa.or_(address["chat"].as_string() == old, address["server"].as_string() == old),
    )
    for row in (await connection.execute(sa.select(table.c.id, address).where(here))).all():
        moved = sa.update(table).where(table.c.id == row.id).values(address=_moved(row.address, old, new))
        await connection.execute(moved)


def _moved(address: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    follows = {name: new for name in ("chat", "server") if address.get(name) == old}
    return {**address, **follows, "message": None, "pressed": None}


async def _move_places(connection: AsyncConnection, old: str, new: str) -> None:
    for table, key in _KEYED:
        there = sa.select(key).where(table.c.place == new)
        await connection.execute(sa.delete(table).where(table.c.place == old, key.in_(there)))
    for table in (sessions, posts, productions, takes, films):
        await connection.execute(sa.update(table).where(table.c.place == old).values(place=new))


async def _move_shared(connection: AsyncConnection, old: str, new: str) -> None:
    """The look and the cast of a place. A group is server and channel in one, so its own id stands twice in the channel's."""
    chat_old, chat_new = old.rpartition("/")[2], new.rpartition("/")[2]
    for before, after in ((old, new), (f"{old}/{chat_old}", f"{new}/{chat_new}")):
        there = sa.select(spines.c.level).where(spines.c.holder == after)
        await connection.execute(sa.delete(spines).where(spines.c.holder == before, spines.c.level.in_(there)))
        await connection.execute(sa.update(spines).where(spines.c.holder == before).values(holder=after))
    named = sa.select(cast_members.c.key).where(cast_members.c.holder == new, cast_members.c.key.is_not(None))
    twice = sa.and_(cast_members.c.holder == old, cast_members.c.key.in_(named))
    await connection.execute(sa.update(cast_members).where(twice).values(standing="gone", key=None))
    await connection.execute(sa.update(cast_members).where(cast_members.c.holder == old).values(holder=new))
