"""A make-believe world round the core: clock, backend, gate, poster. Each implements its port and can be told to misbehave."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.cards import Card
from bot.errors import (
    AttachmentGone,
    BackendFault,
    DeliveryFault,
    MediaFault,
    NotAnImage,
    TooLarge,
    UnknownBackend,
    Unreachable,
)
from bot.film import Shape
from bot.paperwork import Capabilities, Footage, Order, Phase, Picture, Report, Search
from bot.people import Address
from bot.ports import Backend, WorkFactory


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.time = now

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += max(0.0, seconds)
        for _ in range(5):
            await asyncio.sleep(0)


ROLL_AND_FINISH = (Report(Phase.QUEUED), Report(Phase.ROLLING, 0.4), Report(Phase.FINISHED, 1.0))


@dataclass
class FakeBackend:
    """Films at once, by a script. `faults` are raised by the coming orders; with `accepts` the order counts all the same."""

    name: str = "fake"
    clock: FakeClock = field(default_factory=FakeClock)
    script: tuple[Report, ...] = ROLL_AND_FINISH
    faults: list[BackendFault] = field(default_factory=list)
    accepts_anyway: bool = False
    searchable: bool = True
    silent_searches: int = 0
    can: Capabilities = field(
        default_factory=lambda: Capabilities(
            seconds=(4, 8, 12), shapes=(Shape.WIDE, Shape.TALL), images=True, micros_per_second=10_000
        )
    )
    accepted: dict[str, Order] = field(default_factory=dict)
    made_at: dict[str, float] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    cancelled: list[str] = field(default_factory=list)
    clip: bytes = b"a clip"

    async def capabilities(self) -> Capabilities:
        return self.can

    async def submit(self, order: Order, reference: Path | None) -> str:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None and not self.accepts_anyway:
            raise fault
        remote = f"{self.name}-{len(self.accepted) + 1}"
        self.accepted[remote] = order
        self.made_at[remote] = self.clock.now()
        if fault is not None:
            raise fault
        return remote

    async def search(self, order: Order, since: float) -> Search:
        if self.silent_searches:
            self.silent_searches -= 1
            raise Unreachable("no answer")
        if not self.searchable:
            return Search()
        same = [
            remote
            for remote, made in self.accepted.items()
            if made.brief.text == order.brief.text and self.made_at[remote] >= since
        ]
        return Search(tuple(same), complete=True)

    async def report(self, remote_id: str) -> Report:
        if remote_id not in self.accepted:
            return Report(Phase.LOST)
        at = self.asked.get(remote_id, 0)
        self.asked[remote_id] = at + 1
        return self.script[min(at, len(self.script) - 1)]

    async def fetch(self, remote_id: str, into: Path) -> None:
        into.write_bytes(self.clip + remote_id.encode())

    async def cancel(self, remote_id: str) -> bool:
        self.cancelled.append(remote_id)
        return True

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class ListingBackend(FakeBackend):
    """Answers for many jobs in one call, and counts the calls."""

    lists: bool = True
    rounds: int = 0

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        self.rounds += 1
        return {remote: await FakeBackend.report(self, remote) for remote in remote_ids if remote in self.accepted}


@dataclass
class FakeBackends:
    """`ports.Backends` over a dictionary."""

    of: dict[str, Backend]
    default: str = "fake"
    embedded: str = "fake"

    def get(self, name: str) -> Backend:
        if name not in self.of:
            raise UnknownBackend(backend=name, backends=", ".join(self.of))
        return self.of[name]

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.of))


@dataclass
class FakeGate:
    """Believes every file, except those that begin with ``broken``."""

    fitted: list[tuple[int, int]] = field(default_factory=list)
    cannot_shrink: bool = False
    cannot_split: bool = False
    shrunk: list[int] = field(default_factory=list)
    """The limits that clips were made to fit."""

    async def picture(self, file: Path) -> Picture:
        if file.read_bytes().startswith(b"broken"):
            raise NotAnImage
        return Picture(640, 360, "image/png")

    async def footage(self, file: Path) -> Footage:
        if file.read_bytes().startswith(b"broken"):
            raise MediaFault("broken")
        return Footage(4.0, 1280, 720, "video/mp4", True)

    async def poster(self, file: Path, into: Path, most: int = 960) -> None:
        shown = file.read_bytes()
        into.write_bytes(shown if shown.startswith(b"poster of ") else b"poster of " + shown)

    async def last_frame(self, file: Path, into: Path) -> None:
        into.write_bytes(b"last of " + file.read_bytes())

    async def fit(self, file: Path, width: int, height: int, into: Path) -> None:
        self.fitted.append((width, height))
        into.write_bytes(file.read_bytes())

    async def shrink(self, file: Path, limit: int, into: Path) -> None:
        self.shrunk.append(limit)
        if self.cannot_shrink:
            raise MediaFault("it does not get any smaller")
        into.write_bytes(file.read_bytes()[:limit])

    async def split(self, file: Path, limit: int, into: Path) -> Sequence[Path]:
        if self.cannot_split:
            raise MediaFault("there is nowhere to cut")
        whole = file.read_bytes()
        parts = [into / f"part-{at // limit + 1}" for at in range(0, len(whole), limit)]
        for number, part in enumerate(parts):
            part.write_bytes(whole[number * limit : (number + 1) * limit])
        return parts


class FakeClips:
    """Clips in a temporary folder, by content hash."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Exception] = []
        self.away: list[Exception] = []
        """What keeps it from being read, once each."""

    async def store(self, file: Path, suffix: str) -> str:
        if self.faults:
            raise self.faults.pop(0)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        file.replace(self.root / digest)
        return digest

    async def path(self, digest: str) -> Path | None:
        if self.away:
            raise self.away.pop(0)
        path = self.root / digest
        return path if path.exists() else None

    @asynccontextmanager
    async def scratch(self) -> AsyncIterator[Path]:
        with TemporaryDirectory(dir=self.root) as folder:
            yield Path(folder)


@dataclass
class FakePoster:
    """A chat that remembers every message and every edit of it; refuses as often as it is told to."""

    platform: str = "chat"
    pace: float = 0.0
    still_pixels: int = 0
    work: WorkFactory | None = None
    """Where it writes down what replies to its messages mean."""
    messages: dict[str, list[Card]] = field(default_factory=dict)
    """Message key → the cards it showed, in order."""
    references: dict[str, str] = field(default_factory=dict)
    """Message key → what the chat calls the message."""
    clips: dict[str, list[bytes]] = field(default_factory=dict)
    """Message key → the files that came with its clip."""
    stills: dict[str, list[bytes]] = field(default_factory=dict)
    """Message key → the stills that lay beside those files."""
    pictures: dict[str, bytes] = field(default_factory=dict)
    """What members have attached, by its address on the platform."""
    shown: dict[str, bytes] = field(default_factory=dict)
    """Message key → the picture that came with it."""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """Message key → the file to take home that came with it: its name and its bytes."""
    largest: int | None = None
    """Largest file it says that it takes, in bytes."""
    takes: int | None = None
    """Largest file that it really takes."""
    refusals: int = 0
    final: bool = False
    """Its refusals say that trying again would not help."""
    lost_answers: int = 0
    """So many coming deliveries arrive, but their answer is lost."""

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        self._refuse()
        return await self._put(address, key, card, posted)

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        if not self.refusals:
            await self._put(address, key, card, posted)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        self._refuse()
        if picture is not None:
            self.shown[key] = picture.read_bytes()
        if file is not None:
            if self.takes is not None and file.stat().st_size > self.takes:
                raise TooLarge(self.takes)
            self.files[key] = (file.name, file.read_bytes())
        await self._put(address, key, card, address.pressed if card.replaces else None)

    async def room(self, address: Address) -> int | None:
        return self.largest

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        self._refuse()
        files = [part.read_bytes() for part in parts]
        self.stills[key] = [still.read_bytes() for part in parts if (still := Path(f"{part}.jpg")).exists()]
        if self.takes is not None and any(len(file) > self.takes for file in files):
            raise TooLarge(self.takes)
        self.clips.setdefault(key, files)  # the same key never makes a second message
        reference = await self._put(address, key, card, posted)
        if self.lost_answers:
            self.lost_answers -= 1
            raise DeliveryFault("the answer was lost")
        return reference

    async def fetch(self, attachment: str, into: Path) -> None:
        platform, _, name = attachment.partition(":")
        if platform != self.platform or name not in self.pictures:
            raise AttachmentGone
        into.write_bytes(self.pictures[name])

    async def _put(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """An older card never replaces a newer one; a message that stands under another key goes on under this one."""
        other = (posted or "").rpartition("/")[2]
        shown = self.messages.setdefault(key, self.messages.get(other, []))
        if not shown or card.revision >= shown[-1].revision:
            shown.append(card)
        reference = self.references.setdefault(key, posted or f"{self.platform}/{address.chat}/{key}")
        meaning = f"remix:{card.take}" if card.take else next((each.action for each in card.buttons if each.asks), "")
        if self.work is not None and meaning:
            async with self.work() as w:
                await w.messages.put(reference, meaning, at=0.0)
        return reference

    def _refuse(self) -> None:
        if self.refusals:
            self.refusals -= 1
            raise DeliveryFault("not now", final=self.final)
