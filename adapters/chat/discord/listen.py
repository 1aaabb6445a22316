"""Holds the gateway connection: begins it, keeps it, ends it. What is heard through it is stored before it is acknowledged."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import discord

from adapters.chat import ChatPoster, ChatSettings
from adapters.chat.discord.ears import Ears
from adapters.chat.discord.library import point
from bot.errors import BadSetting
from bot.intake import Intake

log = logging.getLogger("throughline.discord")

READY_SECONDS: Final = 120.0
STOP_SECONDS: Final = 2.5
AGAIN_AFTER: Final[tuple[float, ...]] = (5.0, 15.0, 60.0, 300.0)
"""Seconds before a connection that broke in an unknown way is begun anew; discord.py itself mends all known ones."""
STOOD_SECONDS: Final = 600.0
"""A connection that lasted as long was a good one: the next wait is the shortest again."""
REFUSED: Final = (4004, 4010, 4011, 4012, 4013, 4014)
"""Gateway close codes after which trying again would not help (Discord, "Gateway Close Event Codes")."""


class DiscordListener:
    """Listens for as long as the bot runs."""

    def __init__(self, setting: ChatSettings, intake: Intake, poster: ChatPoster) -> None:
        self._token = setting.options.get("DISCORD_TOKEN", "")
        self._api = setting.options.get("DISCORD_API_URL", "")
        self._gateway = setting.options.get("DISCORD_GATEWAY_URL", "")
        self._language, self._intake, self._poster = setting.language, intake, poster
        self.again_after = AGAIN_AFTER
        self._heard = asyncio.Event()
        self._client: Ears | None = None
        self._life: asyncio.Task[None] | None = None

    async def start(self, seconds: float = READY_SECONDS) -> None:
        """Connect; returns when every shard hears. Raises `BadSetting` with what the operator has to mend."""
        point(self._api, self._gateway)
        self._life = asyncio.create_task(self._live(), name="discord")
        heard = asyncio.create_task(self._heard.wait())
        await asyncio.wait({heard, self._life}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        heard.cancel()
        if self._heard.is_set():
            self._life.add_done_callback(_ended)
        else:
            await self._give_up(self._life, seconds)

    async def stop(self) -> None:
        """Close the connection, within three seconds; what was heard is stored."""
        life, self._life = self._life, None
        if life is None:
            return
        life.remove_done_callback(_ended)
        for _ in range(2):  # the first closes the connection politely; Discord may take its time to agree
            life.cancel()
            await asyncio.wait({life}, timeout=STOP_SECONDS)

    async def _give_up(self, life: asyncio.Task[None], seconds: float) -> None:
        fault = life.exception() if life.done() and not life.cancelled() else None
        await self.stop()
        raise setup_fault(fault, seconds) from fault

    async def _live(self) -> None:
        """Listen. A connection that stood and then broke in an unknown way is begun anew; a refused one is not."""
        loop, failures = asyncio.get_running_loop(), 0
        while True:
            began = loop.time()
            self._client = client = Ears(self._intake, self._poster, self._language, self._heard, self._gateway)
            try:
                async with client:
                    await client.start(self._token)
                return
            except Exception as fault:
                if not self._heard.is_set() or is_refused(fault):
                    raise
                log.exception("the connection to Discord broke")
            failures = failures + 1 if loop.time() - began < STOOD_SECONDS else 1
            await asyncio.sleep(self.again_after[min(failures, len(self.again_after)) - 1])


def _ended(life: asyncio.Task[None]) -> None:
    if not life.cancelled() and (fault := life.exception()) is not None:
        log.critical("Discord is not heard any more: %s", setup_fault(fault, 0))


def is_refused(fault: BaseException) -> bool:
    """Whether Discord will not have us with these settings, however often we ask."""
    if isinstance(fault, discord.ConnectionClosed):
        return fault.code in REFUSED
    return isinstance(fault, discord.LoginFailure | discord.PrivilegedIntentsRequired)


def setup_fault(fault: BaseException | None, seconds: float) -> BadSetting:
    """What an operator reads when the connection does not come about."""
    if isinstance(fault, discord.LoginFailure) or (isinstance(fault, discord.ConnectionClosed) and fault.code == 4004):
        return BadSetting(name="DISCORD_TOKEN", reason="Discord does not accept it")
    if isinstance(fault, discord.ConnectionClosed | discord.PrivilegedIntentsRequired):
        code = getattr(fault, "code", 4014)
        return BadSetting(name="DISCORD_TOKEN", reason=f"Discord's gateway refuses this bot (close code {code})")
    if isinstance(fault, discord.HTTPException):
        return BadSetting(name="DISCORD_API_URL", reason=f"it answers with status {fault.status}")
    if fault is None:
        return BadSetting(name="DISCORD_GATEWAY_URL", reason=f"no connection within {seconds:g} s")
    return BadSetting(name="DISCORD_API_URL", reason=f"it cannot be reached ({type(fault).__name__})")
