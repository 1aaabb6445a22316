"""Looking into finished clips: what the tests of the cutting room ask of them."""

from pathlib import Path

import av

from tests.media_samples import frames_of


def kinds(clip: Path) -> list[bytes]:
    """The boxes of an MP4, in their order."""
    data, at, found = clip.read_bytes(), 0, []
    while at < len(data):
        found.append(data[at + 4 : at + 8])
        at += int.from_bytes(data[at : at + 4])
    return found


def tags(clip: Path) -> dict[str, str]:
    with av.open(str(clip)) as opened:
        return dict(opened.metadata)


def lumas(clip: Path) -> list[int]:
    return [round(float(frame[: frame.shape[0] * 2 // 3].mean())) for frame in frames_of(clip)]


def seconds(clip: Path) -> float:
    with av.open(str(clip)) as opened:
        assert opened.duration is not None
        return opened.duration / av.time_base
