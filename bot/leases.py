"""Who is at it: long work is done by one process at a time, and taken over from a process that died.

A lease is a name that a process holds for a while and renews; it stands among the messages, under ``lease/<name>``. A process of
the same `owner` takes it over at once: where there can be but one process, what died with the last is begun again without waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from bot.errors import DeliveryFault
from bot.ports import Clock, Work, WorkFactory

log = logging.getLogger("throughline.editing")

SECONDS: Final = 60.0
"""So long a lease holds that is not renewed."""
RENEW: Final = 15.0


@asynccontextmanager
async def leased(work: WorkFactory, clock: Clock, name: str, owner: str) -> AsyncIterator[None]:
    """Hold it inside. Raises `DeliveryFault` where another process holds it: come back later."""
    await _take(work, clock, name, owner)
    renewing = asyncio.create_task(_renewed(work, clock, name, owner), name=f"lease {name}")
    try:
        yield
    finally:
        renewing.cancel()
        with suppress(asyncio.CancelledError):
            await renewing
        try:
            await _put(work, clock, name, "")
        except Exception as fault:  # noqa: BLE001 - it runs out by itself
            log.info("the lease %s is left to run out: %s", name, fault)


def at_work(member: str) -> str:
    """The lease of what is made for that member: one thing at a time."""
    return f"editing {member}"


async def is_held(w: Work, name: str) -> bool:
    """Whether somebody is at it, or died at it and nobody has taken it over yet."""
    return bool(await w.messages.action(f"lease/{name}"))


async def _take(work: WorkFactory, clock: Clock, name: str, owner: str) -> None:
    async with work() as w:
        await w.hold(f"lease {name}")
        holder, _, until = (await w.messages.action(f"lease/{name}") or "").rpartition(" ")
        if holder not in ("", owner) and float(until) > clock.now():
            raise DeliveryFault(f"{name} is in the hands of another process")
        await w.messages.put(f"lease/{name}", _held(clock, owner), clock.now())


async def _renewed(work: WorkFactory, clock: Clock, name: str, owner: str) -> None:
    """For ever; a renewal that fails is followed by the next."""
    while True:
        await asyncio.sleep(RENEW)
        try:
            await _put(work, clock, name, _held(clock, owner))
        except Exception as fault:  # noqa: BLE001 - the database may be away for a moment
            log.warning("the lease %s was not renewed: %s", name, fault)


async def _put(work: WorkFactory, clock: Clock, name: str, value: str) -> None:
    async with work() as w:
        await w.messages.put(f"lease/{name}", value, clock.now())


def _held(clock: Clock, owner: str) -> str:
    return f"{owner} {clock.now() + SECONDS}"
