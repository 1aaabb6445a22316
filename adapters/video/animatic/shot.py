"""The picture while it is being read: each part of a brief says its say, a later one over an earlier one; then the defaults."""

from __future__ import annotations

from dataclasses import dataclass, field

from adapters.video.animatic import leftover
from adapters.video.animatic.casting import Cast
from adapters.video.animatic.cues import Passage
from adapters.video.animatic.spec import FRAMINGS, Rgb
from adapters.video.animatic.speech import Said
from adapters.video.animatic.words import Cue, colours
from bot.brief import PartName

_LENS_OF = dict(zip(FRAMINGS, (21, 28, 35, 40, 50, 65, 85, 100, 100), strict=True))
APERTURE_OF = dict(zip(FRAMINGS, (8.0, 8.0, 5.6, 4.0, 2.8, 2.8, 2.0, 2.0, 2.8), strict=True))
_FRAMING_FROM = (
    (18, "extreme_wide"),
    (30, "wide"),
    (38, "full"),
    (45, "medium_wide"),
    (70, "medium"),
    (90, "medium_close"),
)
_DARK = frozenset({"night", "moon", "neon", "lamp", "candle"})
_HOURS = frozenset({"golden", "dawn", "blue"})
_WET = ("storm", "rain", "drizzle")
_SINGLE = (
    "framing",
    "angle",
    "lens",
    "aperture",
    "move",
    "light",
    "weather",
    "place",
    "grade",
    "style",
    "direction",
    "arrangement",
)
_SPINE_LEAVES_OUT = ("subject", "gait", "direction", "arrangement")
_NAMED_KIND = {"aperture": "depth", "gait": "action"}


@dataclass
class Shot:
    """The spec while it is being read. Empty or None: nobody said so yet."""

    framing: str = ""
    angle: str = "eye"
    lens: int = 0
    aperture: float = 0.0
    move: str = ""
    light: str = ""
    beams: bool = False
    palette: list[Rgb] = field(default_factory=list)
    grade: str = ""
    mood: str = ""
    weather: str = "clear"
    place: str = ""
    place_label: str = ""
    hint: str = ""
    arrangement: str = ""
    direction: int = 1
    style: str = ""
    lines: list[Said] = field(default_factory=list)
    sounds: list[str] = field(default_factory=list)
    cast: Cast = field(default_factory=Cast)
    busy: bool = False
    """Somebody does something that is no gait."""
    understood: list[tuple[str, str]] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def take_in(self, passage: Passage) -> None:
        """Let one part say what it says."""
        used: list[Cue] = []
        named: list[tuple[int, str]] = []
        spine = passage.name is PartName.SPINE
        for kind in _SINGLE:
            if not (spine and kind in _SPINE_LEAVES_OUT) and (cues := passage.of(kind)):
                used += getattr(self, f"_set_{kind}")(passage, cues)
        used += self._clear_up(passage) + self._set_palette(passage) + self._add(passage)
        deserted = any(cue.value == "none" for cue in passage.of("arrangement"))
        if not spine and not deserted and passage.name is not PartName.SOUND:
            used += self.cast.take_in(passage)
            named = self.cast.named_in(passage)
            self.busy = self.busy or leftover.acts(passage)
        if passage.speech:
            self.lines = list(passage.speech)
            self.cast.hear(passage.speech)
        self._note(passage, used, named)

    def _note(self, passage: Passage, used: list[Cue], crew: list[tuple[int, str]]) -> None:
        named = [(at, ("subject", word)) for at, word in crew]
        speakers = [said.speaker for said in passage.speech if said.speaker]
        named += [(said.start - 1, ("subject", said.speaker)) for said in passage.speech if said.speaker]
        heard = [(said.start, ("dialogue", said.text)) for said in passage.speech]
        seen = [(cue.start, (_kind_of(passage, cue), passage.word(cue))) for cue in used]
        self.understood += [each for _, each in sorted(heard + named + seen, key=lambda pair: pair[0])]
        self.missed += leftover.words(passage, used, [*speakers, *(word for _, word in crew)])

    # ---- one kind each: set it, and return the cues that had a say

    def _set_framing(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = _best(cues)
        if best.value in ("closer", "wider"):
            self.framing = _stepped(self.seen_framing(), best.value)
        else:
            self.framing = best.value
        return _agreeing(cues, best)

    def _set_angle(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        self.angle = _best(cues).value
        return _agreeing(cues, _best(cues))

    def _set_lens(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = min(cues, key=lambda cue: (cue.entry.column != "number", cue.start))
        self.lens = int(best.value)
        return [best, *(cue for cue in cues if cue.entry.column != "number")]

    def _set_aperture(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = min(cues, key=lambda cue: (cue.entry.column != "number", cue.entry.rank, cue.start))
        self.aperture = min(32.0, max(0.7, float(best.value)))
        return cues

    def _set_move(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = min(cues, key=lambda cue: (cue.value in ("handheld", "track"), cue.start))
        best = next((cue for cue in cues if cue.value in ("track_left", "track_right")), best)
        self.move = best.value
        return _agreeing(cues, best)

    def _set_light(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = _best(cues)
        sure = [cue for cue in cues if cue.entry.rank == 0]
        if best.value == "night":
            best = next((cue for cue in sure if cue.value in _DARK - {"night"}), best)
        elif best.value in ("overcast", "day"):
            best = next((cue for cue in sure if cue.value in _HOURS), best)
        kept = (best.value == "night" or best.entry.rank == 2) and self.light in _DARK
        if not kept and not (best.entry.rank == 2 and self.light):
            self.light = best.value
        return [cue for cue in cues if cue.value == self.light or (cue.value == "night" and self.light in _DARK)]

    def _set_weather(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = _best(cues)
        wet = [cue for cue in cues if cue.value in _WET]
        if best.value in _WET:
            best = min(wet, key=lambda cue: (_WET.index(cue.value), cue.start))
        self.weather = best.value
        return _agreeing(cues, best) + [cue for cue in wet if best.value in _WET and cue is not best]

    def _set_place(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        where = passage.seen.found.get("place", "")
        at = passage.text.find(where) if where else -1
        inside = [cue for cue in cues if at <= cue.start < at + len(where)] if at >= 0 else []
        allowed = [cue for cue in cues if cue.entry.rank < 3 and (cue.entry.column != "bot" or cue in inside)]
        hints = [cue for cue in cues if cue.entry.rank == 3]
        if hints:
            self.hint = self.hint if self.hint and passage.name is not PartName.CHANGE else hints[0].value
        if not allowed:
            return []
        best = min(allowed, key=lambda cue: (cue.entry.rank, cue not in inside, cue.start))
        names = [cue for cue in allowed if cue.entry.rank == 1]
        if passage.name is PartName.SPINE and best.entry.rank:
            return []
        self.place = best.value or (hints[0].value if hints else "")
        near = best.entry.column in ("like", "names", "bot")
        self.place_label = passage.word(best) if near else ""
        return [*_agreeing(allowed, best), *names]

    def _set_grade(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        said = [cue for cue in cues if cue.entry.rank == 0]
        if said:
            self.grade = _best(said).value
            return _agreeing(cues, _best(said))
        self.mood = _best(cues).value
        return _agreeing(cues, _best(cues)) if not self.grade else []

    def _set_style(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        self.style = _best(cues).value
        return _agreeing(cues, _best(cues))

    def _set_direction(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        self.direction = 1 if _best(cues).value == "right" else -1
        return _agreeing(cues, _best(cues))

    def _set_arrangement(self, passage: Passage, cues: list[Cue]) -> list[Cue]:
        best = _best(cues)
        self.arrangement = best.value
        if best.value == "none":
            self.cast.leave()
        return _agreeing(cues, best)

    def _clear_up(self, passage: Passage) -> list[Cue]:
        """ "No rain": the weather that was there is over."""
        over = [cue for cue in passage.gone if cue.kind == "weather"]
        if over and not passage.of("weather") and passage.name is not PartName.SPINE:
            self.weather = "clear"
        lights = [cue for cue in passage.gone if cue.kind == "light" and cue.value == self.light]
        if lights and not passage.of("light"):
            self.light = "night" if self.light in _DARK - {"night"} else ""
        return over + lights

    def _set_palette(self, passage: Passage) -> list[Cue]:
        cues = [cue for cue in passage.of("colour") if _is_anchor(passage, cue)]
        if cues:
            self.palette = list(dict.fromkeys(colours()[cue.value] for cue in cues))
        return cues

    def _add(self, passage: Passage) -> list[Cue]:
        """Beams and sounds add up."""
        beams, sounds = passage.of("beams"), passage.of("sound")
        self.beams = (self.beams or bool(beams)) and not any(cue.kind == "beams" for cue in passage.gone)
        self.sounds += [cue.value for cue in sounds]
        return beams + sounds

    # ---- what is seen where nobody said so

    def is_quiet(self) -> bool:
        """Whether somebody stands still for want of a verb."""
        return self.busy or bool(self.lines) or FRAMINGS.index(self.seen_framing()) >= FRAMINGS.index("medium")

    def seen_framing(self) -> str:
        """The framing said; else by lens; else by what there is to see."""
        if self.framing:
            return self.framing
        if self.lens:
            return next((name for most, name in _FRAMING_FROM if self.lens <= most), "close")
        if self.arrangement == "over_shoulder":
            return "medium_close"
        if not self.cast.figures:
            return "wide"
        return "medium" if self.lines else "wide" if self.place else "full"

    def seen_lens(self) -> int:
        """The focal length said, else the usual one of the framing."""
        return self.lens or _LENS_OF[self.seen_framing()]

    def seen_move(self) -> str:
        """The move said; tracking goes where the figures go. A slow dolly where nothing is said."""
        if self.move == "track":
            return "track_right" if self.direction > 0 else "track_left"
        return self.move or "dolly_in"

    def seen_place(self) -> tuple[str, str]:
        """Place and label; without a word for either, the place that the figures suggest."""
        indoors = "interior_room" if self.light in ("lamp", "candle") else ""
        return self.place or self.hint or indoors or "mountains", self.place_label


def _stepped(framing: str, step: str) -> str:
    """One step closer or wider; an insert is as close as it gets, a face no closer than extreme."""
    at, closest = FRAMINGS.index(framing), len(FRAMINGS) - 2
    return FRAMINGS[max(at, min(at + 1, closest)) if step == "closer" else max(at - 1, 0)]


def _kind_of(passage: Passage, cue: Cue) -> str:
    """The kind in the words of "Show the prompt"."""
    if cue.kind == "colour":
        return "palette" if _is_anchor(passage, cue) else "colour"
    return _NAMED_KIND.get(cue.kind, cue.kind)


def _is_anchor(passage: Passage, cue: Cue) -> bool:
    return passage.context(cue.start) == "palette" or leftover.is_tone(passage, cue)


def _best(cues: list[Cue]) -> Cue:
    return min(cues, key=lambda cue: (cue.entry.rank, cue.start))


def _agreeing(cues: list[Cue], best: Cue) -> list[Cue]:
    return [cue for cue in cues if cue.value == best.value]
