"""Places: one module each, found by name; nothing has to be registered anywhere.

A place is a module here with one function::

    def build(stage: Stage) -> None: ...

It puts layers on the stage, from far to near or in any order (the renderer sorts them by depth). The world is measured in
units around the middle of the horizon: x to the right, y **down** (above the horizon is negative), and repeats every
`sheets.PERIOD` units, so that a camera may track for as long as it likes. Depth 1 is where the figures stand.

Rules that keep a place the same place in every shot:

- Take all chance from ``stage.rng("a name of its own")``, never from the camera, the light or the size of the picture.
- Draw everything over the whole period; what is out of sight costs nothing (`Ink` leaves it out and repeats the rest).
- Tell where each thing stands with ``stage.note(kind, depth, x, width, height)``; a test compares these between moves.
- What stands on level ground at a depth has its foot at ``stage.ground(depth)``.

The shortest place there can be::

    def build(stage: Stage) -> None:
        scenery.hills(stage, scenery.Ridge("far", 20, base=-0.05, swell=0.1, waves=4), stage.light.far(20))
        scenery.ground(stage, stage.light.far(1.3))
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import cast

from adapters.video.animatic.stage import Stage

Build = Callable[[Stage], None]


@cache
def names() -> tuple[str, ...]:
    """All places, alphabetically."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def builder(name: str) -> Build:
    """The `build` of a place. Raises `KeyError` for a place that there is not."""
    if name not in names():
        raise KeyError(name)
    return cast("Build", importlib.import_module(f"{__name__}.{name}").build)
