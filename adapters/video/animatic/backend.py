"""The animatic as a backend: reads the words in the main process, has the frames drawn by a worker, keeps what was drawn.

Chance has three sources, all fixed before the first frame. `seed` is the brief's, else the job's: a new take is a new
chance. `place_seed` is the place's words alone, not the production's: "the harbour" is the same harbour, with the same
houses, in every shot of everybody, so no shot has to know the shots before it. Characters follow their names (`spec`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from adapters.video import BackendSettings
from adapters.video.animatic.cache import GIB, Cache
from adapters.video.animatic.spec import ShotSpec
from adapters.video.spooled import Spooled, encoding
from adapters.video.table import Table
from bot.brief import Brief, brief_from_dict
from bot.film import Shape, chance_of
from bot.paperwork import Capabilities, Finding, Reading
from bot.ports import Backend

NAME = "animatic"
WORKER = ("-m", "adapters.video.animatic.worker")
SPEECH = "espeakng_loader"
"""The package of the extra ``[voice]``."""
CAPABILITIES = Capabilities(
    seconds=tuple(range(2, 21)),
    shapes=tuple(Shape),
    images=True,
    words_max=32_000,
    cancels=True,
    extends=True,
    free=True,
    usual_seconds=5.0,
    embedded=True,
)

ReadBrief = Callable[..., ShotSpec]
"""`parsing.read_brief`."""


def configured(setting: BackendSettings) -> bool:
    """Always: it needs nothing."""
    return True


def build(setting: BackendSettings) -> Backend:
    """The backend, its orders and cache in the folder it is given. ``voice = true`` in its table: speak. Raises `BadSetting`."""
    return Animatic(setting.folder, voice=Table(setting.table, NAME).flag("voice", False))


class Animatic(Spooled):
    """The animatic as a `bot.ports.Backend`. `keep`: bytes of clips that the cache may hold."""

    def __init__(
        self,
        folder: Path,
        at_once: int | None = None,
        *,
        voice: bool = False,
        keep: int = 2 * GIB,
        worker: Sequence[str] = WORKER,
        read: ReadBrief | None = None,
    ) -> None:
        super().__init__(NAME, CAPABILITIES, folder / "orders", worker, at_once)
        self._cache = Cache(folder / "cache", keep)
        self._wanted, self._voice = voice, voice and find_spec(SPEECH) is not None
        self._read = read or read_brief

    def reading(self, brief: Brief) -> Reading:
        """Which words the picture follows (`bot.ports.ReadsWords`)."""
        return _reading(self._read, brief)

    def request(self, job: str) -> dict[str, Any] | None:
        """``{spec, reference, into, key}``; None where the cache had the clip."""
        order = super().request(job)
        assert order is not None
        brief = brief_from_dict(order["brief"])
        spec = spec_of(brief, order["slate"], job, voice=self._voice, read=self._read)
        key = _key(spec, order["reference"])
        if self._cache.give(key, Path(order["into"])):
            return None
        return {"spec": spec.to_dict(), "reference": order["reference"], "into": order["into"], "key": key}

    def rendered(self, job: str, request: Mapping[str, Any]) -> None:
        """Keep the clip for the next order of the same picture."""
        self._cache.take(request["key"], Path(request["into"]))

    def findings(self, told: Mapping[str, Any]) -> Sequence[Finding]:
        """Whether clips can be encoded, and how dialogue sounds."""
        if self._voice and told["speaks"]:
            speech = Finding(NAME, "ok", "dialogue is spoken")
        elif self._wanted:
            mend = "voice = true needs pip install 'throughline-bot[voice]'"
            speech = Finding(NAME, "warning", f"dialogue is babbled, not spoken: {mend}")
        else:
            speech = Finding(NAME, "ok", "dialogue is babbled")
        return [encoding(NAME, told["encodes"]), speech]


def read_brief(brief: Brief, **options: Any) -> ShotSpec:
    """`parsing.read_brief`, loaded with the first order: its lexicon is large."""
    from adapters.video.animatic.parsing import read_brief as read

    return read(brief, **options)


def spec_of(brief: Brief, slate: str, job: str, *, voice: bool = False, read: ReadBrief = read_brief) -> ShotSpec:
    """What the brief means for the picture, with every chance fixed."""
    seed = chance_of(job) if brief.seed is None else brief.seed
    spec = read(brief, slate=slate, seed=seed, place_seed=0, voice=voice)
    return replace(spec, place_seed=number_of("place", *_place_words(spec)), starts_at=brief.starts_at)


def number_of(*words: str) -> int:
    """The same words give the same number, 0 to 2³¹-1, on every machine."""
    digest = hashlib.sha256("\0".join(words).encode()).digest()
    return int.from_bytes(digest[:4]) >> 1


def _place_words(spec: ShotSpec) -> tuple[str, ...]:
    """The picture that is drawn and the first word that named it: a second one ("harbour street") changes nothing."""
    named = [word.casefold() for kind, word in spec.understood if kind == "place"]
    return (spec.place, spec.place_label.casefold(), *named[:1])


def _key(spec: ShotSpec, reference: str | None) -> str:
    """The spec's key; another one with each reference picture."""
    if reference is None:
        return spec.key()
    picture = hashlib.sha256(Path(reference).read_bytes()).hexdigest()
    return hashlib.sha256(f"{spec.key()} {picture}".encode()).hexdigest()


@lru_cache(maxsize=256)
def _reading(read: ReadBrief, brief: Brief) -> Reading:
    """Kept, since a card is built anew with every step of progress."""
    spec = read(brief, slate="", seed=0, place_seed=0)
    return Reading(spec.understood, spec.not_understood)
