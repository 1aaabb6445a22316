"""The ledger of the storage in memory. See `tests.fakes.storage`."""

from __future__ import annotations

from bot.records import Spent
from tests.fakes.repositories import Entry, Rows, put, there


class FakeLedger:
    """Money: at most one opening and one closing entry a job."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def reserve(
        self, job: str, member: str, micros: int, at: float, *, place: str = "", seconds: int = 0
    ) -> None:
        there(self._rows.jobs, job)
        put(self._rows.opened, job, Entry("reserve", member, micros, at, place, seconds))

    async def settle(self, job: str, micros: int, at: float) -> bool:
        return self._close(job, "settle", micros, at)

    async def release(self, job: str, at: float) -> bool:
        reserved = self._rows.opened.get(job)
        return self._close(job, "release", reserved.micros if reserved else 0, at)

    async def spent(self, since: float, *, member: str | None = None, place: str | None = None) -> Spent:
        settled = [entry for entry in self._rows.closed.values() if entry.kind == "settle"]
        reserved = [entry for job, entry in self._rows.opened.items() if job not in self._rows.closed]
        counted = [
            entry
            for entry in settled + reserved
            if entry.at >= since and member in (None, entry.member) and place in (None, entry.place)
        ]
        return Spent(sum(entry.micros for entry in counted), sum(entry.seconds for entry in counted))

    def _close(self, job: str, kind: str, micros: int, at: float) -> bool:
        if job in self._rows.closed or job not in self._rows.jobs:
            return False
        opened = self._rows.opened.get(job)
        place, seconds = (opened.place, opened.seconds) if opened else ("", 0)
        filmed = seconds if kind == "settle" else 0
        self._rows.closed[job] = Entry(kind, self._rows.jobs[job].member, micros, at, place, filmed)
        return True
