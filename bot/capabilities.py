"""What a backend, or one of its models, can do. Drives what is offered, what is checked and what an order may hold.

Everything has a default, and what is None is unknown and therefore not checked by us. A backend says what it knows; what the
operator sets and what is known of prices is laid over it (`adapters.video.pricelist`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.film import Shape
from bot.prices import Asked, Tariff

Size = tuple[int, int]
"""Width and height in pixels."""


class Tier(StrEnum):
    """Resolution tiers by the names that members write."""

    P360 = "360p"
    P480 = "480p"
    P540 = "540p"
    P720 = "720p"
    P768 = "768p"
    P1080 = "1080p"
    K2 = "2k"
    K4 = "4k"


TIERS: Final[Mapping[str, int]] = {
    "360p": 360, "480p": 480, "540p": 540, "720p": 720, "768p": 768, "1080p": 1080, "2k": 1440, "4k": 2160,
}  # fmt: skip
"""The lines of the shorter side, by tier; ascending."""


class Frame(StrEnum):
    """How the outline of the clip is asked for."""

    SIZES = "sizes"
    """One of certain exact sizes."""
    RATIO = "ratio"
    """A ratio, and a resolution tier where there are some."""
    FREE = "free"
    """Any width and height."""


class Sound(StrEnum):
    """Whether clips come with sound."""

    NONE = "none"
    ALWAYS = "always"
    OPTIONAL = "optional"
    UNKNOWN = "unknown"


class Handover(StrEnum):
    """How a picture reaches the backend."""

    UPLOAD = "upload"
    DATA = "data"
    """Inside the order, as a data address."""
    LINK = "link"
    """By a public address only."""


class Edit(StrEnum):
    """How it changes a clip, where it does (`Capabilities.remixes`)."""

    BY_ID = "by_id"
    BY_UPLOAD = "by_upload"
    CONVERSATION = "conversation"
    """By going on with the conversation that the clip came from: only the change is said."""


class Extension(StrEnum):
    """How it goes on after a clip, where it does (`Capabilities.extends`)."""

    BY_ID = "by_id"
    BY_UPLOAD = "by_upload"
    BY_LINK = "by_link"


class Characters(StrEnum):
    """How it keeps a person or thing the same in many clips."""

    NONE = "none"
    IDS = "ids"
    """Made once, then named by an id of its own."""
    PICTURES = "pictures"
    """By reference pictures, each time."""


class Stop(StrEnum):
    """How late a job can be cancelled, where it can (`Capabilities.cancels`)."""

    QUEUED = "queued"
    RUNNING = "running"


class Repeat(StrEnum):
    """What happens to an order that is sent twice."""

    FILMS_TWICE = "films_twice"
    CHOSEN_ID = "chosen_id"
    """We choose the id, and may look for it."""
    REJECTS = "rejects"
    """A key used before is rejected."""
    COLLECTS = "collects"
    """A key used before gives the first job again."""


class Meter(StrEnum):
    """What it says of progress."""

    NONE = "none"
    PLACE = "place"
    PERCENT = "percent"


class Hook(StrEnum):
    """How its webhooks are signed."""

    NONE = "none"
    UNSIGNED = "unsigned"
    STANDARD = "standard"
    HMAC = "hmac"
    KEYS = "keys"


@dataclass(frozen=True)
class Pictures:
    """What pictures an order may hold beside the first frame, and how."""

    last: bool = False
    """A picture of the last frame."""
    references: int = 0
    """So many pictures of people, things or places at most."""
    exact: bool = False
    """A frame has to have exactly the size of the clip (`Capabilities.size`)."""
    handover: frozenset[Handover] = frozenset({Handover.UPLOAD})
    bytes_max: int | None = None
    types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True)
class Follow:
    """How its jobs are followed."""

    progress: Meter = Meter.NONE
    live: bool = False
    """It tells by itself (websocket, server-sent events), and the backend listens."""
    hook: Hook = Hook.NONE
    every: float = 0.0
    """Least seconds between two questions about one job."""


@dataclass(frozen=True)
class Capabilities:
    """What a backend can do; one of these per backend, and one per model where it has several."""

    seconds: tuple[int, ...] | None = None
    """Lengths offered, ascending (`steps` makes them); None: whatever the server decides."""
    shapes: tuple[Shape, ...] | None = None
    images: bool = False
    """Takes a reference image as first frame."""
    words_max: int = 32_000
    """Longest brief, in characters."""
    remixes: bool = False
    """Changes one of its own results: takes `Order.remix_of`."""
    cancels: bool = False
    extends: bool = False
    """Can go on after one of its own clips: takes `Order.extend_of`."""
    free: bool = False
    """Costs nothing: the embedded backends."""
    micros_per_second: int | None = None
    """Price of one second of clip in micro-dollars, where that is all there is to say; else `tariff`."""
    usual_seconds: float | None = None
    """How long one take usually takes, until we have measured it ourselves."""
    embedded: bool = False
    """Runs inside Throughline: always there, needs no key."""
    model: str | None = None
    """The model that films when an order names none, where the backend knows; frozen in the job."""
    usual_length: int | None = None
    """Seconds that it films when nobody names a length."""
    resolutions: tuple[str, ...] = ()
    """Tiers offered, ascending, of the names in `TIERS`; none: there is no choice."""
    resolution: str | None = None
    """The tier that it films when nobody names one."""
    set_resolution: bool = False
    """That tier is the operator's choice, so it is sent; else what nobody set is not sent."""
    frame: Frame = Frame.FREE
    sizes: Mapping[tuple[Shape, str], Size] = field(default_factory=dict)
    """Exact sizes by shape and tier (``""`` where it has no tiers); what is not in it follows from the ratio."""
    pictures: Pictures = field(default_factory=Pictures)
    text: bool = True
    """Films from words alone; False: it needs a first frame."""
    sound: Sound = Sound.UNKNOWN
    seed: bool | None = None
    """Takes a seed; None: unknown."""
    edit: Edit = Edit.BY_ID
    extension: Extension = Extension.BY_ID
    extended_max: int | None = None
    """Longest clip after all extensions, seconds."""
    characters: Characters = Characters.NONE
    characters_max: int | None = None
    stop: Stop = Stop.RUNNING
    repeat: Repeat = Repeat.FILMS_TWICE
    follow: Follow = field(default_factory=Follow)
    result_seconds: float | None = None
    """How long a finished clip can be fetched."""
    tariff: Tariff | None = None
    """What it costs; None: `micros_per_second`, or nobody knows."""
    retires_on: str = ""
    """The day of its end, ``2026-11-20``; empty: none is known."""
    draft: str = ""
    """The id of a cheaper model of the same backend, for drafts."""
    paused: bool = False
    """The operator lets it rest."""
    troubles: int = 0
    """How many of the last 20 things that were asked of it went wrong."""
    among: tuple[str, ...] = ()
    """The choices that it picks from, where it films nothing itself."""

    def size(self, shape: Shape | None, resolution: str | None) -> Size | None:
        """Width and height of such a clip; None where the server decides."""
        tier = resolution or self.resolution or ""
        if shape is None:
            shape = Shape.WIDE if self.shapes is None or Shape.WIDE in self.shapes else self.shapes[0]
        exact = self.sizes.get((shape, tier)) or self.sizes.get((shape, ""))
        return exact or (size_of(shape, tier) if tier in TIERS else None)

    def price(
        self,
        seconds: int | None,
        *,
        shape: Shape | None = None,
        resolution: str | None = None,
        sound: bool | None = None,
        pictures: int = 0,
    ) -> int | None:
        """Micro-dollars for one take at most; 0 when free, None when nobody knows."""
        if self.free:
            return 0
        seconds = seconds if seconds is not None else self.usual_length
        if self.tariff is not None:
            heard = {Sound.ALWAYS: True, Sound.NONE: False}.get(self.sound, sound)
            tier, size = resolution or self.resolution, self.size(shape, resolution)
            return self.tariff.estimate(Asked(seconds, tier, heard, size, pictures))
        if self.micros_per_second is None or seconds is None:
            return None
        return self.micros_per_second * seconds

    @property
    def micros_a_second(self) -> int | None:
        """What one second more costs, for lists; None where nobody knows or it is not counted by seconds."""
        if self.free:
            return 0
        return self.tariff.a_second(self.resolution) if self.tariff else self.micros_per_second


@dataclass(frozen=True)
class ModelCard:
    """One model of a backend that has several. `id`: as the backend is told; `name`: for people."""

    id: str
    capabilities: Capabilities
    name: str = ""


def steps(low: int, high: int, step: int = 1) -> tuple[int, ...]:
    """Lengths from `low` to `high` seconds."""
    return tuple(range(low, high + 1, step))


def size_of(shape: Shape, tier: str) -> Size:
    """The size of a shape in a resolution tier: the shorter side has the tier's lines, both are even."""
    wide, high = shape.ratio
    lines = TIERS[tier]
    longer = round(lines * max(wide, high) / min(wide, high) / 2) * 2
    return (longer, lines) if wide >= high else (lines, longer)
