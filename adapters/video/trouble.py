"""What a server says went wrong, and what that means for an order: was it certainly not accepted, and would again help?

Seen on the wire: OpenAI's ``{"error": {message, type, param, code}}``, FastAPI's ``{"detail": …}``, plain strings, and
LiteLLM, which wraps its provider's whole error as JSON text in ``error.message`` and answers a wrong key of its own
with 400 "No connected db.".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from adapters.video.wire import Answer, Redaction
from bot.errors import BackendFault, BadOrder, NeverMade, OutOfQuota, RefusedByRules, Unclear, WrongKey

DOUBTFUL: Final = frozenset({408, 409, 424, 499})
"""Refusals that say nothing about what happened before: LiteLLM's 408 is a timeout *behind* it, the order may live."""

_RULES_CODE = re.compile(r"moderat|polic(y|ies)|safety|content_filter|sensitive|nsfw", re.IGNORECASE)
_RULES_SURE = re.compile(
    r"moderation|content.?policy|policy.?violation|violat\w* .{0,60}polic|usage polic|content.?filter|\bnsfw\b"
    r"|sensitive.(content|words?)|safety (system|filter|polic|guideline)|(prohibited|inappropriate) content"
    r"|敏感|违规|審核|审核",
    re.IGNORECASE,
)
_RULES_LIKELY = re.compile(r"\b(moderated|policy|policies|safety)\b", re.IGNORECASE)
_QUOTA_SURE = re.compile(
    r"insufficient.{0,12}(quota|balance|credit|fund)|plan and billing|billing.?hard.?limit|billing.?not.?active"
    r"|(out of|not enough) (credit|quota|balance)|budget.{0,12}exceeded"
    r"|(credit|balance).{0,20}(too low|exhausted|used up)|余额不足|额度不足",
    re.IGNORECASE,
)
_QUOTA_LIKELY = re.compile(r"quota.{0,20}(exceeded|exhausted|used up)|exceeded.{0,30}quota", re.IGNORECASE)
_PACE = re.compile(r"per.(second|minute|hour)|\b[rt]p[ms]\b", re.IGNORECASE)
_KEY = re.compile(
    r"no connected db|(invalid|incorrect|wrong|missing).{0,12}api.?key|api.?key.{0,4}(invalid|not.valid)", re.I
)
_IMAGE = re.compile(r"reference|\b(image|picture|photo|faces?)\b", re.IGNORECASE)
_OWN_IMAGE = re.compile(
    r"(input|reference|uploaded|provided|first.frame).?(image|picture|photo|reference)", re.IGNORECASE
)
_MISSING_DOOR = re.compile(r"not.?(yet.)?implemented", re.IGNORECASE)
_NOT_YET = re.compile(
    r"not.?(yet.)?(ready|available|finished|completed?|done)|in.?progress|\b(still|pending|processing|queued)\b", re.I
)


@dataclass(frozen=True)
class Trouble:
    """What went wrong, in the server's words, not yet redacted: `message` is the innermost, `words` all of them."""

    code: str = ""
    message: str = ""
    words: str = ""

    @property
    def by_rules(self) -> bool:
        """It speaks of moderation, policy or safety."""
        return self.surely_by_rules or bool(_RULES_LIKELY.search(self.words))

    @property
    def surely_by_rules(self) -> bool:
        """The same, and it cannot be an administrator's access policy."""
        return bool(_RULES_CODE.search(self.code) or _RULES_SURE.search(self.words))

    @property
    def of_quota(self) -> bool:
        """The account is used up; not merely the quota of this minute."""
        if _QUOTA_SURE.search(self.words):
            return True
        return bool(_QUOTA_LIKELY.search(self.words)) and not _PACE.search(self.words)

    @property
    def of_key(self) -> bool:
        """It does not accept our key."""
        return bool(_KEY.search(self.words))

    @property
    def of_image(self) -> bool:
        """It speaks of a picture, ours if we sent one."""
        return bool(_IMAGE.search(self.words))

    @property
    def of_own_image(self) -> bool:
        """It speaks of the picture that it was given."""
        return bool(_OWN_IMAGE.search(self.words))

    @property
    def of_missing_door(self) -> bool:
        """The server does not do such a thing at all."""
        return bool(_MISSING_DOOR.search(self.words))

    @property
    def of_haste(self) -> bool:
        """We asked too early."""
        return bool(_NOT_YET.search(self.words))


def trouble_in(answer: Answer) -> Trouble:
    """The trouble in an answer: its JSON, or its text where it is none."""
    return trouble_of(re.sub(r"<[^<>]*>", " ", answer.text) if answer.data is None else answer.data)


def trouble_of(data: Any) -> Trouble:
    """The trouble in an error's JSON, in the ``error`` of a Video object, or in a text."""
    found = list(_messages(data, 0))
    code = next((code for code, _ in reversed(found) if code), "")
    message = next((message for _, message in reversed(found) if message.strip()), code)
    return Trouble(code, message[:2000], " ".join(f"{code} {message}" for code, message in found)[:8000])


def _messages(data: Any, depth: int) -> Iterator[tuple[str, str]]:
    """(code, message) of every level, from the outermost to the innermost."""
    if depth > 6:
        return
    if isinstance(data, str):
        yield "", data
        yield from _messages(_json_inside(data), depth + 1)
    elif isinstance(data, list):
        for item in data[:5]:
            yield from _messages(item, depth + 1)
    elif isinstance(data, dict):
        yield _code(data), ""
        for name in ("msg", "message", "detail", "error"):
            yield from _messages(data.get(name), depth + 1)


def _code(data: dict[str, Any]) -> str:
    codes = (data.get(name) for name in ("type", "code"))
    return " ".join(code for code in codes if isinstance(code, str) and not code.isdigit())[:200]


def _json_inside(text: str) -> Any:
    start = text.find("{")
    if start < 0:
        return None
    try:
        return json.JSONDecoder().raw_decode(text[start : start + 20_000])[0]
    except (ValueError, RecursionError):
        return None


def verdict(answer: Answer, redaction: Redaction, *, image: bool, now: float) -> BackendFault:
    """What a refused order means. `image`: a picture was sent. `now`: epoch seconds, for a date in ``Retry-After``."""
    trouble = trouble_in(answer)
    reason = redaction.clean(f"HTTP {answer.status}: {trouble.message}".rstrip(": "))
    if not 400 <= answer.status < 500 or answer.status in DOUBTFUL:
        return Unclear(reason)
    if answer.status == 402 or trouble.of_quota:
        return OutOfQuota(reason)
    if answer.status in (425, 429):
        return NeverMade(reason, answer.retry_after(now))
    if answer.status == 401 or trouble.of_key:
        return WrongKey(reason)
    if answer.status == 451 or trouble.surely_by_rules or (trouble.by_rules and answer.status != 403):
        return RefusedByRules("image" if image and trouble.of_image else "prompt", reason)
    return WrongKey(reason) if answer.status == 403 else BadOrder(reason)
