"""Who is cast on the stage, and a reader over the member's shoulder who offers other words."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from adapters.chat.web.offers import Asked, Offer
from bot.people import Address, Member

TABLE = {
    "dramatic light": ("A lamp or a lens says more than “dramatic”.", ("one street lamp from camera left", "low key")),
    "beautiful": ("“Beautiful” is for the one who looks.", ("backlit, dust in the air",)),
    "戏剧性的光": ("说出是哪盏灯，镜头才知道。", ("机位左侧一盏路灯", "低调光，深阴影")),
}
"""What the reader knows: the words, what is said of them, what may stand there instead."""
SILENT, SOUND = "Nothing is heard yet.", "\nSound: rain on nylon"


class Reader:
    """`Offering`, and what it was asked; silent while `reads` is not set."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.reads = asyncio.Event()
        self.reads.set()

    async def __call__(self, asked: Asked, member: Member, address: Address) -> Sequence[Offer]:
        self.asked.append(asked)
        await self.reads.wait()
        text = asked.text
        found = [
            Offer(match.start(), match.end(), says, instead)
            for words, (says, instead) in TABLE.items()
            for match in re.finditer(words, text)
        ]
        added = [Offer(len(text), len(text), SILENT, (SOUND,))] if "silence" in text else []
        return [*sorted(found, key=lambda offer: offer.start), *added]


@dataclass
class Troupe:
    """The cast as the session view shows it; a picture waits for consent."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)

    def hear(self, values: dict[str, Any]) -> None:
        """What `/cast` asks for; ids are names in lower case."""
        key, action = values["name"].lower(), values["action"]
        if action == "remove":
            del self.people[key]
            return
        who = self.people.setdefault(key, {**NOBODY, "id": key, "name": values["name"]})
        who |= {part: values[part].strip("-") for part in ("description", "wardrobe", "voice") if part in values}
        if values.get("image"):
            who |= {"pending": values["image"], "consent": {"answer": "", "at": None, "asked": True}}

    def agree(self, values: dict[str, Any]) -> None:
        """The answer about the picture."""
        who = self.people[values["cast"]]
        who["image"] = who.pop("pending") if values["agreed"] else None
        who["consent"] = {"answer": "yes" if values["agreed"] else "no", "at": 1.0, "asked": False}

    def view(self, words: dict[str, str]) -> list[dict[str, Any]]:
        """As `bot.view` gives it; `words` by shot."""
        return [
            {**who, "shots": [shot for shot, said in words.items() if who["name"] in said]}
            for who in self.people.values()
        ]


NOBODY: dict[str, Any] = {
    "description": "",
    "wardrobe": "",
    "voice": "",
    "image": None,
    "level": "own",
    "locked": False,
    "consent": {"answer": "", "at": None, "asked": False},
}
