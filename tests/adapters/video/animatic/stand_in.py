"""A worker that draws flat frames of 64 by 36: what the backend does around a renderer, without the renderer."""

import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from adapters.video.animatic.spec import ShotSpec
from adapters.video.animatic.worker import draw, examine
from adapters.workers.child import Tell, serve


def render(spec: ShotSpec, out: Path, *, threads: int = 2, progress: Callable[[float], None]) -> None:
    """Frames of the first colour of the palette; slowly where the place is slow."""
    with av.open(str(out), "w") as clip:
        clip.metadata["title"] = f"{spec.slate} {spec.palette[:1]} {threads}"
        stream = clip.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 64, 36, "yuv420p"
        for number in range(spec.frames):
            frame = av.VideoFrame.from_ndarray(np.full((54, 64), spec.seed % 200, np.uint8), "yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, 24)
            clip.mux(stream.encode(frame))
            progress(number / spec.frames)
            time.sleep(0.05 if spec.place == "slow" else 0)
        clip.mux(stream.encode(None))


def film(request: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """One shot."""
    return draw(request, tell, render)


if __name__ == "__main__":
    serve({"render": film, "examine": examine})
