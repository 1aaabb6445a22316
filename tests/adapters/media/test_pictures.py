"""What a reference picture may be: known by its bytes, still, whole, of a size that can be unpacked, shown upright."""

import io
import struct
import time
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from adapters.media.gate import MediaGate
from bot.errors import ImageTooLarge, NotAnImage, PictureMoves
from bot.paperwork import Picture
from bot.text import explain

ORIENTATION = 0x0112
GREY, COLOUR, GREY_ALPHA, COLOUR_ALPHA = 0, 2, 4, 6
"""Colour types of PNG, https://www.w3.org/TR/png-3/#6Colour-values."""


@pytest.fixture
def gate() -> MediaGate:
    return MediaGate()


def encoded(kind: str, size: tuple[int, int] = (40, 30), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size: tuple[int, int], depth: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    """A PNG of these rows (each without its filter byte), with chunks between its header and its data."""
    wide, high = size
    line = len(rows) // high
    data = b"".join(b"\0" + rows[row * line : (row + 1) * line] for row in range(high))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", wide, high, depth, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + body


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(mine - yours) <= 24 for mine, yours in zip(pixel, colour, strict=True))


# ---------------------------------------------------------------- by content, whatever it is called

NOT_TAKEN = {
    "svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='a.png'/></svg>",
    "html": b"<!doctype html><img src='https://example.org/a.png'>",
    "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200),
    "avif": b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(200),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
    "gif": encoded("GIF"),
    "bmp": encoded("BMP"),
    "tiff": encoded("TIFF"),
    "ico": encoded("ICO"),
    "nothing": b"",
}


@pytest.mark.parametrize("content", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_other_files_are_declined_in_one_sentence(gate: MediaGate, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "photo.jpg").write_bytes(content)
    with pytest.raises(NotAnImage) as caught:
        await gate.picture(tmp_path / "photo.jpg")
    assert explain(caught.value, "en") == "That file is not a picture we can read. JPEG, PNG and WebP will do."


async def test_a_phone_photograph_with_a_second_picture_behind_it_is_a_jpeg(gate: MediaGate, tmp_path: Path) -> None:
    photograph, depth = Image.new("RGB", (40, 30), "red"), Image.new("RGB", (20, 15), "blue")
    photograph.save(tmp_path / "one", "MPO", save_all=True, append_images=[depth])
    assert await gate.picture(tmp_path / "one") == Picture(40, 30, "image/jpeg")
    await gate.fit(tmp_path / "one", 40, 30, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert near(fitted.getpixel((20, 15)), (255, 0, 0))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_picture_that_moves_is_declined(gate: MediaGate, tmp_path: Path, kind: str) -> None:
    """Which of its frames would be filmed, no one could say, and no two backends would agree."""
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "one", kind, save_all=True, append_images=frames[1:])
    with pytest.raises(PictureMoves) as caught:
        await gate.picture(tmp_path / "one")
    assert explain(caught.value, "en") == "That picture moves. A still one will do: JPEG, PNG or WebP."


# ---------------------------------------------------------------- whole, and of a size that can be unpacked


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("left", [0.3, 0.95])
async def test_what_was_cut_off_is_declined(gate: MediaGate, tmp_path: Path, kind: str, left: float) -> None:
    out = io.BytesIO()
    Image.effect_noise((200, 150), 80).save(out, kind)
    (tmp_path / "one").write_bytes(out.getvalue()[: int(len(out.getvalue()) * left)])
    with pytest.raises(NotAnImage):
        await gate.picture(tmp_path / "one")


def vast_jpeg() -> bytes:
    """A small JPEG whose frame header claims 65,000 x 65,000."""
    small = encoded("JPEG")
    at = small.index(b"\xff\xc0") + 5
    return small[:at] + struct.pack(">HH", 65_000, 65_000) + small[at + 4 :]


def vast_webp() -> bytes:
    """A WebP of 16,000 x 16,000 in one colour."""
    return encoded("WEBP", (16_000, 3_000), lossless=True, method=0)


@pytest.mark.parametrize(
    "bomb",
    [vast_jpeg(), vast_webp(), png((60_000, 60_000), 1, GREY, bytes(60_000))],
    ids=["jpeg", "webp", "png"],
)
async def test_more_pixels_than_a_worker_holds_are_declined_unread(
    gate: MediaGate, tmp_path: Path, bomb: bytes
) -> None:
    (tmp_path / "one").write_bytes(bomb)
    begun = time.monotonic()
    with pytest.raises(ImageTooLarge) as caught:
        await gate.picture(tmp_path / "one")
    assert caught.value.params == {"limit": "40 MP"}
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP"])
async def test_a_bomb_beside_the_pixels_does_not_go_off(gate: MediaGate, tmp_path: Path, kind: bytes) -> None:
    """200 MB of text or colour profile in 200 kB: declined or passed over, never unpacked into our memory."""
    bomb = chunk(kind, b"name\0\0" + zlib.compress(bytes(200 * 1024 * 1024)))
    (tmp_path / "one").write_bytes(png((4, 4), 8, GREY, bytes(16), bomb))
    begun = time.monotonic()
    with suppress(NotAnImage):
        assert await gate.picture(tmp_path / "one") == Picture(4, 4, "image/png")
    assert time.monotonic() - begun < 10


# ---------------------------------------------------------------- every shape and make is fitted


@pytest.mark.parametrize("size", [(1, 1), (1, 5_000), (5_000, 1)])
async def test_the_smallest_and_the_narrowest_fill_the_frame_too(
    gate: MediaGate, tmp_path: Path, size: tuple[int, int]
) -> None:
    (tmp_path / "one").write_bytes(encoded("PNG", size))
    assert await gate.picture(tmp_path / "one") == Picture(*size, "image/png")
    await gate.fit(tmp_path / "one", 1280, 720, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert (fitted.mode, fitted.size) == ("RGB", (1280, 720))
        red, *others = fitted.convert("RGB").resize((1, 1)).tobytes()
        assert red > 100
        assert max(others) < 24


@pytest.mark.parametrize(("kind", "turned"), [*(("JPEG", turned) for turned in range(1, 9)), ("PNG", 6), ("WEBP", 6)])
async def test_every_way_a_camera_is_held_comes_out_upright(
    gate: MediaGate, tmp_path: Path, kind: str, turned: int
) -> None:
    """Stored as the camera was held, with the note that says how; shown with red on top and green at the top left."""
    upright = Image.new("RGB", (60, 120), "blue")
    upright.paste("red", (0, 0, 60, 60))
    upright.paste("green", (0, 0, 24, 24))
    exif = Image.Exif()
    exif[ORIENTATION] = turned
    held(upright, turned).save(tmp_path / "one", kind, exif=exif)
    assert await gate.picture(tmp_path / "one") == Picture(60, 120, f"image/{kind.lower()}")
    await gate.fit(tmp_path / "one", 60, 120, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert near(fitted.getpixel((8, 8)), (0, 128, 0))
        assert near(fitted.getpixel((48, 40)), (255, 0, 0))
        assert near(fitted.getpixel((30, 100)), (0, 0, 255))


def held(upright: Image.Image, turned: int) -> Image.Image:
    """The rows and columns of the picture in the order that `turned` stands for (TIFF 6.0, tag 274)."""
    turns = {1: 0, 2: 0, 3: 180, 4: 180, 5: 90, 6: 90, 7: 270, 8: 270}
    stored = upright.rotate(turns[turned], expand=True)
    if turned in (2, 4):
        return ImageOps.mirror(stored)
    return ImageOps.flip(stored) if turned in (5, 7) else stored


async def test_what_is_clear_is_laid_on_the_dark_of_the_room(gate: MediaGate, tmp_path: Path) -> None:
    picture = Image.new("RGBA", (60, 40), (255, 0, 0, 255))
    picture.paste((255, 255, 255, 0), (0, 0, 30, 40))
    picture.save(tmp_path / "one.png")
    await gate.fit(tmp_path / "one.png", 60, 40, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert fitted.getpixel((5, 20)) == (17, 17, 17)
        assert near(fitted.getpixel((55, 20)), (255, 0, 0))


@pytest.mark.parametrize(
    ("colour", "samples"),
    [
        (GREY, (0x9999,)),
        (COLOUR, (0x9999, 0x9999, 0x9999)),
        (GREY_ALPHA, (0x9999, 0xFFFF)),
        (COLOUR_ALPHA, (0x9999, 0x9999, 0x9999, 0xFFFF)),
    ],
)
async def test_sixteen_bits_a_sample_keep_their_brightness(
    gate: MediaGate, tmp_path: Path, colour: int, samples: tuple[int, ...]
) -> None:
    pixel = struct.pack(f">{len(samples)}H", *samples)
    (tmp_path / "one.png").write_bytes(png((32, 24), 16, colour, pixel * 32 * 24))
    await gate.fit(tmp_path / "one.png", 32, 24, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert near(fitted.getpixel((16, 12)), (0x99, 0x99, 0x99))


@pytest.mark.parametrize("kind", ["CMYK", "YCbCr", "L"])
async def test_jpegs_of_every_make_keep_their_brightness(gate: MediaGate, tmp_path: Path, kind: str) -> None:
    Image.new("RGB", (64, 48), "#999999").convert(kind).save(tmp_path / "one.jpg")
    await gate.fit(tmp_path / "one.jpg", 64, 48, tmp_path / "fitted.png")
    with Image.open(tmp_path / "fitted.png") as fitted:
        assert near(fitted.getpixel((32, 24)), (0x99, 0x99, 0x99))
