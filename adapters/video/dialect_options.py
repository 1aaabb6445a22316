"""The settings of the ``/v1/videos`` dialect, read once into frozen data. Raises `BadSetting` for what cannot be read.

From the environment: ``OPENAI_BASE_URL``, ``OPENAI_API_KEY``, ``OPENAI_WEBHOOK_SECRET``, ``THROUGHLINE_OPENAI_MODEL``.
From the backend's table::

    [backends.openai_videos]
    profile = "auto"                            # found out by asking; or openai, vllm-omni, sglang, fastvideo, litellm,
                                                # newapi, laozhang, together, merge, generic
    price_per_second = "0.10"                   # dollars
    seconds = [4, 8, 12]                        # what is offered; left out: whatever the server takes
    shapes = { wide = "1280x720", tall = "720x1280" }
    size = "1280x720"                           # sent when a member asks for no shape; left out: not sent
    resolutions = ["720p", "1080p"]             # tiers that members may ask for; left out: none
    json = false                                # orders as JSON; one with a picture is multipart all the same
    seconds_as = "string"                       # or "int"
    images = true
    remix = "auto"                              # or true, false
    edits = "auto"                              # POST /videos/edits; else as the profile says
    extend = true                               # POST /videos/extensions; else as the profile says
    characters = true                           # POST /videos/characters; else as the profile says
    cancel = false                              # DELETE stops a job at this server
    lists = "auto"                              # or false: its list cannot be relied on
    usual_seconds = 90
    words_max = 32000
    allowed_hosts = ["media.example"]           # may hold clips although their addresses are private
    order_seconds = 180                         # longest wait for the answer to an order
    question_seconds = 30                       # and to a question
    fetch_seconds = 1800                        # longest time for one clip to arrive
    clip_bytes_max = 1073741824                 # largest clip
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import httpx

from adapters.video import BackendSettings
from adapters.video.dialect_profiles import AUTO, PROFILES, Profile
from adapters.video.download import CLIP_BYTES, FETCH_SECONDS
from adapters.video.standard_webhooks import secret_of
from adapters.video.table import Table
from adapters.video.wire import ORDER_SECONDS, QUESTION_SECONDS, Redaction
from bot.capabilities import TIERS
from bot.capabilities import Size as Size  # noqa: PLC0414 - who reads the options speaks of sizes
from bot.errors import BadSetting
from bot.film import Shape

SIZES: Final[Mapping[Shape, Size]] = {
    Shape.WIDE: (1280, 720),
    Shape.TALL: (720, 1280),
    Shape.SQUARE: (960, 960),
    Shape.PORTRAIT: (768, 960),
}
"""What a shape means where the operator says nothing: 720p and, in about as many pixels, multiples of 64."""


@dataclass(frozen=True)
class DialectOptions:
    """Everything the operator said about the server."""

    base: httpx.URL | None
    """Without user and password; None: no server."""
    authorization: str | None
    redaction: Redaction
    model: str | None
    profile: str
    """`AUTO` or a name in `PROFILES`."""
    json: bool | None
    """None, here and below: as the profile says."""
    seconds_as_int: bool | None
    images: bool
    seconds: tuple[int, ...] | None
    shapes: tuple[Shape, ...] | None
    sizes: Mapping[Shape, Size]
    size: Size | None
    resolutions: tuple[str, ...]
    micros_per_second: int | None
    remix: bool | None
    edits: bool | None
    extends: bool | None
    characters: bool | None
    cancel: bool | None
    hook_secret: bytes
    """Of Standard Webhooks; empty: none."""
    lists: bool
    usual_seconds: float | None
    words_max: int
    allowed_hosts: frozenset[str]
    order_seconds: float
    question_seconds: float
    fetch_seconds: float
    clip_bytes_max: int

    def __repr__(self) -> str:
        return f"DialectOptions(base={self.base and self.base.host!r}, profile={self.profile!r})"

    def known_as(self, found: str | None) -> Profile:
        """The profile in use, with what the operator says laid over it. `found`: what a probe has found out."""
        name = self.profile if self.profile != AUTO else found or "generic"
        kind = PROFILES[name]
        return replace(
            kind,
            remix=kind.remix if self.remix is None else self.remix,
            edits=kind.edits if self.edits is None else self.edits,
            extends=kind.extends if self.extends is None else self.extends,
            characters=kind.characters if self.characters is None else self.characters,
            cancel=kind.cancel if self.cancel is None else self.cancel,
        )

    def json_or(self, profile: Profile) -> bool:
        """Whether orders travel as JSON."""
        return profile.json if self.json is None else self.json

    def int_or(self, profile: Profile) -> bool:
        """Whether a length is a number."""
        return profile.seconds_as_int if self.seconds_as_int is None else self.seconds_as_int


def read_options(setting: BackendSettings) -> DialectOptions:
    """The settings of this backend. Raises `BadSetting`."""
    table = Table(setting.table, "openai_videos")
    base, authorization, secrets = _server(setting.options)
    name = table.choice("profile", (AUTO, *PROFILES), AUTO)
    shapes = table.sizes("shapes")
    return DialectOptions(
        base=base,
        authorization=authorization,
        redaction=Redaction(secrets),
        model=setting.options.get("THROUGHLINE_OPENAI_MODEL", "").strip() or None,
        profile=name,
        json=table.maybe("json", None),
        seconds_as_int={"int": True, "string": False}.get(table.choice("seconds_as", ("string", "int", ""), "")),
        images=table.flag("images", True),
        seconds=table.lengths("seconds"),
        shapes=tuple(shape for shape in Shape if shape in shapes) or None,
        sizes={**SIZES, **shapes},
        size=table.size("size"),
        resolutions=_tiers(table),
        micros_per_second=table.micros("price_per_second"),
        remix=table.maybe("remix", None),
        edits=table.maybe("edits", None),
        extends=table.maybe("extend", None),
        characters=table.maybe("characters", None),
        cancel=table.maybe("cancel", None),
        hook_secret=secret_of("OPENAI_WEBHOOK_SECRET", setting.options.get("OPENAI_WEBHOOK_SECRET", "")),
        lists=table.maybe("lists", None) is not False,
        usual_seconds=table.positive("usual_seconds"),
        words_max=int(table.positive("words_max") or 32_000),
        allowed_hosts=table.hosts("allowed_hosts"),
        order_seconds=table.positive("order_seconds") or ORDER_SECONDS,
        question_seconds=table.positive("question_seconds") or QUESTION_SECONDS,
        fetch_seconds=table.positive("fetch_seconds") or FETCH_SECONDS,
        clip_bytes_max=int(table.positive("clip_bytes_max") or CLIP_BYTES),
    )


def _server(options: Mapping[str, str]) -> tuple[httpx.URL | None, str | None, tuple[str, ...]]:
    """Base URL, Authorization header and all secrets in them."""
    key, address = options.get("OPENAI_API_KEY", "").strip(), options.get("OPENAI_BASE_URL", "").strip()
    if not key.isascii() or not key.isprintable():
        raise BadSetting(name="OPENAI_API_KEY", reason="it holds characters that no key has")
    base = _base(address) if address else None
    if base is None or not base.userinfo:
        return base, f"Bearer {key}" if key else None, (key,) if key else ()
    if key:
        raise BadSetting(name="OPENAI_BASE_URL", reason="a password in it and OPENAI_API_KEY exclude each other")
    pair = f"{base.username}:{base.password}".encode()
    basic = base64.b64encode(pair).decode()
    return base.copy_with(username=None, password=None), f"Basic {basic}", (basic, base.password or base.username)


def _base(address: str) -> httpx.URL:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        raise BadSetting(name="OPENAI_BASE_URL", reason="it is not an address") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise BadSetting(name="OPENAI_BASE_URL", reason="it has to begin with http:// or https:// and name a host")
    if url.query or url.fragment:
        raise BadSetting(name="OPENAI_BASE_URL", reason="it must have no query and no fragment")
    return url


def _tiers(table: Table) -> tuple[str, ...]:
    found = table.words("resolutions")
    if any(each not in TIERS for each in found):
        raise table.bad("resolutions", f"names among {', '.join(TIERS)}")
    return tuple(sorted(found, key=lambda tier: TIERS[tier]))
