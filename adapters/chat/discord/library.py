"""What listening and sending share of discord.py: where it connects, how our messages and buttons are named.

discord.py reads its addresses from class attributes (`Route.BASE`, `DiscordWebSocket.DEFAULT_GATEWAY`), so they hold for a process.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import yarl
from discord.asset import Asset
from discord.gateway import DiscordWebSocket
from discord.http import Route

PLATFORM: Final = "discord"
API_URL: Final = Route.BASE
GATEWAY_URL: Final = str(DiscordWebSocket.DEFAULT_GATEWAY)
CDN_URL: Final = Asset.BASE
HOOK_SECONDS: Final = 15 * 60 - 30
"""How long after an interaction its token is used: it dies after 15 minutes (Discord, "Receiving and Responding")."""


def point(api_url: str = "", gateway_url: str = "", cdn_url: str = "") -> None:
    """Where the library goes; empty: Discord itself. An API address may leave out its ``/api/v10``."""
    base = api_url.rstrip("/") or API_URL
    Route.BASE = base if re.search(r"/v\d+$", base) else f"{base}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url or GATEWAY_URL)
    Asset.BASE = cdn_url.rstrip("/") or CDN_URL


def reference(channel: int | str, message: int | str) -> str:
    """How a message of ours is remembered: ``discord/<channel id>/<message id>``."""
    return f"{PLATFORM}/{channel}/{message}"


@dataclass(frozen=True)
class Hook:
    """The way back through an interaction's token, as `Address.hook` holds it.

    `follow`: the tap was acknowledged by changing nothing, so ``@original`` is the message that the button stands on: an answer
    is a new follow-up message to the member alone, never an edit of ``@original``.
    """

    application: str
    token: str
    follow: bool = False

    def __str__(self) -> str:
        return f"{self.application}/{self.token}" + ("/follow" if self.follow else "")


def read_hook(text: str) -> Hook | None:
    """The hook in an address; None where there is none."""
    application, _, rest = text.partition("/")
    token, _, follow = rest.partition("/")
    return Hook(application, token, follow == "follow") if application and token else None


@dataclass(frozen=True)
class Tap:
    """What a button or a line of a select menu says."""

    action: str
    asks: bool = False
    parts: bool = False


_MARKS: Final = {"t": (False, False), "ta": (True, False), "tp": (True, True)}
_TAP: Final = re.compile(r"(t|ta|tp):([^#]+?)(?:#\d+)?", re.S)


def custom_id(action: str, *, asks: bool = False, parts: bool = False, nth: int = 0) -> str:
    """The `custom_id` of a button, and the `value` of a select menu's line: at most 100 characters, readable after any restart.

    `nth`: Discord wants ids unique in a message; a second button with the same action takes another number.
    """
    mark = "tp" if asks and parts else "ta" if asks else "t"
    return f"{mark}:{action}#{nth}" if nth else f"{mark}:{action}"


def read_custom_id(text: str) -> Tap | None:
    """The tap behind a `custom_id`; None: not one of ours."""
    found = _TAP.fullmatch(text)
    if found is None or len(text) > 100:
        return None
    asks, parts = _MARKS[found.group(1)]
    return Tap(found.group(2), asks, parts)
