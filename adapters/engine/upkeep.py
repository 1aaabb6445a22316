"""What keeps the engine's tables true while it runs: the dead relieved, lost runs taken up again, old rows deleted.

All of it is synchronous and goes on in a thread of its own, with every heartbeat.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from adapters.engine import rows

if TYPE_CHECKING:
    import sqlalchemy as sa
    from dbos import DBOSClient

CHUNK = 500

log = structlog.get_logger()


@dataclass
class Upkeep:
    """One worker's share of the housekeeping; times in seconds, as `DbosEngine` explains them."""

    pool: sa.Engine
    client: DBOSClient
    me: str
    gone_after: float
    dead_after: float
    keep_finished: float
    _strays: rows.Held = frozenset()
    _round_at: float = field(default_factory=time.monotonic)

    def beat(self, in_flight: Collection[str]) -> bool:
        """One heartbeat and what is due with it; False when the others have declared this worker dead.

        `in_flight` are the workflow ids that really run here.
        """
        if not rows.beat(self.pool, self.me):
            return False
        if self.pool.dialect.name == "postgresql":
            self.adopt()
        if time.monotonic() >= self._round_at:
            self._round_at = time.monotonic() + self.dead_after / 3
            self._reclaim(in_flight)
            self._forget()
        return True

    def adopt(self) -> int:
        """Puts the workflows of dead workers back into their queues; their number."""
        with rows.orphans(self.pool, self.me, gone_after=self.gone_after, dead_after=self.dead_after) as held:
            self._put_back(held)
        if held:
            log.info("engine.adopted", jobs=len(held))
        return len(held)

    def _reclaim(self, in_flight: Collection[str]) -> None:
        """Puts back what this worker holds but does not run, seen so in two rounds.

        DBOS loses a workflow when the database fails between claiming and starting it, or when its end is written.
        """
        strays = frozenset(held for held in rows.held_by(self.pool, self.me) if held[1] not in in_flight)
        lost, self._strays = strays & self._strays, strays
        if lost:
            log.warning("engine.reclaimed", jobs=len(lost))
            self._put_back(lost)

    def _put_back(self, held: rows.Held) -> None:
        for queue in {queue for queue, _ in held}:
            ids = sorted(workflow for name, workflow in held if name == queue)
            for start in range(0, len(ids), CHUNK):
                self.client.resume_workflows(ids[start : start + CHUNK], queue_name=queue)

    def _forget(self) -> None:
        while old := rows.finished(self.pool, self.keep_finished, CHUNK):
            self.client.delete_workflows(old)
