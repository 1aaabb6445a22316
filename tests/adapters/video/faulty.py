"""Every backend × every fault: what a stage offers for it, and the faults.

A backend's ``stage_<name>.py`` has, beside `stage`, ``faulty(folder) -> AbstractAsyncContextManager[Faulty]``: the backend,
pointed at a `FaultProxy` in front of its fake server, with waits of about a second (``order_seconds = 1`` and the like), so that a
server that hangs is not waited for. What is particular to its dialect (how it refuses, how it says "stuck") stands there too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.ports import Backend
from bot.states import State
from tests.fakes.fault_proxy import Change, Fault, FaultProxy

Where = tuple[str, str]
"""Method (``*``: any) and a regular expression for the path."""
DONE: Final = frozenset({State.DONE})
FAILED: Final = frozenset({State.FAILED})
REFUSED: Final = frozenset({State.REFUSED})
KNOWN_END: Final = frozenset({State.DONE, State.FAILED})
UNCLEAR: Final = frozenset({State.DONE, State.AMBIGUOUS})
GIGABYTES_3: Final = 3 << 30


@dataclass
class Faulty:
    """A backend in a world that goes wrong as it is told."""

    backend: Backend
    proxy: FaultProxy
    accepted: Callable[[], int]
    """How many orders the server has made into jobs."""
    submit: Where
    status: Where
    """Every request that says how jobs are, lists too."""
    content: Where
    looks: bool = True
    """It can find an order whose answer was lost (id of our choosing, key, label or list)."""
    strange: Change | None = None
    """A status answer → the same with a status word that nobody knows."""
    stuck: Change | None = None
    """A status answer → rolling at 99 % for ever."""
    millis: Change | None = None
    """A status answer → with its times in milliseconds; None: it tells no times."""
    failed: Change | None = None
    """A status answer → it failed."""
    refusals: Mapping[str, Fault] = field(default_factory=dict)
    """How each of the gates says no: ``image``, ``prompt``, ``result``, as far as the dialect has it."""
    picture: Path | None = None
    """A picture to start from, for the image gate."""
    quota: Any = field(default_factory=lambda: _error("insufficient_quota", "You exceeded your current quota."))
    """The body with which it says that the account is used up …"""
    quota_status: int = 429
    too_many: Any = field(default_factory=lambda: _error("rate_limit_exceeded", "Slow down."))
    broken: Any = field(default_factory=lambda: _error("server_error", "Something broke."))


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": code, "code": code, "param": None}}


@dataclass(frozen=True)
class Case:
    """One way for it to go wrong. `faults`: what to script, or None where the dialect has no such thing."""

    name: str
    faults: Callable[[Faulty], list[Fault] | None]
    ends: frozenset[State]
    ends_blind: frozenset[State] | None = None
    """What it may end in where the backend cannot look for a lost order."""
    haste: float = 1.0
    image: bool = False

    def __str__(self) -> str:
        return self.name


def _at(where: Where, **what: Any) -> Fault:
    return Fault(method=where[0], path=where[1], **what)


def _changed(change: Change | None, world: Faulty, **what: Any) -> list[Fault] | None:
    return None if change is None else [_at(world.status, reaches=True, change=change, **what)]


def _gate(world: Faulty, name: str) -> list[Fault] | None:
    return [world.refusals[name]] if name in world.refusals else None


CASES: Final = (
    Case("nothing goes wrong", lambda _: [], DONE),
    # ---------------------------------------------------------------- the order
    Case(
        "429 with Retry-After, twice",
        lambda w: [_at(w.submit, times=2, status=429, body=w.too_many, headers={"Retry-After": "2"})],
        DONE,
    ),
    Case("429 without Retry-After", lambda w: [_at(w.submit, times=2, status=429, body=w.too_many)], DONE),
    Case("429 for ever", lambda w: [_at(w.submit, status=429, body=w.too_many)], FAILED, haste=20),
    Case("out of quota", lambda w: [_at(w.submit, status=w.quota_status, body=w.quota)], FAILED),
    Case("wrong key", lambda w: [_at(w.submit, status=401, body=_error("invalid_api_key", "No."))], FAILED),
    Case("400", lambda w: [_at(w.submit, status=400, body=_error("invalid_request_error", "No."))], FAILED),
    Case("500, not made", lambda w: [_at(w.submit, times=1, status=500, body=w.broken)], DONE, UNCLEAR),
    Case("500, made", lambda w: [_at(w.submit, times=1, reaches=True, status=500, body=w.broken)], DONE, UNCLEAR),
    Case("503, not made", lambda w: [_at(w.submit, times=1, status=503, body=w.broken)], DONE, UNCLEAR),
    Case("reset before it was made", lambda w: [_at(w.submit, times=1, reset=True)], DONE, UNCLEAR),
    Case("reset after it was made", lambda w: [_at(w.submit, times=1, reaches=True, reset=True)], DONE, UNCLEAR),
    Case("hangs, not made", lambda w: [_at(w.submit, times=1, hang=True)], DONE, UNCLEAR),
    Case("hangs, made", lambda w: [_at(w.submit, times=1, reaches=True, hang=True)], DONE, UNCLEAR),
    Case("answer is no JSON", lambda w: [_at(w.submit, times=1, reaches=True, status=200, body=b"<p>")], DONE, UNCLEAR),
    Case("answer without an id", lambda w: [_at(w.submit, times=1, reaches=True, status=200, body={})], DONE, UNCLEAR),
    Case("answer of 3 GB", lambda w: [_at(w.submit, times=1, reaches=True, endless=GIGABYTES_3)], DONE, UNCLEAR),
    # ---------------------------------------------------------------- the three gates
    Case("refused at the prompt gate", lambda w: _gate(w, "prompt"), REFUSED),
    Case("refused at the image gate", lambda w: _gate(w, "image"), REFUSED, image=True),
    Case("refused at the result gate", lambda w: _gate(w, "result"), REFUSED),
    # ---------------------------------------------------------------- following
    Case("500 five times", lambda w: [_at(w.status, times=5, status=500, body=w.broken)], DONE),
    Case("silence five times", lambda w: [_at(w.status, times=5, reset=True)], DONE),
    Case("status is no JSON", lambda w: [_at(w.status, times=3, status=200, body=b"<html>")], DONE),
    Case("status is a list of nonsense", lambda w: [_at(w.status, times=3, status=200, body=[1, None])], DONE),
    Case("one stray 404", lambda w: [_at(w.status, times=1, status=404, body=_error("not_found", "?"))], DONE),
    Case(
        "ids lost by a restart",
        lambda w: [_at(w.status, status=404, body=_error("not_found", "?"))],
        FAILED,
        haste=20,
    ),
    Case("a status word that nobody knows", lambda w: _changed(w.strange, w, times=3), DONE),
    Case("stuck at 99 %", lambda w: _changed(w.stuck, w), FAILED, haste=300),
    Case("milliseconds for seconds", lambda w: _changed(w.millis, w), DONE),
    Case("failed there", lambda w: _changed(w.failed, w), FAILED),
    # ---------------------------------------------------------------- the clip
    Case("clip 404 once", lambda w: [_at(w.content, times=1, status=404, body={"detail": "not yet"})], DONE),
    Case("clip 500 twice", lambda w: [_at(w.content, times=2, status=500, body=w.broken)], DONE),
    Case("clip breaks off once", lambda w: [_at(w.content, times=1, reaches=True, cut=50)], DONE),
    Case("clip breaks off always", lambda w: [_at(w.content, reaches=True, cut=50)], FAILED, haste=20),
    Case("clip is JSON once", lambda w: [_at(w.content, times=1, status=200, body={"status": "?"})], KNOWN_END),
    Case("clip is JSON always", lambda w: [_at(w.content, status=200, body={"status": "?"})], FAILED, haste=20),
    Case("clip hangs once", lambda w: [_at(w.content, times=1, hang=True)], DONE),
    Case("clip of 3 GB", lambda w: [_at(w.content, reaches=True, endless=GIGABYTES_3)], FAILED, haste=20),
    Case(
        "clip redirects into our own network",
        lambda w: [_at(w.content, status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"})],
        FAILED,
        haste=20,
    ),
)
