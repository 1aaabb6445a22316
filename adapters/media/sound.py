"""The sound of a clip: how loud it is, made as loud as wanted, or taken out. Runs in the worker only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
from av.container import InputContainer

from adapters.media.conform import Ear, pcm
from adapters.media.opening import copied, mp4, open_clip, sound_of, tags_of, video_of, whole
from adapters.workers.loudness import RATE, SILENCE, Sound, amplified, measure, true_peak
from bot.errors import MediaFault

BITS = 160_000


def loudness(file: str) -> dict[str, Any]:
    """``{lufs, peak, seconds}``: integrated loudness, true peak in dBFS. Raises `MediaFault` where there is no sound."""
    with open_clip(file) as clip:
        sound = _heard(clip)
    return {"lufs": measure(sound), "peak": true_peak(sound), "seconds": sound.shape[1] / RATE}


def normalise(file: str, into: str, *, target: float, ceiling: float) -> dict[str, Any]:
    """Write it with its sound at `target` LUFS, or as near as `ceiling` dBFS of true peak allows. ``{gain, lufs}``.

    One gain for the whole clip: its dynamics stay. The picture is copied. Silence stays silence.
    """
    with open_clip(file) as clip:
        sound = _heard(clip)
    before, peak = measure(sound), true_peak(sound)
    gain = 0.0 if before <= SILENCE else min(target - before, ceiling - peak)
    with whole(into) as part:
        _write(file, part, amplified(sound, gain))
    return {"gain": gain, "lufs": max(SILENCE, before + gain)}


def _write(file: str, part: str, sound: Sound) -> None:
    with open_clip(file) as clip, mp4(part, tags_of(clip)) as out:
        source = video_of(clip)
        video, ear = copied(out, source), Ear(out, BITS)
        ear.add(sound)
        for packet in clip.demux(source):
            if packet.dts is not None:
                ear.until(float(packet.dts * packet.time_base))
                packet.stream = video
                out.mux(packet)
        ear.end()


def extract(file: str, into: str) -> dict[str, Any]:
    """Write the sound alone: WAV with 16 bits, or M4A (copied where it is AAC). ``{codec}``. Raises `MediaFault`."""
    if Path(into).suffix.lower() == ".wav":
        return _to_wav(file, into)
    with open_clip(file) as clip, whole(into) as part:
        source = sound_of(clip)
        if source.codec_context.name != "aac":
            with mp4(part, {}) as out:
                ear = Ear(out, BITS)
                ear.add(_heard(clip))
                ear.end()
            return {"codec": "aac"}
        with av.open(part, "w", format="ipod", options={"movflags": "+faststart"}) as out:
            stream = copied(out, source)
            for packet in clip.demux(source):
                if packet.dts is not None:
                    packet.stream = stream
                    out.mux(packet)
    return {"codec": "copy"}


def _to_wav(file: str, into: str) -> dict[str, Any]:
    with open_clip(file) as clip, whole(into) as part, av.open(part, "w", format="wav") as out:
        source = sound_of(clip)
        layout = "mono" if source.channels == 1 else "stereo"
        stream = out.add_stream("pcm_s16le", rate=source.rate, layout=layout)
        resampler = av.AudioResampler("s16", layout, source.rate)
        for frame in clip.decode(source):
            for piece in resampler.resample(frame):
                out.mux(stream.encode(piece))
        for piece in resampler.resample(None):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))
    return {"codec": "pcm_s16le"}


def _heard(clip: InputContainer) -> Sound:
    sound = pcm(clip)
    if sound is None or not sound.size:
        raise MediaFault("there is no sound in it")
    return sound
