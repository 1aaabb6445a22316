"""A chat that gets another id, in the storage in memory. See `storage.moving`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from bot.cast import Standing
from bot.paperwork import Post
from bot.people import Address
from bot.session import Session
from bot.states import State
from tests.fakes.repositories import Rows

Placed = TypeVar("Placed", Session, Post)


def move_chat(rows: Rows, platform: str, old: str, new: str) -> None:
    """Everything that points to the old chat points to the new one; its messages are forgotten."""

    def moved(address: Address) -> Address:
        if address.platform != platform or old not in (address.chat, address.server):
            return address
        chat = new if address.chat == old else address.chat
        server = new if address.server == old else address.server
        return replace(address, chat=chat, server=server, message=None, pressed=None)

    def place(name: str) -> str:
        return f"{platform}/{new}" if name == f"{platform}/{old}" else name

    gone = f"{platform}/{old}/"
    for wish in tuple(rows.wishes.values()):
        rows.wishes[wish.id] = replace(wish, address=moved(wish.address))
    for job in tuple(rows.jobs.values()):
        there = rows.jobs[job.id] = replace(job, address=moved(job.address))
        over = job.state is State.DONE or (job.state.ended and job.told)
        if (job.posted or "").startswith(gone) and not over:
            rows.jobs[job.id] = replace(there, posted=None, revision=job.revision + 1)
    for production in tuple(rows.productions.values()):
        rows.productions[production.id] = replace(production, place=place(production.place))
    for take in tuple(rows.takes.values()):
        rows.takes[take.id] = replace(take, place=place(take.place))
    for film in tuple(rows.films.values()):
        rows.films[film.id] = replace(film, place=place(film.place))
    # what is in the new place already is newer, and stays
    rows.sessions = {(each.member, place(each.place)): each for each in _newer_last(rows.sessions.values(), place)}
    rows.sessions = {key: replace(each, place=key[1]) for key, each in rows.sessions.items()}
    rows.posts = {(place(each.place), each.key): each for each in _newer_last(rows.posts.values(), place)}
    rows.posts = {key: replace(each, place=key[0]) for key, each in rows.posts.items()}
    _move_shared(rows, f"{platform}/{old}", f"{platform}/{new}")
    rows.messages = {reference: each for reference, each in rows.messages.items() if not reference.startswith(gone)}


def _move_shared(rows: Rows, old: str, new: str) -> None:
    """The look and the cast of the place."""
    holders = {old: new, f"{old}/{old.rpartition('/')[2]}": f"{new}/{new.rpartition('/')[2]}"}
    for (level, holder), spine in tuple(rows.spines.items()):
        if holder in holders:
            rows.spines.setdefault((level, holders[holder]), spine)
            del rows.spines[level, holder]
    named = {who.key for who in rows.cast.values() if who.holder == new and who.standing is Standing.STANDING}
    for key, who in tuple(rows.cast.items()):
        if who.holder == old:
            standing = Standing.GONE if who.key in named and who.standing is Standing.STANDING else who.standing
            rows.cast[key] = replace(who, holder=new, standing=standing)


def _newer_last(rows: Iterable[Placed], place: Callable[[str], str]) -> list[Placed]:
    return sorted(rows, key=lambda each: place(each.place) == each.place)
