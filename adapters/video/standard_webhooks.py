"""Standard Webhooks (standardwebhooks.com): headers ``webhook-id``, ``webhook-timestamp``, ``webhook-signature``.

The signature is ``v1,<base64 of HMAC-SHA256 over "id.timestamp.body">``, several separated by blanks; the secret is base64 behind
``whsec_``. OpenAI's dialect and Google's static webhooks are signed this way.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

from bot.errors import BadSetting, NotGenuine

TOLERANCE: Final = 300.0
"""Seconds that a call may be old, and that clocks may differ."""


def secret_of(name: str, text: str) -> bytes:
    """The key in a secret as it is handed out; empty for none. Raises `BadSetting`, naming the setting."""
    if not text.strip():
        return b""
    try:
        return base64.b64decode(text.strip().removeprefix("whsec_"), validate=True)
    except (binascii.Error, ValueError):
        raise BadSetting(name=name, reason="expected whsec_ and base64 behind it") from None


def sign(secret: bytes, call: str, stamp: str, body: bytes) -> str:
    """The signature of one call, ``v1,…``."""
    made = hmac.new(secret, f"{call}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(made).decode()}"


def check(secret: bytes, headers: Mapping[str, str], body: bytes, now: float) -> str:
    """The id of a genuine call. `headers` have lower-case names, `now` is in epoch seconds. Raises `NotGenuine`."""
    call, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    signatures = headers.get("webhook-signature", "").split()
    if not (secret and call and signatures) or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 13):
        raise NotGenuine("no signature that could be checked")
    if abs(now - int(stamp)) > TOLERANCE:
        raise NotGenuine("the signature is too old")
    expected = sign(secret, call, stamp, body).encode()
    if not any(hmac.compare_digest(expected, each.encode()) for each in signatures[:10]):
        raise NotGenuine("the signature does not fit")
    return call
