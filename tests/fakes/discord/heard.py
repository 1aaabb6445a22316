"""What a member did (a command, a press, a form) and what came back of it, as the member sees it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord.modals import Modal
from tests.fakes.discord.nouns import LOADING, Button, Channel, Message, User
from tests.fakes.discord.pulse import Pulse
from tests.fakes.discord.refusals import Json

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


@dataclass(eq=False)
class Heard:
    """One interaction. Times are in the fake's seconds."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    created: float
    payload: Json = field(repr=False)
    source: Message | None = field(default=None, repr=False)
    """The message whose component was pressed, or on which a form stood."""
    guest: bool = False
    """The app is no member of the guild: it has only this interaction's token there."""
    hushed: bool = False
    """The guild lets no outside apps speak: whatever it answers is ephemeral."""
    kind: int | None = None
    """Type of the first answer; None: there was none."""
    acknowledged_within: float = math.inf
    """Seconds to the first answer."""
    original: Message | None = None
    """The answer (`@original`)."""
    followups: list[Message] = field(default_factory=list)
    modal: Modal | None = None
    choices: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def ephemeral(self) -> bool:
        """Whether only this member sees the answer."""
        return self.original is not None and self.original.ephemeral

    @property
    def text(self) -> str:
        """All that can be read on the answer as it stands now."""
        return self.original.text if self.original else ""

    @property
    def components(self) -> list[Json]:
        """The answer's components as they stand now."""
        return self.original.components if self.original else []

    @property
    def buttons(self) -> list[Button]:
        """The answer's buttons."""
        return self.original.buttons if self.original else []

    @property
    def labels(self) -> list[str]:
        """What is written on them."""
        return [button.label for button in self.buttons]

    @property
    def acknowledged(self) -> bool:
        """Whether there was a first answer."""
        return self.kind is not None

    @property
    def thinking(self) -> bool:
        """Whether the member still sees that the app is thinking."""
        return self.original is not None and not self.original.gone and bool(self.original.flags & LOADING)

    pulse: Pulse = field(default_factory=lambda: Pulse(1.0), repr=False)

    def show(self, said: Message | None) -> None:
        """This message is the answer now."""
        self.original = said
        if said is not None:
            said.pulses.append(self.pulse)

    async def until(self, holds: Callable[[], object], within: float = 5.0) -> None:
        """Wait until it holds, asking when something about this interaction changes."""
        await self.pulse.until(holds, within)

    async def settled(self, within: float = 5.0) -> Heard:
        """Wait until it was answered and the answer no longer says "thinking"."""
        await self.until(lambda: self.acknowledged and not self.thinking, within)
        return self

    async def says(self, words: str, within: float = 5.0) -> Heard:
        """Wait until the answer, or a follow-up, holds these words."""
        await self.until(lambda: any(words in said.text for said in self.answers), within)
        return self

    @property
    def answers(self) -> list[Message]:
        """The answer and its follow-ups."""
        return ([self.original] if self.original else []) + self.followups
