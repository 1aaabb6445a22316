"""The durable spool of the embedded backends: one folder an order, so that a killed process loses nothing.

``<folder>/<job>/`` holds ``order.json`` (what to draw), ``reference`` (the picture, where there is one) and then one of
``clip.mp4``, ``failed.json`` or ``cancelled``. An order with none of these is still to be made. All functions block.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bot.paperwork import Order

DAY = 24 * 3600.0
FINISHED_KEPT, OPEN_KEPT = DAY, 7 * DAY
"""Seconds that an order stays in the spool after its last change."""
NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
ENDINGS = ("clip.mp4", "failed.json", "cancelled")


@dataclass(frozen=True)
class Spool:
    """Orders on disk, by job id."""

    folder: Path

    def place(self, job: str) -> Path:
        """The folder of an order, whether it is there or not. Raises `ValueError` for what is no id."""
        if not NAME.fullmatch(job):
            raise ValueError(f"not a job id: {job[:80]!r}")
        return self.folder / job

    def knows(self, job: str) -> bool:
        """Whether the order is in the spool."""
        return (self.place(job) / "order.json").is_file()

    def add(self, order: Order, reference: Path | None) -> None:
        """Store the order, whole or not at all; one that is there already stays, one that failed is opened again.

        Raises `OSError`.
        """
        place = self.place(order.job)
        if self.knows(order.job):
            for name in ("failed.json", "cancelled"):
                (place / name).unlink(missing_ok=True)
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(dir=self.folder, prefix=f".{order.job}."))
        try:
            if reference is not None:
                shutil.copyfile(reference, draft / "reference")
            _write(draft / "order.json", {"slate": order.slate, "brief": order.brief.to_dict()})
            draft.rename(place)
        except OSError:
            if not self.knows(order.job):  # else somebody else has just stored the same order
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def request(self, job: str) -> dict[str, Any]:
        """What the worker has to be told. Raises `OSError` or `ValueError` where the order cannot be read."""
        place = self.place(job)
        order: dict[str, Any] = json.loads((place / "order.json").read_text(encoding="utf-8"))
        reference = place / "reference"
        return order | {"reference": str(reference) if reference.is_file() else None, "into": str(self.clip(job))}

    def clip(self, job: str) -> Path:
        """Where the finished clip is, or will be."""
        return self.place(job) / "clip.mp4"

    def ending(self, job: str) -> str | None:
        """``clip.mp4``, ``failed.json`` or ``cancelled``; None while there is something to do."""
        return next((name for name in ENDINGS if (self.place(job) / name).is_file()), None)

    def fail(self, job: str, reason: str, *, retryable: bool) -> None:
        """Write down that it could not be made."""
        with suppress(FileNotFoundError):
            _write(self.place(job) / "failed.json", {"reason": reason, "retryable": retryable})

    def failure(self, job: str) -> dict[str, Any]:
        """``{reason, retryable}``."""
        with suppress(OSError, ValueError):
            told: dict[str, Any] = json.loads((self.place(job) / "failed.json").read_text(encoding="utf-8"))
            return told
        return {"reason": "", "retryable": True}

    def cancel(self, job: str) -> None:
        """Write down that nobody wants it any more."""
        (self.place(job) / "cancelled").touch()

    def sweep(self) -> None:
        """Remove what nobody will ask for any more, and drafts that a killed process left."""
        if not self.folder.is_dir():
            return
        now = time.time()
        for place in [place for place in self.folder.iterdir() if place.is_dir()]:
            if now - _touched(place) > self._kept(place):
                shutil.rmtree(place, ignore_errors=True)

    def _kept(self, place: Path) -> float:
        if place.name.startswith("."):
            return FINISHED_KEPT
        return FINISHED_KEPT if any((place / name).is_file() for name in ENDINGS) else OPEN_KEPT


def _touched(place: Path) -> float:
    return max(_times(place), default=0.0)


def _times(place: Path) -> Iterator[float]:
    for each in (place, *place.iterdir()):
        with suppress(FileNotFoundError):
            yield each.stat().st_mtime


def _write(file: Path, data: dict[str, Any]) -> None:
    """Whole or not at all, and on the disk when this returns."""
    draft = file.with_name(file.name + ".draft")
    with draft.open("w", encoding="utf-8") as out:
        json.dump(data, out, ensure_ascii=False)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
