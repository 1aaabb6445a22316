"""How fast the embedded backends draw: clips of 6 seconds at 1280 x 720, from the order to the finished file."""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, Final

from adapters.media.gate import WORKER
from adapters.media.room import MediaRoom
from adapters.video.animatic import Animatic
from adapters.video.animatic.backend import spec_of
from adapters.video.animatic.render import render
from adapters.video.colour_bars import ColourBars
from adapters.video.spooled import Spooled
from adapters.workers.child import Limits
from benchmarks.compiling import SPINE, STORY
from benchmarks.figures import Figure, at_most, median
from benchmarks.processes import fresh_home
from bot.brief import Brief, compile_brief
from bot.drawings import Branch, Lineage, ShotCard
from bot.film import Shape, new_id
from bot.matching import match
from bot.paperwork import Order, Phase
from tests.media_samples import noisy_clip

SECONDS: Final = 6
RUNS: Final = 3
PLACES: Final = {
    "alley": "an alley at night in the rain",
    "bridge": "a bridge at blue hour",
    "city": "a city street at night in heavy rain",
    "desert": "a desert at golden hour",
    "field": "a field at noon",
    "forest": "a forest in the snow at dawn",
    "harbour": "a harbour in fog at dawn",
    "interior_library": "a library, volumetric light",
    "interior_room": "a room by candlelight",
    "kitchen": "a kitchen in the morning",
    "mountains": "a mountain valley at golden hour, god rays",
    "sea": "a beach by the sea at sunset",
    "snowfield": "a snowfield at noon",
    "space": "outer space",
    "stadium": "a stadium at night",
    "station": "a train station at dusk",
}
"""Words for each place, in the light and weather people ask for there."""
CARD: Final = ShotCard(
    slate="12B-14",
    circled=True,
    title="No Return Address",
    words=STORY[0],
    moments=("first", "middle", "last"),
    looked=(("Lens", "anamorphic 2.0x"), ("Light", "window, night"), ("Move", "slow dolly in")),
    facts=("omni 1.2 flash", "8 s, 16:9, 20 Nov 2026"),
    comma=", ",
    ratio=16 / 9,
)
TREE: Final = Lineage(
    "1A",
    "No Return Address",
    "40 takes",
    tuple(Branch(n // 3 if n else None, f"1A-{n + 1}", STORY[0], True, state="ready") for n in range(40)),
)


async def bars() -> AsyncIterator[Figure]:
    """The test signal, with the worker process's start; once to warm up, then the median of `RUNS`."""
    brief = compile_brief(STORY[0], spine=SPINE, seconds=SECONDS, shape=Shape.WIDE)
    with fresh_home() as home:
        backend = ColourBars(home)
        took = median([await _film(backend, brief) for _ in range(RUNS + 1)][1:])
        await backend.close()
    yield Figure(
        f"colour_bars, {SECONDS} s of 1280x720, median of {RUNS}", f"{SECONDS / took:.1f} x real time ({took:.2f} s)"
    )


async def animatic() -> AsyncIterator[Figure]:
    """Every place once, after one to warm up: how many times real time, all inclusive; and the largest worker's memory."""
    speeds = []
    with fresh_home() as home:
        backend = Animatic(home)
        await _film(backend, _shot(PLACES["city"], "man"))
        for place, words in PLACES.items():
            speed = SECONDS / await _film(backend, _shot(words, "woman"))
            speeds.append(speed)
            yield Figure(f"animatic, {place}", f"{speed:.2f} x real time", "≥ 1 x", speed >= 1.0)
        await backend.close()
    middle = median(speeds)
    yield Figure("animatic, median over the places", f"{middle:.2f} x real time", "≥ 1.4 x", middle >= 1.4)
    yield at_most("animatic, peak memory of a worker", _largest_child(), 400.0, "MB", digits=0)


async def fit() -> AsyncIterator[Figure]:
    """A clip of 36 MB made to fit into 10 MiB."""
    with fresh_home() as home:
        clip = await asyncio.to_thread(noisy_clip, home / "clip.mp4", 12, (1920, 1080), 24_700_000)
        size = clip.stat().st_size / 1e6
        begun = time.perf_counter()
        fitted = await MediaRoom().fit_bytes(clip, home / "fitted.mp4", 10 << 20)
        took = time.perf_counter() - begun
    yield at_most(
        f"tries to fit {size:.0f} MB of 1080p into 10 MiB", fitted.tries, 1, "", digits=0, note=f"({took:.0f} s)"
    )


async def shot_card() -> AsyncIterator[Figure]:
    """The shot card of a clip of 8 s, and a lineage of 40 takes: seconds of processor of the worker, its start included."""
    with fresh_home() as home:
        clip = await asyncio.to_thread(noisy_clip, home / "clip.mp4", 8, (1280, 720), 4_000_000)
        card = CARD.to_dict() | {"clip": str(clip), "into": str(home / "card.jpg")}
        tree = TREE.to_dict() | {"into": str(home / "tree.jpg")}
        spent = {
            op: await asyncio.to_thread(_processor, op, ask) for op, ask in (("shot_card", card), ("lineage", tree))
        }
    yield at_most("shot card of 8 s of 1280x720", spent["shot_card"], 0.5, "s of processor", digits=2)
    yield Figure("lineage of 40 takes", f"{spent['lineage']:.2f} s of processor")


async def check_features() -> AsyncIterator[Figure]:
    """What the continuity check measures of a clip of 8 s with sound: seconds of processor of the worker, its start included.

    Once of an animatic, once of a clip in which nothing repeats, which is as hard to decode as any; and comparing two of them.
    """
    with fresh_home() as home:
        noisy = await asyncio.to_thread(noisy_clip, home / "noise.mp4", 8, (1280, 720), 4_000_000)
        spec = spec_of(_shot(PLACES["city"], "man"), "1A-1", "check")
        await asyncio.to_thread(render, replace(spec, seconds=8.0), home / "drawn.mp4")
        for name, clip in (("an animatic", home / "drawn.mp4"), ("noise", noisy)):
            spent = await asyncio.to_thread(_processor, "measure", {"file": str(clip)})
            yield at_most(f"check features of 8 s of 1280x720, {name}", spent, 0.8, "s of processor", digits=2)
        room = MediaRoom()
        one, other = await room.measure(home / "drawn.mp4"), await room.measure(noisy)
    begun = time.process_time()
    match(one, other)
    yield Figure("comparing two clips", f"{1000 * (time.process_time() - begun):.0f} ms of processor")


def _processor(op: str, request: Mapping[str, Any]) -> float:
    """Median of `RUNS` workers, each started for this alone."""
    ask = json.dumps({"op": op, "request": request, "limits": Limits().to_dict()}).encode() + b"\n"
    spent = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with subprocess.Popen([sys.executable, "-I", *WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
            assert worker.stdin
            assert worker.stdout
            worker.stdin.write(ask)
            worker.stdin.flush()
            assert b'"result"' in worker.stdout.read()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(spent)


def _shot(place: str, who: str) -> Brief:
    return compile_brief(f"Wide shot. A {who} in a red coat walks through {place}.", seconds=SECONDS, shape=Shape.WIDE)


def _largest_child() -> float:
    """Megabytes of the largest process that this one has started and seen end (`getrusage`; kilobytes on Linux)."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


async def _film(backend: Spooled, brief: Brief) -> float:
    """Seconds from the order to the finished clip."""
    begun = time.perf_counter()
    remote = await backend.submit(Order(new_id(), brief), None)
    report = await backend.report(remote)
    while report.phase in (Phase.QUEUED, Phase.ROLLING):
        await asyncio.sleep(0.01)
        report = await backend.report(remote)
    assert report.phase is Phase.FINISHED, report
    return time.perf_counter() - begun
