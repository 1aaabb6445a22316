"""The brief: exactly what a backend is told. Compiled from spine, carried-over facts and the member's words; pure.

Order of the parts, as the product's pages show them: spine (the look, in front of every shot's own action), cast, carried
over, your words, sound. Inside each, the anatomy of a shot description: camera, light, palette and grade, mood; then prose,
camera, actions, dialogue, sound as the member wrote them. The member's words are one unbroken run of bytes: they are only
*named* line by line (``Camera:``, ``Action:``, ``Dialogue:``, ``Sound:``), never moved and never trimmed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.cast import CastMember, folded, lines_for, speaks, voice_line
from bot.continuity import Kind, say
from bot.errors import BriefTooLong
from bot.film import Shape
from bot.spine import Spine
from bot.words import labelled_runs

CARRIED_LEAD = "Continuity, unchanged from the shot before: "
CHANGE_LEAD = "Exactly as above, with this change: "


class PartName(StrEnum):
    """The named parts of a brief, in the words of the product's pages."""

    SPINE = "spine"
    CAST = "cast"
    CARRIED = "carried"
    WORDS = "words"
    CAMERA = "camera"
    ACTION = "action"
    DIALOGUE = "dialogue"
    SOUND = "sound"
    AMBIENCE = "ambience"
    EFFECTS = "effects"
    MUSIC = "music"
    CHANGE = "change"


@dataclass(frozen=True)
class Part:
    """One named part, with the text as it is sent."""

    name: PartName
    text: str


@dataclass(frozen=True)
class Note:
    """Something about the brief that its member has to be told on the card: key of a sentence (``note.<key>``), parameters."""

    key: str
    params: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True)
class Credit:
    """Somebody of the cast in a brief: which version of whom describes them there."""

    id: str
    name: str
    version: int


@dataclass(frozen=True)
class Brief:
    """What the backend is told. Options that nobody set stay None and are not sent."""

    parts: tuple[Part, ...]
    seconds: int | None = None
    shape: Shape | None = None
    seed: int | None = None
    reference: str | None = None
    """Digest of the reference image in the clip store."""
    spine: Spine = field(default_factory=Spine)
    """The spine field by field, to be shown as chips; what is sent is its part."""
    starts_at: float = 0.0
    """Seconds already shown by the take that this one goes on from."""
    kept: tuple[tuple[str, str], ...] = ()
    """What was carried over, (kind, words), to be shown as chips; what is sent is its part."""
    resolution: str | None = None
    """A tier of `capabilities.TIERS`."""
    last_frame: str | None = None
    """Digest of a picture of the last frame."""
    references: tuple[str, ...] = ()
    """Digests of pictures of people, things and places."""
    characters: tuple[str, ...] = ()
    """Who is in it, one entry each: ``backend:id``, with blanks between where several backends know them."""
    sound: bool | None = None
    """With or without, where there is a choice."""
    notes: tuple[Note, ...] = ()
    """What the member has to be told about it; not sent."""
    cast: tuple[Credit, ...] = ()
    """Who of the cast is in it, in the order in which they are described; what is sent is their part."""

    @property
    def text(self) -> str:
        """The compiled prompt."""
        return "\n".join(part.text for part in self.parts)

    def part(self, *names: PartName) -> str:
        """The text of the parts of these names, joined by newlines; empty if there are none."""
        return "\n".join(part.text for part in self.parts if part.name in names)

    def characters_at(self, backend: str) -> tuple[str, ...]:
        """The ids by which this backend knows characters of the brief; as many as `characters` if it knows them all."""
        known = (each.partition(":") for entry in self.characters for each in entry.split())
        return tuple(name for where, _, name in known if where == backend)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data; what few briefs have is left out where it is empty."""
        rare = {
            "resolution": self.resolution,
            "last_frame": self.last_frame,
            "references": list(self.references),
            "characters": list(self.characters),
            "sound": self.sound,
            "notes": [[note.key, dict(note.params)] for note in self.notes],
            "cast": [[each.id, each.name, each.version] for each in self.cast],
        }
        return {
            "parts": [[part.name.value, part.text] for part in self.parts],
            "seconds": self.seconds,
            "shape": self.shape.value if self.shape else None,
            "seed": self.seed,
            "reference": self.reference,
            "starts_at": self.starts_at,
            "spine": self.spine.filled(),
            "kept": [list(each) for each in self.kept],
            **{name: value for name, value in rare.items() if value not in (None, [])},
        }


def brief_from_dict(data: dict[str, Any]) -> Brief:
    """The brief back from `Brief.to_dict`'s data."""
    return Brief(
        parts=tuple(Part(PartName(name), text) for name, text in data["parts"]),
        seconds=data.get("seconds"),
        shape=Shape(data["shape"]) if data.get("shape") else None,
        seed=data.get("seed"),
        reference=data.get("reference"),
        starts_at=data.get("starts_at", 0.0),
        spine=Spine(**data.get("spine", {})),
        kept=tuple((kind, words) for kind, words in data.get("kept", ())),
        resolution=data.get("resolution"),
        last_frame=data.get("last_frame"),
        references=tuple(data.get("references", ())),
        characters=tuple(data.get("characters", ())),
        sound=data.get("sound"),
        notes=tuple(Note(key, tuple(params.items())) for key, params in data.get("notes", ())),
        cast=tuple(Credit(*each) for each in data.get("cast", ())),
    )


def compile_brief(
    words: str,
    *,
    spine: Spine | None = None,
    cast: Sequence[CastMember] = (),
    undressed: frozenset[str] = frozenset(),
    kept: tuple[tuple[Kind, str], ...] = (),
    seconds: int | None = None,
    shape: Shape | None = None,
    seed: int | None = None,
    reference: str | None = None,
) -> Brief:
    """Spine, cast, what is carried over, and the member's words, in that order; the same input gives the same bytes.

    `undressed`: ids of cast members who do not wear here what their entry says.
    """
    spine = spine or Spine()
    parts: list[Part] = []
    if look := spine.render():
        parts.append(Part(PartName.SPINE, look))
    carried = say(kept)
    if cast:
        parts.append(_cast_part(cast, f"{carried}\n{words}", undressed))
    if kept:
        parts.append(Part(PartName.CARRIED, f"{CARRIED_LEAD}{carried}"))
    parts += [Part(PartName(label), run) for label, run in labelled_runs(words)]
    plain = tuple((kind.value, said) for kind, said in kept)
    return Brief(tuple(parts), seconds, shape, seed, reference, spine, kept=plain, cast=_credits(cast))


def _cast_part(cast: Sequence[CastMember], words: str, undressed: frozenset[str] = frozenset()) -> Part:
    return Part(PartName.CAST, "\n".join(lines_for(cast, words, undressed=undressed, speaking=speaks(words))))


def _credits(cast: Sequence[CastMember]) -> tuple[Credit, ...]:
    return tuple(Credit(who.id, who.name, who.version) for who in cast)


def with_change(source: Brief, change: str, cast: Sequence[CastMember] = ()) -> Brief:
    """The brief with one change said last; what stands above it stays byte for byte (`bot.remixing` says what may not).

    Those of `cast`, whom the change names, are described in front of it unless the source describes somebody of that name; who
    speaks only now is heard only now.
    """
    there = {folded(each.name) for each in source.cast}
    new = [who for who in cast if who.key not in there]
    voices = [who for who in cast if who.key in there and speaks(change) and who.voice not in source.text]
    lines = (*lines_for(new, f"{source.text}\n{change}", speaking=speaks(change)), *map(voice_line, voices))
    joined = (Part(PartName.CAST, "\n".join(lines)),) if lines else ()
    said = Part(PartName.CHANGE, f"{CHANGE_LEAD}{change}")
    return replace(source, parts=(*source.parts, *joined, said), cast=(*source.cast, *_credits(new)))


def unremixed(brief: Brief) -> Brief:
    """The brief without its last change, and without those whom only that change brought in."""
    if not brief.parts or brief.parts[-1].name is not PartName.CHANGE:
        return brief
    parts = brief.parts[:-1]
    if not parts or parts[-1].name is not PartName.CAST:
        return replace(brief, parts=parts)
    first = "\n".join(part.text for part in parts[:-1] if part.name is PartName.CAST)
    there = tuple(each for each in brief.cast if re.search(rf"^{re.escape(each.name)}[:：]", first, re.M))
    return replace(brief, parts=parts[:-1], cast=there)


def check_length(brief: Brief, limit: int, backend: str) -> None:
    """Raises `BriefTooLong`: words and spine are never trimmed."""
    if len(brief.text) > limit:
        raise BriefTooLong(length=len(brief.text), limit=limit, backend=backend)
