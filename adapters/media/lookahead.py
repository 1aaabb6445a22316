"""Work on things one after the other with two threads, in their order and only a few ahead, so that memory stays flat."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
AHEAD = 3
"""So many are being made or wait, made, to be taken."""


def ahead(pool: Executor, make: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
    """What `make` makes of each, in order. Raises what it raises."""
    waiting: deque[Future[Made]] = deque()
    for each in given:
        waiting.append(pool.submit(make, each))
        if len(waiting) >= AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
