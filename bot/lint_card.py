"""The linter's offers on cards: what of them is shown, how it is said, and what a tap puts into the words. Pure.

An offer is known by a mark made of its span and its text, so a button never puts in anything but what it said: where the same
words are read otherwise by now, the mark is found no more, and a sentence says so (`OfferGone`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot import continuity
from bot.brief import Brief
from bot.cards import Button
from bot.commands import action
from bot.errors import OfferGone
from bot.film import Take
from bot.linter import Kind, Offer, lint, taken_up
from bot.rewording import is_remix, own_words
from bot.text import say

SHOWN: Final = 3
"""So many offers stand on a card, one button each."""
MORE: Final = 6
"""So many more stand behind More."""
_SHORT: Final = 44
_LABEL = re.compile(r"^(?:Sound: |声音：|聲音：)")


def offers_of(take: Take, seconds: int | None) -> tuple[Offer, ...]:
    """What could be said better in the words that head the take's card. `seconds`: the length that its job films."""
    return offers_in(own_words(take), take.brief, seconds, remix=is_remix(take.brief))


def offers_in(words: str, brief: Brief, seconds: int | None, *, remix: bool = False) -> tuple[Offer, ...]:
    """The same for words that are part of a brief; a length is offered where the brief's notes say that it was asked for."""
    lengths = _lengths(brief)
    found = lint(
        words,
        spine=brief.spine,
        seconds=seconds,
        facts=continuity.facts_from_dict(dict(brief.kept)),
        cast=tuple(who.name for who in brief.cast),
        remix=remix,
        lengths=lengths or (),
    )
    return tuple(each for each in found if each.kind != Kind.LENGTH or lengths is not None)


def _lengths(brief: Brief) -> tuple[int, ...] | None:
    """The lengths that may be filmed, as the note about a length in the words tells them; None: there is no such note."""
    for note in brief.notes:
        told = dict(note.params)
        if note.key == "asked_more":
            return (int(told["most"]),)
        if note.key == "asked_length":
            return tuple(_spanned(str(told["offered"])))
        if note.key == "asked_length_free":
            return ()
    return None


def _spanned(offered: str) -> Iterator[int]:
    """``4, 8, 12`` and ``1-60`` back into lengths (`offering.span`)."""
    for part in offered.split(","):
        first, _, last = part.strip().partition("-")
        yield from range(int(first), int(last or first) + 1)


def shown(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Those for a card: the first of each kind, then the others, three at most."""
    first = {each.kind: each for each in reversed(offers)}
    chosen = [each for each in offers if first[each.kind] is each]
    return (*chosen, *(each for each in offers if each not in chosen))[:SHOWN]


def lines(offers: Sequence[Offer], locale: str) -> tuple[str, ...]:
    """A sentence for each shown offer; what a note on the card says already is not said twice."""
    return tuple(_sentence(each, locale) for each in shown(offers) if each.kind != Kind.LENGTH)


def _sentence(offer: Offer, locale: str) -> str:
    params = {name: _short(value) if isinstance(value, str) else value for name, value in offer.params}
    return say(offer.key, locale, **params)


def buttons(offers: Sequence[Offer], locale: str, subject: str, *, name: str = "offer") -> tuple[Button, ...]:
    """The first replacement of each shown offer. `subject`: id of the take, or, with `name` ``hone``, of the idea."""
    return tuple(Button(_label(each, 0, locale), action(name, subject, mark(each, 0))) for each in shown(offers))


def others(offers: Sequence[Offer], locale: str, subject: str) -> tuple[Button, ...]:
    """The replacements that do not stand on the card itself, each with what it would replace."""
    on_card = shown(offers)
    rest = [(each, n) for each in offers for n in range(len(each.options)) if n or each not in on_card]
    named = (
        (f"“{_short(each.words, 20)}” " if each.words.strip() else "") + _label(each, n, locale) for each, n in rest
    )
    taps = (action("offer", subject, mark(each, n)) for each, n in rest)
    return tuple(Button(label, tap) for label, tap in zip(named, taps, strict=True))[:MORE]


def mark(offer: Offer, option: int) -> str:
    """Six signs that name one replacement of one offer."""
    said = f"{offer.start}:{offer.end}:{offer.options[option]}"
    return hashlib.sha256(said.encode()).hexdigest()[:6]


def put_in(words: str, offers: Sequence[Offer], wanted: str) -> tuple[str, Offer]:
    """The words with the marked replacement in them, and its offer. Raises `OfferGone`."""
    for each in offers:
        for option in range(len(each.options)):
            if mark(each, option) == wanted:
                return taken_up(words, each, option), each
    raise OfferGone


def _label(offer: Offer, option: int, locale: str) -> str:
    """What a tap does, in few words."""
    text = offer.options[option]
    if offer.kind in (Kind.PHYSICS, Kind.SOUND):
        text = _LABEL.sub("", text.removeprefix(offer.words).strip(" \n,，"))
    key = offer.kind if offer.kind in _OWN_LABEL else "other"
    return say(
        f"lint_button.{key}", locale, **{**dict(offer.params), "option": _short(text), "seconds": offer.seconds or 0}
    )


_OWN_LABEL: Final = frozenset({Kind.CHANGES, Kind.LENGTH, Kind.BEATS, Kind.PHYSICS, Kind.SOUND})


def _short(words: str, most: int = _SHORT) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
