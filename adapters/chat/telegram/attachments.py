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
    if wire.shared_disk and file.file_path and Path(file.file_path).is_file():
        await asyncio.to_thread(shutil.copyfile, file.file_path, into)
        return
    await asyncio.to_thread(into.write_bytes, await _downloaded(file, wire))


async def _downloaded(file: File, wire: Wire) -> bytearray:
    try:
        return await file.download_as_bytearray(read_timeout=wire.long)
    except (BadRequest, InvalidToken):  # 404 there: the link lives for an hour, the file may be gone
        raise AttachmentGone from None
    except TelegramError as error:
        raise Refused(error) from None


def _too_large(wire: Wire) -> ImageTooLarge:
    return ImageTooLarge(limit=f"{wire.fetch_room // (1024 * 1024)} MB")
