"""What Telegram's refusals mean for us.

The texts are those of the server (tdlib/telegram-bot-api, ``Client.cpp``; tdlib/td); python-telegram-bot hands them over unchanged,
sorted by HTTP status. `BadRequest` is a `NetworkError` there; a token that is not accepted and a file that is gone are one class.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum, auto
from typing import Final

import httpx
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.errors import DeliveryFault


class Kind(Enum):
    """What to make of a refusal."""

    SAME = auto()
    """An edit that changes nothing: it stands there already."""
    GONE = auto()
    """The message to edit is not there any more, or cannot be edited any more."""
    NO_TEXT = auto()
    """The message is a picture, a clip or a file: its caption is what can be edited."""
    NO_CAPTION = auto()
    """The message is plain text."""
    NO_TOPIC = auto()
    """The topic was deleted or closed."""
    WRONG_FILE = auto()
    """The file_id is of another bot, or of another type of file."""
    TOO_LARGE = auto()
    CLOSED = auto()
    """Nothing can be sent to that chat: blocked, kicked, deactivated, no rights, no such chat."""
    MOVED = auto()
    WAIT = auto()
    TOKEN = auto()
    NOT_SENT = auto()
    """It never left this machine: sending it again is safe."""
    UNKNOWN = auto()
    """Lost on the way there or back: it may or may not have been done."""
    BAD = auto()
    """Any other refusal; sending the same again would not help."""


_TEXTS: Final[tuple[tuple[str, Kind], ...]] = (
    ("message is not modified", Kind.SAME),
    ("message to edit not found", Kind.GONE),
    ("message_id_invalid", Kind.GONE),
    ("message can't be edited", Kind.GONE),
    ("there is no text in the message", Kind.NO_TEXT),
    ("there is no caption in the message", Kind.NO_CAPTION),
    ("message thread not found", Kind.NO_TOPIC),
    ("topic_closed", Kind.NO_TOPIC),
    ("topic_deleted", Kind.NO_TOPIC),
    ("wrong file", Kind.WRONG_FILE),
    ("wrong remote file", Kind.WRONG_FILE),
    ("type of file mismatch", Kind.WRONG_FILE),
    ("can't use file of type", Kind.WRONG_FILE),
    ("file reference", Kind.WRONG_FILE),
    ("request entity too large", Kind.TOO_LARGE),
    ("content too large", Kind.TOO_LARGE),
    ("file is too big", Kind.TOO_LARGE),
    ("chat not found", Kind.CLOSED),
    ("rights to send text", Kind.CLOSED),
    ("rights to send a message", Kind.CLOSED),
    ("chat_write_forbidden", Kind.CLOSED),
    ("chat_restricted", Kind.CLOSED),
    ("user_is_blocked", Kind.CLOSED),
    ("group chat was deactivated", Kind.CLOSED),
    ("need administrator rights", Kind.CLOSED),
    ("peer_id_invalid", Kind.CLOSED),
)
_NEVER_LEFT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def kind_of(error: TelegramError) -> Kind:
    """What the refusal means."""
    for kind, classes in _CLASSES:
        if isinstance(error, classes):
            return kind
    text = str(error).lower()
    for words, kind in _TEXTS:
        if words in text:
            return kind
    if isinstance(error, BadRequest):
        return Kind.BAD
    return Kind.NOT_SENT if isinstance(error.__cause__, _NEVER_LEFT) else Kind.UNKNOWN


_CLASSES: Final[tuple[tuple[Kind, type[TelegramError]], ...]] = (
    (Kind.WAIT, RetryAfter),
    (Kind.MOVED, ChatMigrated),
    (Kind.CLOSED, Forbidden),
    (Kind.TOKEN, InvalidToken),
)


def seconds_told(error: RetryAfter) -> float:
    """How long it wants to be left alone; the library says it as a number or, by an environment variable, as a timedelta."""
    told = error.retry_after
    return told.total_seconds() if isinstance(told, timedelta) else float(told)


class Refused(DeliveryFault):
    """A refusal with what it means, for those who can do something about it; a `DeliveryFault` for everyone else."""

    def __init__(self, error: TelegramError) -> None:
        self.kind = kind_of(error)
        reason = "no answer in time" if isinstance(error, TimedOut) else str(error)
        super().__init__(reason[:200], final=self.kind in (Kind.CLOSED, Kind.BAD))


class Moved(DeliveryFault):
    """The group has become a supergroup: the same once more, in the chat `new`."""

    def __init__(self, new: str) -> None:
        self.new = new
        super().__init__("the group has got another id")
