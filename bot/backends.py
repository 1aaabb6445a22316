"""What a video backend may offer beside `ports.Backend`: each a small Protocol of its own, found by `isinstance`.

The others of this kind stand in `bot.ports`: `ListsMany`, `FitsPictures`, `ReadsWords`, `Examinable`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from bot.capabilities import Capabilities, ModelCard
from bot.paperwork import Admission, Order

ROUTER: Final = "auto"
"""The choice that leaves it to the house which backend films."""


@runtime_checkable
class OffersModels(Protocol):
    """A backend with several models, each with capabilities of its own."""

    async def models(self) -> Sequence[ModelCard]:
        """Its models, the one that films when none is named first.

        Must not fail: what was learned last, or nothing yet. May ask the network, for 5 seconds at most: the answer is
        kept, and asked for again behind the members' backs (`adapters.video.pricelist`).
        """


@runtime_checkable
class TakesHooks(Protocol):
    """A backend that calls us when something has happened. Only a wake-up: what is true is asked for."""

    async def hook(self, headers: Mapping[str, str], body: bytes) -> Collection[str]:
        """The remote ids that a genuine call speaks of; none for one that says nothing of jobs, or came before.

        `headers` have lower-case names; `body` is as it came. Raises `NotGenuine` for a wrong, old or missing signature.
        """


@runtime_checkable
class MakesCharacters(Protocol):
    """A backend that makes a character of its own of a finished clip, to be named by its id in later orders."""

    async def capabilities(self) -> Capabilities:
        """See `ports.Backend`."""

    async def make_character(self, name: str, remote_id: str, clip: Path) -> str:
        """Its id. `remote_id`: the job that filmed `clip`. The call may cost money: it is never repeated inside.

        Raises `NeverMade`, `TurnedDown` or `RefusedByRules` where certainly none was made, `Unclear` in every other case.
        """


@runtime_checkable
class Admits(Protocol):
    """Something in front of a backend that says whether an order may be sent now: pauses, limits, detours."""

    async def admit(self, order: Order, *, tries: int, most: int | None) -> Admission:
        """Asked before the intent is written, again after `Admission.wait`; quick, and never raises.

        `tries`: how often it certainly was not taken. `most`: its price, in micro-dollars; a detour costs no more. Without
        `held` it counts as sent from now on: `submit` follows at once, or `release`.
        """

    def release(self, job: str) -> None:
        """The order of that job is not sent after all."""


def split_choice(choice: str) -> tuple[str, str | None]:
    """A choice is ``backend`` or ``backend/model``; models may have slashes in their names."""
    backend, _, model = choice.partition("/")
    return backend, model or None


def choice_of(backend: str, model: str | None) -> str:
    """The choice of that backend and model."""
    return f"{backend}/{model}" if model else backend
