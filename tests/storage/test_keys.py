"""A secret is made once, whoever asks, and is another one in every database."""

from __future__ import annotations

import asyncio

from storage import keys
from storage.database import Database
from storage.migrate import upgrade


async def test_all_processes_sign_with_the_same_secret(database_url: str) -> None:
    processes = [Database(database_url) for _ in range(3)]
    await upgrade(processes[0])
    secrets = await asyncio.gather(*(keys.secret(each, "links") for each in processes))
    assert len(set(secrets)) == 1
    assert len(secrets[0]) == keys.BYTES
    assert await keys.secret(processes[0], "hooks") != secrets[0]
    for each in processes:
        await each.close()
