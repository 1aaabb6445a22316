"""Telegram, by python-telegram-bot: `listen` hears, `post` sends, `pace` says when.

``TELEGRAM_TOKEN`` switches it on, ``TELEGRAM_API_URL`` points it to a Bot API server of one's own. See ``docs/telegram.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from adapters.chat import ChatPoster, ChatSettings, Listener
from bot.intake import Intake
from bot.paperwork import Finding
from bot.ports import WorkFactory

KEYS: Final[Mapping[str, type]] = {"local": bool, "shared_disk": bool, "webhook": bool}
"""Of ``[chats.telegram]``."""


def configured(setting: ChatSettings) -> bool:
    """Whether there is a token."""
    return bool(setting.options.get("TELEGRAM_TOKEN", "").strip())


def poster(setting: ChatSettings, work: WorkFactory) -> ChatPoster:
    """What sends. Nothing is sent until it is used."""
    from adapters.chat.telegram.post import TelegramPoster
    from adapters.chat.telegram.wire import wire_of

    return TelegramPoster(wire_of(setting), work)


def listener(setting: ChatSettings, intake: Intake, poster: ChatPoster) -> Listener:
    """What hears."""
    from adapters.chat.telegram.listen import TelegramListener

    return TelegramListener(setting, intake, poster)


async def examine(setting: ChatSettings) -> Sequence[Finding]:
    """What the doctor finds. Never raises."""
    from adapters.chat.telegram.doctor import findings

    return await findings(setting)
