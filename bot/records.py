"""What storage keeps, table by table: the repositories of one transaction (`ports.Work`). `storage` implements them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.brief import Brief
from bot.cards import Card
from bot.cast import CastMember
from bot.film import Clip, Film, Production, Shot, Take
from bot.levels import Level, SharedSpine
from bot.paperwork import Post, Wish
from bot.session import Session
from bot.spine import Spine
from bot.states import Job, State


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

    async def set_spine(self, member: str, spine: Spine, at: float = 0.0) -> None:
        """The member's own one, in all places; the same as `Spines.put` at their own level."""


class Spines(Protocol):
    """Spines by level and holder (`levels.holder_of`), each with a version that grows with every change."""

    async def get(self, level: Level, holder: str) -> SharedSpine:
        """An empty one, version 0, if there is none yet."""

    async def put(self, level: Level, holder: str, spine: Spine, by: str, at: float) -> None: ...


class Troupe(Protocol):
    """Cast members by holder, with every version of each."""

    async def of(self, holder: str) -> Sequence[CastMember]:
        """Those that stand, in their newest version, by name."""

    async def proposed(self, holder: str) -> Sequence[CastMember]:
        """Those that wait for a moderator's word, oldest first."""

    async def get(self, cast_id: str, version: int | None = None) -> CastMember | None:
        """The newest version, or that one, of whoever it is, standing or not."""

    async def versions(self, cast_id: str) -> Sequence[CastMember]:
        """Every version, newest first."""

    async def save(self, who: CastMember) -> None:
        """Keep it as its newest version; a version that is there already is replaced.

        Two that stand with one name at one holder break a rule of the tables.
        """


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

    async def arrange(self, production_id: str, shots: Sequence[str]) -> None:
        """Ids of its shots in the order of the film."""


class Takes(Protocol):
    """Takes with their frozen briefs and clips."""

    async def add(self, take: Take) -> None: ...

    async def get(self, take_id: str) -> Take | None: ...

    async def of_shot(self, shot_id: str) -> Sequence[Take]:
        """In the order of their numbers."""

    async def of_production(self, production_id: str) -> Sequence[Take]:
        """In the order scene, shot, take."""

    async def made_from(self, take_ids: Collection[str], limit: int = 500) -> Sequence[Take]:
        """Takes that remix, repeat or extend these, in whatever production or place; oldest first."""

    async def newest(self, member: str, place: str, limit: int = 25, *, done_only: bool = False) -> Sequence[Take]:
        """The member's takes in that place, newest first."""

    async def set_clip(self, take_id: str, clip: Clip) -> None: ...

    async def set_brief(self, take_id: str, brief: Brief) -> None:
        """What it begins with is known now (`bot.succession`): only before anything of it was sent."""

    async def circle(self, take_id: str, circled: bool) -> None: ...

    async def count_since(self, member: str, since: float) -> int: ...


class Films(Protocol):
    """Films with their cuts, and the clips that came of them."""

    async def add(self, film: Film) -> None: ...

    async def get(self, film_id: str) -> Film | None: ...

    async def latest(self, production_id: str) -> Film | None:
        """The one that was made last."""

    async def of(self, production_id: str, limit: int = 20) -> Sequence[Film]:
        """Newest first."""

    async def set_clip(self, film_id: str, clip: Clip) -> None: ...

    async def set_posted(self, film_id: str, posted: str) -> None: ...


class Measured(Protocol):
    """What was measured of clips: kept by what is in the clip, and by the edition of the measuring."""

    async def get(self, clips: Collection[str], edition: int) -> Mapping[str, Mapping[str, Any]]:
        """By digest; clips that were not measured are not in it."""

    async def put(self, clip: str, edition: int, found: Mapping[str, Any]) -> None:
        """Keep it, or keep what is there: the same clip measures the same."""


class Votes(Protocol):
    """Which take of a shot its members like best: one vote a member for each shot."""

    async def put(self, shot: str, member: str, take: str, at: float) -> None:
        """The member's vote is for that take of the shot now, wherever it was before."""

    async def of_shot(self, shot: str) -> Mapping[str, int]:
        """Votes by take; takes without any are not in it."""


class Jobs(Protocol):
    """Jobs; every change of state is a compare-and-set, every change raises `revision`."""

    async def add(self, job: Job) -> None: ...

    async def get(self, job_id: str) -> Job | None: ...

    async def of_take(self, take_id: str) -> Job | None: ...

    async def of_takes(self, take_ids: Collection[str]) -> Mapping[str, Job]: ...

    async def of_board(self, board: str) -> Sequence[Job]:
        """Those that were booked with that storyboard, in its order."""

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


@dataclass(frozen=True)
class Spent:
    """Money in micro-dollars, and seconds of clip of what was not free."""

    micros: int = 0
    seconds: int = 0


class Ledger(Protocol):
    """Money: append-only, in micro-dollars, one entry of each kind per job at most."""

    async def reserve(
        self, job: str, member: str, micros: int, at: float, *, place: str = "", seconds: int = 0
    ) -> None:
        """Hold that much back, and so many seconds of clip; `place`: where (``platform/server``)."""

    async def settle(self, job: str, micros: int, at: float) -> bool:
        """Book what it really cost; False if it was settled or released before."""

    async def release(self, job: str, at: float) -> bool:
        """Give the reservation back; False if it was settled or released before."""

    async def spent(self, since: float, *, member: str | None = None, place: str | None = None) -> Spent:
        """Settled plus still reserved in entries made at or after `since`: a member's, a place's, or (None) everybody's."""


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
