"""Real words through the whole real house: wish, engine, worker process, clip, file."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest

from adapters.bootstrap import House, running
from adapters.home import check_room
from adapters.settings import load
from adapters.terminal import NotFilmed, Request, film
from bot.errors import DiskFull, SecondsNotOffered
from bot.states import UNDERWAY
from tests.media_samples import tiny_png

WISHES = (
    ("figure skater performs a triple axle with a cat on her head", "wide", (1280, 720)),
    (
        "a dalmatian deftly walks runs and hops his way through a complex obstacle course in burano italy",
        "tall",
        (720, 1280),
    ),
    ("old professor talks in english then german", "square", (960, 960)),
    ("一只鸵鸟抢走爸爸的帽子，爸爸追着它跑", "portrait", (864, 1080)),
    ("Vikings Go To War — North Sea Launch (10.0s, Winter cool daylight / early medieval)", None, (1280, 720)),
)


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.chdir(tmp_path)
    async with running(load({"THROUGHLINE_HOME": str(tmp_path / "home")}), ("worker",)) as everything:
        yield everything.house


def measured(file: Path) -> tuple[tuple[int, int], int, bool]:
    """(size, frames, has sound) of a clip, by decoding all of it."""
    with av.open(str(file)) as clip:
        video = clip.streams.video[0]
        return (video.width, video.height), sum(1 for _ in clip.decode(video)), bool(clip.streams.audio)


@pytest.mark.parametrize("backend", ["animatic", "colour_bars"])
async def test_real_words_give_playable_clips_of_the_asked_length_and_shape(
    house: House, tmp_path: Path, backend: str
) -> None:
    async def filmed(number: int) -> tuple[tuple[int, int], int, bool]:
        words, shape, _ = WISHES[number]
        request = Request(words, tmp_path / f"{number}.mp4", seconds=2, shape=shape, backend=backend)
        return await asyncio.to_thread(measured, await film(house, request, io.StringIO()))

    found = await asyncio.gather(*(filmed(number) for number in range(len(WISHES))))
    assert found == [(size, 48, True) for _, _, size in WISHES]


async def test_the_prompt_can_be_seen_with_style_and_words_as_they_are(house: House, tmp_path: Path) -> None:
    screen = io.StringIO()
    words = "老教授在窗边读信。\nSound: rain, 雨声"
    request = Request(
        words, tmp_path / "a.mp4", seconds=2, style="16mm,  grain", backend="colour_bars", show_prompt=True
    )
    await film(house, request, screen)
    assert screen.getvalue().startswith(f"16mm,  grain\n{words}\n")


async def test_a_picture_to_start_from(house: House, tmp_path: Path) -> None:
    tiny_png(tmp_path / "still.png", (320, 180))
    request = Request("a fox", tmp_path / "a.mp4", seconds=2, backend="colour_bars", image=tmp_path / "still.png")
    assert measured(await film(house, request, io.StringIO()))[1] == 48


async def test_what_is_declined_leaves_nothing_behind(house: House, tmp_path: Path) -> None:
    with pytest.raises(SecondsNotOffered):
        await film(house, Request("a fox", tmp_path / "a.mp4", seconds=45, backend="animatic"), io.StringIO())
    with pytest.raises(NotFilmed, match="is a folder"):
        await film(house, Request("a fox", tmp_path), io.StringIO())
    async with house.work() as w:
        assert await w.jobs.count(UNDERWAY) == 0
        assert not await w.wishes.open()


def test_a_full_disk_is_said_before_anything_is_begun(tmp_path: Path) -> None:
    check_room(tmp_path)
    with pytest.raises(DiskFull):
        check_room(tmp_path, least=1 << 62)


async def test_an_interrupted_wish_is_cancelled(house: House, tmp_path: Path) -> None:
    request = Request("a fox", tmp_path / "a.mp4", seconds=20, backend="colour_bars")
    filming = asyncio.create_task(film(house, request, io.StringIO()))
    async with asyncio.timeout(20):
        while True:
            async with house.work() as w:
                if await w.jobs.count(UNDERWAY):
                    break
            await asyncio.sleep(0.05)
    filming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await filming
    async with house.work() as w:
        assert await w.jobs.count(UNDERWAY) == 0
    assert not (tmp_path / "a.mp4").exists()
