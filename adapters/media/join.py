"""Clips one after the other: cut, fade through black, or dissolve. Runs in the worker only.

Cuts between clips of the same make copy their packets: nothing is lost and it takes no time. Everything else is decoded,
conformed to the first clip's size at 24 frames a second (black bars where a shape differs), and encoded once.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer, OutputContainer
from av.stream import Stream

from adapters.media.blend import TRANSITIONS, Tell, blend_all, style_of
from adapters.media.conform import size_of
from adapters.media.opening import audio_of, common_tags, copied, frames_from, mp4, open_clip, video_of, whole
from bot.errors import MediaFault


def join(files: Sequence[str], into: str, transition: str, seconds: float, tell: Tell) -> dict[str, Any]:
    """Write them as one MP4; a transition lasts `seconds` at most. ``{copied, width, height}``. Raises `MediaFault`."""
    if not files or transition not in TRANSITIONS:
        raise MediaFault(f"a join needs clips and one of {', '.join(TRANSITIONS)}")
    with open_clip(files[0]) as first:
        size = size_of(first)
    with whole(into) as part:
        copied_all = transition == "cut" and are_alike(files) and _copy_all(files, part)
        if not copied_all:
            blend_all(files, part, size, style_of(files, transition, seconds), tell)
    return {"copied": copied_all, "width": size.width, "height": size.height}


def are_alike(files: Sequence[str]) -> bool:
    """Whether one decoder reads all of them, and an MP4 can hold them."""
    kinds = set()
    for file in files:
        with open_clip(file) as clip:
            turned = next((frame.rotation for frame in frames_from(clip, 0.0)), 0)
            kinds.add((clip.format.name, turned, *(_kind(stream) for stream in _streams(clip))))
    return len(kinds) == 1 and "mp4" in str(next(iter(kinds))[0])


def _kind(stream: Stream) -> tuple[object, ...]:
    context = stream.codec_context
    own: tuple[object, ...] = (stream.type, context.name, stream.time_base, bytes(context.extradata or b""))
    if isinstance(stream, av.VideoStream):
        return (*own, stream.width, stream.height, stream.pix_fmt, stream.sample_aspect_ratio, stream.average_rate)
    return (*own, stream.rate, stream.layout.name) if isinstance(stream, av.AudioStream) else own


def _streams(clip: InputContainer) -> list[Stream]:
    """Its picture, and its sound if it has any."""
    sound = audio_of(clip)
    return [video_of(clip), *([sound] if sound else [])]


def _copy_all(files: Sequence[str], part: str) -> bool:
    """Copy every packet at its new time. False where their times do not fit together after all."""
    ends: dict[str, Fraction] = {}
    offset = Fraction(0)
    try:
        with open_clip(files[0]) as first, mp4(part, common_tags(files)) as out:
            streams: dict[str, Stream] = {stream.type: copied(out, stream) for stream in _streams(first)}
            for file in files:
                with open_clip(file) as clip:
                    offset = _copy_one(clip, out, streams, offset, ends)
    except (av.FFmpegError, ValueError):
        return False
    return True


def _copy_one(
    clip: InputContainer, out: OutputContainer, streams: dict[str, Stream], offset: Fraction, ends: dict[str, Fraction]
) -> Fraction:
    """Copy one clip; where the next one begins: at the end of this picture."""
    shown_until = offset
    for packet in clip.demux(_streams(clip)):
        if packet.dts is None or packet.pts is None:
            continue
        kind, base = packet.stream.type, packet.time_base
        packet.dts += round(offset / base)
        packet.pts += round(offset / base)
        begins, ends_at = packet.dts * base, (packet.dts + (packet.duration or 0)) * base
        if kind == "audio" and begins < ends.get("audio", Fraction(-1)):
            continue  # AAC begins before its clip and ends after it: two clips would overlap
        ends[kind] = ends_at
        if kind == "video":
            shown_until = max(shown_until, (packet.pts + (packet.duration or 0)) * base)
        packet.stream = streams[kind]
        out.mux(packet)
    return shown_until
