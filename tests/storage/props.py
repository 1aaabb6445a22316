"""Things to store: members, productions, shots, takes and jobs with nothing special about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.brief import Brief, Part, PartName
from bot.continuity import Facts
from bot.film import Clip, Production, Shot, Slate, Take
from bot.people import Address
from bot.ports import Work, WorkFactory
from bot.states import Job, State

ADA, BO = "web:ada", "discord:80351110224678912"
STUDIO = "web/studio"
HERE = Address("web", "studio", member=ADA)
FOX = "A fox crosses a snowy forest."
CLIP = Clip("ab" * 32, "video/mp4", 1_234_567, 4.2, 1280, 720, poster="cd" * 32)


def production(name: str = "film", member: str = ADA, place: str = STUDIO, opened_at: float = 1.0) -> Production:
    return Production(name, member, place, "Winter", opened_at)


def shot(name: str = "shot", film: str = "film", scene: int = 1, number: int = 0, created_at: float = 1.0) -> Shot:
    return Shot(name, film, scene, number, FOX, Facts(subject="a fox", known=("a fox",)), created_at)


def take(name: str = "take", of: str = "shot", number: int = 1, **more: Any) -> Take:
    slate = more.pop("slate", Slate(1, 0, number))
    return replace(Take(name, of, slate, Brief((Part(PartName.WORDS, FOX),)), ADA, STUDIO), **more)


def job(name: str = "job", of: str = "take", **more: Any) -> Job:
    return replace(Job(name, of, ADA, HERE, State.RESERVED, "animatic", created_at=1.0), **more)


async def one_shot(w: Work) -> None:
    """A production with one shot."""
    await w.productions.add(production())
    await w.productions.add_shot(shot())


async def jobs(work: WorkFactory, *wanted: Job) -> None:
    """These jobs, with a take each of one shot (`Job.take` is ignored)."""
    async with work() as w:
        if await w.productions.get("film") is None:
            await one_shot(w)
        before = len(await w.takes.of_shot("shot"))
        for number, each in enumerate(wanted, start=before + 1):
            await w.takes.add(take(f"take of {each.id}", number=number))
            await w.jobs.add(replace(each, take=f"take of {each.id}"))
