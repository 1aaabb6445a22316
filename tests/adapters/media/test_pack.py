"""The zip of an export, packed by the real worker."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from adapters.media.room import MediaRoom
from bot.errors import MediaFault
from bot.exporting.bundle import Entry


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Media, as far as a zip is concerned."""
    path = tmp_path / "clip.mp4"
    path.write_bytes(bytes(range(256)) * 4096)
    return path


async def test_media_are_stored_and_texts_made_small(tmp_path: Path, clip: Path) -> None:
    into, told = tmp_path / "film.zip", list[float]()
    text = "The lamp was never out. 东京 🎬\n" * 50
    size = await MediaRoom().pack([Entry("README.txt", text), Entry("clips/1A-2.mp4", file=clip)], into, told.append)
    assert size == into.stat().st_size
    with ZipFile(into) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["README.txt", "clips/1A-2.mp4"]
        assert archive.read("README.txt").decode() == text
        assert archive.read("clips/1A-2.mp4") == clip.read_bytes()
        kinds = {info.filename: info.compress_type for info in archive.infolist()}
        assert kinds == {"README.txt": ZIP_DEFLATED, "clips/1A-2.mp4": ZIP_STORED}
        assert {info.external_attr >> 16 & 0o777 for info in archive.infolist()} == {0o644}
    assert told[-1] == 1.0


async def test_the_same_entries_give_the_same_bytes(tmp_path: Path, clip: Path) -> None:
    files = [tmp_path / "one.zip", tmp_path / "two.zip"]
    for into in files:
        await MediaRoom().pack([Entry("a.txt", "a"), Entry("clips/a.mp4", file=clip)], into)
    assert files[0].read_bytes() == files[1].read_bytes()


async def test_a_missing_file_leaves_nothing_behind(tmp_path: Path, clip: Path) -> None:
    before = sorted(tmp_path.iterdir())
    with pytest.raises(MediaFault, match=r"clips/b\.mp4 is not there"):
        await MediaRoom().pack(
            [Entry("clips/a.mp4", file=clip), Entry("clips/b.mp4", file=tmp_path / "gone.mp4")], tmp_path / "film.zip"
        )
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["../up.txt", "/etc/passwd", "a//b", "a\\b", "东京.txt", ".", "line\nend"])
async def test_no_entry_leaves_the_folder_it_is_unpacked_to(tmp_path: Path, name: str) -> None:
    with pytest.raises(MediaFault, match="not a name within a zip"):
        await MediaRoom().pack([Entry(name, "x")], tmp_path / "film.zip")
    assert not list(tmp_path.iterdir())


async def test_nothing_waits_while_a_film_is_packed(tmp_path: Path, clip: Path) -> None:
    entries = [Entry(f"clips/{number}.mp4", file=clip) for number in range(100)]
    packing = asyncio.create_task(MediaRoom().pack(entries, tmp_path / "film.zip"))
    longest, last = 0.0, time.monotonic()
    while not packing.done():
        await asyncio.sleep(0.005)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert await packing > 100 * 1024 * 1024
    assert longest < 1.0
