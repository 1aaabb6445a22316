"""Several takes of one idea, and which of them is liked best: one vote a member for each shot; the winner can go on from there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.asking import Answer, Ask, Desk, find_take
from bot.errors import NoVoteHere
from bot.film import Take
from bot.ports import Work
from bot.states import Job
from bot.verdicts import Vote


async def vote(desk: Desk, w: Work, ask: Ask, wish: Vote) -> Answer:
    """Everybody who can see the take has a vote, its own member too; voting for another take of the shot moves it."""
    take = await find_take(w, ask, wish.take)
    job = await w.jobs.of_take(take.id)
    if take.clip is None or job is None or not job.batch:
        raise NoVoteHere(take=str(take.slate))
    await w.votes.put(take.shot, ask.member.id, take.id, ask.now)
    return Answer()


async def together(w: Work, job: Job) -> Sequence[Job]:
    """The jobs that were booked together with this one, itself among them, in the order of their numbers."""
    if not job.batch:
        return (job,)
    take = await w.takes.get(job.take)
    takes = await w.takes.of_shot(take.shot) if take else ()
    jobs = await w.jobs.of_takes([each.id for each in takes])
    return [jobs[each.id] for each in takes if jobs[each.id].batch]


async def winner(w: Work, take: Take) -> Take | None:
    """The take of that shot with the most votes, the earliest of several; None before the first vote."""
    return leading(await w.takes.of_shot(take.shot), await w.votes.of_shot(take.shot))


def leading(takes: Sequence[Take], votes: Mapping[str, int]) -> Take | None:
    """Of takes in the order of their numbers the first that has the most votes."""
    voted = [take for take in takes if votes.get(take.id)]
    return max(voted, key=lambda take: votes[take.id], default=None)
