"""Twenty takes of five members at once, and SIGKILL whenever it pleases the dice; the seed is printed, and can be given.

``THROUGHLINE_CHAOS_SEED=7 THROUGHLINE_CHAOS_KILLS=30 pytest tests/chaos/test_sigkill_at_random.py -s``
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.commands import Generate
from bot.film import new_id
from tests.chaos.chat import CLIP
from tests.chaos.conftest import NewDatabase
from tests.chaos.server import TooLate, video_server
from tests.chaos.stage import Asked, Throughline, throughline, until

pytestmark = pytest.mark.slow

JOBS, MEMBERS = 20, 5
LIVES = (0.2, 2.0)
"""Seconds that a process lives, from the moment it is ready; one in four is killed while it still starts."""


@dataclass(frozen=True)
class Count:
    """What became of all takes."""

    jobs: int
    kills: int
    lost: int
    submitted_twice: int
    posted_twice: int
    parked: int
    posted_again: int
    """Clips whose post was repeated by a later process and recognised by the chat."""


def many() -> list[Asked]:
    """All wishes."""
    shots = [(f"chat:member-{number % MEMBERS}", f"a paper boat in the rain, {new_id()}") for number in range(JOBS)]
    return [Asked.for_(Generate(prompt=words, seconds=1, carry=False), member, words) for member, words in shots]


async def dies_now_and_then(home: Throughline, dice: random.Random, kills: int) -> None:
    """Start it and kill it, so many times."""
    for _ in range(kills):
        starting = dice.random() < 0.25
        await home.starts(wait=not starting)
        await asyncio.sleep(dice.uniform(*LIVES))
        await home.killed()


def counted(home: Throughline, wishes: list[Asked]) -> Count:
    """Look at the server, the chat and the database."""
    states = {wish.id: job for wish in wishes if (job := home.job(wish))}
    clips = [CLIP + job.take for job in states.values()]
    return Count(
        jobs=len(wishes),
        kills=home.kills,
        lost=sum(wish.id not in states or states[wish.id].state != "done" for wish in wishes),
        submitted_twice=sum(home.server.accepted(wish.words) > 1 for wish in wishes),
        posted_twice=sum(len(home.chat.of(nonce)) > 1 for nonce in clips),
        parked=sum(job.state in ("ambiguous", "undelivered") for job in states.values()),
        posted_again=sum(len(home.chat.asked(nonce)) > 1 for nonce in clips),
    )


async def test_twenty_takes_survive_sigkill_at_random(tmp_path: Path, databases: NewDatabase) -> None:
    seed = int(os.environ.get("THROUGHLINE_CHAOS_SEED") or random.randrange(10_000))
    kills = int(os.environ.get("THROUGHLINE_CHAOS_KILLS") or 8)
    sys.stdout.write(f"\nseed {seed}\n")
    wishes = many()
    folder = tmp_path / "house"
    folder.mkdir()
    with video_server(folder, film_seconds=1.5) as server:
        async with throughline(folder, databases(folder), server, memory=None) as home:
            home.asked = wishes
            await dies_now_and_then(home, random.Random(seed), kills)
            await home.starts()
            with suppress(TooLate):  # what is still open then counts as lost
                await until(lambda: all(home.settled(wish, "done", "ambiguous") for wish in wishes), "all end")
            count = counted(home, wishes)
            sys.stdout.write(f"{count}\n")
            assert (count.lost, count.submitted_twice, count.posted_twice) == (0, 0, 0), f"seed {seed}: {count}"
            assert [home.server.accepted(wish.words) for wish in wishes] == [1] * JOBS
            assert all(home.money(wish) == ["reserve", "settle"] for wish in wishes)
            assert home.counts() == (JOBS, JOBS, JOBS)
            assert not reposted_by_one_process(home)
            assert len(home.scratch) <= 3 * MEMBERS


def reposted_by_one_process(home: Throughline) -> list[tuple[str, str]]:
    """The chat remembers everything here, but that excuses only processes that died between posting and committing."""
    clips = Counter((post.process, post.nonce) for post in home.chat.posts if post.nonce.startswith(CLIP))
    return [who for who, times in clips.items() if times > 1]
