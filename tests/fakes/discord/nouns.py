"""Who and what there is: users, guilds, channels, messages, files; plain state with a little to ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import rights
from tests.fakes.discord.pulse import Pulse
from tests.fakes.discord.refusals import Json

TEXT, DM, GROUP, CATEGORY, THREAD, FORUM = 0, 1, 3, 4, 11, 15
EPHEMERAL, LOADING, V2 = 1 << 6, 1 << 7, 1 << 15
BUTTON, TEXT_DISPLAY = 2, 10
SELECTS = (3, 5, 6, 7, 8)
MIB = 2**20
BIGGEST_BY_TIER = {0: 10 * MIB, 1: 10 * MIB, 2: 50 * MIB, 3: 100 * MIB}


@dataclass(eq=False)
class User:
    """A person, or the bot. `installed`: has the app on their own account. `nitro`: bytes this person may upload."""

    id: int
    name: str
    locale: str = "en-US"
    bot: bool = False
    installed: bool = False
    nitro: int = 0
    closed: bool = False


@dataclass(eq=False)
class Guild:
    """A server. `present`: the app's bot is a member of it."""

    id: int
    name: str
    tier: int = 0
    locale: str = "en-US"
    present: bool = True
    owner: int = 1
    channels: list[Channel] = field(default_factory=list)
    members: dict[int, User] = field(default_factory=dict)
    special: dict[int, int] = field(default_factory=dict)
    """What a member may do, where it is not what everyone may."""
    bot_rights: int = rights.BOT
    member_rights: int = rights.EVERYONE


@dataclass(eq=False)
class File:
    """One file of a message."""

    id: int
    channel: int
    name: str
    data: bytes = field(repr=False)
    kind: str = "application/octet-stream"
    description: str | None = None


@dataclass(eq=False)
class Channel:
    """A place that messages stand in; also threads, forums and direct messages."""

    id: int
    name: str
    kind: int
    guild: Guild | None = None
    parent: Channel | None = None
    people: list[User] = field(default_factory=list)
    denied: int = 0
    archived: bool = False
    locked: bool = False
    gone: bool = False
    history: dict[int, Message] = field(default_factory=dict, repr=False)
    deleted: list[Message] = field(default_factory=list, repr=False)

    @property
    def messages(self) -> list[Message]:
        """What stands there now, oldest first; without what is only for one person's eyes."""
        return list(self.history.values())

    @property
    def last(self) -> Message:
        """The newest message."""
        assert self.history, f"nothing stands in {self.name}"
        return next(reversed(self.history.values()))

    @property
    def direct(self) -> bool:
        """Whether it belongs to no guild."""
        return self.guild is None

    def bot_rights(self) -> int:
        """What the bot may do there."""
        if self.guild is None:
            return rights.IN_A_DM
        return self.guild.bot_rights & ~self.denied & ~(self.parent.denied if self.parent else 0)


@dataclass(frozen=True)
class Button:
    """A button as it stands on a message."""

    label: str
    custom_id: str | None
    url: str | None
    style: int
    disabled: bool
    emoji: str


@dataclass(eq=False)
class Message:
    """One message as it stands now. `components` are what the bot sent, with `attachment://` made real addresses."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    components: list[Json] = field(default_factory=list)
    embeds: list[Json] = field(default_factory=list)
    attachments: list[File] = field(default_factory=list)
    flags: int = 0
    nonce: str | None = None
    created: float = 0.0
    edited: float | None = None
    edits: int = 0
    kind: int = 0
    reply_to: Message | None = field(default=None, repr=False)
    pinged: list[User] = field(default_factory=list)
    """Whom this message made a sound for."""
    mentions: list[User] = field(default_factory=list)
    answers: Json | None = None
    """The interaction it answers (`interaction_metadata`), where it is an interaction's answer."""
    reader: User | None = None
    """Who alone can see it."""
    gone: bool = False
    pulses: list[Pulse] = field(default_factory=list, repr=False)
    """Of those who wait for a change of it."""

    @property
    def ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def text(self) -> str:
        """All that can be read on it: content, texts of components, embeds; a line each."""
        embeds = [str(part) for embed in self.embeds for part in (embed.get("title"), embed.get("description")) if part]
        shown = [part["content"] for part in every(self.components) if part["type"] == TEXT_DISPLAY]
        return "\n".join(part for part in (self.content, *shown, *embeds) if part)

    @property
    def buttons(self) -> list[Button]:
        """All buttons, in order."""
        return [as_button(part) for part in every(self.components) if part["type"] == BUTTON]

    @property
    def labels(self) -> list[str]:
        """What is written on the buttons."""
        return [button.label for button in self.buttons]

    @property
    def files(self) -> dict[str, bytes]:
        """What it carries: name to bytes."""
        return {file.name: file.data for file in self.attachments}

    @property
    def shown(self) -> list[str]:
        """The addresses of all media that its components show."""
        return [str(media["url"]) for part in every(self.components) for media in media_of(part)]


def as_button(part: Json) -> Button:
    """Its plain form."""
    emoji = part.get("emoji") or {}
    return Button(
        part.get("label") or "",
        part.get("custom_id"),
        part.get("url"),
        int(part["style"]),
        bool(part.get("disabled")),
        str(emoji.get("name") or ""),
    )


def every(components: list[Json]) -> Iterator[Json]:
    """All components, those inside others too, in the order one sees them."""
    for part in components:
        yield part
        yield from every([inner for inner in part.get("components") or [] if isinstance(inner, dict)])
        for key in ("component", "accessory"):
            if isinstance(part.get(key), dict):
                yield from every([part[key]])


def media_of(part: Json) -> list[dict[str, Any]]:
    """The media objects (``{"url": …}``) of one component, without those inside it."""
    found = [part.get("media"), part.get("file"), *(item.get("media") for item in part.get("items") or [])]
    return [media for media in found if isinstance(media, dict)]
