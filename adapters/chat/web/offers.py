"""Offers while one types: what may stand in place of a few words. Nothing is stored, nothing spent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from bot.linter import Kind, lint
from bot.linter import Offer as Found
from bot.people import Address, Member
from bot.ports import WorkFactory
from bot.session import company_of, look_of
from bot.text import say

MOST: Final = 8
"""So many are shown at once: more would be a lecture."""


@dataclass(frozen=True)
class Asked:
    """The words as they stand in the box."""

    text: str
    reply_to: str | None = None
    """Id of the take that they would change."""
    seconds: int | None = None
    """The length that is chosen for the take."""
    lengths: tuple[int, ...] = ()
    """Those that may be chosen; empty where any may."""


@dataclass(frozen=True)
class Offer:
    """One find in the words, and what could be said instead of it.

    `start`, `end`: characters of the text, both alike where something is only to be added there. `says`: one sentence in the
    member's language. `instead`: whole pieces of text, each of which may take the place of ``text[start:end]`` as it is; an
    empty one takes it out. `labels`: what each does, where the piece itself does not say it. `seconds`: the length of a take
    that takes the offer up, where it is about length.
    """

    start: int
    end: int
    says: str
    instead: tuple[str, ...] = ()
    seconds: int | None = None
    labels: tuple[str, ...] = ()


Offering = Callable[[Asked, Member, Address], Awaitable[Sequence[Offer]]]
"""The offers for these words, the most useful first."""


@dataclass(frozen=True)
class Linting:
    """What the linter offers these words in the member's session: `Offering`."""

    work: WorkFactory

    async def __call__(self, asked: Asked, member: Member, address: Address) -> Sequence[Offer]:
        """Reads the session, never writes."""
        async with self.work() as w:
            look, company = await look_of(w, member.id, address), await company_of(w, member.id, address)
            session = await w.sessions.get(member.id, address.place)
            last = await w.productions.last_shot(session.production) if session.production else None
        found = lint(
            asked.text,
            spine=look.spine,
            seconds=asked.seconds,
            facts=last.facts if last else None,
            cast=tuple(who.name for who in company.everybody),
            remix=asked.reply_to is not None,
            lengths=asked.lengths,
        )
        return [_said(each, address.locale) for each in found if each.kind != Kind.LENGTH or asked.reply_to is None]


def _said(found: Found, locale: str) -> Offer:
    says = say(found.key, locale, **dict(found.params))
    labels = tuple(_label(found, option, locale) for option in found.options)
    return Offer(found.start, found.end, says, found.options, found.seconds, labels)


def _label(found: Found, option: str, locale: str) -> str:
    """What a tap does; where it only adds something, that alone."""
    if found.kind in (Kind.LENGTH, Kind.BEATS):
        return say(f"lint_button.{found.kind}", locale, **{**dict(found.params), "seconds": found.seconds or 0})
    return option.removeprefix(found.words).strip(" \n,，")


def offers_data(text: str, offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """JSON-ready, with places counted as a browser counts them: in units of UTF-16."""
    return [
        {
            "start": _units(text[: offer.start]),
            "end": _units(text[: offer.end]),
            "says": offer.says,
            "instead": [
                {"words": words, "label": label or words.strip()}
                for words, label in zip_longest(offer.instead, offer.labels, fillvalue="")
            ],
            "seconds": offer.seconds,
        }
        for offer in offers[:MOST]
        if 0 <= offer.start <= offer.end <= len(text)
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def asked_for(form: Mapping[str, Any]) -> Asked | None:
    """What ``{text, reply_to?, seconds?, lengths?}`` asks; None where the form is not one of ours."""
    text, reply_to, seconds = form.get("text"), form.get("reply_to") or None, form.get("seconds")
    lengths = form.get("lengths") or []
    if not isinstance(text, str) or not isinstance(reply_to, str | None) or not isinstance(seconds, int | None):
        return None
    if not isinstance(lengths, list) or not all(isinstance(each, int) and each > 0 for each in lengths):
        return None
    return Asked(text, reply_to, seconds, tuple(lengths))
