"""How Discord says no: a status, a code of its own, a sentence, and for a bad form the place of every fault.

Codes and sentences: Discord's "Opcodes and Status Codes"; the shape of a form's errors: its reference, "Error Messages".
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
FORM = 50035
SENTENCES = {
    10002: (404, "Unknown Application"),
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10008: (404, "Unknown Message"),
    10013: (404, "Unknown User"),
    10015: (404, "Unknown Webhook"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    30046: (429, "Maximum number of edits to messages older than 1 hour reached. Try again later."),
    40005: (413, "Request entity too large"),
    40058: (400, "Cannot send messages in a forum channel"),
    40060: (400, "Interaction has already been acknowledged."),
    40094: (400, "This interaction has reached the maximum number of follow up messages"),
    50001: (403, "Missing Access"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50008: (400, "Cannot send messages in a non-text channel"),
    50013: (403, "Missing Permissions"),
    50024: (400, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    50278: (400, "Cannot send messages to this user due to having no mutual guilds"),
    160004: (400, "A thread has already been created for this message"),
    160002: (403, "Cannot reply without permission to read message history"),
}


class Refused(Exception):
    """What an endpoint raises instead of answering. `body` is the whole answer."""

    def __init__(self, code: int, *, status: int | None = None, message: str = "", errors: Json | None = None) -> None:
        usual, sentence = SENTENCES.get(code, (400, "Bad Request"))
        self.code, self.status = code, status or usual
        self.body: Json = {"message": message or sentence, "code": code}
        if errors:
            self.body["errors"] = errors
        super().__init__(f"{self.status}/{code} {self.body['message']}")


def bad_form(path: str, code: str, message: str) -> Refused:
    """A form with one fault at `path` (``components.0.label``)."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for step in reversed(path.split(".")):
        errors = {step: errors}
    return Refused(FORM, message="Invalid Form Body", errors=errors)


def need(holds: bool, path: str, message: str, code: str = "BASE_TYPE_INVALID") -> None:
    """Raise a `bad_form` unless it holds."""
    if not holds:
        raise bad_form(path, code, message)


def need_length(value: Any, path: str, low: int, high: int) -> None:
    """Raise unless `value` is a string of `low` to `high` characters."""
    need(isinstance(value, str), path, "This field must be a string.", "STRING_TYPE_CONVERT")
    need(low <= len(value) <= high, path, f"Must be between {low} and {high} in length.", "BASE_TYPE_BAD_LENGTH")
