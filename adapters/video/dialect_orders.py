"""What an order of the ``/v1/videos`` dialect holds: fields, pictures, and in which form they travel. Pure, but for reading files.

Multipart is what every self-hosted server takes, so it is used even for text alone; JSON where the profile or the operator says
so, and where characters are named, which have no form in multipart. What nobody set is not sent.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

from adapters.video.dialect_options import DialectOptions, Size
from adapters.video.dialect_profiles import Frame, Profile
from bot.brief import Brief
from bot.capabilities import size_of
from bot.errors import BadOrder
from bot.film import Shape
from bot.paperwork import Order

FIRST_FRAME: Final[Size] = (1280, 720)
"""Sent with a reference picture when nobody set a size: a server's default size would not fit the picture."""
IMAGES: Final = {
    b"\x89PNG": ("png", "image/png"),
    b"\xff\xd8\xff": ("jpg", "image/jpeg"),
    b"RIFF": ("webp", "image/webp"),
}
CHARACTERS_MOST: Final = 2
"""OpenAI's guide: at most two in one clip."""


def size_for(options: DialectOptions, brief: Brief) -> Size | None:
    """Width and height that an order with this brief asks for; None: the server decides."""
    sizes = options.sizes
    if brief.resolution is not None:
        return size_of(brief.shape or Shape.WIDE, brief.resolution)
    if brief.shape is not None:
        return sizes[brief.shape]
    if options.size is not None or brief.reference is None:
        return options.size
    return sizes[Shape.WIDE] if options.shapes and Shape.WIDE in options.shapes else FIRST_FRAME


def body_of(order: Order, options: DialectOptions, profile: Profile, picture: bytes | None) -> dict[str, Any]:
    """httpx's `json` or `files`; the latter even for text alone, because `data` would not be sent as multipart."""
    fields = fields_of(order, options, profile, image=picture is not None)
    cast = order.brief.characters_at("openai_videos") if profile.characters else ()
    if cast and picture is None:
        return {"json": {**fields, "characters": [{"id": name} for name in cast[:CHARACTERS_MOST]]}}
    if options.json_or(profile) and picture is None:
        return {"json": fields}
    files: dict[str, Any] = {name: (None, str(value)) for name, value in fields.items()}
    if picture is not None:
        suffix, kind = next((kind for magic, kind in IMAGES.items() if picture.startswith(magic)), IMAGES[b"RIFF"])
        files["input_reference"] = (f"reference.{suffix}", picture, kind)
    return {"files": files}


def fields_of(order: Order, options: DialectOptions, profile: Profile, *, image: bool) -> dict[str, str | int]:
    """The plain fields."""
    fields: dict[str, str | int] = {"prompt": order.brief.text}
    if model := order.model or options.model:
        fields["model"] = model
    if (seconds := order.brief.seconds) is not None:
        fields["seconds"] = seconds if options.int_or(profile) else str(seconds)
    size = size_for(options, order.brief) or (FIRST_FRAME if image else None)
    if size is not None:
        fields |= _framed(size, profile.frame)
    if profile.seed and order.brief.seed is not None:
        fields["seed"] = order.brief.seed
    return fields


def _framed(size: Size, frame: Frame) -> dict[str, str | int]:
    if frame is Frame.SIDES:
        return {"width": size[0], "height": size[1]}
    return {"size": f"{min(size)}P" if frame is Frame.LINES else f"{size[0]}x{size[1]}"}


def extension_of(order: Order, options: DialectOptions, profile: Profile) -> dict[str, Any]:
    """The JSON of ``POST /videos/extensions``: words, length, and the clip to go on after."""
    seconds = order.brief.seconds
    told: dict[str, Any] = {"prompt": order.brief.text, "video": {"id": order.extend_of}}
    if seconds is not None:
        told["seconds"] = seconds if options.int_or(profile) else str(seconds)
    return told


async def read_picture(reference: Path | None) -> bytes | None:
    """The reference picture. Raises `BadOrder`."""
    try:
        return await asyncio.to_thread(reference.read_bytes) if reference is not None else None
    except OSError as error:
        raise BadOrder(f"the reference picture cannot be read: {error.strerror}") from None


def must_be_text(text: str) -> None:
    """Raises `BadOrder` for words that have no bytes (lone surrogates)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadOrder("the brief holds characters that cannot be sent") from None
