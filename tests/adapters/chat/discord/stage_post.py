"""The poster before a fake Discord: one server, one channel, two members, and clips to post."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.chat import ChatSettings
from adapters.chat.discord.library import HOOK_SECONDS, Hook
from adapters.chat.discord.post import DiscordPoster
from bot.cards import Button, Card, CardClip, Progress, Tone
from bot.people import Address
from tests.fakes.discord import Channel, FakeDiscord, Message, User
from tests.fakes.storage import FakeStore

TAKE = "01JQTAKE0000000000000001"
CANCEL = (Button("Cancel", f"cancel:{TAKE}"),)
CARD = Card(Tone.ROLLING, "1A-2", "rolling", "a fox in the snow", take=TAKE, buttons=CANCEL, revision=1)
READY = Card(
    Tone.READY,
    "1A-2",
    "ready",
    "a fox in the snow",
    clip=CardClip("d" * 64, 6.0, 1280, 720),
    buttons=(Button("Remix", f"remix:{TAKE}", asks=True), Button("Retake", f"retake:{TAKE}")),
    take=TAKE,
    revision=9,
)
CANCELLED = replace(CARD, tone=Tone.FAILED, status="cancelled", buttons=(), revision=8)


def rolling(percent: int, take: str = TAKE) -> Card:
    """A card at so many percent."""
    buttons = (Button("Cancel", f"cancel:{take}"),)
    return replace(CARD, take=take, buttons=buttons, progress=Progress(percent / 100), revision=1 + percent)


class Set:
    """What a test needs: `discord`, `channel`, `ines`, `poster`; `again()` is the poster of a process started anew."""

    def __init__(self, discord: FakeDiscord, folder: Path, **how: Any) -> None:
        self.discord, self.folder, self._how = discord, folder, how
        self.guild = discord.guild("set")
        self.channel = discord.channel(self.guild, "night-shoots")
        self.ines = discord.user("ines")
        self.store = FakeStore()
        self._posters: list[DiscordPoster] = []
        self.poster = self.again()

    def again(self, token: str = "", **how: Any) -> DiscordPoster:
        """A new poster on the same storage."""
        options = {"DISCORD_TOKEN": token or self.discord.token, "DISCORD_API_URL": self.discord.api_url}
        quick = {"gap": 0.05, "patience": 0.4, "pauses": (0.01, 0.02), "now": self.discord.now, **self._how, **how}
        made = DiscordPoster(ChatSettings(options=options), self.store.work, **quick)
        self._posters.append(made)
        return made

    async def close(self) -> None:
        for made in self._posters:
            await made.close()

    def address(self, channel: Channel | None = None, user: User | None = None, **more: Any) -> Address:
        """Where Ines asked from."""
        place = channel or self.channel
        server = str(place.guild.id) if place.guild else None
        thread = str(place.id) if place.parent else None
        who = f"discord:{(user or self.ines).id}"
        about: dict[str, Any] = {"server": server, "thread": thread, "member": who, "direct": place.direct}
        return Address("discord", **{"chat": str(place.id), **about, **more})

    def hook(self, token: str, *, follow: bool = False) -> dict[str, Any]:
        """The fields of an address that came with an interaction."""
        hook = Hook(str(self.discord.application_id), token, follow)
        return {"hook": str(hook), "hook_until": self.discord.now() + HOOK_SECONDS}

    def clip(self, mib: float = 0.001) -> Path:
        """A file of that size."""
        path = self.folder / f"clip-{mib}.mp4"
        path.write_bytes(b"\0" * int(mib * 2**20))
        return path

    def count(self, method: str, part: str = "/messages") -> int:
        """How many requests of that kind there were."""
        return sum(call.method == method and part in call.route for call in self.discord.calls)

    async def meaning(self, reference: str) -> str | None:
        """What a reply to it means."""
        async with self.store.work() as w:
            return await w.messages.action(reference)


@asynccontextmanager
async def on_set(folder: Path, *, limits: bool | float = False, **how: Any) -> AsyncIterator[Set]:
    """A set, torn down with the proof that no rule of Discord's was broken."""
    async with FakeDiscord(limits=limits) as discord:
        with discord.pointed():
            stage = Set(discord, folder, **how)
            try:
                yield stage
            finally:
                await stage.close()
        assert discord.broken == []


def clips(channel: Channel) -> list[Message]:
    """The messages that carry a file."""
    return [said for said in channel.messages if said.files]
