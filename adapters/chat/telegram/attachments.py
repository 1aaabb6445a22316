"""What a member attached, brought in by its file_id."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from telegram import Bot, File
from telegram.error import BadRequest, InvalidToken, TelegramError

from adapters.chat.telegram.faults import Kind, Refused, kind_of
from adapters.chat.telegram.wire import Wire
from bot.errors import AttachmentGone, ImageTooLarge


async def fetched(bot: Bot, wire: Wire, file_id: str, into: Path) -> None:
    """Write it to `into`. Raises `AttachmentGone`, `ImageTooLarge`, or `DeliveryFault` (try again)."""
    try:
        file = await bot.get_file(file_id)
    except BadRequest as refused:
        raise _too_large(wire) if kind_of(refused) is Kind.TOO_LARGE else AttachmentGone() from None
    except TelegramError as error:
        raise Refused(error) from None
    if (file.file_size or 0) > wire.fetch_room:
        raise _too_large(wire)
    if wire.shared_disk and file.file_path and "://" not in file.file_path:
        await asyncio.to_thread(_copied, file.file_path, into)
    else:
        await asyncio.to_thread(into.write_bytes, await _downloaded(file, wire))


def _copied(path: str, into: Path) -> None:
    try:
        shutil.copyfile(path, into)
    except OSError:
        raise AttachmentGone from None


async def _downloaded(file: File, wire: Wire) -> bytearray:
    try:
        return await file.download_as_bytearray(read_timeout=wire.long)
    except (BadRequest, InvalidToken):  # 404 there: the link lives for an hour, the file may be gone
        raise AttachmentGone from None
    except TelegramError as error:
        raise Refused(error) from None


def _too_large(wire: Wire) -> ImageTooLarge:
    return ImageTooLarge(limit=f"{wire.fetch_room // (1024 * 1024)} MB")
