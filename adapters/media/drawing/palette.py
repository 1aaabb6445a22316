"""The colours of pictures, dark to light, colourful ones weighing more; and the strip that shows them. Runs in the worker only.

Pixels are counted in a coarse grid and gathered round six centres in OKLab (Ottosson 2020), where distances are as large as
they look. Nothing in it is chance: the same pictures give the same colours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw

from adapters.media.drawing import ink
from adapters.media.drawing.frames import frames
from adapters.media.drawing.ink import PLAIN, ROOM, TEXT, Style

Rgb = tuple[int, int, int]
"""sRGB, 0..255."""
Lab = tuple[float, float, float]

COUNT = 6
SAMPLE = 56
"""Pixels of the longer side at which a picture is looked at."""
GRID = 0xF8
"""Of each channel the upper five bits."""
COLOUR_WEIGHT = 120.0
"""How much more a pixel counts for its chroma squared: at 0.2, a full colour, nearly six times."""
HUE = 4.0
"""How much more a difference of colour counts than one of light, both squared: else six shades of one colour would come of it."""
ROUNDS = 8
ALONE, NAMES = (960, 48), 40
"""A strip that stands alone, and the room for the names below it."""
NAME = Style(PLAIN, 20, TEXT)
NEIGHBOURS = 0.045
"""Colours nearer than that to each other are one."""


@dataclass(frozen=True)
class Swatch:
    """A colour and its share of the strip, 0..1."""

    rgb: Rgb
    share: float

    @property
    def hex(self) -> str:
        """``#13807f``."""
        return "#{:02x}{:02x}{:02x}".format(*self.rgb)


@dataclass
class _Heap:
    """Pixels round one centre."""

    centre: Lab
    weight: float = 0.0
    sums: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def add(self, lab: Lab, weight: float) -> None:
        """One more kind of pixel, `weight` times."""
        self.weight += weight
        self.sums = tuple(total + weight * part for total, part in zip(self.sums, lab, strict=True))  # type: ignore[assignment]


def colours(pictures: Sequence[Image.Image], count: int = COUNT) -> tuple[Swatch, ...]:
    """At most that many, dark to light. A share is the root of what the colour takes of the pictures, made to sum to 1."""
    pixels = _pixels(pictures)
    centres = _spread(pixels, count)
    for _ in range(ROUNDS):
        heaps = _gathered(pixels, centres)
        moved = [_centre(heap) for heap in heaps if heap.weight]
        if moved == centres:
            break
        centres = moved
    kept = _merged(heaps)
    roots = [heap.weight**0.5 for heap in kept]
    found = [
        Swatch(_rgb(_centre(heap)), root / sum(roots))
        for heap, root in sorted(zip(kept, roots, strict=True), key=lambda pair: _centre(pair[0]))
    ]
    return tuple(found)


def of_clip(file: str) -> list[dict[str, Any]]:
    """The colours of a clip's first, middle and last frame: ``[{hex, share}]``. Raises `MediaFault`."""
    return [{"hex": each.hex, "share": each.share} for each in colours(frames(file, SAMPLE * 2).all)]


def draw(request: Mapping[str, Any]) -> dict[str, int]:
    """Write ``swatches`` (``hex``, ``share``, ``name``) as a strip to ``into``, their names below. ``{width, height}``."""
    swatches = [Swatch(_read(each["hex"]), each["share"]) for each in request["swatches"]]
    names = [each.get("name", "") for each in request["swatches"]]
    canvas = Image.new("RGB", (ALONE[0], ALONE[1] + (NAMES if any(names) else 0)), ROOM)
    canvas.paste(strip(swatches, ALONE), (0, 0))
    edge = 0.0
    for swatch, name in zip(swatches, names, strict=True):
        wide = swatch.share * ALONE[0]
        ink.text(canvas, (edge + 4, ALONE[1] + 28), ink.short(name, NAME, wide - 8), NAME)
        edge += wide
    return ink.save(canvas, request["into"])


def _read(code: str) -> Rgb:
    red, green, blue = bytes.fromhex(code.removeprefix("#"))
    return red, green, blue


def strip(swatches: Sequence[Swatch], size: tuple[int, int]) -> Image.Image:
    """The colours side by side, each as wide as its share."""
    drawn = Image.new("RGB", size)
    draw = ImageDraw.Draw(drawn)
    edge, left = 0.0, 0
    for swatch in swatches:
        edge += swatch.share * size[0]
        draw.rectangle((left, 0, size[0], size[1]), fill=swatch.rgb)
        left = round(edge)
    return drawn


def _pixels(pictures: Sequence[Image.Image]) -> list[tuple[Lab, float]]:
    """Each kind of pixel that there is with its weight."""
    counted: Counter[Rgb] = Counter()
    for picture in pictures:
        small = picture.convert("RGB")
        small.thumbnail((SAMPLE, SAMPLE), Image.Resampling.BOX)
        coarse = small.point(lambda value: (value & GRID) | 4)
        for number, rgb in coarse.getcolors(SAMPLE * SAMPLE) or ():
            counted[rgb] += number  # type: ignore[index]
    weighed = []
    for rgb, number in sorted(counted.items()):
        lab = _lab(rgb)
        chroma = (lab[1] ** 2 + lab[2] ** 2) ** 0.5
        weighed.append((lab, number * (1 + COLOUR_WEIGHT * chroma**2)))
    return weighed


def _spread(pixels: Sequence[tuple[Lab, float]], count: int) -> list[Lab]:
    """Where to begin: the weightiest, then again and again what is both weighty and far from those before."""
    centres = [max(pixels, key=lambda pixel: pixel[1])[0]]
    nearest = [_distance(lab, centres[0]) for lab, _ in pixels]
    while len(centres) < count and max(nearest) > NEIGHBOURS**2:
        at = max(range(len(pixels)), key=lambda index: nearest[index] * pixels[index][1] ** 0.5)
        centres.append(pixels[at][0])
        nearest = [min(before, _distance(lab, centres[-1])) for before, (lab, _) in zip(nearest, pixels, strict=True)]
    return centres


def _gathered(pixels: Sequence[tuple[Lab, float]], centres: Sequence[Lab]) -> list[_Heap]:
    heaps = [_Heap(centre) for centre in centres]
    for lab, weight in pixels:
        min(heaps, key=lambda heap: _distance(lab, heap.centre)).add(lab, weight)
    return heaps


def _merged(heaps: Sequence[_Heap]) -> list[_Heap]:
    """Those that the eye would not tell apart, as one."""
    kept: list[_Heap] = []
    for heap in sorted((each for each in heaps if each.weight), key=lambda each: -each.weight):
        near = next((each for each in kept if _distance(_centre(each), _centre(heap)) < NEIGHBOURS**2), None)
        if near is None:
            kept.append(heap)
        else:
            near.add(_centre(heap), heap.weight)
    return kept


def _centre(heap: _Heap) -> Lab:
    light, green, blue = (total / heap.weight for total in heap.sums)
    return (light, green, blue)


def _distance(one: Lab, other: Lab) -> float:
    """Squared."""
    return (one[0] - other[0]) ** 2 + HUE * ((one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2)


def _lab(rgb: Rgb) -> Lab:
    red, green, blue = (_linear(value / 255) for value in rgb)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _rgb(lab: Lab) -> Rgb:
    long = (lab[0] + 0.3963377774 * lab[1] + 0.2158037573 * lab[2]) ** 3
    medium = (lab[0] - 0.1055613458 * lab[1] - 0.0638541728 * lab[2]) ** 3
    short = (lab[0] - 0.0894841775 * lab[1] - 1.2914855480 * lab[2]) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return (_code(red), _code(green), _code(blue))


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _code(value: float) -> int:
    value = min(1.0, max(0.0, value))
    return round(255 * (12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055))
