"""Every Protocol that the core asks of the world, with the data that passes through it. Nothing else.

Who implements what: `storage` implements `Work` and its repositories; `adapters/video` the `Backend`s; `adapters/chat` the
`Poster`s; `adapters/engine` the `Engine`; `adapters/media` the `Gate`. `tests/fakes` implements all of them in memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from bot.brief import Brief
from bot.cards import Card
from bot.film import Clip, Production, Shot, Take
from bot.paperwork import Capabilities, Finding, Footage, Order, Picture, Post, Reading, Report, Search, Ticket, Wish
from bot.people import Address
from bot.session import Session
from bot.spine import Spine
from bot.states import Job, State

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


class Wishes(Protocol):
    """Stored wishes: waiting, then handled, then answered."""

    async def add(self, wish: Wish) -> bool:
        """Store it; False if a wish of that id is there already (a platform delivered it twice)."""

    async def get(self, wish_id: str) -> Wish | None: ...

    async def handled(self, wish_id: str, answer: Card, job: str | None) -> bool:
        """Compare-and-set from waiting; False if somebody else has handled it."""

    async def answered(self, wish_id: str) -> None:
        """The answer has been posted."""

    async def amend(self, wish_id: str, command: Mapping[str, Any]) -> None:
        """Its command as it is handled: what was attached is now named by its digest. Only while it waits."""

    async def shoot(self, wish_id: str, job: str) -> bool:
        """An idea becomes a job, once: False if it has one already."""

    async def open(self, limit: int = 1000) -> Sequence[Wish]:
        """Waiting or handled, but not answered; oldest first."""


class Sessions(Protocol):
    """Spine by member, the rest by member and place."""

    async def get(self, member: str, place: str) -> Session:
        """A fresh one if there is none yet."""

    async def save(self, session: Session) -> None: ...

    async def set_spine(self, member: str, spine: Spine) -> None: ...


class Productions(Protocol):
    """Productions with their shots."""

    async def add(self, production: Production) -> None: ...

    async def get(self, production_id: str) -> Production | None: ...

    async def of(self, member: str, place: str) -> Sequence[Production]:
        """Newest first."""

    async def add_shot(self, shot: Shot) -> None: ...

    async def save_shot(self, shot: Shot) -> None:
        """Only its facts may change (a removed chip)."""

    async def shot(self, shot_id: str) -> Shot | None: ...

    async def shots(self, production_id: str) -> Sequence[Shot]:
        """In the order scene, number."""

    async def last_shot(self, production_id: str) -> Shot | None:
        """The shot made last."""


class Takes(Protocol):
    """Takes with their frozen briefs and clips."""

    async def add(self, take: Take) -> None: ...

    async def get(self, take_id: str) -> Take | None: ...

    async def of_shot(self, shot_id: str) -> Sequence[Take]:
        """In the order of their numbers."""

    async def of_production(self, production_id: str) -> Sequence[Take]:
        """In the order scene, shot, take."""

    async def newest(self, member: str, place: str, limit: int = 25, *, done_only: bool = False) -> Sequence[Take]:
        """The member's takes in that place, newest first."""

    async def set_clip(self, take_id: str, clip: Clip) -> None: ...

    async def circle(self, take_id: str, circled: bool) -> None: ...

    async def count_since(self, member: str, since: float) -> int: ...


class Jobs(Protocol):
    """Jobs; every change of state is a compare-and-set, every change raises `revision`."""

    async def add(self, job: Job) -> None: ...

    async def get(self, job_id: str) -> Job | None: ...

    async def of_take(self, take_id: str) -> Job | None: ...

    async def of_takes(self, take_ids: Collection[str]) -> Mapping[str, Job]: ...

    async def move(self, job_id: str, source: State | Collection[State], target: State, **changes: Any) -> Job | None:
        """Compare-and-set from `source` to `target` with more columns of `Job`; the new row, or None if it was not there.

        A `remote_id` that another job of the same backend owns raises `Taken` and changes nothing.
        """

    async def note(self, job_id: str, state: State, **changes: Any) -> Job | None:
        """Change columns (progress, reason, posted …) while it stands in `state`; None if it has moved on."""

    async def ask_cancel(self, job_id: str) -> Job | None:
        """Raise the flag on a job that has not ended."""

    async def cancels(self, job_ids: Collection[str]) -> frozenset[str]:
        """Those among them whose flag is raised."""

    async def reopen(self, job_id: str, run: int) -> Job | None:
        """Raise the run number from `run` to `run + 1` on a job that has not ended; None if somebody else did."""

    async def open(self, states: Collection[State]) -> Sequence[Job]:
        """All jobs in these states, oldest first."""

    async def untold(self, limit: int = 1000) -> Sequence[Job]:
        """Failed, refused, cancelled or expired, and the member has not been shown it (`told`); oldest first."""

    async def owner(self, backend: str, remote_id: str) -> str | None:
        """Id of the job that owns this remote id."""

    async def count(self, states: Collection[State], member: str | None = None) -> int: ...

    async def ahead(self, job: Job) -> tuple[int, int]:
        """Jobs that wait before this one: (of the same member, of other members)."""

    async def of_member(self, member: str, states: Collection[State]) -> Sequence[Job]:
        """Oldest first."""

    async def usual_seconds(self, backend: str, model: str | None, seconds: int | None = None) -> float | None:
        """Median time from submission to the end of filming over the last 20 finished jobs; None if there is none.

        `seconds`: for a clip of that length, by those of them that were as long, else by the time for one second of clip.
        """


class Ledger(Protocol):
    """Money: append-only, in micro-dollars, one entry of each kind per job at most."""

    async def reserve(self, job: str, member: str, micros: int, at: float) -> None: ...

    async def settle(self, job: str, micros: int, at: float) -> bool:
        """Book what it really cost; False if it was settled or released before."""

    async def release(self, job: str, at: float) -> bool:
        """Give the reservation back; False if it was settled or released before."""

    async def spent(self, member: str, since: float) -> int:
        """Settled plus still reserved, since then."""


class Posts(Protocol):
    """The local studio's chat: the messages that Discord and Telegram keep for us elsewhere."""

    async def put(self, place: str, key: str, card: Card, at: float) -> Post:
        """Post, or replace by a card whose `revision` is not older. Returns what now stands there."""

    async def changed(self, place: str, after: int, limit: int = 200) -> Sequence[Post]:
        """Posts made or changed after that cursor, by cursor."""

    async def latest(self, place: str, limit: int = 50, before: float | None = None) -> Sequence[Post]:
        """The last posts (first made before that time), oldest first."""


class Messages(Protocol):
    """What a reply to one of our messages means: the reference of a message → a button's action that takes words."""

    async def put(self, reference: str, action: str, at: float) -> None:
        """Remember, or change, what a reply to that message means."""

    async def action(self, reference: str) -> str | None: ...


class Work(Protocol):
    """One transaction: all of it happens, or none."""

    wishes: Wishes
    sessions: Sessions
    productions: Productions
    takes: Takes
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

    async def poster(self, file: Path, into: Path) -> None:
        """Write a still of the clip (JPEG, at most 960 pixels wide) to `into`. Raises `MediaFault`."""

    async def fit(self, file: Path, width: int, height: int, into: Path) -> None:
        """Write the picture as PNG of exactly that size; blurred letterbox where a crop would lose more than a quarter."""

    async def shrink(self, file: Path, limit: int, into: Path) -> None:
        """Write the clip as MP4 of at most `limit` bytes (two passes). Raises `MediaFault` where it would be unwatchable."""

    async def split(self, file: Path, limit: int, into: Path) -> Sequence[Path]:
        """Write the clip as parts of at most `limit` bytes each into the folder `into`, in order. Raises `MediaFault`."""


# ---------------------------------------------------------------- chat platforms


class Poster(Protocol):
    """Turns cards into a platform's messages, by REST alone: any worker can do it without a gateway connection.

    A reference is ``platform/chat/message``. Whatever a poster puts into a chat it also puts into `Messages`, with what a reply
    to it means (``remix:<take>`` for a card with a take).
    """

    platform: str
    pace: float
    """Least seconds between two edits of one card."""

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        """Post the card, or edit the one at `posted`; the message's reference. The same `key` never makes a second message.

        Raises `DeliveryFault`.
        """

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        """Show how it goes, when there is room for it: a newer card replaces an older one, any may be dropped.

        Returns at once and never raises.
        """

    async def answer(self, address: Address, key: str, card: Card) -> None:
        """Answer a wish that made no take, to the member alone where the platform can. Raises `DeliveryFault`."""

    async def room(self, address: Address) -> int | None:
        """Largest file there, in bytes; None: any."""

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        """Post the finished clip with its card, exactly once per `key`; the message's reference.

        `parts`: one file; several where it had to be split; none where `card.clip.url` links to it.
        Raises `DeliveryFault`, `TooLarge` among them.
        """


class Attachments(Protocol):
    """Brings in what a member attached: at the wish's time only its address is stored."""

    async def fetch(self, attachment: str, into: Path) -> None:
        """Write it to the file `into`. Raises `AttachmentGone`, `ImageTooLarge`, or `DeliveryFault` (try again)."""


Link = Callable[[str], Awaitable[str | None]]
"""A signed link, which expires, to the clip of that digest; None where no public address is configured."""


class Clock(Protocol):
    """Time, so that tests need none."""

    def now(self) -> float:
        """Seconds since the epoch."""

    async def sleep(self, seconds: float) -> None: ...
