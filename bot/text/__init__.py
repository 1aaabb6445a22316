"""Every sentence for members, one catalogue per language (``en.toml``, ``zh-Hans.toml``, ``zh-Hant.toml``).

A further language is one more file. Keys are dotted paths; parameters are filled in with `str.format`, and parameters are
only ever values: what a member wrote is never read as a template.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from bot.errors import ThroughlineError

DEFAULT = "en"
_TRADITIONAL = ("hant", "tw", "hk", "mo")


@cache
def languages() -> tuple[str, ...]:
    """The languages there are, by their BCP 47 tags."""
    names = (entry.name for entry in resources.files("bot.text").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def language(locale: str | None) -> str:
    """The nearest language there is for a platform's locale: ``zh-TW`` → ``zh-Hant``, ``de`` → ``en``."""
    parts = (locale or DEFAULT).replace("_", "-").split("-")
    if parts[0].lower() == "zh":
        wanted = "zh-Hant" if any(part.lower() in _TRADITIONAL for part in parts[1:]) else "zh-Hans"
    else:
        wanted = parts[0].lower()
    return wanted if wanted in languages() else DEFAULT


@cache
def catalogue(tag: str) -> dict[str, str]:
    """All sentences of one language by dotted key."""
    data = tomllib.loads(resources.files("bot.text").joinpath(f"{tag}.toml").read_text("utf-8"))
    return dict(_flat(data, ""))


def _flat(data: dict[str, Any], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            found += _flat(value, f"{prefix}{key}.")
        else:
            found.append((f"{prefix}{key}", str(value)))
    return found


def say(key: str, locale: str | None, **params: object) -> str:
    """The sentence of that key in the nearest language. Raises `KeyError` for a key that English does not have."""
    template = catalogue(language(locale)).get(key) or catalogue(DEFAULT)[key]
    return template.format(**params)


def explain(error: ThroughlineError, locale: str | None) -> str:
    """The one sentence that an error owns."""
    return say(f"error.{error.key}", locale, **error.params)


def money(micros: int | None, locale: str | None) -> str:
    """A price as members read it: ``free``, ``$0.14``, ``price not known``."""
    if micros is None:
        return say("price.unknown", locale)
    if micros == 0:
        return say("price.free", locale)
    dollars = f"{micros / 1_000_000:.2f}" if micros >= 5_000 else f"{micros / 1_000_000:.4f}"
    return say("price.dollars", locale, dollars=dollars)


def duration(seconds: float, locale: str | None) -> str:
    """A stretch of time as members read it: ``6 s``, ``1 min 48 s``."""
    whole = max(0, round(seconds))
    if whole < 60:
        return say("time.seconds", locale, seconds=whole)
    minutes, rest = divmod(whole, 60)
    return (
        say("time.minutes", locale, minutes=minutes, seconds=rest)
        if rest
        else say("time.whole", locale, minutes=minutes)
    )
