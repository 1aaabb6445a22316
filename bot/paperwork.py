"""The plain data that passes through the ports: what a backend can do, an order, a report, a ticket, a wish, a post."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.brief import Brief
from bot.capabilities import Capabilities as Capabilities  # noqa: PLC0414 - a part of what passes through the ports
from bot.cards import Card
from bot.people import Address, Member


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
    """The backend's id of the clip to change, where it `remixes`. The brief stands for itself all the same."""
    extend_of: str | None = None
    """The backend's id of the clip to go on after, where it `extends`."""
    source: str | None = None
    """Digest of that clip, in `files` where the backend wants it uploaded."""
    change: str = ""
    """What the member asked to change, alone: for backends that edit in conversation."""
    files: Mapping[str, Path] = field(default_factory=dict, compare=False)
    """Local copies of what the order names by digest beside the first frame (last frame, references, source): looked at,
    fitted where that is needed, there during `submit` alone, never stored in the row."""


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
    place: int | None = None
    """With QUEUED: its place in the backend's own queue, from 1."""
    cost: int | None = field(default=None, compare=False)
    """What the backend says that it cost, in micro-dollars; it is booked when the job ends, whatever came of it."""
    url: str | None = field(default=None, compare=False)
    """Where the clip lies, if the backend says so; often signed, so never stored, never shown."""


class Held(StrEnum):
    """Why an order has to wait although its turn has come."""

    PAUSED = "paused"
    """The operator lets the backend rest."""
    DOWN = "down"
    """The backend does not take orders; one is tried now and then."""
    BUSY = "busy"
    """As many roll there, or were ordered this minute, as may."""


@dataclass(frozen=True)
class Admission:
    """Whether an order may be sent now, and where: asked before the intent is written (`bot.backends.Admits`).

    Without `held` and `choice` it may go where it was meant to go.
    """

    held: Held | None = None
    """It may not, yet …"""
    wait: float = 0.0
    """… and should ask again after so many seconds."""
    choice: str = ""
    """Another backend, or ``backend/model``, that is to film it instead."""


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
