"""The repositories of the storage in memory, all on the same `Rows`. See `tests.fakes.storage`."""

from __future__ import annotations

import copy
import json
import re
import statistics
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from bot.brief import Brief
from bot.cards import Card
from bot.cast import CastMember
from bot.film import Clip, Film, Production, Shot, Take
from bot.levels import Level, SharedSpine
from bot.paperwork import Post, Taken, Ticket, Wish
from bot.session import Session
from bot.states import ENDS, Job, State

T = TypeVar("T")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Broken(Exception):
    """A key used twice, or a reference to a row that is not there."""


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    kind: str
    member: str
    micros: int
    at: float
    place: str = ""
    seconds: int = 0


@dataclass
class Rows:
    """Everything that is stored. The values are frozen, so that a shallow copy is a snapshot."""

    wishes: dict[str, Wish] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    spines: dict[tuple[Level, str], SharedSpine] = field(default_factory=dict)
    cast: dict[tuple[str, int], CastMember] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    productions: dict[str, Production] = field(default_factory=dict)
    shots: dict[str, Shot] = field(default_factory=dict)
    takes: dict[str, Take] = field(default_factory=dict)
    films: dict[str, Film] = field(default_factory=dict)
    measures: dict[tuple[str, int], Mapping[str, Any]] = field(default_factory=dict)
    votes: dict[tuple[str, str], str] = field(default_factory=dict)
    """By shot and member."""
    jobs: dict[str, Job] = field(default_factory=dict)
    opened: dict[str, Entry] = field(default_factory=dict)
    closed: dict[str, Entry] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)
    cursor: int = 0
    enqueued: list[Ticket] = field(default_factory=list)

    def snapshot(self) -> Rows:
        """A copy that may change on its own."""
        return Rows(**{each.name: copy.copy(getattr(self, each.name)) for each in fields(self)})


class FakeWishes:
    """Stored wishes."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, wish: Wish) -> bool:
        if wish.id in self._rows.wishes:
            return False
        self._rows.wishes[wish.id] = replace(wish, command=json.loads(json.dumps(wish.command)))
        return True

    async def get(self, wish_id: str) -> Wish | None:
        return self._rows.wishes.get(wish_id)

    async def handled(self, wish_id: str, answer: Card, job: str | None) -> bool:
        wish = self._rows.wishes.get(wish_id)
        if wish is None or wish.handled:
            return False
        if job is not None:
            there(self._rows.jobs, job)
        self._rows.wishes[wish_id] = replace(wish, handled=True, answer=answer, job=job)
        return True

    async def answered(self, wish_id: str) -> None:
        wish = self._rows.wishes.get(wish_id)
        if wish is not None and wish.handled:
            self._rows.answered.add(wish_id)
            self._rows.wishes[wish_id] = replace(wish, address=replace(wish.address, hook=""))

    async def amend(self, wish_id: str, command: Mapping[str, Any]) -> None:
        wish = self._rows.wishes.get(wish_id)
        if wish is not None and not wish.handled:
            self._rows.wishes[wish_id] = replace(wish, command=json.loads(json.dumps(command)))

    async def shoot(self, wish_id: str, job: str) -> bool:
        wish = self._rows.wishes.get(wish_id)
        if wish is None or not wish.handled or wish.job is not None:
            return False
        there(self._rows.jobs, job)
        self._rows.wishes[wish_id] = replace(wish, job=job)
        return True

    async def open(self, limit: int = 1000) -> Sequence[Wish]:
        waiting = [wish for wish in self._rows.wishes.values() if wish.id not in self._rows.answered]
        return sorted(waiting, key=lambda wish: (wish.at, wish.id))[:limit]


class FakeProductions:
    """Productions with their shots."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, production: Production) -> None:
        put(self._rows.productions, production.id, production)

    async def get(self, production_id: str) -> Production | None:
        return self._rows.productions.get(production_id)

    async def of(self, member: str, place: str) -> Sequence[Production]:
        mine = [each for each in self._rows.productions.values() if (each.member, each.place) == (member, place)]
        return sorted(mine, key=lambda each: (each.opened_at, each.id), reverse=True)

    async def add_shot(self, shot: Shot) -> None:
        there(self._rows.productions, shot.production)
        place = (shot.production, shot.scene, shot.number)
        if any((each.production, each.scene, each.number) == place for each in self._rows.shots.values()):
            raise Broken(f"shot {place} is there already")
        put(self._rows.shots, shot.id, shot)

    async def save_shot(self, shot: Shot) -> None:
        known = self._rows.shots[shot.id]
        self._rows.shots[shot.id] = replace(known, facts=shot.facts)

    async def shot(self, shot_id: str) -> Shot | None:
        return self._rows.shots.get(shot_id)

    async def shots(self, production_id: str) -> Sequence[Shot]:
        found = [shot for shot in self._rows.shots.values() if shot.production == production_id]
        return sorted(found, key=lambda shot: (shot.scene, shot.number))

    async def last_shot(self, production_id: str) -> Shot | None:
        found = await self.shots(production_id)
        return max(found, key=lambda shot: (shot.scene, shot.number), default=None)

    async def arrange(self, production_id: str, shots: Sequence[str]) -> None:
        self._rows.productions[production_id] = replace(self._rows.productions[production_id], arranged=tuple(shots))


class FakeTakes:
    """Takes with their frozen briefs and clips."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, take: Take) -> None:
        there(self._rows.shots, take.shot)
        if any((each.shot, each.slate.take) == (take.shot, take.slate.take) for each in self._rows.takes.values()):
            raise Broken(f"take {take.slate} is there already")
        put(self._rows.takes, take.id, take)

    async def get(self, take_id: str) -> Take | None:
        return self._rows.takes.get(take_id)

    async def of_shot(self, shot_id: str) -> Sequence[Take]:
        return self._where(lambda take: take.shot == shot_id)

    async def of_production(self, production_id: str) -> Sequence[Take]:
        return self._where(lambda take: self._rows.shots[take.shot].production == production_id)

    async def made_from(self, take_ids: Collection[str], limit: int = 500) -> Sequence[Take]:
        found = [take for take in self._rows.takes.values() if take.made_from in take_ids]
        return sorted(found, key=lambda take: (take.created_at, take.id))[:limit]

    async def newest(self, member: str, place: str, limit: int = 25, *, done_only: bool = False) -> Sequence[Take]:
        mine = [
            take
            for take in self._rows.takes.values()
            if (take.member, take.place) == (member, place) and (take.clip is not None or not done_only)
        ]
        return sorted(mine, key=lambda take: (take.created_at, take.id), reverse=True)[:limit]

    async def set_brief(self, take_id: str, brief: Brief) -> None:
        self._rows.takes[take_id] = replace(self._rows.takes[take_id], brief=brief)

    async def set_clip(self, take_id: str, clip: Clip) -> None:
        self._rows.takes[take_id] = replace(self._rows.takes[take_id], clip=clip)

    async def circle(self, take_id: str, circled: bool) -> None:
        self._rows.takes[take_id] = self._rows.takes[take_id].circle(circled)

    async def count_since(self, member: str, since: float) -> int:
        return sum(take.member == member and take.created_at >= since for take in self._rows.takes.values())

    def _where(self, wanted: Callable[[Take], bool]) -> Sequence[Take]:
        return sorted(filter(wanted, self._rows.takes.values()), key=lambda take: take.slate)


class FakeVotes:
    """One vote a member for each shot."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, shot: str, member: str, take: str, at: float) -> None:
        there(self._rows.shots, shot)
        there(self._rows.takes, take)
        self._rows.votes[shot, member] = take

    async def of_shot(self, shot: str) -> Mapping[str, int]:
        return dict(Counter(take for (of, _), take in self._rows.votes.items() if of == shot))


class FakeJobs:
    """Jobs; every change is a compare-and-set."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, job: Job) -> None:
        there(self._rows.takes, job.take)
        if await self.of_take(job.take) is not None:
            raise Broken(f"take {job.take} has a job already")
        put(self._rows.jobs, job.id, job)

    async def get(self, job_id: str) -> Job | None:
        return self._rows.jobs.get(job_id)

    async def of_take(self, take_id: str) -> Job | None:
        return (await self.of_takes([take_id])).get(take_id)

    async def of_board(self, board: str) -> Sequence[Job]:
        mine = [job for job in self._rows.jobs.values() if board and job.board == board]
        return sorted(mine, key=lambda job: (job.created_at, job.id))

    async def of_takes(self, take_ids: Collection[str]) -> Mapping[str, Job]:
        return {job.take: job for job in self._rows.jobs.values() if job.take in take_ids}

    async def move(self, job_id: str, source: State | Collection[State], target: State, **changes: Any) -> Job | None:
        sources = {source} if isinstance(source, State) else set(source)
        return self._change(job_id, lambda job: job.state in sources, state=target, **changes)

    async def note(self, job_id: str, state: State, **changes: Any) -> Job | None:
        return self._change(job_id, lambda job: job.state == state, **changes)

    async def ask_cancel(self, job_id: str) -> Job | None:
        return self._change(job_id, lambda job: not job.state.ended, cancel_asked=True)

    async def cancels(self, job_ids: Collection[str]) -> frozenset[str]:
        return frozenset(job.id for job in self._rows.jobs.values() if job.id in job_ids and job.cancel_asked)

    async def reopen(self, job_id: str, run: int) -> Job | None:
        return self._change(job_id, lambda job: job.run == run and not job.state.ended, run=run + 1)

    async def open(self, states: Collection[State]) -> Sequence[Job]:
        return _oldest(job for job in self._rows.jobs.values() if job.state in states)

    async def untold(self, limit: int = 1000) -> Sequence[Job]:
        return [job for job in await self.open(ENDS - {State.DONE}) if not job.told][:limit]

    async def owner(self, backend: str, remote_id: str) -> str | None:
        owners = (job.id for job in self._rows.jobs.values() if (job.backend, job.remote_id) == (backend, remote_id))
        return next(owners, None)

    async def count(self, states: Collection[State], member: str | None = None) -> int:
        return sum(member in (None, job.member) for job in await self.open(states))

    async def ahead(self, job: Job) -> tuple[int, int]:
        before = [
            each.member
            for each in await self.open({State.RESERVED})
            if (each.created_at, each.id) < (job.created_at, job.id)
        ]
        return before.count(job.member), len(before) - before.count(job.member)

    async def of_member(self, member: str, states: Collection[State]) -> Sequence[Job]:
        return [job for job in await self.open(states) if job.member == member]

    async def usual_seconds(self, backend: str, model: str | None, seconds: int | None = None) -> float | None:
        times = sorted(
            (
                (job.filmed_at, job.filmed_at - job.submitted_at, job.seconds or 0)
                for job in await self.open({State.DONE})
                if (job.backend, job.model) == (backend, model)
                if job.filmed_at is not None and job.submitted_at is not None
            ),
            reverse=True,
        )
        last = [(took, length) for _, took, length in times[:20]]
        as_long = [took for took, length in last if seconds and length == seconds]
        shares = [took / length * seconds for took, length in last if seconds and length]
        found = as_long or shares or [took for took, _ in last]
        return statistics.median(found) if found else None

    def _change(self, job_id: str, wanted: Callable[[Job], bool], /, **changes: Any) -> Job | None:
        job = self._rows.jobs.get(job_id)
        if job is None or not wanted(job):
            return None
        changed = replace(job, revision=job.revision + 1, **changes)
        changed = replace(changed, reason=_UNSTORABLE.sub("\ufffd", changed.reason))
        if changed.remote_id is not None and self._owned_by_another(changed):
            raise Taken(f"{changed.backend} {changed.remote_id}")
        if changed.told or changed.state is State.DONE or (changed.posted and not changed.address.guest):
            changed = replace(changed, address=replace(changed.address, hook=""))
        self._rows.jobs[job_id] = changed
        return changed

    def _owned_by_another(self, job: Job) -> bool:
        mine = (job.backend, job.remote_id)
        return any((each.backend, each.remote_id) == mine and each.id != job.id for each in self._rows.jobs.values())


class FakePosts:
    """The studio's chat."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, place: str, key: str, card: Card, at: float) -> Post:
        known = self._rows.posts.get((place, key))
        if known is not None and known.card.revision > card.revision:
            return known
        self._rows.cursor += 1
        post = Post(place, key, card, self._rows.cursor, known.at if known else at)
        self._rows.posts[place, key] = post
        return post

    async def changed(self, place: str, after: int, limit: int = 200) -> Sequence[Post]:
        found = [post for post in self._rows.posts.values() if post.place == place and post.cursor > after]
        return sorted(found, key=lambda post: post.cursor)[:limit]

    async def latest(self, place: str, limit: int = 50, before: float | None = None) -> Sequence[Post]:
        posts = [post for post in self._rows.posts.values() if post.place == place]
        found = [post for post in posts if before is None or post.at < before]
        return sorted(found, key=lambda post: post.at)[-limit:]


class FakeMessages:
    """What replies mean, by reference."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, reference: str, action: str, at: float) -> None:
        self._rows.messages[reference] = action

    async def action(self, reference: str) -> str | None:
        return self._rows.messages.get(reference)


def _oldest(jobs: Iterable[Job]) -> Sequence[Job]:
    return sorted(jobs, key=lambda job: (job.created_at, job.id))


def put(rows: dict[str, T], key: str, row: T) -> None:
    if key in rows:
        raise Broken(f"{key} is there already")
    rows[key] = row


def there(rows: Mapping[str, object], key: str) -> None:
    if key not in rows:
        raise Broken(f"{key} is not there")
