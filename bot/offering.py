"""What is offered: a wish against what a backend can do. Refused in one sentence, or made to fit and the member told; pure.

What a member set and the model does not film is refused, with what it films. What nobody set for this model (a retake of a take
that another model filmed) goes to the nearest length upward, and a line on the card says so. Words are never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from bot.backends import OffersModels, split_choice
from bot.brief import Brief, Note, check_length
from bot.capabilities import Capabilities, Sound
from bot.errors import (
    Declined,
    ExtendedTooLong,
    ImageNotOffered,
    LastFrameNotOffered,
    ModelRetired,
    PictureNeeded,
    ReferencesNotOffered,
    ResolutionNotOffered,
    SecondsNotOffered,
    ShapeNotOffered,
    SoundNotOffered,
)
from bot.lengths import lengths_in_words
from bot.pictures import still_told
from bot.ports import Backends
from bot.prices import days_left

FEW: Final = 6
"""So many lengths are told one by one."""


class Offers(dict[str, Capabilities]):
    """Capabilities by choice; a model that its backend does not list can what the backend can."""

    def __missing__(self, choice: str) -> Capabilities:
        backend, model = split_choice(choice)
        if model is None:
            raise KeyError(choice)
        return replace(self[backend], model=model)


async def offers(backends: Backends) -> Offers:
    """Everything that could be chosen, and what it can do at this moment."""
    found = Offers()
    for name in backends.names():
        backend = backends.get(name)
        found[name] = await backend.capabilities()
        if isinstance(backend, OffersModels):
            found.update({f"{name}/{card.id}": card.capabilities for card in await backend.models()})
    return found


async def capabilities_of(backends: Backends, choice: str) -> Capabilities:
    """What one choice can do. Raises `UnknownBackend`."""
    name, model = split_choice(choice)
    backend = backends.get(name)
    if model is not None and isinstance(backend, OffersModels):
        for card in await backend.models():
            if card.id == model:
                return card.capabilities
    can = await backend.capabilities()
    return replace(can, model=model) if model is not None else can


# ---------------------------------------------------------------- refused


def check(caps: Capabilities, brief: Brief, choice: str, *, now: float | None = None) -> None:
    """Raises what is wrong with the brief for that choice; what it does not tell is not checked. `now`: epoch seconds."""
    if now is not None:
        check_alive(caps, choice, now)
    check_length(brief, caps.words_max, choice)
    if brief.seconds is not None and caps.seconds is not None and brief.seconds not in caps.seconds:
        raise SecondsNotOffered(seconds=brief.seconds, offered=span(caps.seconds), backend=choice)
    if brief.shape is not None and caps.shapes is not None and brief.shape not in caps.shapes:
        raise ShapeNotOffered(shape=brief.shape.value, offered=", ".join(caps.shapes), backend=choice)
    if brief.resolution is not None and brief.resolution not in caps.resolutions:
        tiers = ", ".join(caps.resolutions) or caps.resolution or "-"
        raise ResolutionNotOffered(resolution=brief.resolution, offered=tiers, backend=choice)
    if {True: Sound.NONE, False: Sound.ALWAYS}.get(brief.sound) is caps.sound:  # type: ignore[arg-type]
        raise SoundNotOffered(backend=choice)
    _check_pictures(caps, brief, choice)
    if caps.extended_max is not None and brief.starts_at and brief.starts_at + (brief.seconds or 0) > caps.extended_max:
        raise ExtendedTooLong(limit=caps.extended_max, backend=choice)


def must_film(offers: Mapping[str, Capabilities], choice: str, brief: Brief, now: float) -> None:
    """Raises what is wrong with the brief for that choice, or for the first it picks from where none of them films it."""
    candidates = _candidates(offers, choice)
    if not any(films(caps, brief, now) for _, caps in candidates):
        first, caps = candidates[0]
        check(caps, brief, first, now=now)


def _candidates(offers: Mapping[str, Capabilities], choice: str) -> Sequence[tuple[str, Capabilities]]:
    caps = offers[choice]
    return [(each, offers[each]) for each in caps.among] or [(choice, caps)]


def check_alive(caps: Capabilities, choice: str, now: float) -> None:
    """Raises `ModelRetired` after its last day."""
    left = days_left(caps.retires_on, today(now))
    if left is not None and left < 0:
        raise ModelRetired(backend=choice, day=caps.retires_on)


def _check_pictures(caps: Capabilities, brief: Brief, choice: str) -> None:
    if brief.reference is not None and not caps.images:
        raise ImageNotOffered(backend=choice)
    if brief.reference is None and not brief.references and not caps.text:
        raise PictureNeeded(backend=choice)
    if brief.last_frame is not None and not caps.pictures.last:
        raise LastFrameNotOffered(backend=choice)
    if len(brief.references) > caps.pictures.references:
        raise ReferencesNotOffered(limit=caps.pictures.references, backend=choice)


def films(caps: Capabilities, brief: Brief, now: float) -> bool:
    """Whether it takes the brief exactly as it is."""
    try:
        check(caps, brief, "", now=now)
    except Declined:
        return False
    return True


# ---------------------------------------------------------------- made to fit, and told


def adapted(caps: Capabilities, brief: Brief, *, length: bool = True) -> Brief:
    """A brief made for another model: the nearest length upward, no tier and no sound that this one has no choice of.

    `length`: False where the member has just set it.
    """
    brief = replace(brief, notes=still_told(brief, caps))
    if brief.resolution not in (None, *caps.resolutions):
        brief = replace(brief, resolution=caps.resolution if caps.set_resolution else None)
    if caps.sound in (Sound.NONE, Sound.ALWAYS):
        brief = replace(brief, sound=None)
    if not length or brief.seconds is None or caps.seconds is None or brief.seconds in caps.seconds:
        return brief
    seconds = nearest(brief.seconds, caps.seconds)
    told = Note("length", (("offered", span(caps.seconds)), ("seconds", seconds), ("asked", brief.seconds)))
    return replace(brief, seconds=seconds, notes=(*brief.notes, told))


def nearest(seconds: int, offered: Sequence[int]) -> int:
    """The nearest length that is not shorter; the longest where all are."""
    return min((each for each in offered if each >= seconds), default=max(offered))


def with_options(caps: Capabilities, brief: Brief, resolution: str | None, sound: bool | None) -> Brief:
    """The brief with what the member chose of the picture and the sound, else with the operator's tier."""
    tier = resolution or (caps.resolution if caps.set_resolution else None)
    return replace(brief, resolution=tier and str(tier), sound=sound)


def noted(caps: Capabilities, brief: Brief, words: str) -> Brief:
    """The brief with what its member has to be told: a length asked for in the words, a picture that will be fitted."""
    notes = [*brief.notes, *_length_notes(caps, brief, words), *_picture_notes(caps, brief)]
    return replace(brief, notes=tuple(notes)) if notes else brief


def _length_notes(caps: Capabilities, brief: Brief, words: str) -> list[Note]:
    asked = next(iter(lengths_in_words(words)), None)
    filmed = brief.seconds or caps.usual_length
    if asked is None or asked == filmed:
        return []
    if caps.seconds and asked > caps.seconds[-1]:
        return [Note("asked_more", (("asked", asked), ("most", caps.seconds[-1])))]
    if brief.seconds is not None:
        return []  # set by option: that is what the member chose
    if caps.seconds is None or filmed is None:
        return [Note("asked_length_free", (("asked", asked),))]
    return [Note("asked_length", (("asked", asked), ("offered", span(caps.seconds)), ("seconds", filmed)))]


def _picture_notes(caps: Capabilities, brief: Brief) -> list[Note]:
    size = caps.size(brief.shape, brief.resolution) if caps.pictures.exact else None
    if size is None or (brief.reference is None and brief.last_frame is None):
        return []
    return [Note("fitted", (("width", size[0]), ("height", size[1])))]


def price_of(caps: Capabilities, brief: Brief) -> int | None:
    """The most that the brief costs there, in micro-dollars; None: nobody knows."""
    pictures = len([each for each in (brief.reference, brief.last_frame, *brief.references) if each])
    return caps.price(
        brief.seconds, shape=brief.shape, resolution=brief.resolution, sound=brief.sound, pictures=pictures
    )


def price(offers: Mapping[str, Capabilities], choice: str, brief: Brief, now: float) -> int | None:
    """`price_of` for that choice; the dearest of those that film it, where it picks."""
    prices = [price_of(caps, brief) for _, caps in _candidates(offers, choice) if films(caps, brief, now)]
    known = [each for each in prices if each is not None]
    return max(known) if known and len(known) == len(prices) else None


def span(seconds: Sequence[int]) -> str:
    """``4, 8, 12``, or ``1-60`` where every length is offered."""
    if len(seconds) > FEW and seconds[-1] - seconds[0] == len(seconds) - 1:
        return f"{seconds[0]}-{seconds[-1]}"
    return ", ".join(map(str, seconds))


def today(now: float) -> date:
    """The day of an epoch time, UTC."""
    return datetime.fromtimestamp(now, UTC).date()
