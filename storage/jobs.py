"""Jobs: every change is one compare-and-set on the row, and raises its revision. Implements `ports.Jobs`."""

from __future__ import annotations

import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.paperwork import Taken
from bot.people import Address
from bot.states import ENDS, Job, State
from storage.tables import jobs

_CHANGEABLE = {each.name for each in fields(Job)} - {"id", "state", "revision"}
_OLDEST = (jobs.c.created_at, jobs.c.id)
MEASURED = 20
"""How many of the last finished jobs tell how long one usually takes."""


FEW = 20
"""So many job ids are asked for by name."""


class SqlJobs:
    """Jobs in the transaction of `connection`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, job: Job) -> None:
        """Store a new one; its take has to be there, and has one job at most."""
        row = {**vars(job), "address": asdict(job.address), "state": job.state.value}
        await self._connection.execute(sa.insert(jobs).values(row))

    async def get(self, job_id: str) -> Job | None:
        """The job of that id."""
        return await self._one(sa.select(jobs).where(jobs.c.id == job_id))

    async def of_take(self, take_id: str) -> Job | None:
        """The job of that take."""
        return await self._one(sa.select(jobs).where(jobs.c.take == take_id))

    async def of_takes(self, take_ids: Collection[str]) -> Mapping[str, Job]:
        """The jobs of those takes, by take."""
        return {job.take: job for job in await self._all(sa.select(jobs).where(jobs.c.take.in_(take_ids)))}

    async def of_board(self, board: str) -> Sequence[Job]:
        """Those that were booked with that storyboard, in its order."""
        if not board:
            return ()
        return await self._all(sa.select(jobs).where(jobs.c.board == board).order_by(*_OLDEST))

    async def move(self, job_id: str, source: State | Collection[State], target: State, **changes: Any) -> Job | None:
        """Compare-and-set from `source` to `target` with more columns; the new row, or None if it was not there.

        Raises `Taken` for a `remote_id` of another job; the transaction goes on.
        """
        sources = [source] if isinstance(source, State) else source
        change = self._change(jobs.c.id == job_id, jobs.c.state.in_(_names(sources)), state=target.value, **changes)
        if changes.get("remote_id") is None:
            return await change
        try:
            async with self._connection.begin_nested():
                return await change
        except IntegrityError as error:
            raise Taken(changes["remote_id"]) from error

    async def note(self, job_id: str, state: State, **changes: Any) -> Job | None:
        """Change columns while it stands in `state`; None if it has moved on."""
        return await self._change(jobs.c.id == job_id, jobs.c.state == state.value, **changes)

    async def ask_cancel(self, job_id: str) -> Job | None:
        """Raise the flag on a job that has not ended."""
        return await self._change(jobs.c.id == job_id, _not_ended(), cancel_asked=True)

    async def cancels(self, job_ids: Collection[str]) -> frozenset[str]:
        """Those among them whose flag is raised."""
        if len(job_ids) <= FEW:
            raised = sa.select(jobs.c.id).where(jobs.c.id.in_(job_ids), jobs.c.cancel_asked)
        else:  # a thousand parameters every other second cost more than the few flags there are
            raised = sa.select(jobs.c.id).where(jobs.c.cancel_asked, _not_ended())
        return frozenset((await self._connection.scalars(raised)).all()) & frozenset(job_ids)

    async def reopen(self, job_id: str, run: int) -> Job | None:
        """Raise the run number from `run` to `run + 1` on a job that has not ended; None if somebody else did."""
        return await self._change(jobs.c.id == job_id, jobs.c.run == run, _not_ended(), run=run + 1)

    async def open(self, states: Collection[State]) -> Sequence[Job]:
        """All jobs in these states, oldest first."""
        return await self._all(sa.select(jobs).where(jobs.c.state.in_(_names(states))).order_by(*_OLDEST))

    async def untold(self, limit: int = 1000) -> Sequence[Job]:
        """Ended in another way than done, and the member has not been shown it; oldest first."""
        ends = _names(ENDS - {State.DONE})
        query = sa.select(jobs).where(jobs.c.told.is_(False), jobs.c.state.in_(ends))
        return await self._all(query.order_by(*_OLDEST).limit(limit))

    async def owner(self, backend: str, remote_id: str) -> str | None:
        """Id of the job that owns this remote id."""
        query = sa.select(jobs.c.id).where(jobs.c.backend == backend, jobs.c.remote_id == remote_id)
        return await self._connection.scalar(query)

    async def count(self, states: Collection[State], member: str | None = None) -> int:
        """How many jobs are in these states, of everybody or of one member."""
        query = sa.select(sa.func.count()).where(jobs.c.state.in_(_names(states)))
        if member is not None:
            query = query.where(jobs.c.member == member)
        return (await self._connection.execute(query)).scalar_one()

    async def ahead(self, job: Job) -> tuple[int, int]:
        """Reserved jobs made before this one: (of the same member, of other members)."""
        same, other = jobs.c.member == job.member, jobs.c.member != job.member
        earlier = sa.tuple_(*_OLDEST) < sa.tuple_(sa.literal(job.created_at), sa.literal(job.id))
        query = sa.select(sa.func.count().filter(same), sa.func.count().filter(other))
        row = (await self._connection.execute(query.where(jobs.c.state == State.RESERVED.value, earlier))).one()
        return row[0], row[1]

    async def of_member(self, member: str, states: Collection[State]) -> Sequence[Job]:
        """Oldest first."""
        query = sa.select(jobs).where(jobs.c.member == member, jobs.c.state.in_(_names(states)))
        return await self._all(query.order_by(*_OLDEST))

    async def usual_seconds(self, backend: str, model: str | None, seconds: int | None = None) -> float | None:
        """Median time from submission to the end of filming over the last finished jobs; None if there is none.

        `seconds`: by those that were as long, else by the time that one second of clip took, else by all.
        """
        took = (jobs.c.filmed_at - jobs.c.submitted_at).label("took")
        done = (jobs.c.backend == backend, jobs.c.model.is_not_distinct_from(model), jobs.c.state == State.DONE.value)
        query = sa.select(took, jobs.c.seconds).where(*done, took.is_not(None))
        rows = await self._connection.execute(query.order_by(jobs.c.filmed_at.desc()).limit(MEASURED))
        last = [(row.took, row.seconds) for row in rows]
        as_long = [took for took, length in last if seconds and length == seconds]
        shares = [took / length * seconds for took, length in last if seconds and length]
        found = as_long or shares or [took for took, _ in last]
        return statistics.median(found) if found else None

    async def _change(self, *where: sa.ColumnElement[bool], state: str | None = None, **changes: Any) -> Job | None:
        if unknown := changes.keys() - _CHANGEABLE:
            raise TypeError(f"a job has no {sorted(unknown)} to change")
        if "address" in changes:
            changes["address"] = asdict(changes["address"])
        if state is not None:
            changes["state"] = state
        statement = sa.update(jobs).where(*where).values(revision=jobs.c.revision + 1, **changes)
        job = await self._one(statement.returning(jobs))
        return await self._forget_hook(job) if job and job.address.hook and _hook_served(job) else job

    async def _forget_hook(self, job: Job) -> Job:
        address = replace(job.address, hook="")
        await self._connection.execute(sa.update(jobs).where(jobs.c.id == job.id).values(address=asdict(address)))
        return replace(job, address=address)

    async def _one(self, statement: sa.Executable) -> Job | None:
        row = (await self._connection.execute(statement)).one_or_none()
        return _job(row) if row else None

    async def _all(self, query: sa.Select[Any]) -> list[Job]:
        return [_job(row) for row in await self._connection.execute(query)]


def _job(row: sa.Row[Any]) -> Job:
    return Job(**{**row._mapping, "address": Address(**row.address), "state": State(row.state)})


def _hook_served(job: Job) -> bool:
    """A hook is kept until the card stands; in a guest place, where nothing else leads back, until all has been told."""
    return job.told or job.state is State.DONE or (job.posted is not None and not job.address.guest)


def _names(states: Collection[State]) -> list[str]:
    return [state.value for state in states]


def _not_ended() -> sa.ColumnElement[bool]:
    return jobs.c.state.not_in(_names(ENDS))
