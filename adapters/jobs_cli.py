"""``throughline jobs``: the takes that are parked, and an operator's word on them.

Works beside a Throughline that runs: a decision is one transaction, the running one goes on from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from adapters.bootstrap import build, migrate_up
from adapters.home import open_home
from adapters.settings import Settings
from bot import parked
from bot.ports import Work
from bot.states import Job, State
from bot.text import money, say

TITLES = ("job", "take", "member", "state", "since", "backend", "price", "what may be decided")


async def run(settings: Settings, what: str, job: str, remote: str, *, as_json: bool) -> int:
    """List them, or decide; exit code 0. Raises `Declined` for a decision that cannot be."""
    open_home(settings)
    await migrate_up(settings)
    house = build(settings)
    try:
        async with house.work() as w:
            if what == "parked":
                found = await parked.parked(w)
                _say(_as_json(found) if as_json else _table(found, settings.language))
            else:
                done = await _decide(w, what, job, remote, house.clock.now())
                _say(f"{done.id}: {say(f'state.{done.state.value}', settings.language)}")
    finally:
        await house.backends.close()
        await house.database.close()
    return 0


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


async def _decide(w: Work, what: str, job: str, remote: str, now: float) -> Job:
    if what == "adopt":
        return await parked.adopt(w, job, remote, now)
    return await (parked.retry if what == "retry" else parked.refund)(w, job, now)


def _table(found: Sequence[parked.Parked], language: str) -> str:
    if not found:
        return "Nothing is parked."
    rows = [TITLES, *(_row(each, language) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(TITLES))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(each: parked.Parked, language: str) -> tuple[str, ...]:
    job = each.job
    since = datetime.fromtimestamp(each.since, UTC).strftime("%Y-%m-%d %H:%M")
    return (
        *(job.id, str(each.take.slate), job.member, job.state.value, since, job.choice),
        money(job.price, language),
        " · ".join(each.answers),
    )


def _as_json(found: Sequence[parked.Parked]) -> str:
    return json.dumps([_plain(each) for each in found], ensure_ascii=False, indent=2)


def _plain(each: parked.Parked) -> dict[str, Any]:
    """No words of members: an operator decides by ids, times and money."""
    job = each.job
    return {
        "job": job.id,
        "take": str(each.take.slate),
        "member": job.member,
        "state": job.state.value,
        "since": each.since,
        "backend": job.choice,
        "remote_id": job.remote_id,
        "price_micros": job.price,
        "clip": each.take.clip.digest if job.state is State.UNDELIVERED and each.take.clip else None,
        "reason": job.reason,
        "answers": list(each.answers),
    }
