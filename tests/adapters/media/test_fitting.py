"""A clip for a place that takes less than it has: made smaller, or in parts that each play by themselves."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from adapters.media.gate import MediaGate
from bot.errors import MediaFault
from tests.adapters.media.clips import kinds, lumas, seconds
from tests.media_samples import RATE, frames_of, grey_clip, noisy_clip, sound_of, tiny_clip

MIB = 1024 * 1024


@pytest.fixture
def gate() -> MediaGate:
    return MediaGate()


def finely_cut(path: Path, lumas_: list[int], every: int) -> Path:
    """A clip of grey frames with a key frame at every so many."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=24, options={"x264-params": f"keyint={every}:scenecut=0"})
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number, luma in enumerate(lumas_):
            planes = np.full((54, 64), 128, np.uint8)
            planes[:36] = luma
            frame = av.VideoFrame.from_ndarray(planes, "yuv420p")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


async def test_fourteen_mebibytes_come_out_under_ten(gate: MediaGate, tmp_path: Path) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 12, (1280, 720), 10_400_000)
    assert clip.stat().st_size > 14 * MIB
    await gate.shrink(clip, 10 * MIB, tmp_path / "smaller.mp4")
    assert 8 * MIB < (tmp_path / "smaller.mp4").stat().st_size <= 10 * MIB
    assert seconds(tmp_path / "smaller.mp4") == pytest.approx(12, abs=0.1)
    assert len(frames_of(tmp_path / "smaller.mp4")) == 360


async def test_parts_are_cut_at_key_frames_and_nothing_is_lost(gate: MediaGate, tmp_path: Path) -> None:
    """Every packet is in one part: the greys come out exactly as they are in the whole."""
    clip = finely_cut(tmp_path / "clip.mp4", [16 + number for number in range(192)], every=12)
    limit = 4_000 + clip.stat().st_size // 3
    parts = await gate.split(clip, limit, tmp_path)
    assert 2 <= len(parts) <= 6
    assert [part.name for part in parts] == [f"part-{number + 1}.mp4" for number in range(len(parts))]
    assert all(part.stat().st_size <= limit for part in parts)
    assert [luma for part in parts for luma in lumas(part)] == lumas(clip)
    assert all(len(lumas(part)) % 12 == 0 for part in parts)


async def test_each_part_plays_by_itself_with_its_sound(gate: MediaGate, tmp_path: Path) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 30, (320, 180), 1_500_000)
    limit = clip.stat().st_size // 3
    parts = await gate.split(clip, limit, tmp_path)
    assert 3 < len(parts) <= 6
    for part in parts:
        assert part.stat().st_size <= limit
        assert kinds(part).index(b"moov") < kinds(part).index(b"mdat")
        assert sound_of(part).shape[1] / RATE == pytest.approx(seconds(part), abs=0.2)
    assert sum(len(frames_of(part)) for part in parts) == 900
    assert sum(sound_of(part).shape[1] for part in parts) == pytest.approx(30 * RATE, abs=0.2 * RATE)
    lengths = [seconds(part) for part in parts]
    assert max(lengths) < 3 * min(lengths), "as even as key frames allow"


async def test_where_key_frames_lie_too_far_apart_it_is_encoded_anew(gate: MediaGate, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", 8, (320, 180))  # one key frame: x264 makes the next after 250 frames
    limit = clip.stat().st_size * 2 // 5
    parts = await gate.split(clip, limit, tmp_path)
    assert len(parts) >= 2
    assert all(part.stat().st_size <= limit for part in parts)
    assert sum(len(frames_of(part)) for part in parts) == 192
    assert {file.name for file in tmp_path.iterdir()} == {"clip.mp4", *(part.name for part in parts)}


async def test_a_webm_comes_in_parts_that_every_player_reads(gate: MediaGate, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.webm", list(range(16, 208, 2)), codec="libvpx", size=(320, 180))
    parts = await gate.split(clip, 100_000, tmp_path)
    with av.open(str(parts[0])) as part:
        assert part.streams.video[0].codec_context.name == "h264"
    assert sum(len(lumas(part)) for part in parts) == 96


async def test_a_clip_that_fits_is_one_part(gate: MediaGate, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", 2)
    (part,) = await gate.split(clip, MIB, tmp_path)
    assert len(frames_of(part)) == 48


@pytest.mark.parametrize("limit", [5_000, 30_000])
async def test_nothing_is_left_where_no_part_fits(gate: MediaGate, tmp_path: Path, limit: int) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 4, (320, 180), 3_000_000)
    with pytest.raises(MediaFault):
        await gate.split(clip, limit, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]


async def test_what_is_no_clip_is_a_fault(gate: MediaGate, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"this is not a clip")
    with pytest.raises(MediaFault):
        await gate.split(tmp_path / "clip.mp4", MIB, tmp_path)
    with pytest.raises(MediaFault):
        await gate.shrink(tmp_path / "clip.mp4", MIB, tmp_path / "smaller.mp4")
