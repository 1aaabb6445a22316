"""Whether a picture may show a face: most hosted models refuse such a picture, and its member should know before it is sent.

Looked for by OpenCV's Haar cascades (Viola and Jones, 2001), which come with the 4.x packages of the extra ``[faces]``; from 5.0 on
they are no longer among them. It sees faces from the front and from the side, upright, and it is wrong at times in both
directions: it warns and decides nothing. Without the extra nothing is looked at. Nothing of what is found is kept.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

DETECTOR: Final = "cv2"
FRONT: Final = ("haarcascade_frontalface_alt2.xml", 6)
"""The cascade, and how many hits in one spot make a face: among the frontal ones this one errs least."""
SIDE: Final = ("haarcascade_profileface.xml", 9)
"""Knows one side only, so the picture is looked at mirrored too; of fewer hits it makes faces where there are none."""
LONGEST: Final = 800
"""Pixels of the longer side at which the picture is looked at."""
SMALLEST: Final = 36
"""Pixels of the smallest face looked for at that size: nobody is recognised by a smaller one."""
STEP: Final = 1.1
"""From one size of face to the next."""


def ready() -> bool:
    """Whether the extra is installed, cascades included. Quick; loads nothing, so the main process may ask."""
    spec = find_spec(DETECTOR)
    if spec is None or spec.origin is None:
        return False
    folder = Path(spec.origin).parent / "data"
    return all((folder / name).is_file() for name, _ in (FRONT, SIDE))


def may_show(file: str) -> bool:
    """Whether it may show a face; False without the extra. Raises as `pictures.look` does. Runs in the worker only."""
    if not ready():
        return False
    from adapters.media import pictures

    cv2: Any = import_module(DETECTOR)
    cv2.setNumThreads(1)
    grey = pictures.grey(file, LONGEST)
    return any(_found(cv2, cascade, seen) for cascade, seen in ((FRONT, grey), (SIDE, grey), (SIDE, cv2.flip(grey, 1))))


def _found(cv2: Any, cascade: tuple[str, int], grey: Any) -> bool:
    name, hits = cascade
    detector = cv2.CascadeClassifier(cv2.data.haarcascades + name)
    return len(detector.detectMultiScale(grey, STEP, hits, minSize=(SMALLEST, SMALLEST))) > 0
