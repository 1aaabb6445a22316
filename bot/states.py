"""The states of a job, and the job's row as the core sees it.

``reserved → submitting → submitted → rolling → fetching → finishing → delivering → done``; parked: ``ambiguous`` (we could not
learn whether the backend took the order) and ``undelivered`` (the clip is kept); ends: ``done``, ``failed``, ``refused``,
``cancelled``, ``expired``. Every step is a compare-and-set on the row (`ports.Jobs.move`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.people import Address


class State(StrEnum):
    """Where a job stands."""

    AWAITING_APPROVAL = "awaiting_approval"
    """The price is above the line: a tap is awaited."""
    RESERVED = "reserved"
    """Price reserved, waiting for its turn."""
    SUBMITTING = "submitting"
    """The intent is committed; the paid call may or may not have happened."""
    SUBMITTED = "submitted"
    """The backend took it, its id is in the row."""
    ROLLING = "rolling"
    """The backend says that it works on it."""
    FETCHING = "fetching"
    """Finished there; the clip is on its way to us."""
    FINISHING = "finishing"
    """The clip is ours; it is being looked at (length, size, poster)."""
    DELIVERING = "delivering"
    """The clip is ready; it is being posted."""
    DONE = "done"
    AMBIGUOUS = "ambiguous"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def ended(self) -> bool:
        """Nothing will happen to it any more."""
        return self in ENDS

    @property
    def parked(self) -> bool:
        """Waiting for a person, a search or a better moment."""
        return self in PARKED

    @property
    def waiting(self) -> bool:
        """Not yet with the backend."""
        return self in (State.AWAITING_APPROVAL, State.RESERVED)

    @property
    def underway(self) -> bool:
        """The engine has to drive it."""
        return self in UNDERWAY


ENDS = frozenset({State.DONE, State.FAILED, State.REFUSED, State.CANCELLED, State.EXPIRED})
PARKED = frozenset({State.AMBIGUOUS, State.UNDELIVERED})
UNDERWAY = frozenset(
    {
        State.RESERVED,
        State.SUBMITTING,
        State.SUBMITTED,
        State.ROLLING,
        State.FETCHING,
        State.FINISHING,
        State.DELIVERING,
    }
)


@dataclass(frozen=True)
class Job:
    """One take's work. Times are seconds since the epoch, money is micro-dollars."""

    id: str
    take: str
    member: str
    address: Address
    state: State
    backend: str
    created_at: float
    model: str | None = None
    price: int | None = None
    """Reserved price; None where neither the backend nor the operator names one."""
    order: str | None = None
    """Frozen at the step into `submitting`: the order as JSON (`ports.Order`), exactly what the backend is told."""
    run: int = 0
    """Raised each time the job is handed to the engine anew."""
    remote_id: str | None = None
    attempts: int = 0
    """Orders sent that certainly were not accepted."""
    progress: float | None = None
    """0..1, as the backend says; None where it does not."""
    cancel_asked: bool = False
    failure: str = ""
    """Key of the sentence for people (``text.failure.<failure>``)."""
    gate: str = ""
    reason: str = ""
    """The backend's own words, shortened, without secrets."""
    posted: str | None = None
    """The platform's reference of the card message."""
    told: bool = False
    """The member has been shown how it ended."""
    revision: int = 0
    intent_at: float | None = None
    submitted_at: float | None = None
    rolling_at: float | None = None
    filmed_at: float | None = None
    """When the backend said that it was finished."""
    ended_at: float | None = None
    seconds: int | None = None
    """Seconds of clip that were ordered: what quotas in seconds count, known price or not."""
    cost: int | None = None
    """What the backend says that it really cost."""
    place: int | None = None
    """Its place in the backend's own queue, as last told."""
    wanted: str = ""
    """The choice that was asked for, where another one took it."""
    held: str = ""
    """Why it waits although its turn has come: a value of `paperwork.Held`."""
    held_at: float | None = None
    """Since when."""
    stage: str = ""
    """How far its take is on the way to the film, a value of `commands.Stage`; empty: a draft of before there were stages."""
    batch: int = 0
    """So many takes of one idea were filmed together, to be voted on; 0: it was filmed alone."""
    board: str = ""
    """Id of the wish for the storyboard that it was booked with."""
    after: str = ""
    """Id of the job that it waits for, so that its take begins with the last frame of that one's; see `bot.storyboards`."""

    @property
    def choice(self) -> str:
        """What films it: ``backend`` or ``backend/model``."""
        return f"{self.backend}/{self.model}" if self.model else self.backend

    @property
    def spent(self) -> int | None:
        """What it costs as far as is known: as the backend says, else the price if it is `paid`, else nothing."""
        if self.cost is not None:
            return self.cost
        return self.price if self.paid else 0

    @property
    def paid(self) -> bool:
        """It ended, or is about to, with a clip or after filming had begun at the member's wish: its price is spent."""
        if self.state is State.CANCELLED:
            return self.submitted_at is not None
        return self.state in (State.DELIVERING, State.UNDELIVERED, State.DONE)
