"""One sheet of stills of all places, lights and framings: ``python -m adapters.video.animatic.gallery OUT.jpg``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from adapters.video.animatic import places
from adapters.video.animatic.picture import Picture
from adapters.video.animatic.spec import ANGLES, FRAMINGS, LIGHTS, WEATHERS, Figure, Garment, Line, ShotSpec

COLUMNS, TILE = 6, 384
ROOM = (0x11, 0x11, 0x11)
GAP = 8
BYTES = 1_500_000
MARA = Figure("person", "Mara", gait="walk", wardrobe=(Garment("coat", (62, 74, 84)), Garment("scarf", (196, 60, 48))))
JONAS = Figure("person", "Jonas", wardrobe=(Garment("coat"), Garment("hat"), Garment("umbrella", (19, 128, 127))))
FOX = Figure("fox", "fox", gait="walk")
SHOWN = {
    "alley": (("night", "rain"), ("day", "clear")), "bridge": (("golden", "clear"), ("night", "fog")),
    "city": (("neon", "rain"), ("golden", "clear")), "desert": (("golden", "clear"), ("moon", "clear")),
    "field": (("day", "clear"), ("golden", "dust")), "forest": (("golden", "clear"), ("blue", "snow")),
    "harbour": (("blue", "clear"), ("dawn", "fog")), "interior_library": (("golden", "clear"), ("lamp", "clear")),
    "interior_room": (("day", "clear"), ("candle", "clear")), "kitchen": (("day", "clear"), ("lamp", "clear")),
    "mountains": (("golden", "clear"), ("overcast", "drizzle")), "sea": (("dawn", "clear"), ("moon", "clear")),
    "snowfield": (("day", "snow"), ("blue", "clear")), "space": (("night", "clear"), ("dawn", "clear")),
    "stadium": (("night", "clear"), ("day", "petals")), "station": (("golden", "clear"), ("night", "storm")),
}  # fmt: skip
"""Two lights and weathers for each place; a place that is not named here is shown by day and at night."""
LENSES = {"extreme_wide": 21, "wide": 28, "full": 35, "medium_wide": 40, "medium": 50, "medium_close": 65, "close": 85}
BASE = ShotSpec(seconds=4.0, figures=(MARA,), seed=3, place_seed=7)
TALL = replace(BASE, width=720, height=1280)


def shots() -> Iterator[ShotSpec]:
    """Every shot of the sheet but the tall ones: places, then framings, lights, weathers and angles."""
    for number, place in enumerate(places.names()):
        for light, weather in SHOWN.get(place, (("day", "clear"), ("night", "clear"))):
            cast = (FOX,) if place in ("snowfield", "desert", "sea") and number % 2 else (MARA,)
            yield replace(BASE, place=place, light=light, weather=weather, figures=cast, beams=light == "golden")
    for framing in FRAMINGS:
        spoken = (Line("Jonas", "You were never supposed to come back.", 0.0, 4.0),) if framing == "medium" else ()
        lens = LENSES.get(framing, 100)
        yield replace(
            BASE, place="city", light="night", weather="rain", framing=framing, lens=lens, aperture=2.8, figures=(JONAS,),
            dialogue=spoken,
        )  # fmt: skip
    yield replace(
        BASE, place="interior_room", light="lamp", framing="medium", arrangement="over_shoulder", figures=(MARA, JONAS)
    )
    yield replace(
        BASE,
        place="bridge",
        light="dawn",
        framing="full",
        arrangement="two",
        figures=(JONAS, replace(MARA, gait="still")),
    )
    yield from (replace(BASE, place="mountains", light=light) for light in LIGHTS)
    yield from (replace(BASE, place="field", light="overcast", weather=weather) for weather in WEATHERS)
    yield from (replace(BASE, place="harbour", light="golden", angle=angle) for angle in ANGLES if angle != "eye")


def tall_shots() -> Iterator[ShotSpec]:
    """A row of portrait pictures."""
    yield replace(TALL, place="city", light="neon", weather="rain")
    yield replace(TALL, place="interior_library", light="golden", framing="close", lens=85)
    yield replace(TALL, place="mountains", light="golden", beams=True)
    yield replace(TALL, place="forest", light="blue", weather="snow", framing="full", lens=35)
    yield replace(TALL, place="alley", light="night", weather="rain", framing="full", figures=(JONAS,))
    yield replace(TALL, place="space", light="moon")


def still(spec: ShotSpec) -> Image.Image:
    """The middle of a shot, as wide as a tile."""
    picture = Picture(spec).frame(spec.frames // 2).rgb()
    return picture.resize((TILE, round(picture.height * TILE / picture.width)), Image.Resampling.LANCZOS)


def sheet() -> Image.Image:
    """All stills, row by row."""
    rows = [_row(list(group)) for group in _grouped(list(shots()))] + [_row(list(tall_shots()))]
    whole = Image.new("RGB", (COLUMNS * (TILE + GAP) + GAP, sum(row.height + GAP for row in rows) + GAP), ROOM)
    top = GAP
    for row in rows:
        whole.paste(row, (GAP, top))
        top += row.height + GAP
    return whole


def _grouped(specs: list[ShotSpec]) -> Iterator[list[ShotSpec]]:
    for start in range(0, len(specs), COLUMNS):
        yield specs[start : start + COLUMNS]


def _row(specs: list[ShotSpec]) -> Image.Image:
    stills = [still(spec) for spec in specs]
    row = Image.new("RGB", (COLUMNS * (TILE + GAP), max(each.height for each in stills)), ROOM)
    for number, each in enumerate(stills):
        row.paste(each, (number * (TILE + GAP), 0))
    return row


def save(picture: Image.Image, path: Path) -> None:
    """As PNG, or as JPEG in no more than `BYTES`."""
    if path.suffix.lower() == ".png":
        picture.save(path, optimize=True)
        return
    for quality in range(90, 30, -6):
        picture.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= BYTES:
            return


def main() -> None:
    """Draw the sheet into the file that is named."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m adapters.video.animatic.gallery OUT.jpg")
    save(sheet(), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
