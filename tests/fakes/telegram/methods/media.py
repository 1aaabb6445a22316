"""What stands behind a request's media: an upload, a file id, or a local server's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.telegram.call import Call
from tests.fakes.telegram.model import Json, Media
from tests.fakes.telegram.parcels import PHOTO, THUMBNAIL, Parcel, picture_size
from tests.fakes.telegram.refusals import bad

if TYPE_CHECKING:
    from tests.fakes.telegram.world import World

KINDS = ("photo", "video", "animation", "document")


def uploaded(world: World, call: Call, source: str) -> Parcel | None:
    """The upload that ``attach://name`` or ``file://…`` speaks of; None for a file id."""
    if source.startswith("attach://"):
        if (parcel := call.files.get(source.removeprefix("attach://"))) is None:
            raise bad("there is no attached file named " + source.removeprefix("attach://"))
        return parcel
    return world.parcels.from_disk(source) if source.startswith("file://") else None


def media_of(world: World, call: Call, kind: str, given: Json) -> Media:
    """The media of a request or of one ``InputMedia``; raises `Refusal`."""
    if kind not in KINDS:
        raise bad(f"can't parse InputMedia: Type {kind} is unsupported")
    source = str(given.get("media") or "")
    if not source:
        raise bad(f"there is no {kind} in the request")
    if (parcel := uploaded(world, call, source)) is None:
        known = world.parcels.known(source)
        if known.kind != kind:
            raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
        return known
    if parcel.size == 0:
        raise bad("file must be non-empty")
    if kind == "photo":
        return _photo(world, parcel)
    media = world.parcels.store(kind, parcel)
    if kind != "document":
        _film(world, call, media, given)
    return media


def _photo(world: World, parcel: Parcel) -> Media:
    if parcel.size > PHOTO:
        raise bad("file is too big")
    size = picture_size(parcel.path.read_bytes())
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    media = world.parcels.store("photo", parcel)
    media.width, media.height = size
    return media


def _film(world: World, call: Call, media: Media, given: Json) -> None:
    media.mime = "video/mp4"
    media.width, media.height, media.duration = (int(given.get(name) or 0) for name in ("width", "height", "duration"))
    media.supports_streaming = str(given.get("supports_streaming", "")).lower() == "true"
    missing = [name for name in ("width", "height", "duration") if not given.get(name)]
    if missing:
        world.broken.append(f"{call.method}: a video without {', '.join(missing)} shows badly on some clients")
    for name in ("thumbnail", "cover"):
        source = given.get(name) or (f"attach://{name}" if name in call.files else "")
        if source:
            setattr(media, name, _still(world, call, name, str(source)))


def _still(world: World, call: Call, name: str, source: str) -> Media | None:
    """A thumbnail that is no small JPEG is silently left out by Telegram: that is noted as a breach."""
    parcel = uploaded(world, call, source)
    if parcel is None:
        if name == "thumbnail":
            world.broken.append(f"{call.method}: thumbnails cannot be sent again by file id")
            return None
        return world.parcels.known(source)
    content = parcel.path.read_bytes()
    size = picture_size(content) or (0, 0)
    fits = content[:2] == b"\xff\xd8" and parcel.size <= THUMBNAIL and max(size) <= 320
    if name == "thumbnail" and not fits:
        world.broken.append(f"{call.method}: the thumbnail is left out ({size[0]}x{size[1]}, {parcel.size} bytes)")
        return None
    media = world.parcels.store("thumbnail" if name == "thumbnail" else "photo", parcel)
    media.width, media.height = size
    return media
