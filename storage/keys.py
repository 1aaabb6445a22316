"""Secrets that Throughline makes for itself, once a database: every process signs with the same one."""

from __future__ import annotations

import base64
import secrets
from typing import Final

import sqlalchemy as sa

from storage.database import Database
from storage.tables import keys
from storage.upsert import insert

BYTES: Final = 32
"""As many as HMAC-SHA256 uses."""


async def secret(database: Database, name: str) -> bytes:
    """The secret of that name, 32 bytes; it is made by whoever asks first."""
    fresh = base64.b64encode(secrets.token_bytes(BYTES)).decode()
    async with database.transaction() as connection:
        made = insert(connection, keys).values(name=name, secret=fresh)
        await connection.execute(made.on_conflict_do_nothing(index_elements=["name"]))
        kept = await connection.scalar(sa.select(keys.c.secret).where(keys.c.name == name))
    assert kept is not None  # this transaction made it, or found it
    return base64.b64decode(kept)
