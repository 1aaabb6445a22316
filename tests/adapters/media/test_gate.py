"""Strangers' files at the gate: known by what is in them, measured, fitted, and never trusted."""

import itertools
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageCms

from adapters.media.gate import MediaGate
from bot.errors import ImageTooLarge, MediaFault, NotAnImage
from bot.paperwork import Picture
from tests.media_samples import bomb_png, grey_clip, tiny_clip, tiny_png

ORIENTATION, GPS = 0x0112, 0x8825


@pytest.fixture
def gate() -> MediaGate:
    return MediaGate()


def half_and_half(path: Path, size: tuple[int, int], **options: Any) -> Path:
    """A picture whose upper half is red and whose lower half is blue."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (0, size[1] // 2, *size))
    picture.save(path, **options)
    return path


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
async def test_a_picture_is_known_by_its_content(gate: MediaGate, tmp_path: Path, kind: str, media_type: str) -> None:
    file = half_and_half(tmp_path / "holiday.txt", (80, 60), format=kind)
    assert await gate.picture(file) == Picture(80, 60, media_type)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"A dog runs along the beach.",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
async def test_what_is_no_picture_is_turned_away(gate: MediaGate, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "picture.png"
    file.write_bytes(content)
    with pytest.raises(NotAnImage):
        await gate.picture(file)


async def test_half_a_picture_is_no_picture(gate: MediaGate, tmp_path: Path) -> None:
    file = tiny_png(tmp_path / "torn.png", (400, 300))
    file.write_bytes(file.read_bytes()[:-400])
    with pytest.raises(NotAnImage):
        await gate.picture(file)


async def test_a_bomb_is_turned_away_before_it_unpacks(gate: MediaGate, tmp_path: Path) -> None:
    bomb = bomb_png(tmp_path / "bomb.png")
    assert bomb.stat().st_size < 120_000
    begun = time.monotonic()
    with pytest.raises(ImageTooLarge) as caught:
        await gate.picture(bomb)
    assert caught.value.params == {"limit": "40 MP"}
    assert time.monotonic() - begun < 5


async def test_a_file_of_more_than_30_megabytes_is_turned_away(gate: MediaGate, tmp_path: Path) -> None:
    file = tiny_png(tmp_path / "heavy.png")
    with file.open("ab") as out:
        out.truncate(31 * 1024 * 1024)
    with pytest.raises(ImageTooLarge) as caught:
        await gate.picture(file)
    assert caught.value.params == {"limit": "30 MB"}


async def test_the_largest_picture_allowed_fits_into_a_worker(gate: MediaGate, tmp_path: Path) -> None:
    file = half_and_half(tmp_path / "large.jpg", (7300, 5400))
    assert await gate.picture(file) == Picture(7300, 5400, "image/jpeg")
    await gate.fit(file, 720, 1280, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert fitted.size == (720, 1280)


async def test_a_phone_picture_is_measured_and_fitted_upright_and_says_no_more_where_it_was_taken(
    gate: MediaGate, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned clockwise
    exif.get_ifd(GPS)[1] = "N"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = half_and_half(tmp_path / "phone.jpg", (120, 60), exif=exif, icc_profile=profile, comment=b"home")
    assert await gate.picture(file) == Picture(60, 120, "image/jpeg")
    await gate.fit(file, 60, 120, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert fitted.info == {}
        assert not fitted.getexif()
        assert is_near(fitted.getpixel((50, 60)), (255, 0, 0))
        assert is_near(fitted.getpixel((10, 60)), (0, 0, 255))


def is_near(pixel: object, colour: tuple[int, int, int], tolerance: int = 24) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(mine - yours) <= tolerance for mine, yours in zip(pixel, colour, strict=True))


async def test_a_crop_that_costs_little_fills_the_frame(gate: MediaGate, tmp_path: Path) -> None:
    file = half_and_half(tmp_path / "nearly.png", (1280, 800))
    await gate.fit(file, 1280, 720, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert fitted.size == (1280, 720)
        assert is_near(fitted.getpixel((0, 0)), (255, 0, 0))
        assert is_near(fitted.getpixel((1279, 719)), (0, 0, 255))


async def test_a_crop_that_costs_much_gives_way_to_the_whole_picture(gate: MediaGate, tmp_path: Path) -> None:
    file = half_and_half(tmp_path / "square.png", (600, 600))
    await gate.fit(file, 1280, 720, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert fitted.size == (1280, 720)
        for x in (290, 640, 990):
            assert is_near(fitted.getpixel((x, 4)), (255, 0, 0))
            assert is_near(fitted.getpixel((x, 716)), (0, 0, 255))
        assert not is_near(fitted.getpixel((100, 4)), (255, 0, 0))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
async def test_pictures_of_every_make_are_fitted(gate: MediaGate, tmp_path: Path, mode: str) -> None:
    file = tmp_path / ("made.jpg" if mode == "CMYK" else "made.png")
    sixteen = Image.fromarray(np.full((48, 64), 0x9999, np.uint16))
    (sixteen if mode == "I;16" else Image.new("RGB", (64, 48), "#999999").convert(mode)).save(file)
    await gate.fit(file, 64, 48, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert (fitted.mode, fitted.size) == ("RGB", (64, 48))
        assert mode == "1" or is_near(fitted.getpixel((32, 24)), (153, 153, 153))


async def test_a_clip_is_measured(gate: MediaGate, tmp_path: Path) -> None:
    footage = await gate.footage(tiny_clip(tmp_path / "clip.bin", seconds=2, size=(128, 72)))
    assert footage.seconds == pytest.approx(2, abs=0.01)
    assert (footage.width, footage.height, footage.media_type, footage.has_sound) == (128, 72, "video/mp4", True)


async def test_a_webm_clip_is_measured_too(gate: MediaGate, tmp_path: Path) -> None:
    footage = await gate.footage(grey_clip(tmp_path / "clip.webm", [200] * 24, codec="libvpx-vp9"))
    assert footage.seconds == pytest.approx(1, abs=0.05)
    assert (footage.width, footage.height, footage.media_type, footage.has_sound) == (64, 36, "video/webm", False)


async def test_a_playlist_in_disguise_reads_no_other_file(gate: MediaGate, tmp_path: Path) -> None:
    tiny_clip(tmp_path / "secret.mp4")
    disguised = tmp_path / "clip.mp4"
    disguised.write_text("ffconcat version 1.0\nfile secret.mp4\n")
    with av.open(str(disguised)) as opened:  # FFmpeg left alone does read it
        assert sum(1 for _ in opened.decode(video=0)) == 24
    with pytest.raises(MediaFault):
        await gate.footage(disguised)
    with pytest.raises(MediaFault):
        await gate.poster(disguised, tmp_path / "poster.jpg")
    assert not (tmp_path / "poster.jpg").exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a clip", b"#EXTM3U\n#EXTINF:1,\nsecret.ts\n", b"\0\0\0\x18ftypisom" + bytes(64)]
)
async def test_what_is_no_clip_is_a_fault(gate: MediaGate, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "clip.mp4"
    file.write_bytes(content)
    with pytest.raises(MediaFault):
        await gate.footage(file)


async def test_a_picture_is_no_clip(gate: MediaGate, tmp_path: Path) -> None:
    with pytest.raises(MediaFault):
        await gate.footage(tiny_png(tmp_path / "picture.mp4"))


async def test_a_clip_that_was_cut_off_is_a_fault(gate: MediaGate, tmp_path: Path) -> None:
    file = tiny_clip(tmp_path / "clip.mp4")
    file.write_bytes(file.read_bytes()[:1500])
    with pytest.raises(MediaFault):
        await gate.footage(file)


async def test_a_poster_is_a_jpeg_of_960_pixels_at_most(gate: MediaGate, tmp_path: Path) -> None:
    await gate.poster(tiny_clip(tmp_path / "clip.mp4", size=(1280, 720)), tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert (poster.format, poster.size) == ("JPEG", (960, 540))


async def test_a_poster_is_made_smaller_without_its_clip(gate: MediaGate, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", size=(1280, 720))
    await gate.poster(clip, tmp_path / "poster.jpg")
    await gate.poster(tmp_path / "poster.jpg", tmp_path / "still.jpg", 320)
    with Image.open(tmp_path / "still.jpg") as still:
        assert (still.format, still.size) == ("JPEG", (320, 180))
    (tmp_path / "odd.jpg").write_bytes(clip.read_bytes())
    with pytest.raises(MediaFault, match="cannot be read"):
        await gate.poster(tmp_path / "odd.jpg", tmp_path / "still.jpg", 320)


async def test_a_poster_is_not_black_when_the_clip_fades_in_late(gate: MediaGate, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [16] * 30 + [180] * 18)
    await gate.poster(clip, tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert is_near(poster.getpixel((32, 18)), (191, 191, 191))


async def test_a_black_clip_has_a_black_poster(gate: MediaGate, tmp_path: Path) -> None:
    await gate.poster(grey_clip(tmp_path / "clip.mp4", [16] * 24), tmp_path / "poster.jpg")
    with Image.open(tmp_path / "poster.jpg") as poster:
        assert is_near(poster.getpixel((32, 18)), (0, 0, 0))


async def test_broken_clips_are_faults_and_nothing_worse(gate: MediaGate, tmp_path: Path) -> None:
    sound = tiny_clip(tmp_path / "clip.mp4").read_bytes()
    for start in itertools.islice(itertools.count(40, len(sound) // 8), 8):
        file = tmp_path / f"{start}.mp4"
        file.write_bytes(sound[:start] + bytes(byte ^ 0xA5 for byte in sound[start : start + 24]) + sound[start + 24 :])
        with suppress(MediaFault):
            assert (await gate.footage(file)).width > 0


async def test_the_last_frame_of_a_clip_is_a_picture_to_begin_with(gate: MediaGate, tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [40, 80, 120], size=(128, 72))
    await gate.last_frame(clip, tmp_path / "last.png")
    assert await gate.picture(tmp_path / "last.png") == Picture(128, 72, "image/png")


async def test_a_file_without_a_frame_has_no_last_one(gate: MediaGate, tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").write_bytes(b"no clip at all")
    with pytest.raises(MediaFault):
        await gate.last_frame(tmp_path / "clip.mp4", tmp_path / "last.png")
