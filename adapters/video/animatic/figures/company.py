"""Who is in the frame: every kind of figure behind one door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from adapters.video.animatic.figures import gaits, machines
from adapters.video.animatic.figures.behind import behind_parts
from adapters.video.animatic.figures.bicycle import bicycle_parts, bicycle_speed
from adapters.video.animatic.figures.bust import BOTTOM, bust_parts, cropped
from adapters.video.animatic.figures.card import card_parts, lettered
from adapters.video.animatic.figures.creature import creature_parts
from adapters.video.animatic.figures.lightness import FigureLight, Paint
from adapters.video.animatic.figures.parts import Part, mirrored, moved, named
from adapters.video.animatic.figures.paws import rhythm
from adapters.video.animatic.figures.person import CHILD_PACE, CHILD_SIZE, person_parts
from adapters.video.animatic.figures.raster import Sprite, rasterise
from adapters.video.animatic.figures.rigs import rig
from adapters.video.animatic.figures.robot import mannequin_parts, robot_parts
from adapters.video.animatic.figures.traits import Chance, Outfit, outfit
from adapters.video.animatic.spec import Figure

KINDS: tuple[str, ...] = (
    "person", "child", "fox", "dog", "wolf", "cat", "horse", "deer", "bird", "ostrich", "bear", "rabbit", "fish", "dragon",
    "robot", "car", "train", "boat", "plane", "bicycle", "crowd", "stand_in",
)  # fmt: skip
"""Every silhouette there is."""
PEOPLE = frozenset({"person", "child"})
MACHINES = frozenset({"car", "train", "boat", "plane"})
CREATURES = frozenset({"fox", "dog", "wolf", "cat", "horse", "deer", "bird", "ostrich", "bear", "rabbit", "dragon"})
CROWD, MOST = 7, 9
"""People in a crowd whose number is not told, and the most that are drawn of any group."""
ROOM = {"crowd": 0.3, "person": 0.42, "child": 0.4, "bird": 1.1, "robot": 0.5, "stand_in": 0.75}
"""Between two of a group, in heights; of all others it follows from the outline."""
FILES = {"crowd": "person", "child": "person", "stand_in": "mannequin"}
DEFAULT_GAIT = {"fish": "swim", "plane": "fly"}


Drawer = Callable[[str, str, Outfit, float, float], list[Part]]
DRAWERS: Mapping[str, Drawer] = {
    **dict.fromkeys(CREATURES, creature_parts), **dict.fromkeys(MACHINES, machines.machine_parts),
    **dict.fromkeys(PEOPLE, person_parts), "fish": machines.fish_parts, "bicycle": bicycle_parts, "robot": robot_parts,
}  # fmt: skip
"""Who draws what, seen from the side; what is not here gets a lay figure with a card."""
WHOLE = CREATURES | MACHINES | {"fish", "bicycle"}
"""Kinds that are not cut to a bust: they are brought close whole."""
NEAR_CARD, NEAR_CARD_AT = 0.5, -0.81
"""In a close-up the card of a stand-in is smaller and right below the chin, so that it stays in the frame."""
FLIGHT = 9.0
"""What flies or swims may be drawn below its foot point."""


@dataclass(frozen=True)
class View:
    """How a figure is looked at, in which wind and by whose chance."""

    bust: bool
    back: bool
    facing: int
    wind: float
    seed: int


def sprite(
    figure: Figure, t: float, *, height_px: float, facing: int, bust: bool, back: bool, light: FigureLight,
    wind: float, seed: int, cut: float = 0.0,
) -> Sprite:  # fmt: skip
    """The figure at `t` seconds; `height_px` is its natural height in pixels, also when only a bust of it is drawn.

    `foot` is where the ground is below the figure: of a bust it lies below the arrays, of what flies or leaps below the
    outline. What is lower than `cut` natural heights is not drawn, which saves time below the frame's edge. `wind` 0-1 is
    how strongly cloth streams, always away from where the figure looks. Pure; safe in threads.
    """
    figure = _seated(figure, close=bust or back)
    view = View(bust, back, -1 if facing < 0 else 1, wind, seed)
    parts: list[Part] = []
    look: dict[str, Paint] = {}
    cards: list[tuple[str, complex, float]] = []
    for member in _members(figure, seed):
        drawn, card = _faced(member.figure, t / member.size + member.late, view)
        at = complex(member.at.real * view.facing, member.at.imag)
        parts += named(moved(drawn, at, member.size), member.prefix) if member.prefix else drawn
        paints = outfit(member.figure, seed).look
        look |= {f"{member.prefix}{role}": paint for role, paint in paints.items()}
        if card is not None:
            size = member.size * (NEAR_CARD if bust else 1.0)
            cards.append((member.figure.label or member.figure.name, card * member.size + at, size))
    parts = cropped(parts, -cut) if cut > 0 else parts
    image = rasterise(
        parts, look, light, height_px, floor=FLIGHT if _gait(figure) == "fly" or figure.kind == "fish" else 0.0
    )
    for label, middle, size in cards:
        image = lettered(image, label, middle * height_px, height_px * size, light)
    return image


def _seated(figure: Figure, *, close: bool) -> Figure:
    """Who drives is seen as a car with somebody in it, except in close-up."""
    if figure.gait != "drive" or figure.kind not in PEOPLE or close:
        return figure
    return replace(figure, kind="car", wardrobe=())


@dataclass(frozen=True)
class Member:
    """One of a group: what its roles begin with, where it stands, how large, how much earlier it started."""

    prefix: str
    figure: Figure
    at: complex = 0j
    size: float = 1.0
    late: float = 0.0


@lru_cache(maxsize=128)
def _members(figure: Figure, seed: int) -> tuple[Member, ...]:
    """Everyone of a group, the farthest first."""
    count = min(max(figure.count, CROWD) if figure.kind == "crowd" else figure.count, MOST)
    if count <= 1:
        return (Member("", figure),)
    chance = Chance(seed, figure.name, "group")
    room = ROOM.get(figure.kind) or _breadth(figure.kind)
    return tuple(
        sorted((_member(figure, number, count, room, chance) for number in range(count)), key=lambda one: one.size)
    )


def _member(figure: Figure, number: int, count: int, room: float, chance: Chance) -> Member:
    far = chance.share(f"far {number}")
    kind = "person" if figure.kind == "crowd" else figure.kind
    one = replace(figure, kind=kind, name=f"{figure.name}/{number}", label=figure.label or figure.name, count=1)
    x = (number - (count - 1) / 2 + 0.5 * (chance.share(f"x {number}") - 0.5)) * room
    high = 0.5 * chance.share(f"y {number}") if figure.gait == "fly" else 0.05 * far
    return Member(f"{number}/", one, complex(x, -high), 1 - 0.12 * far, 3 * chance.share(f"late {number}"))


def _breadth(kind: str) -> float:
    """How much room one of a group takes."""
    trunk = rig(FILES.get(kind, kind)).shapes.get("trunk")
    return 1.2 if trunk is None else float(np.ptp(trunk.real)) * 1.15


def _faced(figure: Figure, t: float, view: View) -> tuple[list[Part], complex | None]:
    """One figure's parts as it faces, and where the card of a stand-in is."""
    kind, dressed = figure.kind, outfit(figure, view.seed)
    card = None
    if kind in PEOPLE and (view.back or view.bust):
        parts = _person_near(figure, t, view)
    elif kind in DRAWERS:
        parts = DRAWERS[kind](kind, _gait(figure), dressed, t, view.wind)
    else:
        parts, card = mannequin_parts(figure.gait, dressed, t, view.wind)
    if view.bust and kind not in PEOPLE and kind not in WHOLE:
        parts = cropped(parts, BOTTOM)
    parts = mirrored(parts) if view.facing < 0 else parts
    if card is None:
        return parts, None
    card = -card.conjugate() if view.facing < 0 else card
    card = complex(card.real, NEAR_CARD_AT) if view.bust else card
    return [*parts, *card_parts(figure.label or figure.name, card, NEAR_CARD if view.bust else 1.0)], card


def _person_near(figure: Figure, t: float, view: View) -> list[Part]:
    dressed = outfit(figure, view.seed)
    if view.back:
        return behind_parts(figure.kind, figure.gait, dressed, t, view.wind, bust=view.bust)
    return bust_parts(figure.kind, figure.gait, dressed, t, view.wind)


def _gait(figure: Figure) -> str:
    """What it does: a fish swims and a plane flies where the words tell nothing else."""
    return DEFAULT_GAIT.get(figure.kind, figure.gait) if figure.gait in {"still", "walk"} else figure.gait


def stride_speed(figure: Figure) -> float:
    """How fast the ground goes by under it, in its own heights a second."""
    figure = _seated(figure, close=False)
    if figure.kind in MACHINES:
        return machines.machine_speed(figure.kind, _gait(figure))
    if figure.kind == "bicycle":
        return bicycle_speed(figure.gait)
    if figure.gait == "fly":
        return 1.6
    if figure.gait == "swim" or figure.kind == "fish":
        return 0.35
    beat = _beat(figure)
    return 0.0 if beat is None else beat[0]


def _beat(figure: Figure) -> tuple[float, float, tuple[float, ...]] | None:
    """Speed, period and the phases at which feet land; nothing for what does not step."""
    if figure.kind in CREATURES:
        gait = rhythm(rig(figure.kind).raw, figure.gait)
        if gait is None:
            return None
        feet = gait.phases if "beak" not in rig(figure.kind).raw["pattern"] else gait.phases[:2]
        return gait.speed, gait.period, tuple(-phase % 1.0 for phase in feet)
    step = {"walk": gaits.WALK, "run": gaits.RUN}.get(figure.gait)
    if step is None or figure.kind in MACHINES or figure.kind in {"bicycle", "fish"}:
        return None
    size, pace = (CHILD_SIZE, CHILD_PACE) if figure.kind == "child" else (1.0, 1.0)
    return step.speed * size * pace, step.period / pace, (0.0, 0.5)


def footfalls(figure: Figure, seconds: float) -> tuple[float, ...]:
    """When its feet land, in seconds; of a group only the first's are heard."""
    beat = _beat(figure)
    if beat is None:
        return ()
    _, period, phases = beat
    times = (period * (turn + phase) for turn in range(int(seconds / period) + 1) for phase in phases)
    return tuple(sorted({round(time, 6) for time in times if time < seconds}))


def natural_height(figure: Figure) -> float:
    """Metres from the ground to the top; of what goes on four legs, to the shoulder."""
    if figure.kind == "child":
        return 1.2
    return rig(FILES.get(figure.kind, figure.kind)).metres


def altitude(figure: Figure) -> float:
    """How high above the ground it likes to be, in its own heights; 0 for what stands on it or rolls on it."""
    if figure.kind == "bird" and figure.gait == "fly":
        return 6.0
    if figure.kind == "fish":
        return 1.2
    return 1.2 if figure.gait == "fly" or (figure.kind == "plane" and figure.gait != "sit") else 0.0
