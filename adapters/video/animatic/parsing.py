"""Brief → `ShotSpec`: the parts in their order, each overriding what the ones before said of the same thing.

Spine, what is carried over, the member's words, then every change of a remix. Where all are silent, the defaults are those of
somebody who draws a storyboard: framing by lens, lens by framing, place by what is in it. Standard library only; a pure function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from adapters.video.animatic.cues import READ_MAX, Passage, read_passage
from adapters.video.animatic.leftover import LEFTOVER_MAX
from adapters.video.animatic.shot import APERTURE_OF, Shot
from adapters.video.animatic.spec import Figure, ShotSpec
from adapters.video.animatic.speech import laid_out
from adapters.video.animatic.wardrobe import settled
from bot.brief import CARRIED_LEAD, CHANGE_LEAD, Brief, PartName
from bot.film import Shape

DEFAULT_SECONDS = 4.0

PALETTE_MAX = 8

_SIZES = {Shape.WIDE: (1280, 720), Shape.TALL: (720, 1280), Shape.SQUARE: (960, 960), Shape.PORTRAIT: (864, 1080)}

_LAYERS = frozenset({PartName.AMBIENCE, PartName.EFFECTS, PartName.MUSIC})
"""Lines that are heard, as `PartName.SOUND` is."""
_OWN_WORDS = _LAYERS | {PartName.WORDS, PartName.CAMERA, PartName.ACTION, PartName.DIALOGUE, PartName.SOUND}
"""The parts that the member's words are named as; together no more than `READ_MAX` characters of them are read."""

_KEPT_KINDS = {
    "subject": frozenset({"subject", "wardrobe", "colour"}),
    "wardrobe": frozenset({"wardrobe", "colour"}),
    "props": frozenset({"wardrobe", "colour", "subject"}),
    "place": frozenset({"place"}),
    "time": frozenset({"light"}),
    "weather": frozenset({"weather"}),
    "light": frozenset({"light", "beams", "grade"}),
    "direction": frozenset({"direction"}),
    "sound": frozenset({"sound"}),
}


def size_of(shape: Shape | None) -> tuple[int, int]:
    """Width and height in pixels, both even; 1280x720 where no shape is asked for."""
    return _SIZES[shape or Shape.WIDE]


def read_brief(brief: Brief, *, slate: str, seed: int, place_seed: int, voice: bool = False) -> ShotSpec:
    """What this brief means for the picture. Never raises, whatever the words are; the same brief gives the same spec."""
    shot = Shot()
    for passage in _passages(brief):
        shot.take_in(passage)
    width, height = size_of(brief.shape)
    seconds = float(brief.seconds or DEFAULT_SECONDS)
    framing, lens = shot.seen_framing(), shot.seen_lens()
    place, label = shot.seen_place()
    figures = tuple(settled(figure, quiet=shot.is_quiet()) for figure in shot.cast.in_frame(shot.arrangement))
    cast = {credit.name.casefold() for credit in brief.cast}
    missed = [word for word in dict.fromkeys(shot.missed) if word.casefold() not in cast]
    return ShotSpec(
        width=width, height=height, seconds=seconds, slate=slate,
        framing=framing, angle=shot.angle, lens=lens, aperture=shot.aperture or APERTURE_OF[framing],
        move=shot.seen_move(), light=shot.light or ("night" if place == "space" else "day"), beams=shot.beams,
        palette=tuple(shot.palette[:PALETTE_MAX]), grade=shot.grade or shot.mood, weather=shot.weather,
        place=place, place_label=label, arrangement=_arrangement(figures, shot.arrangement), figures=figures,
        direction=shot.direction, dialogue=laid_out(shot.lines, seconds), sounds=tuple(dict.fromkeys(shot.sounds)),
        seed=seed, place_seed=place_seed, voice=voice, style=shot.style,
        understood=tuple(dict.fromkeys(shot.understood)), not_understood=tuple(missed)[:LEFTOVER_MAX],
    )  # fmt: skip


def _arrangement(figures: tuple[Figure, ...], asked: str) -> str:
    if not figures:
        return "none"
    if asked == "over_shoulder":
        return asked
    return "two" if len(figures) > 1 else "single"


def _passages(brief: Brief) -> Iterator[Passage]:
    """The parts to be read, without their set phrases; what was carried over is read kind by kind where that is known."""
    budget = READ_MAX
    for part in brief.parts:
        if part.name is PartName.CARRIED and brief.kept:
            for kind, words in brief.kept:
                yield read_passage(part.name, words, _KEPT_KINDS.get(kind, frozenset()))
        elif part.name is PartName.CAST:
            yield from (read_passage(part.name, _led(line), _KEPT_KINDS["subject"]) for line in part.text.split("\n"))
        elif part.name in _OWN_WORDS:
            if budget > 0:
                yield read_passage(PartName.SOUND if part.name in _LAYERS else part.name, part.text[:budget])
            budget -= len(part.text)
        else:
            yield read_passage(part.name, part.text.removeprefix(CARRIED_LEAD).removeprefix(CHANGE_LEAD))


def _led(line: str) -> str:
    """ "Marek: a stooped man. Wardrobe: a coat." as "Marek, a stooped man, wearing a coat"; how he sounds is not drawn."""
    plain = re.sub(r"^([^\s:：]{1,40})(?:: |：)", r"\1, ", line)
    plain = re.sub(r" (?:Voice: |嗓音：).*", "", plain)
    return re.sub(r"[.。]? Wardrobe: ", ", wearing ", re.sub(r"[.。]? 穿着：", "，穿着", plain))
