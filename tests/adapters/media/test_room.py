"""The cutting room: real clips through the real worker, and what comes out looked at and listened to."""

import asyncio
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from adapters.media.room import MediaRoom
from bot.cut import Cut, Piece, Transition
from bot.errors import MediaFault
from tests.adapters.media.clips import kinds, seconds, tags
from tests.media_samples import FPS, RATE, frames_of, grey_clip, noisy_clip, sound_of, tiny_clip, tiny_png

MIB = 1024 * 1024
UUID = b"\0\0\0\x28uuid" + bytes(range(16)) + b"provenance here!"
TAGS = {"title": "1A-1", "comment": "Made by Throughline.", "no such key": "kept 鸵鸟", "com.example.take": "7"}
PIECE = Piece("", "1A-1", 1, "", "", 24, 64, 36)


@pytest.fixture
def room() -> MediaRoom:
    return MediaRoom()


# ---------------------------------------------------------------- stills


async def test_the_last_frame_is_the_last(room: MediaRoom, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [40 + number for number in range(60)], size=(128, 72))
    still = await room.last_frame(clip, tmp_path / "last.png")
    assert (still.width, still.height) == (128, 72)
    assert still.seconds == pytest.approx(59 / FPS, abs=0.001)
    with Image.open(tmp_path / "last.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (128, 72))
        grey = picture.convert("RGB").getpixel((64, 36))
        assert isinstance(grey, tuple)
        assert grey[0] == pytest.approx((99 - 16) * 255 / 219, abs=3)


async def test_the_last_frame_is_found_where_the_picture_ends_long_before_the_sound(
    room: MediaRoom, tmp_path: Path
) -> None:
    clip = tmp_path / "clip.mkv"
    short, long = grey_clip(tmp_path / "short.mp4", [60, 120]), tiny_clip(tmp_path / "long.mp4", seconds=9)
    with av.open(str(short)) as seen, av.open(str(long)) as heard, av.open(str(clip), "w") as out:
        streams = [out.add_stream_from_template(each) for each in (seen.streams.video[0], heard.streams.audio[0])]
        for source, kind, stream in ((seen, "video", streams[0]), (heard, "audio", streams[1])):
            for packet in source.demux(**{kind: 0}):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    still = await room.last_frame(clip, tmp_path / "last.jpg")
    assert still.seconds < 0.1
    with Image.open(tmp_path / "last.jpg") as picture:
        assert picture.format == "JPEG"


async def test_the_last_frame_of_a_webm_without_a_length(room: MediaRoom, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.webm", list(range(40, 76)), codec="libvpx")
    assert (await room.last_frame(clip, tmp_path / "last.png")).seconds == pytest.approx(35 / FPS, abs=0.002)


# ---------------------------------------------------------------- remux


async def test_remuxing_moves_the_index_and_loses_nothing(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", fast=False, tags=TAGS)
    with clip.open("ab") as out:
        out.write(UUID)
    before, sound = frames_of(clip), sound_of(clip)
    assert kinds(clip).index(b"mdat") < kinds(clip).index(b"moov")
    await room.remux(clip, tmp_path / "fast.mp4")
    fast = tmp_path / "fast.mp4"
    assert kinds(fast).index(b"moov") < kinds(fast).index(b"mdat")
    assert sorted(kinds(fast)) == sorted(kinds(clip))
    assert fast.stat().st_size == clip.stat().st_size
    assert UUID in fast.read_bytes()
    assert tags(fast) == tags(clip)
    assert TAGS.items() <= tags(fast).items()
    assert all(np.array_equal(one, other) for one, other in zip(before, frames_of(fast), strict=True))
    assert np.array_equal(sound, sound_of(fast))


async def test_what_is_in_order_is_copied_byte_for_byte(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4")
    await room.remux(clip, tmp_path / "same.mp4")
    assert (tmp_path / "same.mp4").read_bytes() == clip.read_bytes()


async def test_matroska_becomes_mp4_with_its_tags(room: MediaRoom, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mkv"
    with av.open(str(tiny_clip(tmp_path / "clip.mp4"))) as source, av.open(str(clip), "w") as out:
        out.metadata.update({"title": "1A-1", "NO_SUCH_KEY": "kept"})
        streams = {each.index: out.add_stream_from_template(each) for each in source.streams}
        streams[0].metadata["language"] = "deu"
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                out.mux(packet)
    await room.remux(clip, tmp_path / "clip2.mp4")
    assert kinds(tmp_path / "clip2.mp4")[0] == b"ftyp"
    assert {"title": "1A-1", "NO_SUCH_KEY": "kept"}.items() <= tags(tmp_path / "clip2.mp4").items()
    with av.open(str(tmp_path / "clip2.mp4")) as opened:
        assert opened.streams.video[0].metadata["language"] == "deu"
    assert len(frames_of(tmp_path / "clip2.mp4")) == FPS


async def test_a_fragmented_clip_is_remuxed_too(room: MediaRoom, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    with (
        av.open(str(tiny_clip(tmp_path / "plain.mp4"))) as source,
        av.open(str(clip), "w", options={"movflags": "frag_keyframe+empty_moov"}) as out,
    ):
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    assert b"moof" in kinds(clip)
    await room.remux(clip, tmp_path / "whole.mp4")
    assert b"moof" not in kinds(tmp_path / "whole.mp4")
    assert len(frames_of(tmp_path / "whole.mp4")) == FPS


# ---------------------------------------------------------------- fit


async def test_a_clip_that_fits_is_only_remuxed(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", tags=TAGS)
    fitted = await room.fit_bytes(clip, tmp_path / "fitted.mp4", MIB)
    assert (fitted.tries, fitted.bytes) == (0, clip.stat().st_size)


async def test_a_clip_is_made_to_fit_at_the_first_try(room: MediaRoom, tmp_path: Path) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 4, (640, 360), 9_000_000)
    limit = clip.stat().st_size // 4
    told: list[float] = []
    fitted = await room.fit_bytes(clip, tmp_path / "fitted.mp4", limit, told.append)
    assert fitted.tries == 1
    assert 0.85 * limit < fitted.bytes <= limit
    assert fitted.bytes == (tmp_path / "fitted.mp4").stat().st_size
    assert (fitted.width, fitted.height) == (640, 360)
    assert told == sorted(told)
    assert len(told) > 5
    assert seconds(tmp_path / "fitted.mp4") == pytest.approx(4, abs=0.1)
    assert len(frames_of(tmp_path / "fitted.mp4")) == 120
    assert sound_of(tmp_path / "fitted.mp4").shape[1] == pytest.approx(4 * RATE, abs=2048)
    assert kinds(tmp_path / "fitted.mp4").index(b"moov") < kinds(tmp_path / "fitted.mp4").index(b"mdat")


async def test_few_bytes_make_a_smaller_picture_of_the_same_shape(room: MediaRoom, tmp_path: Path) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 4, (640, 360), 9_000_000)
    fitted = await room.fit_bytes(clip, tmp_path / "fitted.mp4", 110_000)
    assert fitted.bytes <= 110_000
    assert fitted.width < 500
    assert fitted.width / fitted.height == pytest.approx(16 / 9, rel=0.03)


async def test_a_webm_becomes_an_mp4_and_does_not_fill_the_room(room: MediaRoom, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.webm", [90] * 48, codec="libvpx")
    fitted = await room.fit_bytes(clip, tmp_path / "fitted.mp4", 10 * MIB)
    assert fitted.bytes < 300_000
    assert kinds(tmp_path / "fitted.mp4")[0] == b"ftyp"
    assert len(frames_of(tmp_path / "fitted.mp4")) == 48
    assert {file.name for file in tmp_path.iterdir()} == {"clip.webm", "fitted.mp4"}


async def test_nothing_is_left_where_it_cannot_fit(room: MediaRoom, tmp_path: Path) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 4, (320, 180), 3_000_000)
    with pytest.raises(MediaFault, match="too few"):
        await room.fit_bytes(clip, tmp_path / "fitted.mp4", 3000)
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]


async def test_a_path_with_colons_is_no_matter(room: MediaRoom, tmp_path: Path) -> None:
    folder = tmp_path / "a:b=c, d"
    folder.mkdir()
    clip = noisy_clip(folder / "clip.mp4", 2, (320, 180), 4_000_000)
    assert (await room.fit_bytes(clip, folder / "fitted.mp4", 200_000)).bytes <= 200_000


# ---------------------------------------------------------------- sound


async def test_loudness_is_measured(room: MediaRoom, tmp_path: Path) -> None:
    measured = await room.loudness(tiny_clip(tmp_path / "clip.mp4", seconds=3))
    assert measured.lufs == pytest.approx(20 * np.log10(0.05) + 3.01 - 0.691 - 3.01, abs=0.8)
    assert measured.peak == pytest.approx(20 * np.log10(0.05), abs=1)
    assert measured.seconds == pytest.approx(3, abs=0.05)


async def test_it_is_made_as_loud_as_wanted_and_its_picture_is_copied(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", seconds=3, tags=TAGS)
    levelled = await room.normalise(clip, tmp_path / "loud.mp4", target=-18)
    assert levelled.lufs == pytest.approx(-18, abs=0.01)
    assert (await room.loudness(tmp_path / "loud.mp4")).lufs == pytest.approx(-18, abs=0.3)
    same = zip(frames_of(clip), frames_of(tmp_path / "loud.mp4"), strict=True)
    assert all(np.array_equal(one, other) for one, other in same)
    assert TAGS.items() <= tags(tmp_path / "loud.mp4").items()


async def test_peaks_set_a_limit(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", seconds=2)
    levelled = await room.normalise(clip, tmp_path / "loud.mp4", target=-2, ceiling=-6)
    assert levelled.lufs < -4
    assert (await room.loudness(tmp_path / "loud.mp4")).peak == pytest.approx(-6, abs=0.7)


async def test_sound_is_taken_out(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", seconds=2)
    await room.extract_sound(clip, tmp_path / "sound.wav")
    await room.extract_sound(clip, tmp_path / "sound.m4a")
    assert (tmp_path / "sound.wav").read_bytes()[:4] == b"RIFF"
    with av.open(str(tmp_path / "sound.wav")) as wav:
        assert (wav.streams.audio[0].codec_context.name, wav.streams.audio[0].rate) == ("pcm_s16le", RATE)
    assert np.array_equal(sound_of(tmp_path / "sound.m4a"), sound_of(clip))


async def test_a_clip_without_sound_has_none_to_measure_or_take(room: MediaRoom, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [90] * 12)
    for work in (
        room.loudness(clip),
        room.normalise(clip, tmp_path / "loud.mp4"),
        room.extract_sound(clip, tmp_path / "sound.wav"),
    ):
        with pytest.raises(MediaFault, match="no sound"):
            await work
    assert [file.name for file in tmp_path.iterdir()] == ["clip.mp4"]


# ---------------------------------------------------------------- any of them


async def test_a_playlist_in_disguise_reads_no_other_file_in_any_operation(room: MediaRoom, tmp_path: Path) -> None:
    secret = tiny_clip(tmp_path / "secret.mp4")
    clip = tmp_path / "clip.mp4"
    clip.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    for work in (
        room.last_frame(clip, tmp_path / "out.png"),
        room.remux(clip, tmp_path / "out.mp4"),
        room.fit_bytes(clip, tmp_path / "out.mp4", MIB),
        room.film(Cut("", (PIECE, PIECE)), [clip, clip], tmp_path / "out.mp4"),
        room.film(Cut("", (PIECE, PIECE), Transition.DISSOLVE), [secret, clip], tmp_path / "out.mp4"),
        room.loudness(clip),
        room.normalise(clip, tmp_path / "out.mp4"),
        room.extract_sound(clip, tmp_path / "out.wav"),
    ):
        with pytest.raises(MediaFault):
            await work
    assert {file.name for file in tmp_path.iterdir()} == {"clip.mp4", "secret.mp4"}


async def test_what_is_no_clip_leaves_nothing_behind(room: MediaRoom, tmp_path: Path) -> None:
    picture = tiny_png(tmp_path / "picture.mp4")
    with pytest.raises(MediaFault):
        await room.remux(picture, tmp_path / "out.mp4")
    with pytest.raises(MediaFault):
        await room.last_frame(picture, tmp_path / "out.png")
    assert [file.name for file in tmp_path.iterdir()] == ["picture.mp4"]


async def test_a_cancelled_operation_ends_at_once(room: MediaRoom, tmp_path: Path) -> None:
    clip = noisy_clip(tmp_path / "clip.mp4", 4, (1280, 720), 20_000_000)
    begun = asyncio.Event()
    task = asyncio.create_task(room.fit_bytes(clip, tmp_path / "fitted.mp4", MIB, lambda _: begun.set()))
    await asyncio.wait_for(begun.wait(), 30)
    task.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not (tmp_path / "fitted.mp4").exists()
