"""The kinds of server that speak the ``/v1/videos`` dialect, what each of them does differently, and how they are told apart.

As of November 2026, from the servers' sources (vLLM-Omni 0.30, SGLang 0.5.23, FastVideo, LiteLLM 1.109) and the manuals of
new-api, LaoZhang, Together and Merge. A profile is chosen by the operator or, left at ``auto``, by a probe that asks two
questions which cost nothing. What a server answers is read tolerantly whatever its profile (`dialect`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from adapters.video.wire import Answer

AUTO: Final = "auto"


class Frame(StrEnum):
    """How the size of the picture is said."""

    SIZE = "size"
    """``size = "1280x720"``."""
    SIDES = "sides"
    """``width = 1280, height = 720``."""
    LINES = "lines"
    """``size = "720P"``: the lines of the shorter side."""


@dataclass(frozen=True)
class Profile:
    """What a kind of server can do. None: try and remember."""

    remix: bool | None = None
    edits: bool | None = False
    """``POST /videos/edits`` with the clip's id, before ``/videos/{id}/remix`` is tried."""
    extends: bool = False
    """``POST /videos/extensions`` with the clip's id."""
    characters: bool = False
    """``POST /videos/characters``, and ``characters`` in orders, which are JSON then."""
    cancel: bool = False
    """DELETE stops the work; elsewhere it only forgets the job, or does not exist."""
    json: bool = False
    """Orders without a picture are JSON."""
    seconds_as_int: bool = False
    frame: Frame = Frame.SIZE
    seed: bool = False
    """Takes a seed."""


PROFILES: Final[Mapping[str, Profile]] = {
    "generic": Profile(),
    "openai": Profile(edits=None, extends=True, characters=True),
    "vllm-omni": Profile(remix=False, cancel=True, seed=True),
    "sglang": Profile(remix=False, seed=True),
    "fastvideo": Profile(remix=False, seed=True),
    "litellm": Profile(edits=None),
    "newapi": Profile(),
    "laozhang": Profile(remix=False, json=True),
    "together": Profile(remix=False, json=True, frame=Frame.SIDES, seed=True),
    "merge": Profile(remix=False, json=True, seconds_as_int=True, frame=Frame.LINES),
}
OWNERS: Final = {"vllm-omni": "vllm-omni", "vllm": "vllm-omni", "sglang": "sglang", "fastvideo": "fastvideo"}
HOSTS: Final = {
    "laozhang.ai": "laozhang",
    "together.xyz": "together",
    "together.ai": "together",
    "merge.dev": "merge",
}
"""Paid services are known by their address."""


def by_host(host: str) -> str | None:
    """The profile of a service that is known by its address."""
    return next((name for end, name in HOSTS.items() if host.lower() == end or host.lower().endswith(f".{end}")), None)


def by_models(answer: Answer) -> str | None:
    """What the answer to ``GET /models`` gives away: headers of gateways, owners of models."""
    if any(name.startswith("x-litellm") for name in answer.headers):
        return "litellm"
    if any(name.startswith(("x-new-api", "x-oneapi")) for name in answer.headers):
        return "newapi"
    return next((OWNERS[owner] for owner in owners_in(answer.data) if owner in OWNERS), None)


def by_description(answer: Answer) -> str | None:
    """What the OpenAPI description gives away that FastAPI servers publish."""
    data = answer.data if answer.ok and isinstance(answer.data, dict) else {}
    info, paths = data.get("info"), data.get("paths")
    title = str(info.get("title", "")).lower() if isinstance(info, dict) else ""
    named = next((name for name in ("litellm", "fastvideo", "sglang") if name in title), None)
    return named or ("vllm-omni" if isinstance(paths, dict) and "/v1/videos/sync" in paths else None)


def models_in(data: Any) -> list[str]:
    """Ids in the answer to ``GET /models``."""
    return [card["id"] for card in _cards(data) if isinstance(card.get("id"), str)]


def owners_in(data: Any) -> list[str]:
    """Owners in the answer to ``GET /models``, lower-case."""
    return [card["owned_by"].lower() for card in _cards(data) if isinstance(card.get("owned_by"), str)]


def _cards(data: Any) -> list[dict[str, Any]]:
    cards = data.get("data") if isinstance(data, dict) else None
    return [card for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []
