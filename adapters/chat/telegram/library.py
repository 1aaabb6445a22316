"""What listening and sending share of python-telegram-bot: where it connects, how messages of ours are named, what it may say.

The library writes a bot's token into its `repr`, and what it could not read into its log; neither happens here.
"""

from __future__ import annotations

import json
import os
import traceback
from pathlib import Path
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from adapters.chat import ChatSettings

# the library's own switch: without it every "too many requests" comes with a warning about a type that is going to change
os.environ.setdefault("PTB_TIMEDELTA", "true")

PLATFORM: Final = "telegram"
API_URL: Final = "https://api.telegram.org"


def addresses(api_url: str = "") -> tuple[str, str]:
    """What the library takes as `base_url` and `base_file_url`; empty: Telegram itself. The address may end in ``/bot`` or not."""
    base = (api_url.strip() or API_URL).rstrip("/").removesuffix("/bot").rstrip("/")
    return f"{base}/bot", f"{base}/file/bot"


def reference(chat: int | str, message: int | str) -> str:
    """How a message is remembered: ``telegram/<chat id>/<message id>``."""
    return f"{PLATFORM}/{chat}/{message}"


def is_local(setting: ChatSettings) -> bool:
    """Whether the Bot API server is the operator's own, in local mode (``[chats.telegram] local = true``)."""
    return setting.table.get("local") is True


class Discreet(HTTPXRequest):
    """An answer that cannot be read is not repeated in the log word for word."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Raises `TelegramError`."""
        try:
            data = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError) as bad:
            raise TelegramError(f"an answer of {len(payload)} bytes that is not JSON") from bad
        if not isinstance(data, dict) or (data.get("ok") is True and "result" not in data):
            raise TelegramError(f"an answer of {len(payload)} bytes that is none of the Bot API's")
        return data


class QuietBot(Bot):
    """A bot that does not tell its token to whoever prints it."""

    def __repr__(self) -> str:
        return "QuietBot()"


def place_of(fault: BaseException) -> str:
    """What broke and where, for the log: never its message, in which a member's words may stand."""
    frames = traceback.extract_tb(fault.__traceback__)
    at = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{at}"
