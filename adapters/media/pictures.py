"""Reference pictures: recognise them by content, refuse bombs, fit them to a size. Runs in the worker only."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageFilter, ImageOps

from bot.errors import ImageTooLarge, NotAnImage, PictureMoves

FORMATS = ("JPEG", "PNG", "WEBP")
ENCLOSED = {"MPO": "image/jpeg"}
"""What Pillow calls a JPEG with further pictures behind it (depth, brightness, a second eye), as phones make them; the
first is the photograph."""
MOST_PIXELS = 40_000_000
MOST_BYTES = 30 * 1024 * 1024
ROOM = (0x11, 0x11, 0x11)
"""What shows through transparent pictures."""
MOST_LOST = 0.25
"""Share of the picture that a crop may cost; beyond it the whole picture is kept on a blurred ground."""
HEADROOM = 0.35
"""Where a crop of a high picture sits, 0 top to 1 bottom: heads are rather at the top."""


def look(file: str) -> dict[str, Any]:
    """Size as shown and media type. Raises `NotAnImage`, `PictureMoves` or `ImageTooLarge`."""
    picture, media_type = _open(file)
    return {"width": picture.width, "height": picture.height, "media_type": media_type}


def fit(file: str, size: tuple[int, int], into: str) -> None:
    """Write the picture as RGB PNG of exactly `size`: upright, in sRGB, no metadata (a phone's GPS position is in it).

    It is cropped where that loses at most a quarter of it, else set whole on a blurred, darkened ground of itself.
    """
    picture, _ = _open(file)
    fitted = _crop(_flat(picture), size) if _lost(picture.size, size) <= MOST_LOST else _letterbox(_flat(picture), size)
    clean = Image.new("RGB", size)
    clean.paste(fitted)
    clean.save(into, "PNG")


def grey(file: str, longest: int) -> NDArray[np.uint8]:
    """Its brightness as rows of bytes, upright, made smaller where the longer side has more than `longest` pixels."""
    picture, _ = _open(file)
    picture = _flat(picture).convert("L")
    picture.thumbnail((longest, longest))
    return np.asarray(picture)


def _open(file: str) -> tuple[Image.Image, str]:
    """The whole picture, upright, decoded; and its media type."""
    if Path(file).stat().st_size > MOST_BYTES:
        raise ImageTooLarge(limit="30 MB")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(file, formats=FORMATS)
            if picture.format not in ENCLOSED and getattr(picture, "is_animated", False):
                raise PictureMoves
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageTooLarge(limit="40 MP") from None
    except (OSError, SyntaxError, ValueError, EOFError) as fault:
        raise NotAnImage from fault
    kind = picture.format or "PNG"
    return ImageOps.exif_transpose(picture), ENCLOSED.get(kind) or Image.MIME[kind]


def _flat(picture: Image.Image) -> Image.Image:
    """RGB in sRGB, transparency laid on the room's dark."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits a sample
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, ROOM), picture.convert("RGBA"))
    elif profile and picture.mode in ("RGB", "CMYK", "L"):
        picture = _in_srgb(picture, profile)
    return picture.convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        shown = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # a broken profile is no reason to refuse the picture
        return picture
    return shown or picture


def _lost(source: tuple[int, int], target: tuple[int, int]) -> float:
    """Share of the picture that a crop to the target's ratio cuts off, 0..1."""
    ratio = (source[0] * target[1]) / (source[1] * target[0])
    return 1 - min(ratio, 1 / ratio)


def _crop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, HEADROOM))


def _letterbox(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    small = (max(1, size[0] // 8), max(1, size[1] // 8))
    ground = ImageOps.fit(picture, small, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(6))
    frame = ground.resize(size, Image.Resampling.BICUBIC).point(lambda value: value * 0.55)
    whole = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    frame.paste(whole, ((size[0] - whole.width) // 2, (size[1] - whole.height) // 2))
    return frame
