"""Clips by what is in them, in a folder or in a bucket."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.errors import DiskFull
from bot.ports import Clips
from storage.bucket import Bucket
from storage.clips import STALE_SECONDS, LocalClips, told_when_full
from storage.clips_s3 import Copies, S3Clips
from storage.s3 import Place
from tests.fakes.s3_server import BUCKET, KEY, REGION, SECRET, S3Server

FILM = b"\x00\x00\x00\x18ftypmp42" * 10_000
DIGEST = hashlib.sha256(FILM).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
async def clips(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Clips]:
    """Both stores that keep the contract; what a bucket's has at hand lies in that same folder."""
    if request.param == "folder":
        yield LocalClips(tmp_path / "clips")
        return
    async with S3Server() as server:
        place = Place.read(f"s3://{BUCKET}", endpoint=server.url, region=REGION, key=KEY, secret=SECRET)
        yield S3Clips(Bucket(place), Copies(tmp_path / "clips"))


async def test_a_clip_is_found_by_its_hash(clips: Clips) -> None:
    async with clips.scratch() as folder:
        file = folder / "film.mp4"
        file.write_bytes(FILM)
        assert await clips.store(file, ".mp4") == DIGEST
        assert not file.exists()
    found = await clips.path(DIGEST)
    assert found is not None
    assert (found.read_bytes(), found.suffix, found.parent.name) == (FILM, ".mp4", DIGEST[:2])


async def test_the_same_content_is_kept_once(clips: Clips, tmp_path: Path) -> None:
    for name in ("one.mp4", "two.mp4"):
        (tmp_path / name).write_bytes(FILM)
        assert await clips.store(tmp_path / name, Path(name).suffix) == DIGEST
    assert [file.read_bytes() for file in (tmp_path / "clips").rglob("*") if file.is_file()] == [FILM]


async def test_two_may_store_the_same_clip_at_once(clips: Clips, tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.mp4" for number in range(8)]
    for file in files:
        file.write_bytes(FILM)
    assert await asyncio.gather(*(clips.store(file, ".mp4") for file in files)) == [DIGEST] * 8
    assert not any(file.exists() for file in files)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="no second file system here")
async def test_a_clip_from_another_disk_is_brought_over(clips: Clips, tmp_path: Path) -> None:
    file = Path("/dev/shm") / f"throughline-{os.getpid()}.mp4"
    file.write_bytes(FILM)
    try:
        assert await clips.store(file, ".mp4") == DIGEST
        assert not file.exists()
    finally:
        file.unlink(missing_ok=True)
    found = await clips.path(DIGEST)
    assert found is not None
    assert found.read_bytes() == FILM
    assert list((tmp_path / "clips" / "scratch").glob("*")) == []


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "ab" * 31, "AB" * 32, "ab" * 32 + "\n", "*" * 64])
async def test_what_is_no_hash_is_not_found(clips: Clips, digest: str) -> None:
    assert await clips.path(digest) is None


async def test_an_unknown_hash_is_not_found(clips: Clips) -> None:
    assert await clips.path("ab" * 32) is None


@pytest.mark.parametrize("suffix", ["mp4", "/../x", ".mp4/", "..mp4", ".mp4\n"])
async def test_a_suffix_is_a_suffix(clips: Clips, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / "film"
    file.write_bytes(FILM)
    with pytest.raises(ValueError, match="suffix"):
        await clips.store(file, suffix)
    assert file.exists()


async def test_scratch_is_gone_at_the_end_whatever_happens(clips: Clips, tmp_path: Path) -> None:
    folders: list[Path] = []

    async def film_and_fail() -> None:
        async with clips.scratch() as folder:
            folders.append(folder)
            (folder / "deep").mkdir()
            (folder / "deep" / "half.mp4").write_bytes(b"half")
            raise LookupError

    with pytest.raises(LookupError):
        await film_and_fail()
    assert folders[0].is_relative_to(tmp_path / "clips")
    assert not folders[0].exists()


async def test_what_a_crash_left_behind_is_swept_at_the_start_and_what_is_in_use_is_not(tmp_path: Path) -> None:
    home = tmp_path / "clips" / "scratch"
    stale, used = home / "stale", home / "used"
    for folder in (stale, used):
        folder.mkdir(parents=True)
        (folder / "half.mp4").write_bytes(b"half")
    long_ago = time.time() - STALE_SECONDS - 1
    os.utime(stale, (long_ago, long_ago))
    async with LocalClips(tmp_path / "clips").scratch():
        assert not stale.exists()
        assert used.exists()


def write_to_a_full_disk() -> None:
    Path("/dev/full").write_bytes(b"x")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
async def test_a_full_disk_is_told(clips: Clips, tmp_path: Path) -> None:
    async def film() -> None:
        async with clips.scratch():
            write_to_a_full_disk()

    with pytest.raises(DiskFull) as told:
        await film()
    assert told.value.params == {"path": str(tmp_path / "clips")}
    with pytest.raises(DiskFull), told_when_full(tmp_path):
        write_to_a_full_disk()


async def test_other_faults_pass_as_they_are(clips: Clips, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await clips.store(tmp_path / "lost.mp4", ".mp4")
