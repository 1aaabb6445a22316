"""The line on which things are sent: where the Bot API is, how large a file may be, how long an answer may take.

``TELEGRAM_API_URL`` is the address of a Bot API server without ``/bot``: ``http://127.0.0.1:8081``. From ``[chats.telegram]``:
``local`` (it runs in local mode: large files), ``shared_disk`` (it sees our files under the same paths).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from telegram import Bot

from adapters.chat import ChatSettings
from adapters.chat.telegram.library import Discreet, QuietBot, addresses, is_local

CLOUD_ROOM: Final = 49_500_000
"""Telegram takes 50 MB (core.telegram.org/bots/api#sendvideo); the rest is for the form around the file."""
LOCAL_ROOM: Final = 2_000_000_000 - 1_000_000
CLOUD_FETCH: Final = 20 * 1024 * 1024
"""Largest file that getFile hands over (tdlib/telegram-bot-api, ``Client.h``: MAX_DOWNLOAD_FILE_SIZE)."""
LOCAL_FETCH: Final = 200 * 1024 * 1024


@dataclass(frozen=True)
class Wire:
    """The line to the Bot API. Times in seconds, sizes in bytes."""

    token: str = field(repr=False)
    url: str = ""
    """Of a Bot API server; empty: Telegram itself."""
    local: bool = False
    shared_disk: bool = False
    quick: float = 30.0
    """Longest wait for an answer to words."""
    long: float = 300.0
    """Longest wait for an answer to a file, and for the next piece of it to be taken."""

    @property
    def room(self) -> int:
        """Largest file that can be sent."""
        return LOCAL_ROOM if self.local else CLOUD_ROOM

    @property
    def fetch_room(self) -> int:
        """Largest file that can be fetched."""
        return LOCAL_FETCH if self.local else CLOUD_FETCH

    @property
    def account(self) -> str:
        """The bot's own id, which is no secret: a file_id is worth something to this bot alone."""
        return self.token.partition(":")[0]

    def scrubbed(self, text: str) -> str:
        """Without the token."""
        return text.replace(self.token, "•••")


def wire_of(setting: ChatSettings) -> Wire:
    """What the operator has set. No network, no files."""
    return Wire(
        token=setting.options["TELEGRAM_TOKEN"].strip(),
        url=setting.options.get("TELEGRAM_API_URL", ""),
        local=is_local(setting),
        shared_disk=setting.table.get("shared_disk") is True,
    )


def open_bot(wire: Wire) -> Bot:
    """A `Bot` with a pool of connections of its own; nothing is sent yet. End it with ``await bot.request.shutdown()``."""
    base, files = addresses(wire.url)
    request = Discreet(
        connection_pool_size=128,
        connect_timeout=10.0,
        pool_timeout=wire.quick,
        read_timeout=wire.quick,
        write_timeout=wire.quick,
        media_write_timeout=wire.long,
    )
    return QuietBot(
        wire.token,
        base_url=base,
        base_file_url=files,
        request=request,
        get_updates_request=request,
        local_mode=wire.local and wire.shared_disk,
    )
