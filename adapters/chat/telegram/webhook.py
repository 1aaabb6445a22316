"""The webhook, where an operator prefers it to asking: a door that the web server opens at ``/hooks/telegram``.

Telegram repeats whatever is not answered with 2xx, so a wish is stored first and answered then.
"""

from __future__ import annotations

import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from telegram import Bot, Update

from adapters.chat import ChatSettings
from adapters.chat.telegram.ears import has_id, readable
from adapters.chat.telegram.library import place_of
from adapters.chat.telegram.updates import HEARD
from bot.errors import BadSetting, Busy

log = logging.getLogger("throughline.telegram")

PATH: Final = "/hooks/telegram"
HEADER: Final = "x-telegram-bot-api-secret-token"
BODY_MAX: Final = 1024 * 1024
CONNECTIONS: Final = 40
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")

Door = Callable[[Mapping[str, str], bytes], Awaitable[int]]
Take = Callable[[Update], Awaitable[int]]


def is_wanted(setting: ChatSettings) -> bool:
    """Whether the operator has chosen it (``[chats.telegram] webhook = true``)."""
    return setting.table.get("webhook") is True


def address(setting: ChatSettings) -> str:
    """Where Telegram delivers. Raises `BadSetting` where the world cannot reach us."""
    if not setting.public_url:
        raise BadSetting(name="THROUGHLINE_PUBLIC_URL", reason="a Telegram webhook needs it; or leave webhook out")
    return setting.public_url.rstrip("/") + PATH


def secret(setting: ChatSettings) -> str:
    """What Telegram shows at the door: the operator's, else one made once and kept in the folder. Raises `BadSetting`."""
    given = setting.options.get("TELEGRAM_WEBHOOK_SECRET", "").strip()
    if given:
        if not _SECRET.fullmatch(given):
            raise BadSetting(name="TELEGRAM_WEBHOOK_SECRET", reason="it takes 16 to 256 letters, digits, _ and -")
        return given
    return _kept(setting.folder / "webhook-secret")


def _kept(file: Path) -> str:
    """The one in the file; a new one where there is none."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if file.exists() and _SECRET.fullmatch(found := file.read_text("ascii").strip()):
            return found
        made = secrets.token_urlsafe(32)
        draft = file.with_suffix(".new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(made)
        draft.replace(file)
    except (OSError, UnicodeDecodeError) as odd:
        raise BadSetting(name="THROUGHLINE_HOME", reason=f"{file} cannot be used ({type(odd).__name__})") from odd
    return made


async def hang_up(bot: Bot, url: str, password: str) -> None:
    """Tell Telegram to deliver there. Raises `TelegramError`."""
    await bot.set_webhook(url, secret_token=password, allowed_updates=HEARD, max_connections=CONNECTIONS)


def door(password: str, take: Take) -> Door:
    """What the web server calls with a request's headers (any case) and body; the status to answer with.

    200 once it is stored, 403 for a stranger, 400 for what is no update, 503 where Telegram should come again.
    """

    async def opened(headers: Mapping[str, str], body: bytes) -> int:
        shown = next((value for name, value in headers.items() if name.lower() == HEADER), "")
        if not hmac.compare_digest(shown.encode("utf-8", "replace"), password.encode()):
            return 403
        update = read(body)
        if update is None:
            return 400
        try:
            await take(update)
        except Busy:
            return 503
        except Exception as fault:  # noqa: BLE001 - whatever it is, Telegram keeps the update for us
            log.error("telegram: an update could not be stored, it comes again: %s", place_of(fault))
            return 503
        return 200

    return opened


def read(body: bytes) -> Update | None:
    """The update in a request's body, its bare id where the library cannot read it; None for what is none."""
    if len(body) > BODY_MAX:
        return None
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return Update.de_json(readable(data)) if has_id(data) else None
