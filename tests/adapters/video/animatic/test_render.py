"""The clip: what is in the file, the same with one thread and two, the same as it was when it was recorded."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from adapters.video.animatic import places
from adapters.video.animatic.render import COMMENT, frame, render
from adapters.video.animatic.spec import ShotSpec
from tests.adapters.video.animatic import pinned
from tests.adapters.video.animatic.shots import SMALL, SPOKEN

RECORD = json.loads(pinned.FILE.read_text(encoding="utf-8")) if pinned.FILE.exists() else {}


def decoded(clip: Path) -> list[np.ndarray]:
    """All frames of a clip."""
    with av.open(str(clip)) as container:
        return [each.to_ndarray(format="yuv420p") for each in container.decode(video=0)]


def test_the_clip_is_what_players_expect(tmp_path: Path) -> None:
    clip, heard = tmp_path / "take.mp4", list[float]()
    render(replace(SPOKEN, seconds=1.5), clip, progress=heard.append)
    with av.open(str(clip)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.width, video.height, video.frames) == ("h264", 256, 144, 36)
        assert (video.codec_context.pix_fmt, video.codec_context.color_range, video.codec_context.colorspace) == (
            "yuv420p",
            1,
            1,
        )
        assert (audio.codec_context.name, audio.rate, audio.layout.name) == ("aac", 48_000, "stereo")
        assert (container.metadata["title"], container.metadata["comment"]) == ("2B-3", COMMENT)
    assert len(decoded(clip)) == 36
    assert clip.read_bytes().index(b"moov") < clip.read_bytes().index(b"mdat")
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert list(tmp_path.iterdir()) == [clip]


def test_one_thread_and_two_give_the_same_frames(tmp_path: Path) -> None:
    spec = replace(SPOKEN, place="city", light="neon", weather="rain", move="track_right")
    clips = [tmp_path / f"{threads}.mp4" for threads in (1, 2)]
    for threads, clip in enumerate(clips, 1):
        render(spec, clip, threads=threads)
    one, two = (decoded(clip) for clip in clips)
    assert all(np.array_equal(mine, other) for mine, other in zip(one, two, strict=True))


def test_nothing_is_left_behind_when_it_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        render(replace(SMALL, place="nowhere"), tmp_path / "take.mp4")
    assert not list(tmp_path.iterdir())


def test_a_frame_is_a_picture_of_the_right_size() -> None:
    assert frame(SMALL, 3).size == (256, 144)
    assert frame(ShotSpec(width=144, height=256, seconds=0.5, place="sea"), 0).size == (144, 256)


@pytest.mark.skipif(not RECORD, reason="nothing was recorded")
@pytest.mark.parametrize("place", places.names())
def test_frames_and_sound_are_those_that_were_recorded(place: str) -> None:
    if place not in RECORD["places"]:
        pytest.fail("a place without a record: python -m tests.adapters.video.animatic.pinned")
    now, then = pinned.taken(place), RECORD["places"][place]
    if RECORD["family"] == pinned.family():
        assert (now["frames"], now["sound"]) == (then["frames"], then["sound"])
    assert max(map(pinned.look_error, now["looks"], then["looks"])) <= 1
    assert now["loudness"] == pytest.approx(then["loudness"], abs=1 / 255)
