"""Discord: slash commands, replies, buttons and forms in; cards and clips out.

discord.py is imported only when a token is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from adapters.chat import ChatPoster, ChatSettings, Listener
from bot.intake import Intake
from bot.paperwork import Finding
from bot.ports import WorkFactory

if TYPE_CHECKING:
    from adapters.chat.discord.post import DiscordPoster

TOKEN = "DISCORD_TOKEN"  # noqa: S105  (the name of a setting)
KEYS: Final[Mapping[str, type]] = {}
"""Of ``[chats.discord]``: none."""


def configured(setting: ChatSettings) -> bool:
    """Whether a token is set."""
    return bool(setting.options.get(TOKEN))


def poster(setting: ChatSettings, work: WorkFactory) -> DiscordPoster:
    """What sends: by REST alone; logs in at its first use."""
    from adapters.chat.discord.post import DiscordPoster

    return DiscordPoster(setting, work)


def listener(setting: ChatSettings, intake: Intake, poster: ChatPoster) -> Listener:
    """What hears: a gateway connection."""
    from adapters.chat.discord.listen import DiscordListener

    return DiscordListener(setting, intake, poster)


async def examine(setting: ChatSettings) -> Sequence[Finding]:
    """Look at token, application, commands and gateway. Never raises."""
    from adapters.chat.discord.doctor import examine

    return await examine(setting)
