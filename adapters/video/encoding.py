"""How the clips of the embedded backends are encoded: H.264 yuv420p BT.709 and AAC stereo. For worker processes only.

This module itself stays light, since whoever looks for backends imports it: PyAV comes with the first frame.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import av
    import numpy as np
    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

RATE = 48_000
BT709 = 1
"""Primaries, transfer and matrix all have this number in ITU-T H.273."""
LIMITED = 1
"""FFmpeg's `AVCOL_RANGE_MPEG`."""
STEADY = {"x264-params": "mbtree=0:stitchable=1"}
"""With its macroblock tree x264 gives other bytes from time to time when the machine is busy (seen with PyAV 18.1 on
AVX-512, also with one thread). Without it, CRF 25 is as large and looks the same as CRF 23 with it (0.2 to 0.6 dB less).
Stitchable: headers do not depend on the CRF, so that clips in the rain and others are cut together without encoding."""


def video_stream(clip: OutputContainer, size: tuple[int, int], fps: int, crf: int) -> VideoStream:
    """A picture stream of that size. The same frames give the same bytes on every machine of one kind."""
    stream = clip.add_stream("libx264", rate=fps)
    stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
    stream.options = {"preset": "veryfast", "crf": str(crf), "g": str(2 * fps), "profile": "high", **STEADY}
    context = stream.codec_context
    context.time_base = Fraction(1, fps)
    context.thread_count = 2  # fixed: the number of cores must not show in the picture
    context.color_primaries = context.color_trc = context.colorspace = BT709
    context.color_range = LIMITED
    return stream


def audio_stream(clip: OutputContainer) -> AudioStream:
    """A stereo sound stream, 128 kb/s."""
    stream = clip.add_stream("aac", rate=RATE, layout="stereo")
    stream.codec_context.bit_rate = 128_000
    return stream


def video_frame(flat: NDArray[np.uint8], size: tuple[int, int], number: int, fps: int) -> av.VideoFrame:
    """Frame `number` from its planes, Y, Cb and Cr one after the other in one flat array."""
    from av import VideoFrame

    wide, high = size
    frame = VideoFrame.from_ndarray(flat.reshape(high * 3 // 2, wide), "yuv420p")
    frame.pts, frame.time_base = number, Fraction(1, fps)
    frame.color_range = LIMITED
    return frame
