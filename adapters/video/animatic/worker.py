"""The animatic's worker: ``python -I -m adapters.video.animatic.worker`` draws one shot, or says what it can do."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from adapters.video.animatic.spec import Rgb, ShotSpec, spec_from_dict
from adapters.workers.child import Tell, serve

Draw = Callable[..., None]
"""`render.render`."""
THREADS = 2
ANCHORS = 5
"""Colours of a palette, the words' and the reference picture's together."""


def draw(request: dict[str, Any], tell: Tell, render: Draw) -> dict[str, Any]:
    """``{spec, reference, into}`` -> ``{seconds, frames}``; the clip is there whole or not at all."""
    tell(0.0)
    spec, into = spec_from_dict(request["spec"]), Path(request["into"])
    if request["reference"]:
        spec = coloured(spec, Path(request["reference"]))
    part = into.with_name(f"{into.stem}.{os.getpid()}.part{into.suffix}")  # the suffix tells FFmpeg the format
    try:
        render(spec, part, threads=THREADS, progress=lambda done: tell(min(0.99, done)))
        with part.open("r+b") as written:
            os.fsync(written.fileno())
        part.replace(into)
    finally:
        part.unlink(missing_ok=True)
    return {"seconds": spec.seconds, "frames": spec.frames}


def coloured(spec: ShotSpec, reference: Path) -> ShotSpec:
    """The shot in the colours of the reference picture; colours that the words name come first."""
    return replace(spec, palette=tuple(dict.fromkeys((*spec.palette, *dominant(reference))))[:ANCHORS])


def dominant(reference: Path, count: int = ANCHORS) -> tuple[Rgb, ...]:
    """The picture's colours, most frequent first; it went through the gate before."""
    from PIL import Image

    with Image.open(reference, formats=("JPEG", "PNG", "WEBP")) as opened:
        opened.draft("RGB", (256, 256))
        small = opened.convert("RGB").resize((96, 96), Image.Resampling.BOX)
    picked = small.quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    table, counted = picked.getpalette() or [], picked.getcolors() or []
    order = [int(index) for _, index in sorted(counted, key=lambda each: (-each[0], each[1])) if isinstance(index, int)]
    return tuple((table[3 * at], table[3 * at + 1], table[3 * at + 2]) for at in order)


def render(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """`draw` with the real renderer."""
    from adapters.video.animatic.render import render as film

    return draw(request, tell, film)


def examine(_request: dict[str, Any], _tell: Tell) -> dict[str, Any]:
    """``{}`` -> ``{encodes, speaks}``: whether H.264 and AAC can be made, whether the extra ``[voice]`` is here."""
    import av

    encodes = all(name in av.codecs_available for name in ("libx264", "aac"))
    return {"encodes": encodes, "speaks": find_spec("espeakng_loader") is not None}


if __name__ == "__main__":
    serve({"render": render, "examine": examine})
