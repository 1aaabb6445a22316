"""A film of the clips of a cut: joined to the frame, levelled, with a chapter for every edit. Runs in the worker only.

Cuts between clips of one make copy their pictures; everything else is decoded, brought to one size and encoded once. The
sound is always mixed anew: that is what makes the pieces even.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from adapters.media import blend, join, soundtrack
from adapters.media.conform import Size
from adapters.media.lookahead import ahead
from adapters.media.opening import KNOWN_TAGS, copied, mp4, open_clip, video_of, whole
from adapters.media.reels import Reel, look_through, said_of
from adapters.media.soundtrack import Soundtrack, Voice
from adapters.workers.loudness import SILENCE
from bot.cut import RATE, Cut, Edit
from bot.errors import MediaFault

if TYPE_CHECKING:
    from av.container.core import Chapter

Tell = Callable[[float], None]
FRAME: Final = Fraction(1, RATE)

LOOKED: Final = 0.2
"""Share of the work that looking through the clips is said to be."""
OWN_TAGS: Final = frozenset(("title", "comment", "description", "synopsis", "creation_time", "encoder"))
"""What a clip says of itself alone."""
MARK: Final = re.compile(r"aigc|c2pa|digitalsourcetype|algorithmic|\bai\b", re.IGNORECASE)
"""In the name or the value of a tag: that a clip was made by a machine. One such clip makes it true of the film."""
LONGEST_COMMENT: Final = 2000


def film(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Write ``cut`` (`Cut` as data) of ``files`` to ``into``. ``{copied, width, height, frames, lufs}``. Raises `MediaFault`."""
    cut, files = Cut.from_dict(request["cut"]), [str(file) for file in request["files"]]
    _examine(cut, files)
    with ThreadPoolExecutor(2) as pool, whole(str(request["into"])) as part:
        reels, voices = _looked_through(pool, cut, files, tell)
        track = Soundtrack(cut, voices, pool) if any(voices) else None
        size, as_they_are = _write(part, cut, reels, track, tell)
    lufs = track.lufs if track else SILENCE
    return {"copied": as_they_are, "width": size.width, "height": size.height, "frames": cut.frames, "lufs": lufs}


def _examine(cut: Cut, files: Sequence[str]) -> None:
    if not cut.pieces:
        raise MediaFault("a film needs at least one clip")
    if len(files) != len(cut.pieces):
        raise MediaFault(f"{len(cut.pieces)} pieces, but {len(files)} files")
    for piece, file in zip(cut.pieces, files, strict=True):
        with said_of(piece.slate):
            if piece.frames < 1:
                raise MediaFault("it has no length")
            if not Path(file).is_file():
                raise MediaFault("its clip is not there")


def _looked_through(
    pool: Executor, cut: Cut, files: Sequence[str], tell: Tell
) -> tuple[list[Reel], list[Voice | None]]:
    """Every clip once, two at a time; of their sound no more is kept than there is room for."""
    reels: list[Reel] = []
    voices: list[Voice | None] = []
    kept = 0
    for reel, voice in ahead(pool, _look_through, zip(cut.edits, files, strict=True)):
        reels.append(reel)
        kept += voice.samples if voice else 0
        voices.append(voice if voice is None or kept <= soundtrack.KEPT else replace(voice, sound=None))
        tell(LOOKED * len(reels) / len(files))
    return reels, voices


def _look_through(given: tuple[Edit, str]) -> tuple[Reel, Voice | None]:
    edit, file = given
    with said_of(edit.piece.slate):
        reel = look_through(file, edit.piece.frames)
        return replace(reel, sound=None), soundtrack.voice_of(reel)


def _write(part: str, cut: Cut, reels: Sequence[Reel], track: Soundtrack | None, tell: Tell) -> tuple[Size, bool]:
    """The size of the film, and whether its picture was copied."""
    as_they_are = join.can_be_copied(cut, reels)
    size = reels[0].size if as_they_are else blend.size_of_most(reels)
    with mp4(part, _tags(cut.title, reels)) as out, ExitStack() as stack:
        out.set_chapters(_chapters(cut))
        if as_they_are:
            first = stack.enter_context(open_clip(reels[0].file))
            stream = copied(out, video_of(first))
            packets = join.packets_of(reels, stream)
        else:
            stream = blend.picture_stream(out, size)
            packets = blend.packets_of(cut, reels, stream)
        _mux(out, packets, track, lambda done: tell(LOOKED + (0.99 - LOOKED) * done / cut.frames))
    return size, as_they_are


def _mux(out: OutputContainer, picture: Iterable[Packet[VideoStream]], track: Soundtrack | None, tell: Tell) -> None:
    """Picture and sound in step with each other; `tell` gets the frames that are done."""
    voice = soundtrack.stream_for(out) if track else None
    sound = track.packets() if track else iter(())
    waiting = next(sound, None)
    for number, packet in enumerate(picture):
        while waiting is not None and _time(waiting) <= _time(packet):
            _mux_one(out, waiting, voice)
            waiting = next(sound, None)
        out.mux(packet)
        if number % RATE == 0:
            tell(number)
    while waiting is not None:
        _mux_one(out, waiting, voice)
        waiting = next(sound, None)


def _time(packet: Packet[Any]) -> Fraction:
    """When it is to be there, in seconds."""
    return (packet.dts or 0) * packet.time_base


def _mux_one(out: OutputContainer, packet: Packet[AudioStream], stream: AudioStream | None) -> None:
    assert stream is not None
    packet.stream = stream
    out.mux(packet)


def _chapters(cut: Cut) -> list[Chapter]:
    """One for every edit, from where it begins to where the next one does."""
    edits = cut.edits
    ends = [*(edit.begins for edit in edits[1:]), cut.frames]
    return [
        {
            "id": edit.number,
            "start": edit.begins,
            "end": end,
            "time_base": FRAME,
            "metadata": {"title": edit.piece.slate},
        }
        for edit, end in zip(edits, ends, strict=True)
    ]


def _tags(title: str, reels: Sequence[Reel]) -> dict[str, str]:
    """The title, what all clips say of themselves, and the marks and comments of any."""
    said = [reel.tags for reel in reels]
    tags = {key: value for key, value in said[0].items() if all(each.get(key) == value for each in said)}
    tags = {key: value for key, value in tags.items() if key not in OWN_TAGS}
    for each in said:
        marks = {key: value for key, value in each.items() if key not in KNOWN_TAGS and MARK.search(f"{key} {value}")}
        tags = marks | tags
    comments = dict.fromkeys(each["comment"] for each in said if each.get("comment"))
    tags["comment"] = " ".join(comments)[:LONGEST_COMMENT]
    return {key: value for key, value in ({"title": title} | tags).items() if value}
