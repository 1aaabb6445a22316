"""How long a film takes whose clips are all of one make, and its contact sheet: six clips of 8 seconds at 1280 x 720."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from adapters.media.room import DrawingRoom, MediaRoom
from adapters.video.encoding import RATE, audio_stream, video_frame, video_stream
from benchmarks.figures import Figure, at_most, median
from benchmarks.processes import fresh_home
from bot import cut as cuts
from bot.cut import Cut, Piece, Transition
from bot.drawings import ContactSheet, SheetShot

CLIPS, SECONDS, SIZE = 6, 8, (1280, 720)
FRAMES: Final = SECONDS * cuts.RATE
RUNS: Final = 5
SLATES: Final = tuple(f"1{letter}-2" for letter in "ABCDEF")
WORDS: Final = "She stops under the only lamp and looks up"


async def measure() -> AsyncIterator[Figure]:
    """A film with cuts, levelled; one with dissolves; the contact sheet. Each once to warm up, then the median."""
    with fresh_home() as home:
        clips = [await asyncio.to_thread(_clip, home / f"{slate}.mp4", seed) for seed, slate in enumerate(SLATES)]
        room, drawing, film = MediaRoom(), DrawingRoom(), home / "film.mp4"
        cut = Cut("No Return Address", tuple(Piece("", slate, 1, WORDS, "", FRAMES, *SIZE) for slate in SLATES))
        assert (await room.film(cut, clips, film)).copied
        took = await _median(lambda: room.film(cut, clips, film))
        yield at_most(f"film of {CLIPS} clips of {SECONDS} s with cuts, levelled", took, 0.5, "s", digits=2)
        await drawing.contact_sheet(_sheet(cut), clips, home / "sheet.jpg")
        took = await _median(lambda: drawing.contact_sheet(_sheet(cut), clips, home / "sheet.jpg"))
        yield at_most(f"contact sheet of {CLIPS} clips of {SECONDS} s", took, 0.3, "s", digits=2)
        blended = Cut(cut.title, cut.pieces, Transition.DISSOLVE)
        took = await _took(lambda: room.film(blended, clips, film))
        yield Figure("the same film with dissolves", f"{blended.seconds / took:.1f} x real time ({took:.1f} s)")


async def _median(make: Callable[[], Awaitable[object]]) -> float:
    return median([await _took(make) for _ in range(RUNS)])


async def _took(make: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await make()
    return time.perf_counter() - begun


def _sheet(cut: Cut) -> ContactSheet:
    shots = tuple(
        SheetShot(edit.piece.slate, True, WORDS, f"{SECONDS} s", edit.begins, edit.frames) for edit in cut.edits
    )
    return ContactSheet(cut.title, ("rough cut, 48 s", "20 November 2026"), WORDS, shots, SIZE[0] / SIZE[1])


def _clip(path: Path, seed: int) -> Path:
    """As our own backends encode: a slow pan over a field of soft light and grain, about 4 Mb/s, with wind."""
    chance = np.random.default_rng(seed)
    wide, high = SIZE
    light = np.kron(chance.integers(40, 190, (12, 32)), np.ones((high // 12 + 1, wide // 20)))[:high]
    field = np.clip(light + chance.normal(0, 5, light.shape), 16, 235).astype(np.uint8)
    chroma = np.repeat(np.array([118 + 4 * seed, 140 - 4 * seed], np.uint8), wide * high // 4)
    wind = np.convolve(chance.uniform(-0.1, 0.1, SECONDS * RATE), np.full(8, 1 / 8), "same") * (1 + seed % 3)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as out:
        video, audio = video_stream(out, SIZE, cuts.RATE, 25), audio_stream(out)
        for number in range(FRAMES):
            flat = np.concatenate([field[:, number : number + wide].reshape(-1), chroma])
            out.mux(video.encode(video_frame(flat, SIZE, number, cuts.RATE)))
        for start in range(0, wind.size, 1024):
            block = np.ascontiguousarray(np.tile(wind[start : start + 1024].astype(np.float32), (2, 1)))
            frame = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
            frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
            out.mux(audio.encode(frame))
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path
