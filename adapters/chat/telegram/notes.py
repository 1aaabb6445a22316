"""What has to outlive the process about messages: which one is the card of a key, what a reply to it means, a clip's file_id.

All of it stands in `ports.Messages`, under ``telegram/<chat>/<message>``, ``telegram/card/<key>`` and ``telegram/file/…``.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from adapters.chat.telegram.library import PLATFORM
from bot.ports import WorkFactory
from bot.records import Messages

K = TypeVar("K")
V = TypeVar("V")
REMEMBERED: Final = 4096


class Recent(Generic[K, V]):
    """A dictionary that forgets what was not touched for longest."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()

    def get(self, key: K) -> V | None:
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def drop(self, key: K) -> None:
        self._kept.pop(key, None)


def chat_of(name: str) -> str:
    """The chat in a reference."""
    return name.split("/")[1]


def message_of(name: str) -> int:
    """The message's id in a reference, or in what a listener gave as one."""
    return int(name.rsplit("/", 1)[-1])


class Notes:
    """Written and read in transactions of their own, never while something is being sent."""

    def __init__(self, work: WorkFactory, account: str, now: Callable[[], float]) -> None:
        self._work, self._account, self._now = work, account, now
        self._cards: Recent[str, str] = Recent()

    def at_hand(self, key: str) -> str | None:
        """The card of that key, if this process knows it by heart."""
        return self._cards.get(key)

    async def card(self, key: str, chat: str, posted: str | None, *, afresh: bool = False) -> str | None:
        """The card of that key in that chat: what was noted last, else `posted`. `afresh`: whatever this process believes."""
        noted = None if afresh else self._cards.get(key)
        if noted is None:
            async with self._work() as w:
                noted = await w.messages.action(_card(key))
        found = next((each for each in (noted, posted) if each and chat_of(each) == chat), None)
        if found is not None:
            self._cards.put(key, found)
        return found

    async def claim(self, key: str, posted: str, meaning: str, gone: str | None) -> str:
        """Note a card that was just posted, unless another process has noted one meanwhile; the one that holds.

        `gone`: the card that stood before, which is not there any more.
        """
        async with self._work() as w:
            await w.hold(_card(key))
            noted = await w.messages.action(_card(key))
            if noted is None or noted == gone or chat_of(noted) != chat_of(posted):
                noted = posted
                await w.messages.put(_card(key), posted, self._now())
            await self._put(w.messages, posted, meaning)
        self._cards.put(key, noted)
        return noted

    async def mean(self, posted: str, meaning: str) -> None:
        """What a reply to that message means."""
        async with self._work() as w:
            await self._put(w.messages, posted, meaning)

    async def file(self, digest: str) -> str | None:
        """The file_id under which Telegram has that clip already."""
        async with self._work() as w:
            return await w.messages.action(self._file(digest))

    async def keep_file(self, digest: str, file_id: str) -> None:
        """Remember it; an empty one forgets it."""
        async with self._work() as w:
            await w.messages.put(self._file(digest), file_id, self._now())

    async def _put(self, messages: Messages, posted: str, meaning: str) -> None:
        if meaning:
            await messages.put(posted, meaning, self._now())

    def _file(self, digest: str) -> str:
        return f"{PLATFORM}/file/{self._account}/{digest}"


def _card(key: str) -> str:
    return f"{PLATFORM}/card/{key}"
