"""Three hundred members on each platform alone: what they wait for, beside the same of a bare bot that only echoes.

The platforms, the video server and Throughline are processes of their own, wired as an operator would wire them: SQLite, real
rate limits, clips of a megabyte and a half that are looked at and fitted as ever. ``chats`` takes a few minutes;
``chats_quick`` is the same with films of 8 s.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from benchmarks.chats_platforms import MEMBERS, NUMBER, Platform, Seen, monotonic, opened
from benchmarks.figures import Figure, at_most, median, percentile
from benchmarks.processes import dialect_server, fresh_home, line_of, python
from tests.media_samples import noisy_clip

FILM, QUICK = 60.0, 8.0
MINUTE: Final = 60.0
LATE: Final = 3.0
"""Seconds after which Discord tells the member that nobody answered."""
PLATFORMS: Final = ("discord", "telegram")
CAPS: Final = "[caps]\ntakes_a_day = 1000\n"


async def measure() -> AsyncIterator[Figure]:
    """Films take a minute."""
    async for figure in _all(FILM):
        yield figure


async def quick() -> AsyncIterator[Figure]:
    """Films take eight seconds."""
    async for figure in _all(QUICK):
        yield figure


async def _all(film: float) -> AsyncIterator[Figure]:
    with fresh_home() as shelf:
        clip = await asyncio.to_thread(noisy_clip, shelf / "clip.mp4", 4, (1280, 720), 3_000_000)
        for name in PLATFORMS:
            async for figure in _of_echo(name, clip):
                yield figure
            async for figure in _of_throughline(name, clip, film):
                yield figure


# ---------------------------------------------------------------- a bare bot


async def _of_echo(name: str, clip: Path) -> AsyncIterator[Figure]:
    for over in (MINUTE, 0.0):
        async with opened(name) as platform, _echo(name, platform, clip):
            seen = await platform.crowd(over)
            await _until(platform, seen, lambda one: one.clip is not None, 45.0)
        echo = f"{platform.name}, a bare bot"
        if over:
            yield _acknowledged(echo, seen, promised=False)
        else:
            yield _served(f"{echo}: {MEMBERS} at once, its clips", platform, seen, _asked(seen), promised=False)


@asynccontextmanager
async def _echo(name: str, platform: Platform, clip: Path) -> AsyncIterator[None]:
    """It hears."""
    async with python("-m", "benchmarks.chats_echo", name, str(clip), own=platform.settings()) as process:
        await line_of(process)
        await platform.ready()
        yield


# ---------------------------------------------------------------- Throughline


async def _of_throughline(name: str, clip: Path, film: float) -> AsyncIterator[Figure]:
    for over in (MINUTE, 0.0):
        with fresh_home() as home:
            async with opened(name) as platform, _throughline(home, platform, clip, film):
                seen = await platform.crowd(over)
                await _until(platform, seen, lambda one: one.clip is not None, over + film + 240.0)
            finished = _finished(home / "orders.jsonl", film)
        ours = platform.name
        if over:
            yield _acknowledged(ours, seen, promised=True)
            yield _behind(ours, seen, finished)
        else:
            yield _cards(f"{ours}: {MEMBERS} at once, their cards", platform, seen)
            yield _served(f"{ours}: {MEMBERS} at once, their clips", platform, seen, finished, promised=True)


@asynccontextmanager
async def _throughline(home: Path, platform: Platform, clip: Path, film: float) -> AsyncIterator[None]:
    """It runs and hears that platform alone."""
    (home / "throughline.toml").write_text(CAPS, "utf-8")
    async with dialect_server(home / "orders.jsonl", film, clip=clip) as server:
        own = {"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_PORT": "0", **platform.settings(), **server.settings()}
        async with python("-m", "adapters", "run", own=own) as process:
            await line_of(process)
            await platform.ready()
            await asyncio.sleep(1.0)  # the command menus are being hung out
            yield


async def _until(platform: Platform, seen: dict[int, Seen], there: Callable[[Seen], bool], within: float) -> None:
    """Look now and then, rarely enough not to be a load; gives up quietly, what is missing shows in the figures."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        await platform.look(seen)
        if all(there(one) for one in seen.values()):
            return
        await asyncio.sleep(3.0)


def _finished(log: Path, film: float) -> dict[int, float]:
    """When the video server had finished each member's film."""
    finished = {}
    for line in log.read_text("utf-8").splitlines():
        order = json.loads(line)
        if found := NUMBER.search(order["fields"]["prompt"]):
            finished[int(found[1])] = monotonic(order["at"] + film)
    return finished


def _asked(seen: Mapping[int, Seen]) -> dict[int, float]:
    return {number: one.asked for number, one in seen.items()}


# ---------------------------------------------------------------- figures


def _acknowledged(who: str, seen: Mapping[int, Seen], *, promised: bool) -> Figure:
    quick = [one.acknowledged * 1000 for one in seen.values() if one.acknowledged is not None]
    late = MEMBERS - sum(each < LATE * 1000 for each in quick)
    name = f"{who}: {MEMBERS} in a minute, acknowledged"
    spread = f" (p50 {median(quick):.0f}, late {late})"
    p99 = percentile(quick, 0.99)
    if not promised:
        return Figure(name, f"{p99:.0f} ms p99{spread}")
    return Figure(name, f"{p99:.0f} ms p99{spread}", "≤ 300 ms, 0", p99 <= 300 and not late)


def _behind(who: str, seen: Mapping[int, Seen], finished: Mapping[int, float]) -> Figure:
    waits = [one.clip - finished[number] for number, one in seen.items() if one.clip is not None and number in finished]
    note = f" (p99 {percentile(waits, 0.99):.1f}; {len(waits)} clips)"
    figure = at_most(f"{who}: clip posted after the backend finished, median", median(waits), 2, "s", note=note)
    return Figure(figure.name, figure.measured, figure.target, bool(figure.met) and len(waits) == MEMBERS)


def _cards(what: str, platform: Platform, seen: Mapping[int, Seen]) -> Figure:
    sent = [one.card for one in seen.values() if one.card is not None]
    begun = min(one.asked for one in seen.values())
    soonest = platform.allowed.soonest([(one.asked, one.place) for one in seen.values()]) - begun
    return _ratio(what, max(sent, default=0.0) - begun, soonest, len(sent), promised=True)


def _served(
    what: str, platform: Platform, seen: Mapping[int, Seen], ready: Mapping[int, float], *, promised: bool
) -> Figure:
    """`ready`: from when on each clip could have been posted."""
    sent = [one.clip for one in seen.values() if one.clip is not None]
    begun = min(ready.values())
    soonest = platform.allowed.soonest([(ready[number], seen[number].place) for number in ready]) - begun
    return _ratio(what, max(sent, default=0.0) - begun, soonest, len(sent), promised=promised)


def _ratio(what: str, took: float, soonest: float, served: int, *, promised: bool) -> Figure:
    measured = f"{took / soonest:.2f} x ({took:.1f} s of {soonest:.1f} s, {served} served)" if served else "none served"
    if not promised:
        return Figure(what, measured)
    return Figure(what, measured, "≤ 1.2 x", took <= 1.2 * soonest and served == MEMBERS)
