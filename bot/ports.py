"""Every Protocol that the core asks of the world, with the data that passes through it. Nothing else.

Who implements what: `storage` implements `Work` and its repositories; `adapters/video` the `Backend`s; `adapters/chat` the
`Poster`s; `adapters/engine` the `Engine`; `adapters/media` the `Gate`. `tests/fakes` implements all of them in memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol, runtime_checkable

from bot.brief import Brief
from bot.cards import Card
from bot.cut import Cut
from bot.drawings import CheckStrip, ContactSheet, Lineage, ShotCard, Swatch
from bot.exporting.bundle import Entry
from bot.measures import Measures
from bot.paperwork import Capabilities, Finding, Footage, Order, Picture, Reading, Report, Search, Ticket
from bot.people import Address
from bot.records import (
    Films,
    Jobs,
    Ledger,
    Measured,
    Messages,
    Posts,
    Productions,
    Sessions,
    Spines,
    Takes,
    Troupe,
    Votes,
    Wishes,
)

# ---------------------------------------------------------------- video backends


@runtime_checkable
class Backend(Protocol):
    """A video backend: takes an order, films it, hands over a clip. One file in `adapters/video` each."""

    name: str

    async def capabilities(self) -> Capabilities:
        """What it can do. Must not fail: an unreachable server gives its last known or default capabilities."""

    async def submit(self, order: Order, reference: Path | None) -> str:
        """Send the order; returns the backend's own id. This is the call that costs money: it is never repeated inside.

        `reference` is the reference image, already checked. Raises `NeverMade`, `TurnedDown` (and its leaves),
        `RefusedByRules` when it certainly was not accepted, `Unclear` in every other case.
        """

    async def search(self, order: Order, since: float) -> Search:
        """Look for orders like this one made at or after `since` (epoch seconds). Raises `Unreachable`."""

    async def report(self, remote_id: str) -> Report:
        """How the job goes. An unknown id is `Phase.LOST`. Raises `Unreachable`."""

    async def fetch(self, remote_id: str, into: Path) -> None:
        """Write the finished clip to the file `into` (its folder exists). Raises `Unreachable` (try again) or `TurnedDown`."""

    async def cancel(self, remote_id: str) -> bool:
        """Ask it to stop. True: it did, as far as it says; False: it cannot. Raises `Unreachable`."""

    async def close(self) -> None:
        """Let go of connections and processes."""


@runtime_checkable
class ListsMany(Protocol):
    """A backend that answers for many jobs in one call (one round of pages)."""

    @property
    def lists(self) -> bool:
        """False once the server has said that it has no list."""

    async def reports(self, remote_ids: Collection[str]) -> Mapping[str, Report]:
        """Reports of those ids that the backend lists. A missing id says nothing. Raises `Unreachable`."""


@runtime_checkable
class FitsPictures(Protocol):
    """A backend whose reference image has to have exactly the size of the clip."""

    def size_for(self, brief: Brief) -> tuple[int, int] | None:
        """Width and height to fit the picture to, in pixels; None: any size will do."""


@runtime_checkable
class ReadsWords(Protocol):
    """A backend that can tell which words of a brief it understands: the embedded ones, which have a lexicon, not a model."""

    def reading(self, brief: Brief) -> Reading:
        """Quick and pure."""


Readers = Mapping[str, ReadsWords]
"""Those among the backends that read words, by name."""


@runtime_checkable
class Examinable(Protocol):
    """Something that can say, before members find out, whether it works."""

    async def examine(self) -> Sequence[Finding]:
        """Look at oneself, without spending money. Never raises."""


class Backends(Protocol):
    """All backends that are set up."""

    @property
    def default(self) -> str:
        """Name of the one that films when nobody says otherwise."""

    @property
    def embedded(self) -> str:
        """Name of the one that needs no key and costs nothing."""

    def get(self, name: str) -> Backend:
        """Raises `UnknownBackend`."""

    def names(self) -> tuple[str, ...]:
        """Alphabetical."""


# ---------------------------------------------------------------- the engine


Drive = Callable[[str], Awaitable[None]]
"""``drive(job_id)``: goes on with a job from wherever its row stands. Harmless to run twice."""


class Engine(Protocol):
    """Decides when and where a job's code runs; what has irrevocably happened is in our own rows."""

    async def start(self, drive: Drive) -> None:
        """Launch inside the running loop; begins to run what is enqueued."""

    async def stop(self, grace: float = 4.0) -> None:
        """Claim nothing more and end within `grace` seconds; what ran is taken up at the next start."""

    async def enqueue(self, connection: object, ticket: Ticket) -> None:
        """Enqueue inside the caller's transaction (an SQLAlchemy `AsyncConnection`): stored and enqueued, or neither."""

    async def live(self) -> frozenset[str]:
        """Workflow ids that are enqueued or running on a live worker."""

    async def adopt_dead(self) -> int:
        """Hand the workflows of dead workers to the living; how many."""


# ---------------------------------------------------------------- storage


class Work(Protocol):
    """One transaction: all of it happens, or none."""

    wishes: Wishes
    sessions: Sessions
    spines: Spines
    cast: Troupe
    productions: Productions
    takes: Takes
    films: Films
    measured: Measured
    votes: Votes
    jobs: Jobs
    ledger: Ledger
    posts: Posts
    messages: Messages

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """A chat has got another id (a group became a supergroup): addresses, places and productions follow."""

    async def hold(self, name: str) -> None:
        """Until the end of this transaction nobody else holds that name: one member's wishes are handled one by one."""

    async def enqueue(self, ticket: Ticket) -> None:
        """Hand a job to the engine in this same transaction."""


WorkFactory = Callable[[], AbstractAsyncContextManager[Work]]
"""``async with work() as w:`` commits at the end, rolls back on any exception."""


class Clips(Protocol):
    """Media by content hash."""

    async def store(self, file: Path, suffix: str) -> str:
        """Move the file into the store; returns its SHA-256 in hexadecimal. Raises `DiskFull`."""

    async def path(self, digest: str) -> Path | None:
        """A readable local file, or None."""

    def scratch(self) -> AbstractAsyncContextManager[Path]:
        """A private folder on the same disk, gone at the end."""


# ---------------------------------------------------------------- media


class Gate(Protocol):
    """Looks at files before anyone relies on them ("check the gate"), in a worker process of its own."""

    async def picture(self, file: Path) -> Picture:
        """Raises `NotAnImage` or `ImageTooLarge`."""

    async def footage(self, file: Path) -> Footage:
        """Raises `MediaFault`."""

    async def poster(self, file: Path, into: Path, most: int = 960) -> None:
        """Write a still of the clip to `into`: JPEG, at most 960 pixels wide, no side longer than a lesser `most`.

        `file` may be such a still already (``….jpg``). Raises `MediaFault`.
        """

    async def last_frame(self, file: Path, into: Path) -> None:
        """Write the last frame of the clip to `into`, upright in full size (PNG). Raises `MediaFault`."""

    async def fit(self, file: Path, width: int, height: int, into: Path) -> None:
        """Write the picture as PNG of exactly that size; blurred letterbox where a crop would lose more than a quarter."""

    async def shrink(self, file: Path, limit: int, into: Path) -> None:
        """Write the clip as MP4 of at most `limit` bytes (two passes). Raises `MediaFault` where it would be unwatchable."""

    async def split(self, file: Path, limit: int, into: Path) -> Sequence[Path]:
        """Write the clip as parts of at most `limit` bytes each into the folder `into`, in order. Raises `MediaFault`."""


class CuttingRoom(Protocol):
    """Does with finished clips what a film needs, in worker processes of its own. Everything raises `MediaFault` or `DiskFull`."""

    async def film(self, cut: Cut, files: Sequence[Path], into: Path) -> object:
        """Write the film as MP4, as long as the cut to the frame; `files` in the order of its pieces."""

    async def extract_sound(self, file: Path, into: Path) -> None:
        """Write the sound alone, WAV by the name of `into`. Raises `MediaFault` where there is none."""

    async def measure(self, file: Path) -> Measures:
        """What can be compared of a clip."""

    async def pack(self, entries: Sequence[Entry], into: Path) -> object:
        """Write them as a zip; the same entries give the same bytes."""


class Drawing(Protocol):
    """Draws what a chat shows beside words, in a worker process of its own: JPEG, or PNG by the name of the file.

    Everything raises `MediaFault` or `DiskFull`; the same content gives the same bytes.
    """

    async def shot_card(self, card: ShotCard, clip: Path | None, into: Path) -> None:
        """Three frames of the clip, its colours, and the card's words; empty frames where there is no clip to take them from."""

    async def contact_sheet(self, sheet: ContactSheet, clips: Sequence[Path | None], into: Path) -> None:
        """Stills and colours of every shot of a film, `clips` in their order; empty stills where there is none to take them from.

        At most 60 shots, else `MediaFault`.
        """

    async def check_strip(self, strip: CheckStrip, clips: Sequence[Path | None], into: Path) -> None:
        """A still of every shot, `clips` in their order, over the through-line; an empty one where there is no clip.

        At most 60 shots, else `MediaFault`.
        """

    async def lineage(self, lineage: Lineage, stills: Mapping[str, Path], into: Path) -> None:
        """The tree of takes; `stills` by their digests, a branch without one says how it stands."""

    async def palette(self, clip: Path) -> Sequence[Swatch]:
        """The clip's colours, six at most, dark to light, colourful ones weighing more; without names."""

    async def palette_strip(self, swatches: Sequence[Swatch], into: Path) -> None:
        """The colours as a strip, their names below."""


# ---------------------------------------------------------------- chat platforms


class Poster(Protocol):
    """Turns cards into a platform's messages, by REST alone: any worker can do it without a gateway connection.

    A reference is ``platform/chat/message``. Whatever a poster puts into a chat it also puts into `Messages`, with what a reply
    to it means (``remix:<take>`` for a card with a take).
    """

    platform: str
    pace: float
    """Least seconds between two edits of one card."""
    still_pixels: int
    """Longer side of the still (JPEG) that it wants beside every part, as ``<part>.jpg``; 0: it wants none."""

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Post the card, or edit the one at `posted`; the message's reference. The same `key` never makes a second message.

        Raises `DeliveryFault`.
        """

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """Show how it goes, when there is room for it: a newer card replaces an older one, any may be dropped.

        Returns at once and never raises.
        """

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        """Answer a wish that made no take, to the member alone where the platform can. Raises `DeliveryFault`.

        `picture`: the file of `card.picture` (JPEG), shown above or beside the words. `file`: something to take home (a zip),
        under its own name; the caller has looked that it is within `room`. Raises `TooLarge` where it is not after all.
        """

    async def room(self, address: Address) -> int | None:
        """Largest file there, in bytes; None: any."""

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """Post the finished clip with its card, exactly once per `key`; the message's reference.

        `parts`: one file; several where it had to be split; none where `card.clip.url` links to it.
        Raises `DeliveryFault`, `TooLarge` among them.
        """


@runtime_checkable
class Threads(Protocol):
    """A poster whose platform has threads."""

    async def thread(self, address: Address, title: str) -> Address:
        """Where a thread of that message goes on (`Address.pressed`, else `Address.message`): one thread a message, however often.

        The same address where no thread can be: in a direct conversation, in a thread, without the right to open one.
        Raises `DeliveryFault` where it is worth another try.
        """


class Attachments(Protocol):
    """Brings in what a member attached: at the wish's time only its address is stored."""

    async def fetch(self, attachment: str, into: Path) -> None:
        """Write it to the file `into`. Raises `AttachmentGone`, `ImageTooLarge`, or `DeliveryFault` (try again).

        `attachment`: its address as the listener stored it, ``<platform>:<what the platform needs>``.
        """


Link = Callable[[str], Awaitable[str | None]]
"""A signed link, which expires, to the clip of that digest; None where no public address is configured."""


class Clock(Protocol):
    """Time, so that tests need none."""

    def now(self) -> float:
        """Seconds since the epoch."""

    async def sleep(self, seconds: float) -> None: ...
