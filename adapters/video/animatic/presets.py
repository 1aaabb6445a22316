"""A still for every preset, the same shot in each look: ``python -m adapters.video.animatic.presets FOLDER``.

Writes ``FOLDER/<preset>.jpg``, each small enough for a page that shows them all, and ``FOLDER.jpg``, one sheet of them with their
names. What is drawn is what `/style set preset:…` and then `SHOT` would make the animatic draw, its lens, light, palette and grade.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import count
from pathlib import Path

from PIL import Image, ImageDraw

from adapters.type.typesetting import PAPER, PLAIN, Style, draw_text
from adapters.video.animatic.backend import spec_of
from adapters.video.animatic.picture import Picture
from adapters.video.animatic.spec import ShotSpec
from bot.brief import compile_brief
from bot.film import Shape
from bot.spine import Spine, presets

SHOT = "Medium shot. A woman in a long coat and a red scarf walks through a street, left to right."
SIZE = (640, 360)
MOST_BYTES = 40_000
COLUMNS, TILE, GAP, NAME = 5, (384, 216), 8, 36
ROOM = (0x11, 0x11, 0x11)
LABEL = Style(PLAIN, 22, PAPER)
SHEET_BYTES = 1_500_000


def spec_for(look: Spine) -> ShotSpec:
    """The shot in that look; the same chance in each, so that only the look differs."""
    return spec_of(compile_brief(SHOT, spine=look, seconds=4, shape=Shape.WIDE, seed=7), "1A-1", "presets")


def still(look: Spine) -> Image.Image:
    """The middle of the shot."""
    spec = spec_for(look)
    return Picture(spec).frame(spec.frames // 2).rgb().resize(SIZE, Image.Resampling.LANCZOS)


def small(picture: Image.Image, most: int) -> bytes:
    """The picture as JPEG, as good as fits into so many bytes."""
    for quality in range(90, 20, -5):
        held = BytesIO()
        picture.save(held, "JPEG", quality=quality, optimize=True, progressive=True)
        if held.tell() <= most:
            break
    return held.getvalue()


def sheet(stills: Mapping[str, Image.Image]) -> Image.Image:
    """All of them, row by row, each over its name."""
    rows = -(-len(stills) // COLUMNS)
    wide, high = COLUMNS * (TILE[0] + GAP) + GAP, rows * (TILE[1] + NAME + GAP) + GAP
    whole = Image.new("RGB", (wide, high), ROOM)
    for (name, picture), (left, top) in zip(stills.items(), _places(), strict=False):
        whole.paste(picture.resize(TILE, Image.Resampling.LANCZOS), (left, top))
        draw_text(ImageDraw.Draw(whole), (left, top + TILE[1] + 26), name, LABEL)
    return whole


def _places() -> Iterator[tuple[int, int]]:
    for number in count():
        row, column = divmod(number, COLUMNS)
        yield GAP + column * (TILE[0] + GAP), GAP + row * (TILE[1] + NAME + GAP)


def write(folder: Path, looks: Mapping[str, Spine]) -> None:
    """Draw them into the folder; stills of presets that are no more are taken away."""
    folder.mkdir(parents=True, exist_ok=True)
    stills = {name: still(look) for name, look in looks.items()}
    for name, picture in stills.items():
        (folder / f"{name}.jpg").write_bytes(small(picture, MOST_BYTES))
    for old in folder.glob("*.jpg"):
        if old.stem not in stills:
            old.unlink()
    folder.with_suffix(".jpg").write_bytes(small(sheet(stills), SHEET_BYTES))


def main() -> None:
    """Draw every preset into the folder that is named."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m adapters.video.animatic.presets FOLDER")
    write(Path(sys.argv[1]), presets())


if __name__ == "__main__":
    main()
