"""The map of a ComfyUI template (``map.toml``): where in the graph things go, and what the workflow can do.

::

    about = "Wan 2.2, 5B: words, or words and a picture"
    [inputs]                       # "<node id>.<input>", or a list of several
    prompt = "6.text"
    seed = "3.seed"
    width = "55.width"
    height = "55.height"
    frames = "55.length"
    first_frame = "56.image"
    [frames]
    fps = 24
    rule = "4n+1"
    [offers]
    seconds = [2, 3, 4, 5]
    [offers.sizes]
    wide = "1280x704"
    [files]
    "wan2.2_vae.safetensors" = "models/vae"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from adapters.video.table import Table
from bot.capabilities import TIERS, Capabilities, Follow, Frame, Meter, Pictures, Size, Sound
from bot.errors import BadSetting
from bot.film import Shape

INPUTS: Final = frozenset(
    {
        "prompt",
        "negative",
        "seed",
        "width",
        "height",
        "frames",
        "seconds",
        "sound",
        "first_frame",
        "last_frame",
        "references",
    }
)
_SECTIONS: Final = frozenset(
    {"about", "licence", "source", "as_of", "verified", "inputs", "without", "frames", "offers", "files"}
)
_OFFERS: Final = frozenset(
    {"seconds", "usual_length", "usual_seconds", "words_max", "sound", "text", "exact_pictures", "resolution", "sizes"}
)
_RULE = re.compile(r"(?:(\d{1,3})\s*n)?\s*(?:\+?\s*(\d{1,3}))?")
PICTURE_BYTES: Final = 50 << 20


@dataclass(frozen=True)
class Place:
    """An input of a node."""

    node: str
    input: str


@dataclass(frozen=True)
class Frames:
    """How many frames make so many seconds: the nearest of ``step``·n + ``plus``."""

    fps: float
    step: int = 1
    plus: int = 0

    def of(self, seconds: int) -> int:
        """The frames for so many seconds; at least one."""
        most_even = round((seconds * self.fps - self.plus) / self.step)
        return max(most_even, 0 if self.plus else 1) * self.step + self.plus


@dataclass(frozen=True)
class Map:
    """A map that fits together by itself; whether its places exist is the template's affair."""

    about: str
    licence: str
    verified: bool
    """Somebody has filmed with it on a real machine."""
    inputs: Mapping[str, tuple[Place, ...]]
    without: Mapping[str, tuple[str, ...]]
    """Nodes that go too where such a picture is not given."""
    frames: Frames | None
    files: Mapping[str, str]
    """Model files that it needs, and the folder of ComfyUI that they belong into."""
    can: Capabilities = field(repr=False)


def read_map(name: str, table: Mapping[str, Any]) -> Map:
    """The map in a parsed file. Raises `BadSetting` with the place that is wrong."""
    where = f"{name}/map.toml"
    if strange := sorted(set(table) - _SECTIONS):
        raise BadSetting(
            name=where, reason=f"there is no section {strange[0]}; there are: {', '.join(sorted(_SECTIONS))}"
        )
    top = Table(table, where)
    inputs = _inputs(_section(table, "inputs", where), where)
    frames = _frames(_section(table, "frames", where), where)
    offers = Table(_section(table, "offers", where), f"{where}: offers")
    if strange := sorted(set(offers.values) - _OFFERS):
        raise BadSetting(
            name=f"{where}: offers", reason=f"there is no {strange[0]}; there are: {', '.join(sorted(_OFFERS))}"
        )
    return Map(
        about=top.text("about"),
        licence=top.text("licence"),
        verified=top.flag("verified", False),
        inputs=inputs,
        without=_without(_section(table, "without", where), inputs, where),
        frames=frames,
        files=_files(_section(table, "files", where), where),
        can=_can(name, offers, inputs, frames),
    )


def _section(table: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    found = table.get(name, {})
    if not isinstance(found, Mapping):
        raise BadSetting(name=f"{where}: {name}", reason="expected a section")
    return found


def _inputs(table: Mapping[str, Any], where: str) -> dict[str, tuple[Place, ...]]:
    if strange := sorted(set(table) - INPUTS):
        raise BadSetting(
            name=f"{where}: inputs", reason=f"nobody fills {strange[0]}; there are: {', '.join(sorted(INPUTS))}"
        )
    if "prompt" not in table:
        raise BadSetting(name=f"{where}: inputs.prompt", reason='it has to say where the words go, as "6.text"')
    return {name: _places(value, f"{where}: inputs.{name}") for name, value in table.items()}


def _places(value: Any, name: str) -> tuple[Place, ...]:
    said = [value] if isinstance(value, str) else value
    places = [each.partition(".") for each in said] if isinstance(said, list) and _all_words(said) else []
    if not places or not all(node and target for node, _, target in places):
        raise BadSetting(name=name, reason='expected "<node>.<input>", as "6.text", or a list of such')
    return tuple(Place(node, target) for node, _, target in places)


def _all_words(said: list[Any]) -> bool:
    return all(isinstance(each, str) for each in said)


def _without(table: Mapping[str, Any], inputs: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    for name, nodes in table.items():
        if name not in inputs or not isinstance(nodes, list) or not _all_words(nodes):
            raise BadSetting(
                name=f"{where}: without.{name}", reason="expected nodes by the name of a picture in [inputs]"
            )
    return {name: tuple(nodes) for name, nodes in table.items()}


def _frames(table: Mapping[str, Any], where: str) -> Frames | None:
    if not table:
        return None
    at = Table(table, f"{where}: frames")
    fps, rule = at.positive("fps"), at.text("rule", "1n")
    found = _RULE.fullmatch(rule)
    if fps is None:
        raise at.bad("fps", "frames a second, as 24")
    if found is None or not found.group(1) or int(found.group(1)) < 1:
        raise at.bad("rule", 'a rule as "4n+1"')
    return Frames(fps, int(found.group(1)), int(found.group(2) or 0))


def _files(table: Mapping[str, Any], where: str) -> dict[str, str]:
    if not all(isinstance(folder, str) for folder in table.values()):
        raise BadSetting(name=f"{where}: files", reason='expected "<file>" = "<folder>"')
    return dict(table)


def _can(name: str, offers: Table, inputs: Mapping[str, Any], frames: Frames | None) -> Capabilities:
    """What the workflow can do, as far as its map says."""
    sizes = _sizes(offers)
    tiers = tuple(sorted({tier for _, tier in sizes if tier}, key=lambda tier: TIERS[tier]))
    seconds, usual = offers.lengths("seconds"), offers.positive("usual_length")
    _fits_together(offers, inputs, frames, seconds, sizes)
    images = "first_frame" in inputs
    return Capabilities(
        seconds=seconds,
        shapes=tuple(shape for shape in Shape if any(shape is each for each, _ in sizes)) or None,
        images=images,
        words_max=int(offers.positive("words_max") or 32_000),
        cancels=True,
        usual_seconds=offers.positive("usual_seconds"),
        model=name,
        usual_length=int(usual) if usual else None,
        resolutions=tiers,
        resolution=offers.choice("resolution", tiers, tiers[0]) if tiers else None,
        frame=Frame.SIZES if sizes else Frame.FREE,
        sizes=sizes,
        pictures=Pictures(
            last="last_frame" in inputs,
            references=len(inputs.get("references", ())),
            exact=bool(sizes) and offers.flag("exact_pictures", True),
            bytes_max=PICTURE_BYTES,
        ),
        text=offers.flag("text", not images),
        sound=Sound(offers.choice("sound", tuple(Sound), Sound.OPTIONAL if "sound" in inputs else Sound.NONE)),
        seed="seed" in inputs,
        follow=Follow(progress=Meter.PERCENT, live=True),
    )


def _fits_together(
    offers: Table,
    inputs: Mapping[str, Any],
    frames: Frames | None,
    seconds: tuple[int, ...] | None,
    sizes: Mapping[tuple[Shape, str], Size],
) -> None:
    if "frames" in inputs and frames is None:
        raise offers.bad("seconds", "a section [frames] with fps and rule, since inputs.frames is mapped")
    if seconds and len(seconds) > 1 and not inputs.keys() & {"frames", "seconds"}:
        raise offers.bad("seconds", "one length alone, or inputs.frames or inputs.seconds: nothing takes the length")
    if sizes and not {"width", "height"} <= inputs.keys():
        raise offers.bad("sizes", "inputs.width and inputs.height beside it")


def _sizes(offers: Table) -> dict[tuple[Shape, str], Size]:
    """``wide = "1280x704"`` by shape, or a table of those by resolution tier."""
    value = offers.values.get("sizes", {})
    by_tier = isinstance(value, Mapping) and value and all(isinstance(each, Mapping) for each in value.values())
    if not by_tier:
        return {(shape, ""): size for shape, size in offers.sizes("sizes").items()}
    sizes: dict[tuple[Shape, str], Size] = {}
    for tier in value:
        if tier not in TIERS:
            raise offers.bad("sizes", f"resolutions among {', '.join(TIERS)}, not {tier}")
        sizes |= {(shape, tier): size for shape, size in Table(value, offers.name).sizes(tier).items()}
    if len(sizes) != len({shape for shape, _ in sizes}) * len(value):
        raise offers.bad("sizes", "every shape in every resolution")
    return sizes
