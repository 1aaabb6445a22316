"""A chat platform by carrier pigeon: a module such as `adapters.chat` finds, for tests of everything round a platform.

What it sends stands in ``sent.jsonl`` in its folder. `CARRIER_TOKEN` decides how it behaves: ``refused`` is not accepted,
``lost`` never answers at the start, ``stubborn`` never stops; ``hooked`` wants to be called by a webhook.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.chat import ChatPoster, ChatSettings
from adapters.doors import Door
from bot.cards import Card
from bot.errors import AttachmentGone, BadSetting
from bot.intake import Intake
from bot.paperwork import Finding
from bot.people import Address
from bot.ports import WorkFactory

PLATFORM = "carrier"
TOKEN = "CARRIER_TOKEN"
events: list[str] = []
"""What happened in this process, in order."""


class CarrierPoster:
    """Writes down what it sends."""

    platform = PLATFORM
    pace = 0.0
    still_pixels = 0

    def __init__(self, setting: ChatSettings) -> None:
        self._folder = setting.folder

    async def show(self, address: Address, key: str, card: Card, posted: str | None) -> str:
        return self._sent("card", address, key, card)

    async def progress(self, address: Address, key: str, card: Card, posted: str) -> None:
        self._sent("progress", address, key, card)

    async def answer(
        self, address: Address, key: str, card: Card, picture: Path | None = None, file: Path | None = None
    ) -> None:
        self._sent("answer", address, key, card)

    async def room(self, address: Address) -> int | None:
        return None

    async def deliver(self, address: Address, key: str, card: Card, parts: Sequence[Path], posted: str | None) -> str:
        shutil.copyfile(parts[0], self._folder / "clip.mp4")
        return self._sent("clip", address, key, card)

    async def fetch(self, attachment: str, into: Path) -> None:
        raise AttachmentGone

    async def close(self) -> None:
        events.append("poster closed")

    def _sent(self, what: str, address: Address, key: str, card: Card) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / "sent.jsonl").open("a") as book:
            book.write(json.dumps({"what": what, "to": address.chat, "key": key, "title": card.title}) + "\n")
        return f"{PLATFORM}/{address.chat}/{key}"


class CarrierListener:
    """Hears what `intake` is told directly, and what comes by its webhook."""

    def __init__(self, setting: ChatSettings, intake: Intake) -> None:
        self._token, self._folder = setting.options[TOKEN], setting.folder
        self._folder.mkdir(parents=True, exist_ok=True)
        self.intake = intake
        self.doors: Mapping[str, Door] = {PLATFORM: self._door} if self._token == "hooked" else {}

    async def start(self) -> None:
        if self._token == "refused":
            raise BadSetting(name=TOKEN, reason="the platform does not accept it")
        if self._token == "lost":
            (self._folder / "asking").touch()
            await asyncio.Event().wait()
        events.append("listening")

    async def stop(self) -> None:
        at_work = any(task.get_name() == "sweep" and not task.cancelling() for task in asyncio.all_tasks())
        events.append("silent, the work goes on" if at_work else "silent")
        if self._token == "stubborn":
            await asyncio.Event().wait()

    async def _door(self, headers: Mapping[str, str], body: bytes) -> int:
        events.append(f"called: {body.decode()}")
        return 200


def configured(setting: ChatSettings) -> bool:
    return bool(setting.options.get(TOKEN))


def poster(setting: ChatSettings, work: WorkFactory) -> CarrierPoster:
    return CarrierPoster(setting)


def listener(setting: ChatSettings, intake: Intake, poster: ChatPoster) -> CarrierListener:
    made = CarrierListener(setting, intake)
    events.append("listener made")
    return made


async def examine(setting: ChatSettings) -> Sequence[Finding]:
    if setting.options[TOKEN] == "refused":
        raise ZeroDivisionError
    return [Finding(PLATFORM, "ok", f"{setting.table.get('pigeons', 0)} pigeons; reached at {setting.public_url}")]


def sent(home: Path) -> list[dict[str, str]]:
    """What was sent, in order."""
    book = home / "chats" / PLATFORM / "sent.jsonl"
    return [json.loads(line) for line in book.read_text().splitlines()] if book.exists() else []
