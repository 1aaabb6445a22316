"""What showing, answering and delivering share: the way out, and a card drawn for where it goes."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from adapters.chat.discord.landing import Landing, user_of
from adapters.chat.discord.library import Hook, read_hook
from adapters.chat.discord.notes import Notes
from adapters.chat.discord.render import Look, Native, clip_name, render
from adapters.chat.discord.rest import Rest, Upload
from adapters.chat.discord.room import Room
from bot.cards import Card
from bot.people import Address

REMEMBERED: Final = 5000


@dataclass(frozen=True)
class Out:
    """The way out: one login, one memory."""

    rest: Rest
    notes: Notes
    room: Room
    landing: Landing
    now: Callable[[], float]

    def hook(self, address: Address) -> Hook | None:
        """The interaction's way back, while it lives."""
        return read_hook(address.hook) if address.hook and self.now() < address.hook_until else None

    def draw(
        self,
        card: Card,
        address: Address,
        *,
        alone: bool = False,
        clips: Sequence[str] = (),
        files: Sequence[str] = (),
    ) -> Native:
        """The card as a message. `alone`: who reads it knows that it is for them."""
        member = "" if alone or address.direct else user_of(address)
        return render(card, Look(address.locale, self.now(), member, clips, files))


@dataclass
class Seen:
    """What each key showed last, for as long as many others have not shown more."""

    _seen: OrderedDict[str, tuple[int, int]] = field(default_factory=OrderedDict)

    def newer(self, key: str, card: Card) -> bool:
        """Whether something newer than this card is shown already."""
        return card.revision < self._seen.get(key, (-1, 0))[0]

    def same(self, key: str, look: int) -> bool:
        """Whether it would look exactly as it does."""
        return self._seen.get(key, (-1, 0))[1] == look

    def note(self, key: str, card: Card, look: int = 0) -> None:
        """This is what stands there now; `look`: a hash of its form."""
        revision = max(card.revision, self._seen.pop(key, (-1, 0))[0])
        self._seen[key] = (revision, look)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def look_of(native: Native) -> int:
    """A hash of a message's form."""
    return hash(repr(native.components))


def uploads_of(native: Native) -> list[Upload]:
    """Its own small files."""
    return [Upload(name, content) for name, content in native.files.items()]


def clip_uploads(card: Card, parts: Sequence[Path]) -> list[Upload]:
    """A clip's files under the names they have in the chat."""
    return [Upload(clip_name(card, part.suffix or ".mp4", at, len(parts)), part) for at, part in enumerate(parts)]


def file_upload(file: Path) -> Upload:
    """A file to take home, under a name that Discord leaves as it is: its component has to name it again."""
    stem = re.sub(r"[^A-Za-z0-9-]+", "-", file.stem).strip("-")[:60] or "film"
    return Upload(f"{stem}{file.suffix}", file)


def clip_names(card: Card, count: int) -> list[str]:
    """The names under which a clip of `count` files was posted."""
    suffix = ".webm" if card.clip and card.clip.media_type == "video/webm" else ".mp4"
    return [clip_name(card, suffix, at, count) for at in range(count)]


def split_reference(text: str) -> tuple[str, str]:
    """Channel and message of ``discord/<channel>/<message>``."""
    _, channel, message = text.split("/", 2)
    return channel, message
