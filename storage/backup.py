"""Backup and restore: one tar with every row, every clip and the settings file.

It holds what members wrote and the key that signs links, so only its owner may read it. Tokens and API keys live in the
environment and are not in it.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, Final

from bot.errors_operator import BackupUnreadable, NotEmpty
from storage import migrate, transfer
from storage.database import Database

EDITION: Final = 1
MANIFEST: Final = "throughline-backup.json"
SETTINGS: Final = "throughline.toml"
LINES: Final = 2000
"""Rows that are held in memory while they are brought in."""


async def backup(database: Database, home: Path, file: Path) -> dict[str, int]:
    """Write everything to `file`, whole or not at all; what is in it, by kind. A running Throughline is not held up."""
    part = file.with_name(f"{file.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=home) as name:
            folder = Path(name)
            revision, counts = await _dump(database, folder)
            manifest = {"edition": EDITION, "revision": revision, "made_at": time.time(), "rows": counts}
            return await asyncio.to_thread(_pack, home, folder, manifest, part, file)
    finally:
        part.unlink(missing_ok=True)


async def _dump(database: Database, folder: Path) -> tuple[str | None, dict[str, int]]:
    """Every table as lines of JSON; the revision, and rows by table."""
    counts: dict[str, int] = {}
    async with transfer.reading(database, folder) as connection:
        revision = await migrate.revision_of(connection)
        async for name, batch in transfer.rows(connection):
            counts[name] = counts.get(name, 0) + len(batch)
            with (folder / f"{name}.jsonl").open("a", encoding="utf-8") as lines:
                lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in batch)
    return revision, counts


def _pack(home: Path, folder: Path, manifest: dict[str, Any], part: Path, file: Path) -> dict[str, int]:
    clips = 0
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
        with tarfile.open(fileobj=raw, mode="w") as tar:
            _add(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
            for lines in sorted(folder.glob("*.jsonl")):
                tar.add(lines, f"tables/{lines.name}")
            if (home / SETTINGS).is_file():
                tar.add(home / SETTINGS, SETTINGS)
            for clip in sorted((home / "clips").glob("??/*")):
                tar.add(clip, f"clips/{clip.parent.name}/{clip.name}", recursive=False)
                clips += 1
        raw.flush()
        os.fsync(raw.fileno())
    part.replace(file)
    return {**manifest["rows"], "clips": clips}


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(data), 0o600, int(time.time())
    tar.addfile(entry, io.BytesIO(data))


async def restore(database: Database, home: Path, file: Path) -> dict[str, int]:
    """Bring everything in `file` into an empty database and data folder; what was brought, by kind.

    Raises `BackupUnreadable`, `NotEmpty` or `DatabaseFromTheFuture`, with nothing brought.
    """
    with _opened(file) as tar:
        manifest = _manifest(tar)
        migrate.must_be_known(manifest["revision"])
        async with _empty(database, home, manifest["revision"]), database.transaction() as connection:
            bringer = transfer.Bringer(connection)
            for name in manifest["rows"]:
                for batch in _lines(tar, name):
                    await bringer.bring(name, batch)
        await migrate.upgrade(database)
        clips = await asyncio.to_thread(_unpack, tar, home)
    return {**bringer.brought, "clips": clips}


@asynccontextmanager
async def _empty(database: Database, home: Path, revision: str) -> AsyncIterator[None]:
    """An empty database at that revision; empty again if what happens inside fails."""
    if await migrate.current(database) is not None:
        await migrate.upgrade(database)
        await transfer.must_be_empty(database)
        await migrate.downgrade(database, "base")
    if any((home / "clips").glob("??/*")):
        raise NotEmpty(database=str(home / "clips"))
    await migrate.upgrade(database, revision)
    try:
        yield
    except BaseException:
        await migrate.downgrade(database, "base")
        raise


def _opened(file: Path) -> closing[tarfile.TarFile]:
    try:
        return closing(tarfile.open(file, "r:"))
    except (OSError, tarfile.TarError) as error:
        raise BackupUnreadable(reason=str(getattr(error, "strerror", None) or error)[:200]) from None


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        entry = tar.extractfile(MANIFEST)
        found = json.loads(entry.read() if entry else b"")
        if found["edition"] > EDITION:
            raise BackupUnreadable(reason=f"edition {found['edition']}")
        return {"revision": str(found["revision"]), "rows": dict(found["rows"])}
    except (KeyError, ValueError, TypeError, tarfile.TarError, OSError):
        raise BackupUnreadable(reason=MANIFEST) from None


def _lines(tar: tarfile.TarFile, name: str) -> Iterator[list[dict[str, Any]]]:
    try:
        entry = tar.extractfile(f"tables/{name}.jsonl")
        batch: list[dict[str, Any]] = []
        for line in entry or ():
            batch.append(json.loads(line))
            if len(batch) == LINES:
                yield batch
                batch = []
        yield batch
    except (KeyError, ValueError, tarfile.TarError, OSError):
        raise BackupUnreadable(reason=f"tables/{name}.jsonl") from None


def _unpack(tar: tarfile.TarFile, home: Path) -> int:
    """The clips, by names that can only be those of clips, and the settings file where there is none yet."""
    clips = 0
    for entry in tar:
        inside = Path(entry.name)
        if not entry.isfile() or (data := tar.extractfile(entry)) is None:
            continue
        if entry.name == SETTINGS and not (home / SETTINGS).exists():
            (home / SETTINGS).write_bytes(data.read())
        if len(inside.parts) == 3 and inside.parts[0] == "clips" and inside.name.startswith(inside.parts[1]):
            into = home / "clips" / inside.parts[1] / inside.name
            into.parent.mkdir(parents=True, exist_ok=True)
            with into.open("wb") as out:
                shutil.copyfileobj(data, out)
            clips += 1
    return clips
