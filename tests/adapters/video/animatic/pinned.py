"""What the renderer gave when it was recorded: ``python -m tests.adapters.video.animatic.pinned`` records it anew.

Exact on the CPU family of the record, where frames and sound are compared by checksum; elsewhere by a small copy of
three frames and by loudness every fiftieth of a second, with a mean error of 1/255 at most.
"""

from __future__ import annotations

import base64
import hashlib
import json
import platform
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image

from adapters.video.animatic import places
from adapters.video.animatic.render import render, sound_of
from adapters.video.animatic.spec import ShotSpec
from tests.adapters.video.animatic.shots import SMALL

FILE = Path(__file__).parent / "data" / "pinned.json"
SMALL_COPY = (32, 18)
LIGHT_OF = {
    "city": ("neon", "rain"), "interior_library": ("lamp", "clear"), "snowfield": ("dawn", "snow"), "harbour": ("blue", "fog"),
}  # fmt: skip
"""Light and weather of some places, so that most of the renderer is in the record; the others are seen at golden hour."""


def family() -> str:
    """The kind of processor, as far as it decides the last bit."""
    features = np._core._multiarray_umath.__cpu_features__  # type: ignore[attr-defined]
    widest = next((name for name in ("AVX512_SKX", "AVX2", "ASIMD", "NEON") if features.get(name)), "plain")
    return f"{platform.machine().lower()} {widest}"


def shot_of(place: str) -> ShotSpec:
    """The shot by which a place is recorded."""
    light, weather = LIGHT_OF.get(place, ("golden", "clear"))
    return replace(
        SMALL, place=place, light=light, weather=weather, seconds=0.5, move="dolly_in", width=320, height=180
    )


def taken(place: str) -> dict[str, Any]:
    """What the renderer gives now."""
    spec = shot_of(place)
    with tempfile.TemporaryDirectory() as folder:
        clip = Path(folder) / "clip.mp4"
        render(spec, clip)
        with av.open(str(clip)) as container:
            frames = [frame.to_ndarray(format="yuv420p") for frame in container.decode(video=0)]
    sound = np.rint(np.clip(sound_of(spec), -1, 1) * 32767).astype(np.int16)
    return {
        "frames": hashlib.sha256(b"".join(frame.tobytes() for frame in frames)).hexdigest(),
        "sound": hashlib.sha256(sound.tobytes()).hexdigest(),
        "looks": [_small(frames[number], spec) for number in (0, 5, 11)],
        "loudness": _loudness(sound),
    }


def _small(frame: np.ndarray, spec: ShotSpec) -> str:
    luma = Image.fromarray(frame[: spec.height]).resize(SMALL_COPY, Image.Resampling.BOX)
    return base64.b64encode(luma.tobytes()).decode()


def _loudness(sound: np.ndarray) -> list[float]:
    blocks = sound[:, : sound.shape[1] // 960 * 960].reshape(2, -1, 960).astype(np.float64) / 32767
    return [round(float(value), 5) for value in np.sqrt((blocks**2).mean(axis=(0, 2)))]


def look_error(one: str, other: str) -> float:
    """Mean difference of two small copies, of 255."""
    mine, yours = (np.frombuffer(base64.b64decode(each), np.uint8).astype(np.float64) for each in (one, other))
    return float(np.abs(mine - yours).mean())


def record() -> dict[str, Any]:
    """Everything, to be kept."""
    return {"family": family(), "places": {place: taken(place) for place in places.names()}}


def main() -> None:
    """Write the record."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(record(), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"recorded for {family()}\n")


if __name__ == "__main__":
    main()
