"""Who cuts on the stage: keeps the order of the shots, joins them into one prepared clip, and knows what was measured."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from bot.cards import Card, CardClip, Row, Tone
from bot.paperwork import Wish
from tests.adapters.chat.web.props import Reel

PIECE = 2
"""Seconds of every shot in a film here."""
ANCHOR: dict[str, Any] = {
    "score": 1.0,
    "word": "holds",
    "label": "matches",
    "off": False,
    "anchor": True,
    "cause": "",
    "gauges": [],
}


def gauge(name: str, label: str, difference: float, band: float, unit: str = "") -> dict[str, Any]:
    """One part of the measure, as a difference."""
    return {"name": name, "label": label, "value": 0.9, "difference": difference, "band": band, "unit": unit}


def match(word: str, score: float, *gauges: dict[str, Any], cause: str = "") -> dict[str, Any]:
    """What a shot measures against its anchor: `word` is matches, slight or off."""
    machine = "holds" if word == "matches" else word
    said = {"score": score, "word": machine, "label": word, "off": word == "off", "anchor": False}
    return {**said, "cause": cause, "gauges": list(gauges)}


class Cutter:
    """Answers what is asked about all shots at once; `answer` posts a plain card."""

    def __init__(self, answer: Callable[[Wish, dict[str, Any]], Awaitable[None]]) -> None:
        self._answer = answer
        self.order: list[str] = []
        self.refuses = False
        self.measured = False
        self.matches: dict[str, dict[str, Any]] = {}
        self.reel: Reel | None = None
        self.made: dict[str, Any] | None = None
        self.title = ""

    def sorted(self, names: Iterable[str]) -> list[str]:
        """In the order of the film; who has no place in it follows."""
        return sorted(names, key=lambda name: self.order.index(name) if name in self.order else len(self.order))

    async def arrange(self, wish: Wish, order: Sequence[str]) -> None:
        """The new order, or a card that says no."""
        if self.refuses:
            await self._answer(wish, {})
            return
        self.order = list(order)

    def film(self, title: str, slates: Sequence[str], values: dict[str, Any]) -> Card:
        """The film's card, as the core makes it."""
        reel = self.reel
        assert reel is not None, "a film needs a clip"
        begins = [PIECE * n for n in range(len(slates))]
        chapters = [
            {
                "slate": slate,
                "name": slate.partition("-")[0],
                "words": "",
                "seconds": at,
                "ends": at + PIECE,
                "scene": 1,
            }
            for slate, at in zip(slates, begins, strict=True)
        ]
        self.made = {
            "seconds": reel.seconds,
            "width": reel.width,
            "height": reel.height,
            "id": "film",
            "title": title,
            "state": "ready",
            "clip": reel.digest,
            "poster": reel.poster,
            "transition": values.get("transition", "cut"),
            "current": True,
            "chapters": chapters,
            "actions": {"sheet": "sheet:film"},
        }
        rows = tuple(Row(slate, "", f"0:{at:02}", begins=at) for slate, at in zip(slates, begins, strict=True))
        clip = CardClip(reel.digest, reel.seconds, reel.width, reel.height, poster=reel.poster)
        return Card(tone=Tone.READY, title=title, clip=clip, rows=rows, facts=(f"{len(slates)} shots",))

    def match(self, name: str) -> dict[str, Any] | None:
        """What was measured of that shot."""
        return self.matches.get(name) if self.measured else None

    def view(self, finished: Sequence[str]) -> dict[str, Any]:
        """What the session view says beside the shots."""
        can = {"film": "film", "export": "export"} if finished else {}
        off = [name for name in finished if (found := self.match(name)) and found["off"]]
        counts = {"line": 0.85, "measured": len(self.matches), "of": len(finished), "off": off}
        return {
            "match": counts if finished else None,
            "film": self.made,
            "film_actions": {**can, **({"check": "check"} if len(finished) > 1 else {})},
        }
