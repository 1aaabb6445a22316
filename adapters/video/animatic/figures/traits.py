"""Who somebody is: hair, skin, build and clothes of their own, from (seed, name) alone; and what they wear over it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from adapters.video.animatic.figures.lightness import Paint
from adapters.video.animatic.figures.rigs import DATA, rig
from adapters.video.animatic.spec import Figure, Garment, Rgb

PEOPLE = frozenset({"person", "child", "crowd"})
CLOTHED = PEOPLE | {"bicycle"}
"""Kinds that are dressed even where the words name no garment."""
TAILORING: Mapping[str, float] = {"skin": 0.42, "hair": 0.3, "trousers": 0.3, "shoes": 0.2, "scarf": 0.5}
NAMED, WORN, OWN = 0.82, 0.6, 0.36
"""How much colour of a garment survives: with a named colour, without one, and one that a character just has."""
BODICES = ("coat", "trench", "jacket", "hoodie", "dress", "kimono", "armour", "uniform", "top")
HATS = ("hat", "fedora", "top_hat", "cap", "beanie", "helmet", "crown", "hood")
HELD = (
    "umbrella", "letter", "lantern", "sword", "balloon", "phone", "cup", "book", "camera", "guitar", "flowers", "suitcase",
)  # fmt: skip


class Chance:
    """A stream of choices that depends on words alone."""

    def __init__(self, *words: object) -> None:
        self._words = "\x1f".join(map(str, words))

    def share(self, what: str) -> float:
        """0 ≤ x < 1, always the same for the same thing."""
        digest = hashlib.sha256(f"{self._words}\x1e{what}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def pick(self, what: str, choices: Sequence[Any]) -> Any:
        """One of the choices."""
        return choices[int(self.share(what) * len(choices))]


@dataclass(frozen=True)
class Outfit:
    """One character, dressed."""

    look: Mapping[str, Paint]
    cuts: frozenset[str]
    """Garments worn, by cut."""
    worn: frozenset[str]
    """Only what the words name; "fur" where they name the colour of the body itself."""
    hair: str
    build: float
    swagger: float
    """-1…1: how this one carries the weight."""

    def wears(self, *cuts: str) -> bool:
        """Whether any of these is worn."""
        return not self.cuts.isdisjoint(cuts)

    @property
    def held(self) -> str:
        """What is in the hand, or nothing."""
        return next((cut for cut in HELD if cut in self.cuts), "")


@lru_cache(maxsize=1)
def tailor() -> Mapping[str, Any]:
    """The wardrobe's data file."""
    import tomllib

    return tomllib.loads((DATA / "wardrobe.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def _cut_of() -> Mapping[str, str]:
    return {word: cut for cut, words in tailor()["cuts"].items() for word in words}


def _word(garment: str) -> str:
    return garment.strip().lower().replace(" ", "_").replace("-", "_")


def cut_of(garment: str) -> str:
    """What a garment word is cut as; the last word decides where the whole is unknown ("wool coat"); else a sash."""
    word, cuts = _word(garment), _cut_of()
    if word in cuts:
        return cuts[word]
    return cuts.get(word.rsplit("_", 1)[-1], cuts.get(word.rstrip("s"), "belt"))


@lru_cache(maxsize=256)
def outfit(figure: Figure, seed: int) -> Outfit:
    """The character of that name, in that wardrobe. Gait and number do not matter."""
    chance = Chance(seed, figure.name or figure.kind)
    worn = {_on(figure, garment): garment for garment in figure.wardrobe}
    own = chance.pick(
        "top", ("coat", "jacket", "top", "coat", "hoodie") if figure.kind != "child" else ("top", "hoodie")
    )
    dressed = figure.kind in CLOTHED
    cuts = set(worn) - {"fur"} | (set() if not dressed or any(cut in worn for cut in BODICES) else {own})
    colours: dict[str, Paint] = {}
    for cut, choices in tailor()["colours"].items():
        colours[cut] = _paint(cut, worn.get(cut), chance, choices)
    if dressed and not worn and chance.share("scarf") < 0.45:
        cuts.add("scarf")
    if any(_word(garment.what) == "spacesuit" for garment in figure.wardrobe):
        cuts |= {"helmet", "backpack"}
        colours |= dict.fromkeys(("helmet", "trousers", "shoes", "gloves", "backpack"), colours["jacket"])
    _cover(colours, cuts)
    colours |= _hide(figure, worn, chance)
    if figure.kind in {"robot", "stand_in"}:
        _plated(colours, cuts)
    styles = tuple(rig("person").hair)
    return Outfit(
        look=colours,
        cuts=frozenset(cuts),
        worn=frozenset(worn),
        hair=chance.pick("hair style", styles) if dressed else "",
        build=0.92 + 0.2 * chance.share("build"),
        swagger=2 * chance.share("swagger") - 1,
    )


def _plated(colours: dict[str, Paint], cuts: set[str]) -> None:
    """A body of metal or wood where it is not covered."""
    for role in ("skin", "hand", "leg", "shoes", *(() if cuts & set(BODICES) else ("torso", "sleeve"))):
        colours[role] = colours["fur"]
    colours["skin_dark"], colours["card"] = colours["fur_dark"], Paint((244, 238, 222), 0.86)


HIDE = ("body", "fur", "hide", "feathers", "feather", "scales", "paint", "plumage", "hull")


def _on(figure: Figure, garment: Garment) -> str:
    """Its cut; "fur" where the word means the body of a creature or a machine."""
    bare = figure.kind not in PEOPLE and garment.what.lower() in {*HIDE, figure.kind, figure.name.lower()}
    return "fur" if bare else cut_of(garment.what)


def _hide(figure: Figure, worn: Mapping[str, Garment], chance: Chance) -> dict[str, Paint]:
    """The colours of a creature or a machine."""
    try:
        raw = rig({"stand_in": "mannequin"}.get(figure.kind, figure.kind)).raw
    except FileNotFoundError:
        raw = {}
    fur = _paint("fur", worn.get("fur"), chance, raw.get("colours", [[120, 120, 124]]))
    marks = _paint("marks", None, chance, [raw.get("marks", [210, 206, 198])])
    return {
        "fur": replace(fur, own=max(fur.own, 0.46)), "fur_dark": _darker(replace(fur, own=max(fur.own, 0.46))),
        "marks": replace(marks, own=0.5), "pale": Paint(marks.rgb, 0.5), "sock": Paint((52, 40, 36), 0.4),
        "wing": replace(_darker(fur, 0.8), own=max(fur.own, 0.46)), "dark": Paint((18, 16, 18), 0.8),
        "tyre": Paint((26, 25, 28), 0.5), "glass": Paint((126, 158, 176), 0.5), "tail_lamp": Paint((232, 62, 48), 1.0, glow=True),
        "horn": Paint((168, 140, 106), 0.45), "beak": Paint((214, 156, 70), 0.55), "bare": Paint((196, 142, 122), 0.5),
    }  # fmt: skip


def _paint(cut: str, garment: Garment | None, chance: Chance, choices: Sequence[Sequence[int]]) -> Paint:
    glow = cut == "lantern"
    if garment is not None and garment.rgb is not None:
        return Paint(garment.rgb, NAMED, glow)
    usual = tailor()["usual"].get(_word(garment.what)) if garment is not None else None
    red, green, blue = usual or chance.pick(f"{cut} colour", choices)
    shift = round(18 * (chance.share(f"{cut} shade") - 0.5))
    rgb: Rgb = (_byte(red + shift), _byte(green + shift), _byte(blue + shift))
    own = WORN if garment is not None else TAILORING.get(cut, OWN)
    return Paint(rgb, own, glow)


def _byte(value: int) -> int:
    return min(255, max(0, value))


def _cover(colours: dict[str, Paint], cuts: set[str]) -> None:
    """What a body is covered with: torso and sleeves take the bodice's paint, bare arms the skin's."""
    bodice = next((cut for cut in BODICES if cut in cuts), "top")
    colours["torso"] = colours[bodice]
    colours["sleeve"] = colours["skin"] if bodice == "dress" else colours[bodice]
    colours["leg"] = colours["skin"] if cuts & {"dress", "skirt"} else colours["trousers"]
    colours["hand"] = colours["gloves"] if "gloves" in cuts else colours["skin"]
    colours["seam"] = _darker(colours["torso"], 0.5)
    colours["scarf_dark"] = _darker(colours["scarf"])
    colours["skin_dark"], colours["hair_dark"] = _darker(colours["skin"]), _darker(colours["hair"], 0.55)
    colours["metal"] = Paint((214, 186, 112), 0.7)
    colours["white"] = Paint((232, 230, 224), 0.7)
    colours["wood"] = Paint((84, 62, 46), 0.4)
    colours["shine"] = Paint((255, 232, 176), 1.0, glow=True)
    colours["screen"] = Paint((196, 228, 255), 1.0, glow=True)


def _darker(paint: Paint, share: float = 0.68) -> Paint:
    red, green, blue = (round(value * share) for value in paint.rgb)
    return Paint((red, green, blue), paint.own)
