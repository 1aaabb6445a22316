"""The plain data that passes through the ports: what a backend can do, an order, a report, a ticket, a wish, a post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.brief import Brief
from bot.cards import Card
from bot.film import Shape
from bot.people import Address, Member


@dataclass(frozen=True)
class Capabilities:
    """What a backend can do. Drives what is offered; what is None is unknown and therefore not checked by us."""

    seconds: tuple[int, ...] | None = None
    """Lengths offered, ascending; None: whatever the server decides."""
    shapes: tuple[Shape, ...] | None = None
    images: bool = False
    """Takes a reference image as first frame."""
    words_max: int = 32_000
    """Longest brief, in characters."""
    remixes: bool = False
    """Can remix one of its own results by id."""
    cancels: bool = False
    extends: bool = False
    """Can go on after one of its own clips."""
    free: bool = False
    """Costs nothing: the embedded backends."""
    micros_per_second: int | None = None
    """Price of one second of clip in micro-dollars; None: nobody said."""
    usual_seconds: float | None = None
    """How long one take usually takes, until we have measured it ourselves."""
    embedded: bool = False
    """Runs inside Throughline: always there, needs no key."""

    def price(self, seconds: int | None) -> int | None:
        """Micro-dollars for one take; 0 when free, None when nobody knows."""
        if self.free:
            return 0
        if self.micros_per_second is None or seconds is None:
            return None
        return self.micros_per_second * seconds


@dataclass(frozen=True)
class Order:
    """One order to a backend: everything it will be told, frozen in the job's row before the first call."""

    job: str
    """Our id: the backend's idempotency key, label or chosen id, where it takes one."""
    brief: Brief
    model: str | None = None
    slate: str = ""
    """For backends that draw it."""
    remix_of: str | None = None
    """The backend's id of the source, where it remixes by id."""


class Phase(StrEnum):
    """What a backend says of a job."""

    QUEUED = "queued"
    ROLLING = "rolling"
    FINISHED = "finished"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    LOST = "lost"
    """The backend does not know the id (any more)."""


@dataclass(frozen=True)
class Report:
    """One answer to "how is it going?". `progress` is 0..1."""

    phase: Phase
    progress: float | None = None
    gate: str = ""
    """With REFUSED: ``image``, ``prompt`` or ``result``."""
    reason: str = ""
    retryable: bool = False
    """With FAILED: the backend says that trying again may help."""


@dataclass(frozen=True)
class Search:
    """What a look into the backend's records found for an order whose answer was lost.

    `candidates`: ids of jobs with exactly this brief made since the given time, oldest first. `complete`: the list was whole,
    so "not in it" means "was never made".
    """

    candidates: tuple[str, ...] = ()
    complete: bool = False


@dataclass(frozen=True)
class Reading:
    """What a backend that reads words by itself made of a brief: (kind, word) in the order of the text, and what it missed."""

    understood: tuple[tuple[str, str], ...] = ()
    missed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: `level` is ``ok``, ``warning`` or ``error``."""

    subject: str
    level: str
    text: str


@dataclass(frozen=True)
class Ticket:
    """One run of one job, for the engine."""

    job: str
    run: int
    member: str
    """Partition key of the per-member cap."""
    follow: bool = False
    """Already with the backend (or past it): starts at once, under no cap."""

    @property
    def workflow_id(self) -> str:
        """``<job>.<run>``: a used one is never run again."""
        return f"{self.job}.{self.run}"


@dataclass(frozen=True)
class Wish:
    """What a member asked, stored before it is acknowledged. `command` is `commands.to_dict`'s data."""

    id: str
    member: Member
    address: Address
    command: Mapping[str, Any]
    at: float
    handled: bool = False
    """Its transaction is committed: `answer` holds the card, and `job` the job if one was made."""
    answer: Card | None = None
    job: str | None = None


class Taken(Exception):
    """`Jobs.move`: another job of the same backend owns that remote id."""


@dataclass(frozen=True)
class Post:
    """A card in the studio's own chat."""

    place: str
    key: str
    """What the card is of (a take, a wish); one post per key."""
    card: Card
    cursor: int
    """Grows with every change anywhere: a reader asks for what came after."""
    at: float
    """When the post was first made."""


@dataclass(frozen=True)
class Picture:
    """What the gate found in a picture file."""

    width: int
    height: int
    media_type: str


@dataclass(frozen=True)
class Footage:
    """What the gate found in a clip file. `seconds` of the video stream."""

    seconds: float
    width: int
    height: int
    media_type: str
    has_sound: bool
