"""Clips one after the other, through the real worker: cut, faded, dissolved."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from adapters.media.room import MediaRoom
from bot.errors import MediaFault
from tests.adapters.media.clips import lumas, seconds, tags
from tests.media_samples import FPS, RATE, frames_of, grey_clip, sound_of, tiny_clip


@pytest.fixture
def room() -> MediaRoom:
    return MediaRoom()


async def test_cuts_between_clips_of_one_make_copy_them(room: MediaRoom, tmp_path: Path) -> None:
    clips = [tiny_clip(tmp_path / f"{number}.mp4", seconds=1.5) for number in range(3)]
    joined = await room.join(clips, tmp_path / "all.mp4")
    assert joined.copied
    assert (joined.width, joined.height) == (64, 36)
    apart = [frame for clip in clips for frame in frames_of(clip)]
    assert all(np.array_equal(one, other) for one, other in zip(apart, frames_of(tmp_path / "all.mp4"), strict=True))
    assert seconds(tmp_path / "all.mp4") == pytest.approx(4.5, abs=0.05)
    with av.open(str(tmp_path / "all.mp4")) as opened:
        shown = [float(frame.time or 0) for frame in opened.decode(video=0)]
    assert np.allclose(np.diff(shown), 1 / FPS, atol=0.001)
    heard = sound_of(tmp_path / "all.mp4")
    assert heard.shape[1] == pytest.approx(4.5 * RATE, abs=4096)


async def test_unlike_clips_take_the_first_ones_shape_at_24_frames(room: MediaRoom, tmp_path: Path) -> None:
    wide = grey_clip(tmp_path / "wide.mp4", [200] * 24, size=(128, 72))
    tall = grey_clip(tmp_path / "tall.mp4", [200] * 30, size=(72, 128), rate=30)
    joined = await room.join([wide, tall], tmp_path / "all.mp4")
    assert not joined.copied
    frames = frames_of(tmp_path / "all.mp4")
    assert len(frames) == 48
    assert frames[40].shape == (108, 128)
    assert frames[40][36, 64] == pytest.approx(200, abs=4)
    assert frames[40][36, 5] == pytest.approx(16, abs=4)
    with av.open(str(tmp_path / "all.mp4")) as opened:
        assert not opened.streams.audio
        assert opened.streams.video[0].average_rate == FPS


async def test_a_dissolve_shows_both_and_a_fade_goes_through_black(room: MediaRoom, tmp_path: Path) -> None:
    dark = grey_clip(tmp_path / "dark.mp4", [60] * 48)
    light = grey_clip(tmp_path / "light.mp4", [180] * 48)
    await room.join([dark, light], tmp_path / "dissolve.mp4", "dissolve", 0.5)
    shown = lumas(tmp_path / "dissolve.mp4")
    assert len(shown) == 96 - 12
    assert shown[35] == pytest.approx(60, abs=2)
    assert shown[42] == pytest.approx(120, abs=10)
    assert shown[48] == pytest.approx(180, abs=2)
    assert all(later >= one - 1 for one, later in pairwise(shown))
    await room.join([dark, light], tmp_path / "fade.mp4", "fade", 0.5)
    shown = lumas(tmp_path / "fade.mp4")
    assert len(shown) == 96
    assert min(shown) == min(shown[46:50]) < 30
    assert shown[0] == pytest.approx(60, abs=2)
    assert shown[95] == pytest.approx(180, abs=2)


async def test_sound_keeps_its_level_through_a_dissolve_and_stands_with_its_picture(
    room: MediaRoom, tmp_path: Path
) -> None:
    heard = tiny_clip(tmp_path / "heard.mp4", seconds=2)
    silent = grey_clip(tmp_path / "silent.mp4", [90] * 48)
    await room.join([heard, silent, heard], tmp_path / "all.mp4", "dissolve", 0.25)
    sound = sound_of(tmp_path / "all.mp4")[0]
    assert sound.size == pytest.approx(5.5 * RATE, abs=2048)

    def level(start: float, end: float) -> float:
        return float(np.sqrt(np.mean(sound[round(start * RATE) : round(end * RATE)] ** 2)))

    assert level(0.5, 1.5) == pytest.approx(0.05 / np.sqrt(2), rel=0.1)
    assert level(2.1, 3.3) < 0.002
    assert level(4.0, 5.0) == pytest.approx(0.05 / np.sqrt(2), rel=0.1)


async def test_a_transition_is_shorter_where_the_clips_are(room: MediaRoom, tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / f"{luma}.mp4", [luma] * 12) for luma in (60, 120, 180)]
    await room.join(clips, tmp_path / "all.mp4", "dissolve", 5)
    assert len(lumas(tmp_path / "all.mp4")) == 36 - 12


async def test_only_what_all_say_of_themselves_is_said_of_the_whole(room: MediaRoom, tmp_path: Path) -> None:
    clips = [tiny_clip(tmp_path / f"{n}.mp4", tags={"title": f"1A-{n}", "comment": "Made by us"}) for n in (1, 2)]
    await room.join(clips, tmp_path / "all.mp4")
    assert "title" not in tags(tmp_path / "all.mp4")
    assert tags(tmp_path / "all.mp4")["comment"] == "Made by us"


async def test_an_unknown_transition_and_no_clips_are_faults(room: MediaRoom, tmp_path: Path) -> None:
    with pytest.raises(MediaFault):
        await room.join([], tmp_path / "all.mp4")
    with pytest.raises(MediaFault):
        await room.join([tiny_clip(tmp_path / "clip.mp4")], tmp_path / "all.mp4", "wipe")


async def test_a_phones_upright_clip_stays_upright(room: MediaRoom, tmp_path: Path) -> None:
    phone = turned(tiny_clip(tmp_path / "flat.mp4", size=(128, 72)), tmp_path / "phone.mp4")
    still = await room.last_frame(phone, tmp_path / "last.png")
    assert (still.width, still.height) == (72, 128)
    await room.join([phone, phone], tmp_path / "all.mp4", "dissolve", 0.1)
    frames, original = frames_of(tmp_path / "all.mp4"), frames_of(phone)
    assert frames[0].shape == (192, 72)
    upright = np.rot90(original[0][:72], -1)
    assert np.abs(frames[0][:128].astype(int) - upright).mean() < 6
    for job in (room.normalise(phone, tmp_path / "same.mp4"), room.join([phone, phone], tmp_path / "same.mp4")):
        await job
        assert (await room.last_frame(tmp_path / "same.mp4", tmp_path / "last.png")).width == 72
    assert not (await room.join([phone, tmp_path / "flat.mp4"], tmp_path / "both.mp4")).copied


def turned(clip: Path, into: Path) -> Path:
    """The clip with a track matrix (ISO/IEC 14496-12, 8.3.2) that turns it clockwise by a quarter."""
    data = bytearray(clip.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    matrix = [0, 1 << 16, 0, -(1 << 16), 0, 0, 72 << 16, 0, 1 << 30]
    data[at : at + 36] = b"".join(number.to_bytes(4, signed=True) for number in matrix)
    into.write_bytes(data)
    return into
