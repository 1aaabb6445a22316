"""Offers while one types: what may stand in place of a few words. Nothing is stored, nothing spent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.people import Address, Member

MOST: Final = 8
"""So many are shown at once: more would be a lecture."""


@dataclass(frozen=True)
class Offer:
    """One find in the words, and what could be said instead of it.

    `start`, `end`: characters of the text, both alike where something is only to be added there. `says`: one sentence in the
    member's language. `instead`: whole pieces of text, each of which may take the place of ``text[start:end]`` as it is.
    """

    start: int
    end: int
    says: str
    instead: tuple[str, ...] = ()


Offering = Callable[[str, str | None, Member, Address], Awaitable[Sequence[Offer]]]
"""(words, id of the take that is replied to, member, address) → offers, the most useful first."""


def offers_data(text: str, offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """JSON-ready, with places counted as a browser counts them: in units of UTF-16."""
    return [
        {
            "start": _units(text[: offer.start]),
            "end": _units(text[: offer.end]),
            "says": offer.says,
            "instead": list(offer.instead),
        }
        for offer in offers[:MOST]
        if 0 <= offer.start <= offer.end <= len(text)
    ]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def asked_for(form: Mapping[str, Any]) -> tuple[str, str | None] | None:
    """The words and the take that is replied to; None where the form is not one of ours."""
    text, reply_to = form.get("text"), form.get("reply_to") or None
    if not isinstance(text, str) or not (reply_to is None or isinstance(reply_to, str)):
        return None
    return text, reply_to
