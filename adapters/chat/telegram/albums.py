"""Several pictures sent as one album come as several messages: the first with words is taken, the others are passed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from adapters.chat.telegram.notes import Recent
from adapters.chat.telegram.updates import Event, Said

Key = tuple[str, str]


class Albums:
    """Albums that were seen of late, by chat and album."""

    def __init__(self) -> None:
        self._seen: Recent[Key, bool] = Recent(2_000)

    def sift(self, events: Sequence[Event]) -> tuple[list[Event], list[Said]]:
        """One event for each album that was not seen yet, under the album's own wish id; and the rest of the albums."""
        chosen = self._choose(events)
        kept: list[Event] = []
        extras: list[Said] = []
        for event in events:
            if not isinstance(event, Said) or not event.album:
                kept.append(event)
            elif chosen.get(_key(event)) is event:
                kept.append(replace(event, wish=f"tg-{event.address.chat}-a{event.album}"))
            else:
                extras.append(event)
        return kept, extras

    def _choose(self, events: Sequence[Event]) -> dict[Key, Said]:
        chosen: dict[Key, Said] = {}
        for event in events:
            if isinstance(event, Said) and event.album and self._seen.get(_key(event)) is None:
                before = chosen.get(_key(event))
                if before is None or (event.words and not before.words):
                    chosen[_key(event)] = event
        return chosen

    def note(self, said: Said, *, ours: bool) -> None:
        """The album was seen; `ours`: it was meant for us, so that its owner is told of the rest."""
        if said.album:
            self._seen.put(_key(said), ours)

    def due(self, extra: Said) -> bool:
        """Whether to tell that only one picture was taken; if so, it counts as told."""
        due = self._seen.get(_key(extra)) is True
        self._seen.put(_key(extra), False)
        return due


def _key(said: Said) -> Key:
    return said.address.chat, said.album
