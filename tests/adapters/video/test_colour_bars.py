"""The test signal: real orders through the real worker, and the clips looked at frame by frame."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.video import BackendSettings, find_backends
from adapters.video.colour_bars import ColourBars
from bot.brief import Brief, Part, PartName
from bot.errors import BadOrder, NeverMade, TurnedDown
from bot.film import Shape
from bot.paperwork import Order, Phase, Report
from bot.ports import Examinable
from tests.media_samples import tiny_png

PROMPTS = {
    "skater": "figure skater performs a triple axle with a cat on her head",
    "dalmatian": "a dalmatian deftly walks runs and hops his way through a complex obstacle course in burano italy",
    "professor": "old professor talks in english then german",
    "ostrich": "一只鸵鸟抢走爸爸的帽子，爸爸追着它跑",
    "vikings": "Vikings Go To War — North Sea Launch (10.0s, Winter cool daylight / early medieval)",
}
SIZES = {Shape.WIDE: (1280, 720), Shape.TALL: (720, 1280), Shape.SQUARE: (960, 960), Shape.PORTRAIT: (864, 1080)}
FPS, RATE = 24, 48_000
BARS_75 = [
    (180, 128, 128),
    (168, 44, 136),
    (145, 147, 44),
    (133, 63, 52),
    (63, 193, 204),
    (51, 109, 212),
    (28, 212, 120),
]
"""White, yellow, cyan, green, magenta, red, blue: 8-bit code values of SMPTE RP 219-1, table 3."""
HOST = """
import asyncio, sys
from pathlib import Path
from adapters.video.colour_bars import ColourBars
from bot.brief import Brief, Part, PartName
from bot.ports import Order

async def film():
    backend = ColourBars(Path(sys.argv[1]))
    await backend.submit(Order("longjob", Brief((Part(PartName.WORDS, "a long take"),), seconds=15)), None)
    while (await backend.report("longjob")).progress is None:
        await asyncio.sleep(0.01)
    print("rolling", flush=True)
    await asyncio.sleep(600)

asyncio.run(film())
"""


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[ColourBars]:
    backend = ColourBars(tmp_path / "spool", at_once=2)
    yield backend
    await backend.close()


def order(job: str = "job1", words: str = PROMPTS["skater"], slate: str = "2B-3", **brief: Any) -> Order:
    parts = brief.pop("parts", (Part(PartName.WORDS, words),))
    return Order(job, Brief(parts, **({"seconds": 1} | brief)), slate=slate)


async def until(backend: ColourBars, job: str, agreed: Callable[[Report], bool], seconds: float = 60) -> Report:
    deadline = time.monotonic() + seconds
    while not agreed(report := await backend.report(job)):
        assert time.monotonic() < deadline, f"{job}: {report}"
        await asyncio.sleep(0.01)
    return report


def ended(report: Report) -> bool:
    return report.phase not in (Phase.QUEUED, Phase.ROLLING)


async def film(backend: ColourBars, tmp_path: Path, wanted: Order, reference: Path | None = None) -> Path:
    await backend.submit(wanted, reference)
    assert (await until(backend, wanted.job, ended)) == Report(Phase.FINISHED, 1.0)
    await backend.fetch(wanted.job, tmp_path / f"{wanted.job}.mp4")
    return tmp_path / f"{wanted.job}.mp4"


def frames_of(clip: Path) -> list[NDArray[np.uint8]]:
    """Each frame as the planes of 4:2:0: luma above, chroma below."""
    with av.open(str(clip)) as opened:
        return [frame.to_ndarray().astype(np.uint8) for frame in opened.decode(video=0)]


def sound_of(clip: Path) -> NDArray[np.float32]:
    with av.open(str(clip)) as opened:
        return np.concatenate([frame.to_ndarray() for frame in opened.decode(audio=0)], axis=1).astype(np.float32)


def code_at(frame: NDArray[np.uint8], x: int, y: int) -> tuple[int, int, int]:
    """Y, Cb, Cr of one pixel."""
    high, wide = frame.shape[0] * 2 // 3, frame.shape[1]
    chroma = frame[high:].reshape(2, high // 2, wide // 2)
    return int(frame[y, x]), int(chroma[0, y // 2, x // 2]), int(chroma[1, y // 2, x // 2])


def workers() -> list[int]:
    """Worker processes of the colour bars that this process started and that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, parent = (entry / "stat").read_text().rsplit(")", 1)[1].split()[:2]
                mine = int(parent) == os.getpid() and b"colour_bars.worker" in (entry / "cmdline").read_bytes()
            except OSError:
                continue
            found += [int(entry.name)] if mine and state != "Z" else []
    return found


# ---------------------------------------------------------------- the clip


@pytest.mark.parametrize("shape", list(Shape))
async def test_each_prompt_in_each_shape_is_a_clip_as_ordered(
    backend: ColourBars, tmp_path: Path, shape: Shape
) -> None:
    wanted = [order(name, words, "2B-3", seconds=2, shape=shape) for name, words in PROMPTS.items()]
    for clip, each in zip(await asyncio.gather(*(film(backend, tmp_path, one) for one in wanted)), wanted, strict=True):
        check_clip(clip, each, SIZES[shape])


def check_clip(clip: Path, wanted: Order, size: tuple[int, int]) -> None:
    seconds = wanted.brief.seconds or 4
    with av.open(str(clip)) as opened:
        video, audio = opened.streams.video[0], opened.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == size
        assert video.average_rate == FPS
        context = video.codec_context
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        assert (audio.codec_context.name, audio.rate, audio.layout.name) == ("aac", RATE, "stereo")
        assert opened.duration is not None
        assert abs(opened.duration / av.time_base - seconds) <= 1 / FPS
        assert sum(1 for _ in opened.decode(video)) == seconds * FPS
        assert opened.metadata["title"] == wanted.slate
        assert opened.metadata["comment"] == "Made by Throughline. Test signal, not a generated video."
        assert opened.metadata["description"] == wanted.brief.text
    data = clip.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


async def test_a_clip_is_wide_and_4_seconds_when_nobody_said(backend: ColourBars, tmp_path: Path) -> None:
    wanted = order(seconds=None, shape=None)
    check_clip(await film(backend, tmp_path, wanted), wanted, SIZES[Shape.WIDE])


async def test_the_bars_have_the_values_of_the_standard(backend: ColourBars, tmp_path: Path) -> None:
    frame = frames_of(await film(backend, tmp_path, order(shape=Shape.WIDE)))[12]
    for place, bar in enumerate(BARS_75):
        assert code_at(frame, 160 + round((place + 0.5) * 960 / 7), 70) == pytest.approx(bar, abs=2)
    assert code_at(frame, 80, 70) == pytest.approx((104, 128, 128), abs=2)  # 40 % grey
    pluge = [code_at(frame, 160 + round(960 / 7 * (1.5 + 2 + 5 / 6 + (step + 0.5) / 3)), 210)[0] for step in range(5)]
    assert pluge == pytest.approx([12, 16, 20, 16, 25], abs=1)


async def test_the_sync_pop_is_seen_and_heard_at_each_second(backend: ColourBars, tmp_path: Path) -> None:
    clip = await film(backend, tmp_path, order(seconds=2))
    clock = [frame[610, 70] for frame in frames_of(clip)]
    assert [number for number, luma in enumerate(clock) if luma > 180] == [0, 1, 24, 25]
    sound = sound_of(clip)
    for start in (0, RATE):
        pop, rest = sound[:, start + 480 : start + 3520], sound[:, start + 6000 : start + 47_000]
        assert 20 * np.log10(np.abs(pop).max()) == pytest.approx(-20, abs=1)
        assert np.abs(np.fft.rfft(pop[0], RATE)).argmax() == pytest.approx(1000, abs=20)
        assert np.abs(rest).max() < 0.004
    assert np.allclose(sound[0], sound[1], atol=0.001)


async def test_the_timecode_runs_and_nothing_else_moves_in_a_short_brief(backend: ColourBars, tmp_path: Path) -> None:
    frames = frames_of(await film(backend, tmp_path, order(shape=Shape.WIDE)))
    timecodes = [frame[250:290, 1028:1244].tobytes() for frame in frames]
    assert all(one != other for one, other in pairwise(timecodes))
    words = [frame[318:694, 356:1236].astype(int) for frame in frames]
    assert max(np.abs(frame - words[0]).mean() for frame in words) < 1


async def test_the_same_order_gives_the_same_pixels(backend: ColourBars, tmp_path: Path) -> None:
    first, second, other = await asyncio.gather(
        film(backend, tmp_path, order("first", seed=7)),
        film(backend, tmp_path, order("second", seed=7)),
        film(backend, tmp_path, order("other", PROMPTS["vikings"], seed=7)),
    )
    assert np.array_equal(frames_of(first), frames_of(second))
    assert not np.array_equal(frames_of(first), frames_of(other))
    assert np.array_equal(sound_of(first), sound_of(second))


async def test_spine_and_what_is_carried_over_are_drawn_too(backend: ColourBars, tmp_path: Path) -> None:
    spine, words = Part(PartName.SPINE, "35 mm, haze"), Part(PartName.WORDS, "a dog")
    whole = frames_of(await film(backend, tmp_path, order("whole", parts=(spine, words))))[3]
    bare = frames_of(await film(backend, tmp_path, order("bare", parts=(words,))))[3]
    assert not np.array_equal(whole[318:694, 356:1236], bare[318:694, 356:1236])


async def test_the_reference_picture_is_an_inset(backend: ColourBars, tmp_path: Path) -> None:
    reference = tiny_png(tmp_path / "reference.png", (132, 106))
    wanted = order(reference="0" * 64)
    with_inset = frames_of(await film(backend, tmp_path, wanted, reference))[3]
    without = frames_of(await film(backend, tmp_path, replace(wanted, job="job2")))[3]
    assert code_at(with_inset, 250, 610)[1] > 140
    assert code_at(without, 250, 610) == pytest.approx((31, 128, 128), abs=2)


async def test_a_brief_of_32000_characters_of_every_script_is_filmed(backend: ColourBars, tmp_path: Path) -> None:
    words = ("The gulls turn. 鸵鸟🎬 Привет नमस्ते\n" * 1000)[:32_000]
    wanted = order(words=words, seconds=2, shape=Shape.TALL)
    clip = await film(backend, tmp_path, wanted)
    check_clip(clip, wanted, SIZES[Shape.TALL])
    pages = {frame[700:1200, 40:676].tobytes() for frame in frames_of(clip)}
    assert len(pages) > 4


# ---------------------------------------------------------------- the order


async def test_it_is_found_and_says_what_it_can_do(tmp_path: Path) -> None:
    module, setting = find_backends()["colour_bars"], BackendSettings(folder=tmp_path)
    assert module.configured(setting)
    backend = module.build(setting)
    can = await backend.capabilities()
    assert (can.seconds, can.shapes) == (tuple(range(1, 61)), tuple(Shape))
    assert (can.images, can.cancels, can.free, can.embedded, can.words_max) == (True, True, True, True, 32_000)
    assert can.price(60) == 0


async def test_progress_goes_from_nothing_to_all(backend: ColourBars) -> None:
    await backend.submit(order(seconds=10), None)
    seen: list[float] = []
    while not ended(report := await backend.report("job1")):
        seen += [report.progress] if report.progress is not None else []
        await asyncio.sleep(0.005)
    assert report.phase is Phase.FINISHED
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    assert 0 <= seen[0] <= seen[-1] < 1


async def test_the_same_order_twice_is_one_render(backend: ColourBars) -> None:
    assert set(await asyncio.gather(backend.submit(order(), None), backend.submit(order(), None))) == {"job1"}
    await until(backend, "job1", lambda report: report.phase is Phase.ROLLING or ended(report))
    assert len(workers()) <= 1
    await until(backend, "job1", ended)
    assert await backend.submit(order(), None) == "job1"
    assert (await backend.report("job1")).phase is Phase.FINISHED


async def test_one_films_while_the_other_waits(tmp_path: Path) -> None:
    backend = ColourBars(tmp_path, at_once=1)
    await backend.submit(order("first", seconds=30), None)
    await until(backend, "first", lambda report: report.phase is Phase.ROLLING)
    await backend.submit(order("second"), None)
    assert (await backend.report("second")) == Report(Phase.QUEUED)
    assert len(workers()) == 1
    await backend.cancel("first")
    assert (await until(backend, "second", ended)).phase is Phase.FINISHED
    await backend.close()


async def test_cancelling_ends_the_worker_at_once(backend: ColourBars) -> None:
    await backend.submit(order(seconds=60), None)
    await until(backend, "job1", lambda report: (report.progress or 0) > 0)
    assert len(workers()) == 1
    begun = time.monotonic()
    assert await backend.cancel("job1")
    assert workers() == []
    assert time.monotonic() - begun < 1
    assert (await backend.report("job1")).phase is Phase.CANCELLED
    assert not await backend.cancel("job1")


async def test_what_is_finished_cannot_be_cancelled(backend: ColourBars, tmp_path: Path) -> None:
    await film(backend, tmp_path, order())
    assert not await backend.cancel("job1")
    assert (await backend.report("job1")).phase is Phase.FINISHED


async def test_an_order_outlives_the_process_that_took_it(tmp_path: Path) -> None:
    host = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOST, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert host.stdout is not None
    assert await host.stdout.readline() == b"rolling\n"
    host.kill()
    await host.wait()
    backend = ColourBars(tmp_path)
    assert (await backend.report("longjob")).phase is Phase.QUEUED
    assert (await until(backend, "longjob", ended)).phase is Phase.FINISHED
    await backend.fetch("longjob", tmp_path / "clip.mp4")
    with av.open(str(tmp_path / "clip.mp4")) as clip:
        assert clip.streams.video[0].frames == 15 * FPS
    await backend.close()


async def test_closing_leaves_the_order_to_the_next_start(tmp_path: Path) -> None:
    backend = ColourBars(tmp_path)
    await backend.submit(order(seconds=3), None)
    await backend.close()
    assert workers() == []
    backend = ColourBars(tmp_path)
    assert (await until(backend, "job1", ended)).phase is Phase.FINISHED
    await backend.close()


async def test_a_clip_is_copied_and_stays(backend: ColourBars, tmp_path: Path) -> None:
    first = await film(backend, tmp_path, order())
    await backend.fetch("job1", tmp_path / "again.mp4")
    assert first.read_bytes() == (tmp_path / "again.mp4").read_bytes()


async def test_the_spool_tells_the_truth_about_what_was_made(backend: ColourBars) -> None:
    assert (await backend.search(order(), 0)).candidates == ()
    assert (await backend.search(order(), 0)).complete
    await backend.submit(order(), None)
    found = await backend.search(order(), 0)
    assert (found.candidates, found.complete) == (("job1",), True)


@pytest.mark.parametrize("job", ["unknown", "../../etc", "", "a/b", "."])
async def test_what_it_never_took_is_lost(backend: ColourBars, tmp_path: Path, job: str) -> None:
    assert (await backend.report(job)).phase is Phase.LOST
    assert not await backend.cancel(job)
    with pytest.raises(TurnedDown):
        await backend.fetch(job, tmp_path / "clip.mp4")


@pytest.mark.parametrize("wrong", [order(seconds=61), order(seconds=0), order(job="../job")])
async def test_an_order_that_makes_no_sense_is_turned_down(backend: ColourBars, wrong: Order) -> None:
    with pytest.raises(BadOrder):
        await backend.submit(wrong, None)


async def test_an_order_that_cannot_be_stored_was_never_made(tmp_path: Path) -> None:
    (tmp_path / "spool").write_text("a file where the folder should be")
    with pytest.raises(NeverMade):
        await ColourBars(tmp_path / "spool").submit(order(), None)


async def test_a_render_that_fails_says_why_and_may_be_ordered_again(backend: ColourBars, tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir()
    torn = tmp_path / "reference.png"
    torn.write_text("no picture")
    await backend.submit(order(), torn)
    report = await until(backend, "job1", ended)
    assert report.phase is Phase.FAILED
    assert "UnidentifiedImageError" in report.reason
    tiny_png(tmp_path / "spool" / "job1" / "reference")
    await backend.submit(order(), torn)
    assert (await until(backend, "job1", ended)).phase is Phase.FINISHED


async def test_old_orders_are_swept_out_at_the_start_and_young_or_open_ones_stay(tmp_path: Path) -> None:
    two_days_ago = time.time() - 2 * 86_400
    for job, ending, when in (
        ("old", "clip.mp4", two_days_ago),
        ("young", "clip.mp4", time.time()),
        ("open", "order.json", two_days_ago),
    ):
        place = tmp_path / job
        place.mkdir()
        for name in {"order.json", ending}:
            (place / name).write_text("{}")
            os.utime(place / name, (when, when))
        os.utime(place, (when, when))
    backend = ColourBars(tmp_path)
    assert (await backend.report("old")).phase is Phase.LOST
    assert (await backend.report("young")).phase is Phase.FINISHED
    assert (tmp_path / "open").is_dir()
    await backend.close()


async def test_it_can_say_whether_it_works(backend: ColourBars) -> None:
    assert isinstance(backend, Examinable)
    findings = await backend.examine()
    assert findings[0].level == "ok"
    assert "H.264" in findings[0].text
    assert findings[1].level in ("ok", "warning")
