"""Files: taken in from requests, kept by their content, handed out by id."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from uuid import uuid4

from aiohttp import BodyPartReader

from tests.fakes.telegram.model import Media
from tests.fakes.telegram.refusals import bad, too_large

UPLOAD: Final = 50_000_000
"""`telegram.constants.FileSizeLimit`; 2000 MB with a local server."""
PHOTO: Final = 10_000_000
LOCAL_UPLOAD: Final = 2_000_000_000
DOWNLOAD: Final = 20_971_520
"""tdlib/telegram-bot-api, Client.h; no limit with a local server."""
THUMBNAIL: Final = 200_000


@dataclass
class Parcel:
    """One uploaded file."""

    path: Path
    size: int
    name: str
    digest: str


@dataclass
class Parcels:
    """Telegram's store of files."""

    local: bool = False
    cap: int | None = None
    """What the web server in front takes, where that is less than it should be."""
    folder: TemporaryDirectory[str] = field(default_factory=lambda: TemporaryDirectory(prefix="telegram-"))
    by_id: dict[str, Media] = field(default_factory=dict)

    @property
    def most(self) -> int:
        """Largest upload, in bytes."""
        return self.cap or (LOCAL_UPLOAD if self.local else UPLOAD)

    async def receive(self, part: BodyPartReader) -> Parcel:
        """Stream an upload to the disk. Raises `Refusal` 413."""
        draft = Path(self.folder.name) / uuid4().hex
        size, digest = 0, hashlib.sha256()
        with draft.open("wb") as out:
            while piece := await part.read_chunk(256 * 1024):
                size += len(piece)
                if size <= self.most:
                    out.write(piece)
                    digest.update(piece)
        if size > self.most:
            draft.unlink()
            raise too_large()
        return self._keep(draft, size, part.filename or "", digest.hexdigest())

    def from_disk(self, uri: str) -> Parcel:
        """A file of a local server, by its ``file://`` address."""
        if not self.local:
            raise bad("invalid file HTTP URL specified: Unsupported URL protocol")
        path = Path(uri.removeprefix("file://"))
        if not path.is_file():
            raise bad("invalid file path specified")
        return Parcel(path, path.stat().st_size, path.name, hashlib.sha256(path.read_bytes()).hexdigest())

    def of_bytes(self, content: bytes, name: str) -> Parcel:
        """What a member attaches."""
        draft = Path(self.folder.name) / uuid4().hex
        draft.write_bytes(content)
        return self._keep(draft, len(content), name, hashlib.sha256(content).hexdigest())

    def _keep(self, draft: Path, size: int, name: str, digest: str) -> Parcel:
        kept = draft.with_name(digest)
        if kept.exists():
            draft.unlink()
        else:
            draft.rename(kept)
        return Parcel(kept, size, name, digest)

    def store(self, kind: str, parcel: Parcel) -> Media:
        """Give it a new file id."""
        media = Media(kind, f"{kind}-{uuid4().hex}", parcel.digest[:16], parcel.size, parcel.path, name=parcel.name)
        self.by_id[media.file_id] = media
        return media

    def known(self, file_id: str) -> Media:
        """Raises `Refusal` for an id that is none."""
        if (media := self.by_id.get(file_id)) is None:
            raise bad("wrong file identifier/HTTP URL specified")
        return media


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG or PNG; None for anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    at = 2
    while content[:2] == b"\xff\xd8" and at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + length
    return None
