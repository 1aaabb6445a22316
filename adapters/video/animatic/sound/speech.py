"""Spoken scratch dialogue by eSpeak NG, from the optional extra ``[voice]`` (a GPL-3 library, so it is never needed).

The library keeps state between calls: the same lines in the same order sound the same only in a fresh process. Workers
are fresh processes.
"""

from __future__ import annotations

import ctypes
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from adapters.video.animatic.sound.synth import RATE, Mono, mono

LOADER = "espeakng_loader"
SYNCHRONOUS, UTF8, BY_CHARACTER = 2, 1, 1
SPEED, PITCH = 1, 3
"""Constants of ``speak_lib.h``: output mode, text flag, position type, parameters."""
USUAL, FASTEST = 165, 320
"""Words a minute."""
TONGUES = ((0x3040, 0x30FF, "ja"), (0x4E00, 0x9FFF, "cmn"), (0xAC00, 0xD7AF, "ko"), (0x0400, 0x04FF, "ru"))
Samples = ctypes.POINTER(ctypes.c_short)
Heard = ctypes.CFUNCTYPE(ctypes.c_int, Samples, ctypes.c_int, ctypes.c_void_p)


def speak(text: str, length: float, pitch: float) -> Mono | None:
    """The words in at most `length` seconds, peaks at 1; None where the extra is not installed. `pitch` in hertz."""
    if find_spec(LOADER) is None:
        return None
    library, rate = _library()
    said = _say(library, text, pitch, USUAL)
    if said.size > length * rate:
        said = _say(library, text, pitch, min(FASTEST, round(USUAL * said.size / (length * rate) * 1.1)))
    sound = _at_our_rate(said, rate)[: round(length * RATE)]
    return sound / max(float(np.abs(sound).max(initial=0.0)), 1e-6)


@lru_cache(maxsize=1)
def _library() -> tuple[Any, int]:
    """The library, ready, and its samples a second."""
    espeakng_loader = import_module(LOADER)
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Synth.argtypes = (
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    )  # fmt: skip
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, str(espeakng_loader.get_data_path()).encode(), 0)
    if rate <= 0:
        raise OSError("eSpeak NG does not find its data")
    return library, int(rate)


def _say(library: Any, text: str, pitch: float, speed: int) -> Mono:
    """16-bit samples as floats, at the library's rate."""
    pieces: list[Mono] = []

    def hear(samples: Any, count: int, _events: Any) -> int:
        if count > 0:
            pieces.append(mono(np.ctypeslib.as_array(samples, (count,))) / np.float32(32768))
        return 0

    heard = Heard(hear)  # must live until the last sample
    library.espeak_SetSynthCallback(heard)
    library.espeak_SetVoiceByName(tongue_of(text).encode())
    library.espeak_SetParameter(SPEED, speed, 0)
    library.espeak_SetParameter(PITCH, int(np.clip(50 + 45 * np.log2(pitch / 140), 5, 95)), 0)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, BY_CHARACTER, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def tongue_of(text: str) -> str:
    """eSpeak's name of the language, guessed from the script."""
    for low, high, tongue in TONGUES:
        if any(low <= ord(char) <= high for char in text):
            return tongue
    return "en-us"


def _at_our_rate(sound: Mono, rate: int) -> Mono:
    count = round(sound.size * RATE / rate)
    return mono(np.interp(np.arange(count) * rate / RATE, np.arange(sound.size), sound)) if count else sound
