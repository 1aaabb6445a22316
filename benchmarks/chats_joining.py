"""How late Throughline's loop is while it joins a film and serves a chat, beside a loop that has nothing to do meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

from adapters import bootstrap, settings
from adapters.media.room import MediaRoom
from benchmarks import chats_platforms
from benchmarks.chats import CAPS
from benchmarks.figures import Figure, at_most, median, percentile
from benchmarks.lag import watched
from benchmarks.processes import dialect_server, fresh_home, line_of, python
from bot import cut as cuts
from bot.cut import Cut, Piece, Transition
from tests.media_samples import noisy_clip

CLIPS: Final = 6
SECONDS: Final = 4
CUT: Final = Cut("", (Piece("", "1A-1", 1, "", "", SECONDS * cuts.RATE, 1280, 720),) * CLIPS, Transition.DISSOLVE)
FILM: Final = 5.0
OVER: Final = 60.0
"""Seconds over which the members ask; the joining takes about as long."""


async def measure() -> AsyncIterator[Figure]:
    """Six clips of 720p, dissolved into each other, while 300 members come within a minute."""
    with fresh_home() as home:
        (home / "throughline.toml").write_text(CAPS, "utf-8")
        clips = [
            await asyncio.to_thread(noisy_clip, home / f"{number}.mp4", SECONDS, (1280, 720), 3_000_000)
            for number in range(CLIPS)
        ]
        async with (
            chats_platforms.opened("discord") as platform,
            dialect_server(home / "orders.jsonl", FILM, clip=clips[0]) as server,
        ):
            own = {"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_PORT": "0"}
            setting = settings.load({**own, **platform.settings(), **server.settings()})
            async with (
                bootstrap.running(setting, bootstrap.roles(setting)),
                python("-m", "benchmarks.lag", own={}) as idle,
            ):
                await platform.ready()
                asking = asyncio.create_task(platform.crowd(OVER))
                begun = time.perf_counter()
                async with watched() as late:
                    await MediaRoom().film(CUT, clips, home / "film.mp4")
                took = time.perf_counter() - begun
                assert idle.stdin is not None
                idle.stdin.write(b"\n")
                bare = float(await line_of(idle))
                asking.cancel()
    note = f" (p50 {median(late) * 1000:.1f}; joined in {took:.0f} s)"
    yield Figure("loop lag p99 of an idle loop beside it", f"{bare:.0f} ms")
    yield at_most("loop lag p99 while a film is joined", percentile(late, 0.99) * 1000, 50, "ms", digits=0, note=note)
