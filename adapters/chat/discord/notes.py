"""What was begun and what was done, written down before and after each message: a crash in between is noticed.

Notes stand in `Messages` beside what replies mean, under ``sending:<kind>:<key>``: ``begun <epoch seconds>``, then
``done <reference> <number of files>``.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.ports import WorkFactory


@dataclass(frozen=True)
class Note:
    """How far a message got. Without a reference it was begun, and may stand in the chat or not."""

    at: float = 0.0
    reference: str = ""
    files: int = 0


class Notes:
    """The notes of one platform's poster."""

    def __init__(self, work: WorkFactory, now: Callable[[], float] = time.time) -> None:
        self._work, self._now = work, now

    async def read(self, kind: str, key: str) -> Note | None:
        """What is known of that message; None: it was never begun."""
        async with self._work() as w:
            said = await w.messages.action(_name(kind, key))
        word, _, rest = (said or "").partition(" ")
        if word == "begun":
            return Note(float(rest))
        if word == "done":
            reference, _, files = rest.partition(" ")
            return Note(0.0, reference, int(files))
        return None

    async def begin(self, kind: str, key: str) -> None:
        """It is about to be sent."""
        async with self._work() as w:
            await w.messages.put(_name(kind, key), f"begun {self._now():.3f}", self._now())

    async def done(self, kind: str, key: str, reference: str, *, files: int = 0, meaning: str = "") -> None:
        """It stands in the chat; `meaning`: what a reply to it means."""
        async with self._work() as w:
            await w.messages.put(_name(kind, key), f"done {reference} {files}", self._now())
            if meaning:
                await w.messages.put(reference, meaning, self._now())

    async def means(self, reference: str, meaning: str) -> None:
        """What a reply to that message means."""
        async with self._work() as w:
            await w.messages.put(reference, meaning, self._now())


def _name(kind: str, key: str) -> str:
    return f"sending:{kind}:{key}"
