"""The cut as a strip without overlaps, which is how every list for editors counts it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest

from bot.cut import Cut, Edit


@dataclass(frozen=True)
class Span:
    """What of an edit lies on the strip. Frames of the film; what is shared in a dissolve belongs to one side of a point in it."""

    edit: Edit
    begins: int
    ends: int

    @property
    def frames(self) -> int:
        """How long it is."""
        return self.ends - self.begins

    @property
    def source_in(self) -> int:
        """Its first frame, in its own clip."""
        return self.begins - self.edit.begins

    @property
    def source_out(self) -> int:
        """The first frame behind it, in its own clip."""
        return self.ends - self.edit.begins

    def shortened(self, frames: int) -> Span:
        """Without so many of its last frames."""
        return replace(self, ends=self.ends - frames)


def spans(cut: Cut, *, middle: bool) -> tuple[Span, ...]:
    """The edits end to end, together as long as the film.

    `middle`: a dissolve's shared frames are parted in their middle, as on a timeline; else all of them belong to what comes, as
    in a CMX list.
    """
    edits = cut.edits
    starts = [edit.begins + (edit.lap // 2 if middle else 0) for edit in edits]
    return tuple(
        Span(edit, begins, edit.ends if ends is None else ends)
        for edit, begins, ends in zip_longest(edits, starts, starts[1:])
    )
