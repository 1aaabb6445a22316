"""400 broken or cunning files and every operation on each: no crash, no hang, no other file read."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from adapters.workers.child import Limits
from adapters.workers.process import Workers
from tests.adapters.media.watch import OpenWatch
from tests.media_samples import grey_clip, tiny_clip
from tests.needs import require

WORKER = str(Path(__file__).with_name("many_worker.py"))
COUNT = 400
LONGEST = 20.0
"""Seconds for one operation on one file, on a busy machine."""
EXPECTED = ("made", "FFmpegError", "MediaFault", "NotAnImage", "ImageTooLarge", "MemoryError")
SECRET = "secret.mp4"

Mutation = Callable[[bytearray, random.Random], None]


def flip_bits(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 24)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def scramble(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    for at in range(start, min(len(data), start + chance.randint(4, 200))):
        data[at] = chance.randrange(256)


def cut_off(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(8, len(data)) :]


def leave_out(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data) - 8)
    del data[start : start + chance.randint(1, 400)]


def repeat(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = data[start : start + chance.randint(1, 400)] * chance.randint(1, 4)


def extremes(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) - 8)
        data[at : at + 4] = chance.choice(
            [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\1"]
        )


def in_the_index(data: bytearray, chance: random.Random) -> None:
    """The same, where it hurts most: in the tables."""
    at = data.find(
        chance.choice([b"stts", b"stsz", b"stco", b"stsc", b"ctts", b"elst", b"mdhd", b"tkhd", b"avcC", b"esds"])
    )
    if at < 0:
        extremes(data, chance)
        return
    for _ in range(chance.randint(1, 4)):
        place = min(len(data) - 5, at + 4 + chance.randrange(40))
        data[place : place + 4] = chance.choice(
            [b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", chance.randbytes(4)]
        )


MUTATIONS: tuple[Mutation, ...] = (flip_bits, scramble, cut_off, leave_out, repeat, extremes, in_the_index)


def sources(folder: Path) -> list[bytes]:
    """Whole small files, and files that name another one."""
    folder.mkdir()
    mp4 = tiny_clip(folder / "whole.mp4", seconds=0.4, size=(48, 32)).read_bytes()
    late = tiny_clip(folder / "late.mp4", seconds=0.3, size=(48, 32), fast=False, tags={"odd key": "x"}).read_bytes()
    webm = grey_clip(folder / "whole.webm", list(range(60, 68)), codec="libvpx", size=(48, 32)).read_bytes()
    frames = [Image.new("L", (48, 32), 40 * number) for number in range(4)]
    frames[0].save(folder / "whole.gif", save_all=True, append_images=frames[1:], duration=80)
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{SECRET}\n#EXT-X-ENDLIST\n".encode()
    script = f"ffconcat version 1.0\nfile {SECRET}\n".encode()
    gif = (folder / "whole.gif").read_bytes()
    return [mp4, late, webm, gif, mp4, late, webm, pointing(mp4), mp4, late, script, playlist]


def pointing(mp4: bytes) -> bytes:
    """An MP4 whose data reference names another file (ISO/IEC 14496-12, 8.7.2), in the place of the one to itself."""
    name = SECRET.encode() + b"\0"
    entry = (12 + len(name)).to_bytes(4) + b"url " + bytes(4) + name
    data = mp4
    for parent in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        at = data.index(parent) - 4
        size = int.from_bytes(data[at : at + 4]) + len(name)
        data = data[:at] + size.to_bytes(4) + data[at + 4 :]
    at = data.index(b"url ") - 4
    return data[:at] + entry + data[at + 12 :]


def hostile_files(folder: Path, count: int) -> list[Path]:
    """The same files for the same count: first as they are, then mutated."""
    whole = sources(folder / "sources")
    files = []
    for number in range(count):
        chance = random.Random(number)
        data = bytearray(whole[number % len(whole)])
        if number >= len(whole):
            for _ in range(chance.randint(1, 2)):
                chance.choice(MUTATIONS)(data, chance)
                data = data if len(data) > 16 else bytearray(16)
        file = folder / f"{number:03}.mp4"
        file.write_bytes(data)
        files.append(file)
    return files


def note(watch: OpenWatch) -> None:
    """Read what has happened so far: the system keeps only so many events."""
    watch.opened()


@pytest.mark.slow
async def test_no_broken_file_crashes_hangs_or_reaches_another(tmp_path: Path) -> None:
    require(sys.platform == "linux", "inotify")
    folder = tmp_path / "hostile"
    folder.mkdir()
    secret = tiny_clip(folder / SECRET)
    files = hostile_files(folder, COUNT)
    workers = Workers(WORKER, at_once=2, limits=Limits(cpu=300))
    with OpenWatch(folder) as watch:
        asks = [{"files": [str(file) for file in files[half::2]], "folder": str(folder)} for half in range(2)]
        runs = [workers.run("each", ask, timeout=200, on_progress=lambda _: note(watch)) for ask in asks]
        answers = await asyncio.gather(*runs)
        opened = watch.opened()
        assert SECRET not in opened
        assert {name for name in opened if name.startswith("out-")}  # the watch does see what workers open
        secret.read_bytes()
        assert SECRET in watch.opened()
    outcomes = {name: outcome for answer in answers for name, outcome in answer["outcomes"].items()}
    assert len(outcomes) == COUNT * 11
    surprises = Counter(
        f"{name.split()[1]} {what}" for name, (what, _) in outcomes.items() if not what.startswith(EXPECTED)
    )
    assert not surprises, list(surprises)
    slow = {name: spent for name, (_, spent) in outcomes.items() if spent > LONGEST}
    assert not slow
    made = Counter(name.split()[1] for name, (what, _) in outcomes.items() if what == "made")
    assert all(
        made[name] >= 15 for name in ("footage", "poster", "last_frame", "remux", "film", "fit_bytes", "normalise")
    ), made
    left = {file.name for file in folder.iterdir() if file.name.startswith("out-")}
    assert not left
