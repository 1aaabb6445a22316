"""What the real server says when it will not: code, sentence, parameters (tdlib/telegram-bot-api, Client.cpp; tdlib/td)."""

from __future__ import annotations

from typing import Any, Final

NOT_MODIFIED: Final = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
OTHER_POLLER: Final = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE: Final = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)
TOO_OLD: Final = "query is too old and response timeout expired or query ID is invalid"
UPGRADED: Final = "group chat was upgraded to a supergroup chat"


class Refusal(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code, self.description, self.parameters = code, description, parameters
        super().__init__(f"{code} {description}")

    def to_json(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad(text: str, **parameters: int) -> Refusal:
    """400: the request is at fault."""
    return Refusal(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> Refusal:
    """403: the bot may not."""
    return Refusal(403, f"Forbidden: {text}")


def conflict(text: str) -> Refusal:
    """409: someone else takes the updates."""
    return Refusal(409, f"Conflict: {text}")


def flood(seconds: int) -> Refusal:
    """429: too much."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def unauthorized() -> Refusal:
    """401: not a token of ours."""
    return Refusal(401, "Unauthorized")


def too_large() -> Refusal:
    """413: said by the web server in front, before the Bot API sees it."""
    return Refusal(413, "Request Entity Too Large")
