"""A clip as Telegram takes it: a video with its size, length and small picture, from a file or by its file_id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from telegram import InputFile, InputMedia, InputMediaDocument, InputMediaVideo, Message

from adapters.chat.telegram.render import Page
from adapters.chat.telegram.wire import Wire
from bot.cards import CardClip

THUMBNAIL_BYTES: Final = 200_000
VIDEO: Final = "video/mp4"


@contextmanager
def parcel(part: Path | str, clip: CardClip, page: Page, wire: Wire) -> Iterator[InputMedia]:
    """The media to put into the card's place; `part` is a file, or a file_id as text. The file is open only inside.

    A picture named ``<part>.jpg`` beside the file (JPEG, at most 320 pixels wide or high and 200 kB) is what is seen before it
    plays.
    """
    if isinstance(part, str):
        yield _video(part, clip, page)
    elif wire.local and wire.shared_disk:
        yield _media(part, clip, page)
    else:
        with part.open("rb") as content:
            file = InputFile(content, filename=file_name(page.text, part), attach=True, read_file_handle=False)
            yield _media(file, clip, page, thumbnail=_thumbnail(part))


@contextmanager
def handed(file: Path, wire: Wire) -> Iterator[InputFile | Path]:
    """A file to take home, under its own name; open only inside."""
    if wire.local and wire.shared_disk:
        yield file
        return
    with file.open("rb") as content:
        yield InputFile(content, filename=file.name, read_file_handle=False)


def size_of(part: Path) -> int:
    """In bytes."""
    return part.stat().st_size


def file_name(text: str, part: Path) -> str:
    """``2B-3.mp4``: by the slate, which is the first word of every card."""
    slate = re.sub(r"[^\w.-]", "", text.partition("\n")[0].partition(" ")[0])[:40] or "clip"
    return f"{slate}{part.suffix or '.mp4'}"


def file_id_of(message: Message | bool) -> str | None:
    """Under which Telegram keeps what was just sent; a clip without sound may come back as an animation."""
    if isinstance(message, bool):
        return None
    media = message.video or message.animation or message.document
    return media.file_id if media else None


def _media(file: InputFile | Path, clip: CardClip, page: Page, thumbnail: InputFile | None = None) -> InputMedia:
    if clip.media_type == VIDEO:
        return _video(file, clip, page, thumbnail=thumbnail)
    return InputMediaDocument(file, caption=page.text, caption_entities=page.entities)


def _video(
    file: InputFile | Path | str, clip: CardClip, page: Page, thumbnail: InputFile | None = None
) -> InputMediaVideo:
    return InputMediaVideo(
        file,
        caption=page.text,
        caption_entities=page.entities,
        width=clip.width,
        height=clip.height,
        duration=max(1, round(clip.seconds)),
        supports_streaming=True,
        thumbnail=thumbnail,
    )


def _thumbnail(part: Path) -> InputFile | None:
    beside = Path(f"{part}.jpg")
    if not beside.is_file() or beside.stat().st_size > THUMBNAIL_BYTES:
        return None
    return InputFile(beside.read_bytes(), filename="thumbnail.jpg", attach=True)
