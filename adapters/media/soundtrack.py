"""The sound of a film: its pieces made even, mixed through the transitions, as loud as films are, and encoded. Worker only.

Loudness is ITU-R BS.1770's; a piece gets one gain, so its own dynamics stay, and only peaks above the ceiling are held.
Memory: the sound of a few pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet
from numpy.typing import NDArray

from adapters.media.conform import heard_in
from adapters.media.lookahead import ahead
from adapters.media.reels import Reel
from adapters.workers import loudness
from adapters.workers.loudness import RATE, SILENCE, Sound, amplified, limited
from bot import cut as cuts
from bot.cut import Cut

TARGET: Final = -16.0
"""LUFS of a film: what people who share films on the net make them."""
CEILING: Final = -1.5
"""dBFS of the highest true peak before encoding."""
EVEN: Final = 1.5
"""LU by which a piece may stay louder or quieter than the middle of all: what was meant as quiet stays a little quieter."""
LIFT: Final = 20.0
"""Decibels that a piece is made louder at most: beyond it, it would be the noise of an empty room."""
HOLD: Final = 8.0
"""Decibels that its peaks are held down at most for it."""
KEPT: Final = 180 * RATE
"""Samples that are kept from measuring to mixing; beyond them, clips are read again."""
CLICK: Final = 144
"""Samples over which sound comes and goes at a cut: 3 ms."""
PER_FRAME: Final = RATE // cuts.RATE
BITS: Final = 160_000
QUICK: Final = {"aac_coder": "fast", "aac_pns": "0"}
"""FFmpeg's other coder takes six times as long, for nothing that could be heard at these bits."""
GRAIN: Final = 1024
"""Samples of one packet of AAC."""
SEGMENT: Final = 6 * RATE
"""Samples that one thread encodes at a time, at least."""
RUN_UP: Final = 2 * GRAIN
"""Samples before a segment from which its encoder begins, so that it arrives in the state the one before it ends in."""


@dataclass(frozen=True)
class Voice:
    """The sound of one piece: how loud it is, and the sound itself while there is room for it."""

    file: str
    samples: int
    """Of the piece: its own sound may be shorter."""
    power: NDArray[np.float64]
    """Of its gating blocks (`loudness.integrated`)."""
    peak: float
    """Of its samples, dBFS."""
    sound: Sound | None

    @property
    def lufs(self) -> float:
        """Its integrated loudness."""
        return loudness.integrated(self.power)


def voice_of(reel: Reel) -> Voice | None:
    """Its voice, where it has one."""
    if reel.sound is None or not reel.sound.size:
        return None
    peak = 20 * float(np.log10(max(1e-7, np.abs(reel.sound).max())))
    power = loudness.block_powers(reel.sound)
    return Voice(reel.file, reel.frames * PER_FRAME, power, peak, reel.sound)


def gains(voices: Sequence[Voice | None]) -> list[float]:
    """Decibels for each, so that they are even and the whole is at `TARGET`; 0 for silence."""
    heard = [voice for voice in voices if voice and voice.lufs > SILENCE]
    if not heard:
        return [0.0] * len(voices)
    middle = median(voice.lufs for voice in heard)
    evened = [min(EVEN, max(-EVEN, voice.lufs - middle)) - (voice.lufs - middle) for voice in heard]
    lift, found = TARGET - middle, evened
    for _ in range(4):
        found = [min(own + lift, LIFT, CEILING - voice.peak + HOLD) for own, voice in zip(evened, heard, strict=True)]
        whole = [voice.power * 10 ** (gain / 10) for voice, gain in zip(heard, found, strict=True)]
        lift += TARGET - loudness.integrated(np.concatenate(whole))
    given = iter(found)
    return [next(given) if voice and voice.lufs > SILENCE else 0.0 for voice in voices]


class Soundtrack:
    """The sound of the whole film, as packets. `voices`: one for each piece, None where it has no sound."""

    def __init__(self, cut: Cut, voices: Sequence[Voice | None], pool: Executor) -> None:
        self._cut, self._voices, self._pool = cut, voices, pool
        self._power: list[NDArray[np.float64]] = []

    @property
    def lufs(self) -> float:
        """Integrated loudness of what was mixed so far."""
        return loudness.integrated(np.concatenate(self._power)) if self._power else SILENCE

    def packets(self) -> Iterator[Packet[AudioStream]]:
        """All of it, in order; as many samples as the film has."""
        pieces = ahead(self._pool, _levelled, zip(self._voices, gains(self._voices), strict=True))
        for packets in ahead(self._pool, _encoded, _segments(self._mixed(pieces))):
            yield from packets

    def _mixed(self, pieces: Iterator[tuple[Sound | None, NDArray[np.float64]]]) -> Iterator[Sound]:
        """Stretch after stretch of the film."""
        edits = self._cut.edits
        rest: Sound = np.zeros((2, 0), np.float32)
        for edit, following in zip(edits, [*edits[1:], None], strict=True):
            sound, power = next(pieces)
            if sound is None:
                sound = np.zeros((2, edit.frames * PER_FRAME), np.float32)
            self._power.append(power)
            _shape(sound, self._ramp(edit.number > 1), self._ramp(following is not None))
            until = ((following.begins if following else edit.ends) - edit.begins) * PER_FRAME
            mixed = _over(rest, sound)
            yield mixed[:, :until]
            rest = mixed[:, until:]

    def _ramp(self, joined: bool) -> int:
        """Samples over which sound comes or goes, at an end that another piece follows or not."""
        return self._cut.lap * PER_FRAME if joined and self._cut.lap else CLICK


def stream_for(out: OutputContainer) -> AudioStream:
    """A stream that takes the packets of a `Soundtrack`."""
    stream = out.add_stream("aac", rate=RATE, layout="stereo")
    stream.codec_context.bit_rate = BITS
    return stream


def _levelled(given: tuple[Voice | None, float]) -> tuple[Sound | None, NDArray[np.float64]]:
    """The piece's sound at its gain, exactly as long as the piece, and the power of its gating blocks."""
    voice, gain = given
    if voice is None:
        return None, np.zeros(0)
    sound = heard_in(voice.file, voice.samples / RATE) if voice.sound is None else voice.sound
    louder = amplified(sound, gain)
    held = limited(louder, CEILING)
    power = voice.power * 10 ** (gain / 10) if held is louder else loudness.block_powers(held)
    return np.pad(held, ((0, 0), (0, voice.samples - held.shape[1]))), power


def _shape(sound: Sound, opening: int, closing: int) -> None:
    """Let it come and go over so many samples, in place: where two are dissolved, their power stays."""
    opening, closing = min(opening, sound.shape[1] // 2), min(closing, sound.shape[1] // 2)
    sound[:, :opening] *= _rise(opening)
    sound[:, sound.shape[1] - closing :] *= _rise(closing)[::-1]


def _rise(samples: int) -> Sound:
    """From nothing to all, a quarter of a sine."""
    return np.sin(np.linspace(0, np.pi / 2, samples, dtype=np.float32))


def _over(rest: Sound, sound: Sound) -> Sound:
    """The beginning of a sound over what is left of the one before; where both are loud at once, each a little quieter."""
    shared = rest.shape[1]
    sound[:, :shared] += rest
    if shared and np.abs(sound[:, :shared]).max() > 10 ** (CEILING / 20):
        sound[:, :shared] /= _rise(shared) + _rise(shared)[::-1]
    return sound


@dataclass(frozen=True)
class _Segment:
    """What one encoder encodes, and which of its packets are wanted. Samples of the film."""

    sound: Sound
    at: int
    """Where `sound` begins."""
    begins: int | None
    """Where the first packet that is wanted begins; None: the film's first."""
    ends: int | None
    """Where the first that is not wanted any more begins; None: to the end."""

    def wants(self, at: int) -> bool:
        """Whether it is the one to give the packet that begins there."""
        return (self.begins is None or at >= self.begins) and (self.ends is None or at < self.ends)


def _segments(stretches: Iterable[Sound]) -> Iterator[_Segment]:
    """The sound in parts that can be encoded side by side: each encoder begins early and ends late, where others count."""
    held: list[Sound] = []
    at, begins = 0, None
    for stretch in stretches:
        held.append(stretch)
        samples = sum(each.shape[1] for each in held)
        if samples < SEGMENT + RUN_UP + 2 * GRAIN:
            continue
        sound = np.concatenate(held, axis=1)
        ends = at + (samples - 2 * GRAIN) // GRAIN * GRAIN
        yield _Segment(sound, at, begins, ends)
        held = [sound[:, ends - RUN_UP - at :]]
        at, begins = ends - RUN_UP, ends
    yield _Segment(np.concatenate(held, axis=1), at, begins, None)


def _encoded(segment: _Segment) -> list[Packet[AudioStream]]:
    encoder = _encoder()
    packets: list[Packet[AudioStream]] = []
    for start in range(0, segment.sound.shape[1], GRAIN):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(segment.sound[:, start : start + GRAIN]), "fltp", "stereo"
        )
        frame.sample_rate, frame.pts, frame.time_base = RATE, segment.at + start, Fraction(1, RATE)
        packets += encoder.encode(frame)
    packets += encoder.encode(None)
    return [each for each in packets if segment.wants(each.pts or 0)]


def _encoder() -> AudioCodecContext:
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = RATE, "stereo", "fltp"
    encoder.bit_rate, encoder.time_base, encoder.options = BITS, Fraction(1, RATE), dict(QUICK)
    return encoder
