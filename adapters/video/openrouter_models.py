"""OpenRouter's own description of its video models (``GET /videos/models``) as capabilities and prices. Pure.

Fields: openrouter.ai/docs, component ``VideoModel``. Names of price units as they are seen there: ``duration_seconds``, with
``_with_audio`` / ``_without_audio`` and a tier behind (dollars a second), ``cents_per_second…``, ``video_tokens…`` (dollars a
token; width x height x frames / 1024), ``reference_images`` and ``cents_per_image_input`` for every picture that goes in. A unit
that is not known makes the price unknown, never lower.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.capabilities import TIERS, Capabilities, Follow, Frame, Handover, Hook, ModelCard, Pictures, Size, Sound
from bot.film import Shape
from bot.prices import MILLION, Origin, Rate, Tariff, Unit, micros, up

LENGTH_MOST: Final = 600
_TIER = re.compile(r"(?:^|_)(\d{3,4}p|[24]k)(?:_|$)")
_SECONDS = re.compile(r"duration_seconds|video_seconds")
_CENTS = re.compile(r"cents_per_(?:video_)?second")
_TOKENS = re.compile(r"video_tokens")
_PICTURES = re.compile(r"reference_images?$|image_inputs?$|input_images?$")
_OF_VIDEO_IN = re.compile(r"input_video|video_input|reference_video|upscal|edit")
"""Units for what we never send."""
SHAPES: Final = {shape.label: shape for shape in Shape}


def cards(data: Any, today: date, hook: bool) -> list[ModelCard]:
    """All models in the answer that film from words or a picture; what cannot be read is left out."""
    entries = data.get("data") if isinstance(data, dict) else None
    found = [card(entry, today, hook) for entry in entries or () if isinstance(entry, dict)]
    return [each for each in found if each is not None]


def card(entry: Mapping[str, Any], today: date, hook: bool) -> ModelCard | None:
    """One model; None if it has no usable name."""
    name = entry.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= 200 or not name.isprintable():
        return None
    tiers = _tiers(entry.get("supported_resolutions"))
    frames = {str(each) for each in _list(entry.get("supported_frame_images"))}
    sound = _flag(entry.get("generate_audio"))
    capabilities = Capabilities(
        seconds=_lengths(entry.get("supported_durations")),
        shapes=_shapes(entry.get("supported_aspect_ratios")),
        images="first_frame" in frames,
        model=name,
        resolutions=tiers,
        frame=Frame.RATIO,
        sizes=_sizes(entry.get("supported_sizes")),
        pictures=Pictures(last="last_frame" in frames, handover=frozenset({Handover.DATA})),
        sound=Sound.UNKNOWN if sound is None else Sound.OPTIONAL if sound else Sound.NONE,
        seed=_flag(entry.get("seed")),
        follow=Follow(hook=Hook.HMAC if hook else Hook.NONE, every=5.0),
        tariff=tariff_of(entry.get("pricing_skus"), today),
    )
    label = entry.get("name")
    return ModelCard(name, capabilities, label if isinstance(label, str) else "")


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _lengths(value: Any) -> tuple[int, ...] | None:
    lengths = {each for each in _list(value) if type(each) is int and 0 < each <= LENGTH_MOST}
    return tuple(sorted(lengths)) or None


def _shapes(value: Any) -> tuple[Shape, ...] | None:
    found = [SHAPES[each] for each in map(str, _list(value)) if each in SHAPES]
    return tuple(dict.fromkeys(found)) or None


def _tiers(value: Any) -> tuple[str, ...]:
    found = {str(each).lower() for each in _list(value)} & TIERS.keys()
    return tuple(sorted(found, key=lambda tier: TIERS[tier]))


def _sizes(value: Any) -> Mapping[tuple[Shape, str], Size]:
    """Exact sizes by shape and tier, where they are named ones."""
    found: dict[tuple[Shape, str], Size] = {}
    for each in _list(value):
        wide, _, high = str(each).lower().partition("x")
        if not (wide.isdecimal() and high.isdecimal() and len(wide) < 5 and len(high) < 5 and int(wide) and int(high)):
            continue
        size = int(wide), int(high)
        shape = min(Shape, key=lambda shape: abs(shape.ratio[0] / shape.ratio[1] - size[0] / size[1]))
        tier = min(TIERS, key=lambda tier: abs(TIERS[tier] - min(size)))
        if abs(shape.ratio[0] / shape.ratio[1] - size[0] / size[1]) < 0.05:
            found.setdefault((shape, tier), size)
    return found


def tariff_of(skus: Any, today: date) -> Tariff | None:
    """What a model costs; None where that cannot be told."""
    if not isinstance(skus, Mapping) or not skus:
        return None
    rates: list[Rate] = []
    picture = 0
    for name, value in skus.items():
        if _OF_VIDEO_IN.search(str(name)):
            continue
        price = _micros(str(name), value)
        if price is None:
            return None
        if _PICTURES.search(str(name)):
            picture = max(picture, price)
        elif (rate := _rate(str(name), price)) is not None:
            rates.append(rate)
        else:
            return None
    made = Tariff(tuple(rates), picture=picture, as_of=today.isoformat(), source="openrouter", origin=Origin.DISCOVERY)
    return made if rates else None


def _micros(name: str, value: Any) -> int | None:
    """Micro-dollars for one unit; for tokens: for a million of them."""
    if name.startswith("cents_"):
        cents = micros(value)
        return None if cents is None else up(cents, 100)
    if not _TOKENS.search(name):
        return micros(value)
    try:
        return micros(Decimal(str(value)) * MILLION)
    except InvalidOperation:
        return None


def _rate(name: str, price: int) -> Rate | None:
    found = _TIER.search(name)
    tier = found.group(1) if found else ""
    sound = False if "without_audio" in name else True if "with_audio" in name or name.endswith("_audio") else None
    if tier and tier not in TIERS:
        return None
    if _TOKENS.search(name):
        return Rate(Unit.TOKENS, price, tier, sound)
    if _SECONDS.search(name) or _CENTS.search(name):
        return Rate(Unit.SECOND, price, tier, sound)
    return None
