"""``film.json``: the whole film as one portable file, from which it can be priced and filmed again on another backend.

It holds words, never media: the spine field by field, the cast, every shot with the brief that was sent, and the cut. Pictures
that a shot was made from stay where they are; the file says how many there were, and of a cast member whether there was one
and what was answered about consent. `film_reading.read` reads it back.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from bot.brief import Brief, Credit, Part
from bot.cast import CastMember
from bot.cut import Cut, Transition
from bot.errors import UnknownTake
from bot.errors_film import NoShots, TooManyShots
from bot.film import Production, Shape, Shot, Take, chance_of
from bot.spine import Spine
from bot.states import Job

EDITION: Final = 1
"""Raised whenever an older version could not make the same film of the file."""
KIND: Final = "throughline film"
MAX_SHOTS: Final = 100
FILM_MAX: Final = 16 * 1024 * 1024
"""Bytes of the file."""
TITLE_MAX: Final = 500


@dataclass(frozen=True)
class FilmCast:
    """Somebody of the cast, in words."""

    name: str
    description: str
    wardrobe: str = ""
    voice: str = ""
    had_picture: bool = False
    """Whether a reference picture belongs to them; it is not in the file."""
    consent: str = ""
    """What was answered about that picture: ``yes``, ``no``, or nothing where nobody asked."""


@dataclass(frozen=True)
class Filmed:
    """What filmed a shot, and what came of it: for information, nothing is filmed by it."""

    backend: str = ""
    model: str = ""
    price: int | None = None
    """Micro-dollars that it cost as far as is known; None: nobody knows."""
    chance: int | None = None
    """The seed that was thrown where the member set none."""
    seconds: float = 0.0
    """Length of the clip."""
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class FilmShot:
    """A take that is in the film: what it takes to film it again."""

    slate: str
    """``2B-3``; no two shots of a file share one."""
    words: str
    """The shot's own words, byte for byte."""
    parts: tuple[Part, ...]
    """The brief as it was sent, part by part: cast, carried over, the labelled lines, changes."""
    seconds: int
    """Seconds to order."""
    change: str = ""
    """What the member asked to change, if it is a remix."""
    shape: Shape | None = None
    seed: int | None = None
    """As the member set it; None: nobody did."""
    resolution: str | None = None
    sound: bool | None = None
    spine: Spine | None = None
    """Its own, where it is not the film's."""
    kept: tuple[tuple[str, str], ...] = ()
    """What was carried over, (kind, words)."""
    cast: tuple[str, ...] = ()
    """Names of those who are in it."""
    pictures: int = 0
    """So many pictures went into it; they are not in the file."""
    filmed: Filmed = field(default_factory=Filmed)


@dataclass(frozen=True)
class FilmFile:
    """The film in words."""

    title: str
    spine: Spine
    cast: tuple[FilmCast, ...]
    shots: tuple[FilmShot, ...]
    transition: Transition
    order: tuple[str, ...]
    """Slates in the order of the film; one may come back."""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready data; what few shots have is left out where it is empty."""
        return {
            "kind": KIND,
            "edition": EDITION,
            "title": self.title,
            "spine": self.spine.filled(),
            "cast": [asdict(each) for each in self.cast],
            "shots": [_shot_dict(each) for each in self.shots],
            "cut": {"transition": self.transition.value, "order": list(self.order)},
        }

    def text(self) -> str:
        """The file."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False) + "\n"

    def in_order(self) -> tuple[FilmShot, ...]:
        """The shots as they follow one another in the film."""
        by_slate = {shot.slate: shot for shot in self.shots}
        return tuple(by_slate[slate] for slate in self.order)


def _shot_dict(shot: FilmShot) -> dict[str, Any]:
    always = {
        "slate": shot.slate,
        "words": shot.words,
        "parts": [[part.name.value, part.text] for part in shot.parts],
        "seconds": shot.seconds,
    }
    rare: dict[str, Any] = {
        "change": shot.change or None,
        "shape": shot.shape.value if shot.shape else None,
        "seed": shot.seed,
        "resolution": shot.resolution,
        "sound": shot.sound,
        "spine": None if shot.spine is None else shot.spine.filled(),
        "kept": [list(each) for each in shot.kept] or None,
        "cast": list(shot.cast) or None,
        "pictures": shot.pictures or None,
    }
    return always | {name: value for name, value in rare.items() if value is not None} | _filmed(shot.filmed)


def _filmed(filmed: Filmed) -> dict[str, Any]:
    return {"filmed": {name: value for name, value in asdict(filmed).items() if value is not None}}


def brief_of(film: FilmFile, shot: FilmShot, *, chance: bool = False) -> Brief:
    """The brief that films the shot again, word for word as it was sent.

    `chance`: with the seed that was thrown, too, where the member set none: the same backend then films the same.
    """
    return Brief(
        parts=shot.parts,
        seconds=shot.seconds,
        shape=shot.shape,
        seed=shot.filmed.chance if chance and shot.seed is None else shot.seed,
        spine=film.spine if shot.spine is None else shot.spine,
        kept=shot.kept,
        resolution=shot.resolution,
        sound=shot.sound,
        cast=tuple(Credit(name, name, 1) for name in shot.cast),
    )


# ---------------------------------------------------------------- made of a production


def film_file(
    production: Production,
    shots: Sequence[Shot],
    takes: Sequence[Take],
    cut: Cut,
    *,
    cast: Sequence[CastMember] = (),
    jobs: Mapping[str, Job] | None = None,
) -> FilmFile:
    """The film of that cut in words.

    `shots` and `takes`: at least those that are in it; `cast`: whom their briefs credit, of several versions the last one given;
    `jobs`: by take. Raises `NoShots`, `TooManyShots`, or `UnknownTake` for a piece that is no take of the production.
    """
    check_count(len(cut.pieces))
    by_take, by_shot = {take.id: take for take in takes}, {shot.id: shot for shot in shots}
    order = []
    for piece in cut.pieces:
        take = by_take.get(piece.take)
        if take is None or take.shot not in by_shot:
            raise UnknownTake(take=piece.slate)
        order.append(take)
    used = list({take.id: take for take in order}.values())
    spine = Counter(take.brief.spine for take in used).most_common(1)[0][0]
    return FilmFile(
        title=(cut.title or production.title)[:TITLE_MAX],
        spine=spine,
        cast=_cast_of(used, cast),
        shots=tuple(_shot(take, by_shot[take.shot], (jobs or {}).get(take.id), spine) for take in used),
        transition=cut.transition,
        order=tuple(str(take.slate) for take in order),
    )


def check_count(count: int) -> None:
    """Raises `NoShots` or `TooManyShots`."""
    if not count:
        raise NoShots
    if count > MAX_SHOTS:
        raise TooManyShots(count=count, limit=MAX_SHOTS)


def _cast_of(takes: Sequence[Take], cast: Sequence[CastMember]) -> tuple[FilmCast, ...]:
    """Those whom the briefs credit, in the order in which they come in."""
    credited = dict.fromkeys(credit.id for take in takes for credit in take.brief.cast)
    known = {who.id: who for who in cast}
    people = {who.key: who for each in credited if (who := known.get(each))}
    return tuple(
        FilmCast(who.name, who.description, who.wardrobe, who.voice, who.image is not None, who.consent)
        for who in people.values()
    )


def _shot(take: Take, shot: Shot, job: Job | None, spine: Spine) -> FilmShot:
    brief = take.brief
    pictures = (brief.reference, brief.last_frame, *brief.references)
    return FilmShot(
        slate=str(take.slate),
        words=shot.words,
        parts=brief.parts,
        seconds=_seconds(take),
        change=take.change,
        shape=brief.shape,
        seed=brief.seed,
        resolution=brief.resolution,
        sound=brief.sound,
        spine=None if brief.spine == spine else brief.spine,
        kept=brief.kept,
        cast=tuple(credit.name for credit in brief.cast),
        pictures=sum(each is not None for each in pictures),
        filmed=_filmed_by(take, job),
    )


def _seconds(take: Take) -> int:
    if take.brief.seconds:
        return take.brief.seconds
    return max(1, round(take.clip.seconds)) if take.clip else 1


def _filmed_by(take: Take, job: Job | None) -> Filmed:
    filmed, clip = Filmed(), take.clip
    if clip:
        filmed = replace(filmed, seconds=clip.seconds, width=clip.width, height=clip.height)
    if job:
        chance = chance_of(job.id) if take.brief.seed is None else None
        filmed = replace(filmed, backend=job.backend, model=job.model or "", price=job.spent, chance=chance)
    return filmed
