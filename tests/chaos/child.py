"""A Throughline to be killed: the real house with knives in it, told what to do by lines of JSON on stdin.

``python -m tests.chaos.child CHAT_URL``; settings as always from the environment. It imports everything, and opens nothing
before the first line. ``{"cut": place}`` names the place where it dies next, ``{"wish": {…}}`` is a member's wish. It answers
with ``{"ready": true}``, ``{"passed": place}`` and ``{"stored": wish}``: the platform's acknowledgement, after which the wish is
not sent again. Ends with stdin.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from typing import Any

import dbos  # noqa: F401  (the engine imports it when it starts, which would be after the first line)

from adapters import logs, settings
from adapters.bootstrap import House, build, migrate_up, working
from adapters.engine.dbos_engine import DbosEngine
from adapters.home import lock_home, open_home
from adapters.video.openai_videos import OpenAIVideos
from adapters.video.registry import Registry
from adapters.video.wrapped import innermost
from bot.delivery import Delivery
from bot.fitting import Fitter
from bot.jobs import Driver
from bot.paperwork import Wish
from bot.people import Address, Member
from bot.ports import Poster
from bot.studio import Studio
from bot.sweep import Sweep
from tests.chaos.chat import ChatPoster
from tests.chaos.knife import HastyClock, Knife, SharpBackend, SharpClips, SharpPoster, marked


def say(**news: Any) -> None:
    """One line for the test; it is out before anything else happens."""
    sys.stdout.write(json.dumps(news) + "\n")
    sys.stdout.flush()


def sharpened(house: House, knife: Knife, chat: str) -> House:
    """The same house behind the wrappers. The engine is made anew with shorter times, its kind and database are the house's."""
    clock = HastyClock()
    caps = house.settings.caps
    engine = DbosEngine(house.settings.database_url, rolling_per_member=caps.rolling, poll=0.1, gone_after=0.6)
    work = marked(house.database.work_factory(engine.enqueue), knife)
    clips = SharpClips(house.clips, knife)
    dialect = innermost(house.backends.get("openai_videos"))
    assert isinstance(dialect, OpenAIVideos)
    sharp = {**house.backends.backends, dialect.name: SharpBackend(dialect, knife)}
    backends = Registry(sharp, house.backends.default, house.backends.embedded)
    posters: dict[str, Poster] = {"chat": SharpPoster(ChatPoster(chat), knife)}
    delivery = Delivery(work, clips, posters, clock, Fitter(clips, house.gate))
    studio = Studio(work, backends, delivery, posters, clock, house.desk)
    return replace(
        house,
        work=work,
        clips=clips,
        backends=backends,
        engine=engine,
        delivery=delivery,
        studio=studio,
        driver=Driver(work, backends, clips, house.gate, delivery, clock),
        sweep=Sweep(work, engine, studio, delivery, clock),
        clock=clock,
    )


async def take(house: House, said: dict[str, Any]) -> None:
    """What a platform's adapter does with a message: store it, acknowledge it, take it up."""
    address = Address("chat", "set", member=said["member"])
    wish = Wish(said["id"], Member(said["member"]), address, said["command"], house.clock.now())
    async with house.work() as w:
        new = await w.wishes.add(wish)
    say(stored=wish.id)
    if new:
        await house.studio.take_up(wish.id)


async def listen(house: House, knife: Knife) -> None:
    """Until stdin ends."""
    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    taken: set[asyncio.Task[None]] = set()
    say(ready=True)
    async for line in lines:
        said = json.loads(line)
        if "cut" in said:
            knife.at = said["cut"]
        if "wish" in said:
            task = asyncio.create_task(take(house, said["wish"]))
            taken.add(task)
            task.add_done_callback(taken.discard)


async def main(cut: str | None) -> None:
    """Open the house and work in it."""
    setting = settings.load()
    logs.set_up(setting.log_level)
    open_home(setting)
    lock = lock_home(setting)
    await migrate_up(setting)
    knife = Knife(lambda place: say(passed=place), cut)
    house = sharpened(build(setting), knife, sys.argv[1])
    try:
        async with working(house):
            await listen(house, knife)
    finally:
        await house.database.close()
        if lock is not None:
            lock.close()


if __name__ == "__main__":
    with open(0, "rb", buffering=0, closefd=False) as first:  # unbuffered: the lines after it are the loop's to read
        begin = first.readline()
    if begin:
        asyncio.run(main(json.loads(begin)["cut"]))
