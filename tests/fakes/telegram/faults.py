"""What goes wrong on purpose, one scripted fault after another.

``faults.add("sendVideo", 429, retry_after=3)`` · ``add("sendVideo", 502)`` · ``add("editMessageMedia", 502, done=True)``
(done all the same) · ``add("sendVideo", "reset before")`` · ``"reset after"``
(done, the answer is lost) · ``"hang"`` (nothing done, never answered) · ``"hang after"`` (done, never answered) ·
``add("*", "delay", seconds=0.3, times=100)`` (slow, but right).
"""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = ("reset before", "reset after", "hang", "hang after", "delay")


@dataclass
class Fault:
    """One of them."""

    what: int | str
    retry_after: int = 1
    seconds: float = 0.0
    done: bool = False
    chat: int | None = None
    times: int = 1

    def __post_init__(self) -> None:
        if isinstance(self.what, str) and self.what not in KINDS:
            raise ValueError(f"no such fault: {self.what}")

    @property
    def acts(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.done or self.what in ("reset after", "hang after", "delay")


@dataclass
class Faults:
    """The script."""

    waiting: list[tuple[str, Fault]] = field(default_factory=list)

    def add(
        self,
        method: str,
        what: int | str,
        *,
        retry_after: int = 1,
        seconds: float = 0.0,
        done: bool = False,
        chat: int | None = None,
        times: int = 1,
    ) -> None:
        """The next `times` requests of that method (``*``: any; `chat`: only there) go wrong in that way."""
        self.waiting.append((method, Fault(what, retry_after, seconds, done, chat, times)))

    def next(self, method: str, chat: int | None) -> Fault | None:
        """What befalls this request."""
        for entry in self.waiting:
            name, fault = entry
            if name in (method, "*") and fault.chat in (None, chat):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(entry)
                return fault
        return None

    def clear(self) -> None:
        """No more of them."""
        self.waiting.clear()
