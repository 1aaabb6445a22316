"""Clips behind each other as they are: every packet of picture copied to its new time, nothing lost. Runs in the worker only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from av.packet import Packet
from av.video.stream import VideoStream

from adapters.media.reels import Reel
from bot.cut import RATE, Cut
from bot.errors import MediaFault


def can_be_copied(cut: Cut, reels: Sequence[Reel]) -> bool:
    """Whether one decoder reads all of them, each has exactly the frames it is to have, and nothing is blended."""
    return cut.lap == 0 and all(reel.samples and reel.kind == reels[0].kind for reel in reels)


def packets_of(reels: Sequence[Reel], stream: VideoStream) -> Iterator[Packet[VideoStream]]:
    """The packets of all of them for `stream`, in order of decoding; frame by frame at its exact time. Raises `MediaFault`."""
    delay = max(number - sample.frame for reel in reels for number, sample in enumerate(reel.samples))
    begins = 0
    for reel in reels:
        with open(reel.file, "rb") as source:  # noqa: PTH123 - the worker has no loop to block
            for number, sample in enumerate(reel.samples):
                source.seek(sample.position)
                content = source.read(sample.size)
                if len(content) < sample.size:
                    raise MediaFault("the file ends early")
                packet: Packet[Any] = Packet(content)
                packet.time_base = Fraction(1, RATE)
                packet.pts, packet.dts, packet.duration = begins + sample.frame, begins + number - delay, 1
                packet.is_keyframe = sample.is_key
                packet.stream = stream
                yield packet
        begins += reel.frames
