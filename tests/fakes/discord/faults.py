"""What goes wrong on purpose: a status, a broken connection before or after the deed, silence, slowness."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.fakes.discord.refusals import SENTENCES, Json

BEFORE, AFTER, HANG, HANG_AFTER = "reset before", "reset after", "hang", "hang after"
KINDS = (BEFORE, AFTER, HANG, HANG_AFTER)


@dataclass
class Fault:
    """One thing that goes wrong with the next `times` requests of that method whose path matches.

    `what`: a status; ``"reset before"`` (nothing happened); ``"reset after"`` (it happened, the answer is lost);
    ``"hang"`` (nothing happens, no answer ever), ``"hang after"``; None with `delay` seconds: it is only slow.
    """

    method: str
    route: re.Pattern[str]
    what: int | str | None
    code: int = 0
    delay: float = 0.0
    times: int = 1
    retry_after: float = 0.05
    done: int = 0
    holds: bool = False
    """A request hangs at this point now."""

    def answer(self) -> tuple[int, Json]:
        """Status and body, where `what` is a status."""
        assert isinstance(self.what, int)
        sentence = SENTENCES.get(self.code, (0, f"{self.what}: out of order"))[1]
        body: Json = {"message": sentence, "code": self.code}
        return self.what, {**body, "retry_after": self.retry_after, "global": False} if self.what == 429 else body


class Faults:
    """What is still to go wrong, first come first served."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(
        self,
        method: str,
        route: str,
        what: int | str | None = None,
        *,
        code: int = 0,
        delay: float = 0.0,
        times: int = 1,
        retry_after: float = 0.05,
    ) -> Fault:
        """`method` (or ``*``) and a regular expression on the path below ``/api/v10``; the rest as in `Fault`."""
        assert isinstance(what, int) or what is None or what in KINDS, what
        fault = Fault(method, re.compile(route), what, code, delay, times, retry_after)
        self.waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """What goes wrong with this request."""
        for fault in self.waiting:
            if fault.method in (method, "*") and fault.route.search(path):
                fault.done += 1
                if fault.done >= fault.times:
                    self.waiting.remove(fault)
                return fault
        return None
