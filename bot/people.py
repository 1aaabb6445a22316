"""Who asks, and from where: plain data that is stored with a job and outlives any connection."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Member:
    """A person as a platform knows them. `id` carries the platform: ``web:local``, ``discord:80351110224678912``."""

    id: str
    name: str = ""
    locale: str = "en"
    moderator: bool = False


@dataclass(frozen=True)
class Address:
    """Where an answer goes. Plain data, never a platform's own object, so that any worker can deliver."""

    platform: str
    chat: str
    server: str | None = None
    thread: str | None = None
    channel: str | None = None
    """The channel that the thread hangs in, where `chat` is the thread itself; None: `chat` is the channel."""
    message: str | None = None
    """The message that the wish came with, if the platform gives one."""
    member: str = ""
    locale: str = "en"
    direct: bool = False
    """A direct conversation with one member."""
    guest: bool = False
    """The bot cannot post here by itself (a user's own install in a foreign server): only the hook or a direct message."""
    pressed: str | None = None
    """Reference of the message whose button was pressed."""
    hook: str = field(default="", repr=False)
    """A short-lived way back to the member alone, in the platform's own form; never the way a clip has to go."""
    hook_until: float = 0.0
    """When the hook stops working, seconds since the epoch."""

    @property
    def place(self) -> str:
        """What a production belongs to beside its member: the server, the group, or the direct conversation."""
        return f"{self.platform}/{self.server or self.chat}"
