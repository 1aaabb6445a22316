"""Films, through the real worker: cut, faded, dissolved, levelled, to the frame as long as their cut."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from string import ascii_uppercase

import av
import numpy as np
import pytest

from adapters.media.gate import MediaGate
from adapters.media.room import MediaRoom
from adapters.video.animatic import render as animatic
from adapters.video.colour_bars import render as colour_bars
from bot.brief import compile_brief
from bot.cut import LAP, Cut, Piece, Transition, frames_in
from bot.errors import MediaFault
from bot.film import Shape
from tests.adapters.media.clips import lumas, seconds, tags
from tests.adapters.media.samples import TEAL, heard_clip, teal_clip, uneven_clip
from tests.adapters.video.animatic.shots import SMALL
from tests.media_samples import FPS, RATE, frames_of, grey_clip, sound_of, tiny_clip, tiny_png

CUT, FADE, DISSOLVE = Transition


@pytest.fixture
def room() -> MediaRoom:
    return MediaRoom()


def a_cut(frames: Sequence[int], transition: Transition = CUT, title: str = "No Return Address") -> Cut:
    """A cut of pieces of so many frames."""
    slates = (f"1{letter}-1" for letter in ascii_uppercase * 5)
    pieces = (Piece("", slate, 1, "", "", each, 64, 36) for slate, each in zip(slates, frames, strict=False))
    return Cut(title, tuple(pieces), transition)


async def filmed(room: MediaRoom, cut: Cut, clips: Sequence[Path]) -> Path:
    """The film of the cut, looked at: its pictures stand at even steps, and there are as many as the cut has."""
    film = clips[0].parent / "film.mp4"
    told = await room.film(cut, clips, film)
    assert told.frames == cut.frames
    with av.open(str(film)) as opened:
        shown = [frame.time for frame in opened.decode(video=0)]
        assert float((opened.duration or 0) / av.time_base) == pytest.approx(cut.seconds, abs=0.03)
    assert len(shown) == cut.frames
    assert np.allclose(shown, np.arange(cut.frames) / FPS, atol=0.0005)
    return film


def level(sound: np.ndarray, begins: float, ends: float) -> float:
    """Decibels of the first channel between two moments, in seconds."""
    stretch = sound[0, round(begins * RATE) : round(ends * RATE)]
    return float(10 * np.log10(np.mean(stretch**2) + 1e-12))


# ---------------------------------------------------------------- cuts


async def test_cuts_between_clips_of_one_make_copy_their_pictures(room: MediaRoom, tmp_path: Path) -> None:
    clips = [tiny_clip(tmp_path / f"{number}.mp4", seconds=1.5) for number in range(3)]
    cut = a_cut([36, 36, 36])
    told = await room.film(cut, clips, tmp_path / "told.mp4")
    assert told.copied
    assert (told.width, told.height) == (64, 36)
    apart = [frame for clip in clips for frame in frames_of(clip)]
    film = await filmed(room, cut, clips)
    assert all(np.array_equal(one, other) for one, other in zip(apart, frames_of(film), strict=True))
    assert sound_of(film).shape[1] == pytest.approx(4.5 * RATE, abs=1024)


async def test_frames_that_are_shown_in_another_order_than_they_stand_are_copied_too(
    room: MediaRoom, tmp_path: Path
) -> None:
    clips = [
        uneven_clip(tmp_path / f"{n}.mp4", [(40 + n + 2 * at, at) for at in range(48)], preset="veryfast")
        for n in range(2)
    ]
    with av.open(str(clips[0])) as opened:
        stamps = [packet.pts for packet in opened.demux(video=0) if packet.pts is not None]
    assert stamps != sorted(stamps)
    assert (await room.film(a_cut([48, 48]), clips, tmp_path / "told.mp4")).copied
    shown = lumas(await filmed(room, a_cut([48, 48]), clips))
    assert shown == lumas(clips[0]) + lumas(clips[1])


async def test_unlike_clips_take_the_shape_that_most_of_the_film_has(room: MediaRoom, tmp_path: Path) -> None:
    tall = grey_clip(tmp_path / "tall.mp4", [200] * 30, size=(72, 128), rate=30)
    wide = grey_clip(tmp_path / "wide.mp4", [200] * 48, size=(128, 72))
    film = await filmed(room, a_cut([24, 48]), [tall, wide])
    shown = frames_of(film)
    assert shown[0].shape == (108, 128)
    assert shown[0][36, 64] == pytest.approx(200, abs=4)
    assert shown[0][36, 5] == pytest.approx(16, abs=4)
    assert shown[30][36, 5] == pytest.approx(200, abs=4)
    with av.open(str(film)) as opened:
        assert not opened.streams.audio
        assert opened.streams.video[0].average_rate == FPS


@pytest.mark.parametrize("rate", [12, 24, 25, 30, 50])
async def test_a_clip_of_any_rate_gives_the_frames_that_its_length_is_counted_as(
    room: MediaRoom, tmp_path: Path, rate: int
) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [20 + number for number in range(rate + rate // 2)], rate=rate)
    frames = frames_in((await MediaGate().footage(clip)).seconds)
    assert frames == 36
    shown = lumas(await filmed(room, a_cut([frames, frames], DISSOLVE), [clip, clip]))
    assert shown[0] == pytest.approx(20, abs=2)
    assert shown[-1] == pytest.approx(20 + 35 * rate // 24, abs=2)
    assert all(later >= one - 1 for one, later in pairwise(shown[:24]))


async def test_clips_of_our_own_backends_are_cut_together_as_they_are(room: MediaRoom, tmp_path: Path) -> None:
    rain, sun, bars = (tmp_path / f"{name}.mp4" for name in ("rain", "sun", "bars"))
    for clip, weather in ((rain, "rain"), (sun, "clear")):
        animatic.render(replace(SMALL, seconds=2, weather=weather), clip)
    signal = colour_bars.Film("1A-1", compile_brief("Bars.", seconds=2, shape=Shape.WIDE), None)
    colour_bars.render(signal, bars, lambda _: None)
    frames = [frames_in((await MediaGate().footage(clip)).seconds) for clip in (rain, sun, bars)]
    assert frames == [48, 48, 48]
    assert (await room.film(a_cut(frames[:2]), [rain, sun], tmp_path / "told.mp4")).copied
    assert (await room.film(a_cut(frames[2:] * 2), [bars, bars], tmp_path / "told.mp4")).copied
    film = await filmed(room, a_cut(frames), [rain, sun, bars])
    assert tags(film)["comment"].startswith("Made by Throughline. Animatic")
    assert "Test signal" in tags(film)["comment"]


async def test_a_clip_whose_frames_come_unevenly_keeps_its_time(room: MediaRoom, tmp_path: Path) -> None:
    clip = uneven_clip(tmp_path / "clip.mp4", [(40, 0), (80, 6), (160, 30), (160, 31)])
    shown = lumas(await filmed(room, a_cut([32]), [clip]))
    for place, luma in ((0, 40), (5, 40), (6, 80), (29, 80), (30, 160), (31, 160)):
        assert shown[place] == pytest.approx(luma, abs=2), place


async def test_a_piece_may_be_a_single_frame(room: MediaRoom, tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / f"{luma}.mp4", [luma]) for luma in (60, 120, 180)]
    for transition in Transition:
        shown = lumas(await filmed(room, a_cut([1, 1, 1], transition), clips))
        assert shown == pytest.approx([60, 120, 180], abs=3)


async def test_a_clip_a_little_shorter_than_its_piece_stands_still_at_its_end(room: MediaRoom, tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / "short.mp4", [100] * 20), grey_clip(tmp_path / "other.mp4", [200] * 24)]
    shown = lumas(await filmed(room, a_cut([24, 24]), clips))
    assert shown[23] == pytest.approx(100, abs=2)
    assert shown[24] == pytest.approx(200, abs=2)
    with pytest.raises(MediaFault, match="1A-1: it has 20 frames, not 48"):
        await room.film(a_cut([48, 24]), clips, tmp_path / "film.mp4")


async def test_a_clip_longer_than_its_piece_ends_with_it(room: MediaRoom, tmp_path: Path) -> None:
    clips = [tiny_clip(tmp_path / f"{number}.mp4", seconds=2) for number in range(2)]
    assert (await room.film(a_cut([30, 30]), clips, tmp_path / "told.mp4")).copied
    for transition in (DISSOLVE, CUT):
        film = await filmed(room, a_cut([30, 30], transition), clips)
    with av.open(str(film)) as opened:
        sound = opened.streams.audio[0]
        assert sound.duration
        assert sound.time_base
        assert float(sound.duration * sound.time_base) == pytest.approx(60 / FPS, abs=0.03)


async def test_a_phones_upright_clip_stays_upright(room: MediaRoom, tmp_path: Path) -> None:
    flat = tiny_clip(tmp_path / "flat.mp4", size=(128, 72))
    phone = turned(flat, tmp_path / "phone.mp4")
    upright = np.rot90(frames_of(phone)[0][:72], -1)
    assert (await room.film(a_cut([24, 24]), [phone, phone], tmp_path / "copied.mp4")).copied
    assert (await room.last_frame(tmp_path / "copied.mp4", tmp_path / "last.png")).width == 72
    shown = frames_of(await filmed(room, a_cut([24, 24], DISSOLVE), [phone, phone]))
    assert shown[0].shape == (192, 72)
    assert np.abs(shown[0][:128].astype(int) - upright).mean() < 6
    mixed = await room.film(a_cut([24, 24]), [phone, flat], tmp_path / "mixed.mp4")
    assert (mixed.copied, mixed.width, mixed.height) == (False, 72, 128)
    upside_down = turned(flat, tmp_path / "upside_down.mp4", (-1, 0, 0, -1, 128, 72))
    assert not (await room.film(a_cut([24, 24]), [flat, upside_down], tmp_path / "mixed.mp4")).copied


async def test_colours_of_an_older_standard_look_the_same_beside_newer_ones(room: MediaRoom, tmp_path: Path) -> None:
    clips = [teal_clip(tmp_path / f"{matrix}.mp4", matrix) for matrix in TEAL]
    film = await filmed(room, a_cut([24, 24]), clips)
    with av.open(str(film)) as opened:
        assert opened.streams.video[0].codec_context.colorspace == 1
    for planes in frames_of(film):
        assert [int(planes[at, 5]) for at in (5, 38, 50)] == pytest.approx(TEAL[1], abs=3)


# ---------------------------------------------------------------- transitions


async def test_a_dissolve_shows_both_and_a_fade_goes_through_black(room: MediaRoom, tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / f"{luma}.mp4", [luma] * 48) for luma in (60, 180)]
    cut = a_cut([48, 48], DISSOLVE)
    shown = lumas(await filmed(room, cut, clips))
    assert cut.frames == 96 - LAP
    assert shown[35] == pytest.approx(60, abs=2)
    assert shown[42] == pytest.approx(120, abs=10)
    assert shown[48] == pytest.approx(180, abs=2)
    assert all(later >= one - 1 for one, later in pairwise(shown))
    shown = lumas(await filmed(room, a_cut([48, 48], FADE), clips))
    assert shown[47] == min(shown) < 18
    assert shown[35] == shown[0] == pytest.approx(60, abs=2)
    assert shown[60] == shown[95] == pytest.approx(180, abs=2)


async def test_a_transition_is_shorter_where_a_piece_is(room: MediaRoom, tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / f"{luma}.mp4", [luma] * frames) for luma, frames in ((60, 48), (120, 9), (180, 48))]
    for transition in (FADE, DISSOLVE):
        shown = lumas(await filmed(room, a_cut([48, 9, 48], transition), clips))
        assert shown[0] == pytest.approx(60, abs=2)
        assert shown[-1] == pytest.approx(180, abs=2)


async def test_sound_keeps_its_level_through_a_dissolve_and_stands_with_its_picture(
    room: MediaRoom, tmp_path: Path
) -> None:
    heard = tiny_clip(tmp_path / "heard.mp4", seconds=2)
    silent = grey_clip(tmp_path / "silent.mp4", [90] * 48)
    sound = sound_of(await filmed(room, a_cut([48, 48, 48, 48], DISSOLVE), [heard, heard, silent, heard]))
    assert sound.shape[1] == pytest.approx(6.5 * RATE, abs=1024)
    tone = level(sound, 0.3, 1.2)
    assert tone - 0.5 < level(sound, 1.6, 1.9) < tone + 3.5  # twice the same tone adds up
    assert level(sound, 2.2, 2.8) == pytest.approx(tone, abs=0.5)
    assert level(sound, 3.55, 4.45) < -60
    assert level(sound, 5.2, 6.4) == pytest.approx(tone, abs=0.5)


# ---------------------------------------------------------------- loudness


async def test_a_film_is_as_loud_as_films_are_and_no_piece_twice_as_loud_as_the_next(
    room: MediaRoom, tmp_path: Path
) -> None:
    clips = [
        heard_clip(tmp_path / "near.mp4", 2, lambda t: 0.6 * noise(t)),
        heard_clip(tmp_path / "far.mp4", 2, lambda t: 0.05 * noise(t)),
        heard_clip(tmp_path / "between.mp4", 2, lambda t: 0.1 * noise(t)),
    ]
    told = await room.film(a_cut([48, 48, 48]), clips, tmp_path / "film.mp4")
    heard = await room.loudness(tmp_path / "film.mp4")
    assert told.lufs == pytest.approx(-16, abs=0.5)
    assert heard.lufs == pytest.approx(told.lufs, abs=0.5)
    sound = sound_of(tmp_path / "film.mp4")
    levels = [level(sound, begins + 0.1, begins + 1.9) for begins in (0, 2, 4)]
    assert max(levels) - min(levels) < 3.5
    assert levels[1] < levels[2] < levels[0]  # what was quieter stays a little quieter


async def test_peaks_stay_under_the_ceiling_and_room_noise_is_not_made_loud(room: MediaRoom, tmp_path: Path) -> None:
    clicks = heard_clip(
        tmp_path / "clicks.mp4", 3, lambda t: 0.9 * (t % 1 < 0.002) * np.sin(9000 * t) + 0.002 * noise(t)
    )
    still = heard_clip(tmp_path / "still.mp4", 3, lambda t: 0.003 * noise(t))
    await room.film(a_cut([72, 72], DISSOLVE), [clicks, still], tmp_path / "film.mp4")
    assert (await room.loudness(tmp_path / "film.mp4")).peak < -0.5
    assert level(sound_of(tmp_path / "film.mp4"), 4, 5.5) < -38


async def test_a_silent_film_has_no_sound_and_says_so(room: MediaRoom, tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / f"{luma}.mp4", [luma] * 24) for luma in (60, 120)]
    assert (await room.film(a_cut([24, 24]), clips, tmp_path / "film.mp4")).lufs == -70
    hush = heard_clip(tmp_path / "hush.mp4", 1, lambda t: 0 * t)
    assert (await room.film(a_cut([24, 24]), [hush, hush], tmp_path / "film.mp4")).lufs == -70
    assert np.abs(sound_of(tmp_path / "film.mp4")).max() < 1e-4


async def test_sounds_of_any_rate_and_layout_are_one_track(room: MediaRoom, tmp_path: Path) -> None:
    clips = [
        heard_clip(tmp_path / "mono.mp4", 2, tone, rate=22_050, layout="mono"),
        heard_clip(tmp_path / "cd.mp4", 2, tone, rate=44_100),
        heard_clip(tmp_path / "wide.mp4", 2, tone, layout="5.1"),
    ]
    sound = sound_of(await filmed(room, a_cut([48, 48, 48]), clips))
    assert sound.shape == (2, pytest.approx(6 * RATE, abs=1024))
    levels = [level(sound, begins + 0.1, begins + 1.9) for begins in (0, 2, 4)]
    assert max(levels) - min(levels) < 3.5


async def test_parts_of_a_long_track_meet_without_a_seam(room: MediaRoom, tmp_path: Path) -> None:
    clip = heard_clip(tmp_path / "clip.mp4", 40, tone)
    sound = sound_of(await filmed(room, a_cut([960]), [clip]))[0]
    steady = sound[RATE : 39 * RATE]
    times = np.arange(steady.size) / RATE
    waves = np.stack([np.sin(2 * np.pi * 440 * times), np.cos(2 * np.pi * 440 * times)])
    one_tone = (steady @ waves.T * 2 / steady.size) @ waves
    assert np.abs(steady - one_tone).max() < 0.01 * np.abs(steady).max()


# ---------------------------------------------------------------- what it says of itself


async def test_each_edit_is_a_chapter_under_its_slate(room: MediaRoom, tmp_path: Path) -> None:
    clips = [tiny_clip(tmp_path / f"{number}.mp4", seconds=2) for number in range(3)]
    for transition, second in ((CUT, 2.0), (DISSOLVE, 1.5)):
        film = await filmed(room, a_cut([48, 48, 48], transition), clips)
        with av.open(str(film)) as opened:
            said = opened.chapters()
        assert [each["metadata"]["title"] for each in said] == ["1A-1", "1B-1", "1C-1"]
        assert [float(each["start"] * (each["time_base"] or 0)) for each in said] == pytest.approx(
            [0, second, 2 * second], abs=0.001
        )
        assert float(said[-1]["end"] * (said[-1]["time_base"] or 0)) == pytest.approx(2 * second + 2, abs=0.001)


async def test_a_film_bears_its_title_and_the_marks_of_its_clips(room: MediaRoom, tmp_path: Path) -> None:
    said = (
        {"title": "1A-1", "comment": "Made by us.", "artist": "Us", "AIGC": '{"Label": 1}', "seed": "7"},
        {"title": "1B-1", "comment": "Made by others.", "artist": "Us", "seed": "8"},
    )
    clips = [tiny_clip(tmp_path / f"{n}.mp4", tags=each) for n, each in enumerate(said)]
    film = await filmed(room, a_cut([24, 24], title="雨夜 · No Return Address"), clips)
    found = tags(film)
    assert found["title"] == "雨夜 · No Return Address"
    assert found["comment"] == "Made by us. Made by others."
    assert found["AIGC"] == '{"Label": 1}'
    assert found["artist"] == "Us"
    assert "seed" not in found


# ---------------------------------------------------------------- length, and what is wrong


async def test_sixty_pieces_and_their_sound_as_wav(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", seconds=2)
    shares: list[float] = []
    cut = a_cut([48] * 60)
    told = await room.film(cut, [clip] * 60, tmp_path / "film.mp4", shares.append)
    assert told.copied
    assert told.frames == 2880
    assert shares == sorted(shares)
    assert len(shares) > 100
    assert 0.9 < shares[-1] <= 1
    await room.extract_sound(tmp_path / "film.mp4", tmp_path / "film.wav")
    assert seconds(tmp_path / "film.wav") == pytest.approx(120, abs=0.03)


def wrong_clips(folder: Path) -> Iterator[tuple[str, Path]]:
    """Reasons, and clips that they are said of."""
    (folder / "notes.mp4").write_text("Shot 1: a street.\n" * 50)
    (folder / "empty.mp4").touch()
    whole = tiny_clip(folder / "whole.mp4").read_bytes()
    (folder / "half.mp4").write_bytes(whole[: len(whole) // 2])
    yield "its clip is not there", folder / "nowhere.mp4"
    yield "not a clip", folder / "notes.mp4"
    yield "not a clip", folder / "empty.mp4"
    yield "not a clip", tiny_png(folder / "picture.mp4")
    yield "there is no picture in it", heard_clip(folder / "sound.mp4", 1, tone, picture=False)
    yield "", folder / "half.mp4"


async def test_whatever_is_wrong_is_said_once_of_its_piece_and_nothing_is_left(room: MediaRoom, tmp_path: Path) -> None:
    good = tiny_clip(tmp_path / "good.mp4")
    cases = list(wrong_clips(tmp_path))
    before = set(tmp_path.iterdir())
    for reason, clip in cases:
        for transition in (CUT, DISSOLVE):
            with pytest.raises(MediaFault, match=f"1B-1: {reason}") as told:
                await room.film(a_cut([24, 24], transition), [good, clip], tmp_path / "film.mp4")
            assert str(tmp_path) not in told.value.reason.replace(str(clip), "")
    assert set(tmp_path.iterdir()) == before


async def test_no_pieces_no_length_and_too_few_files_are_faults(room: MediaRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4")
    for cut, files, reason in (
        (a_cut([]), [], "at least one clip"),
        (a_cut([24, 24]), [clip], "2 pieces, but 1 files"),
        (a_cut([24, 0]), [clip, clip], "1B-1: it has no length"),
    ):
        with pytest.raises(MediaFault, match=reason):
            await room.film(cut, files, tmp_path / "film.mp4")
    assert not (tmp_path / "film.mp4").exists()


def tone(times: np.ndarray) -> np.ndarray:
    """440 Hz, quiet."""
    return np.asarray(0.1 * np.sin(2 * np.pi * 440 * times))


def noise(times: np.ndarray) -> np.ndarray:
    """Like wind, between -1 and 1."""
    return np.convolve(np.random.default_rng(4).uniform(-1, 1, times.size), np.full(6, 1 / 6), "same")


def turned(clip: Path, into: Path, by: tuple[int, int, int, int, int, int] = (0, 1, -1, 0, 72, 0)) -> Path:
    """The clip with a track matrix (ISO/IEC 14496-12, 8.3.2): clockwise by a quarter, if nothing else is said."""
    data = bytearray(clip.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    across, down, back, up, right, lower = (each << 16 for each in by)
    matrix = [across, down, 0, back, up, 0, right, lower, 1 << 30]
    data[at : at + 36] = b"".join(number.to_bytes(4, signed=True) for number in matrix)
    into.write_bytes(data)
    return into
