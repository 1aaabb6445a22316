"""What is measured of clips, and that it tells a regraded shot from one that is merely framed otherwise.

The story is drawn by the animatic, small and short; a regrade is made of a finished clip, as somebody else's model would.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from adapters.media import measure
from adapters.media.room import MediaRoom
from adapters.video.animatic.backend import spec_of
from adapters.video.animatic.render import render
from bot.brief import compile_brief
from bot.errors import MediaFault
from bot.film import Shape
from bot.matching import LINE, match, scene_checked
from bot.measures import EDITION, Measures
from bot.spine import Spine
from tests.media_samples import grey_clip, noisy_clip, tiny_clip

Pixels = NDArray[np.float64]
SPINE = Spine(lens="85mm lens", depth="shallow depth of field", palette="teal, amber", mood="tense")
STREET, TEA = "a wet street at night in heavy rain", "a tea house at dawn, candlelight on the walls"
MAREK, LENA = "a man in a long brown coat", "a woman in a teal raincoat"
STORY = (
    f"Wide shot. {MAREK} crosses {STREET}.",
    f"Medium shot. {MAREK} lights a cigarette under a street lamp, {STREET}.",
    f"{LENA} runs up behind him, {STREET}.",
    f"Close-up. {LENA} hands {MAREK} a letter, {STREET}.",
    f"Close-up. {MAREK} reads it, {STREET}.",
    f"Wide shot. {MAREK} and {LENA} argue in {TEA}.",
    f"Close-up. {LENA} laughs in {TEA}.",
    f"Medium shot. {MAREK} pours the tea in {TEA}.",
    f"{LENA} stands up and leaves {TEA}.",
    f"Close-up, slow push in. {MAREK} stares at the door of {TEA}.",
)
SCENES = (range(5), range(5, 10))
INVERSE_LAB, INVERSE_LMS = np.linalg.inv(measure.TO_LAB.astype(float)), np.linalg.inv(measure.TO_LMS.astype(float))


def stops(amount: float) -> Callable[[Pixels], Pixels]:
    return lambda lab: lab * 2 ** (amount / 3)


def warmth(amount: float) -> Callable[[Pixels], Pixels]:
    return lambda lab: lab + np.array([0.0, amount / 4, amount])


def saturation(ratio: float) -> Callable[[Pixels], Pixels]:
    return lambda lab: lab * np.array([1.0, ratio, ratio])


MILDEST: Mapping[str, Callable[[Pixels], Pixels]] = {
    "brighter": stops(0.5),
    "darker": stops(-0.5),
    "warmer": warmth(0.025),
    "cooler": warmth(-0.025),
    "richer": saturation(1.25),
    "paler": saturation(0.75),
}
"""The mildest regrades that a person notices where one shot follows another, by what they are called."""


def regraded(file: Path, into: Path, grade: Callable[[Pixels], Pixels]) -> Path:
    """The clip's picture graded so in OKLab, encoded anew; without its sound."""
    with av.open(str(file)) as clip, av.open(str(into), "w") as out:
        stream = out.add_stream("libx264", rate=24)
        source = clip.streams.video[0]
        stream.width, stream.height, stream.pix_fmt = source.width, source.height, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "18"}
        for number, frame in enumerate(clip.decode(video=0)):
            light = measure.LINEAR[frame.to_ndarray(format="rgb24")]
            lab = grade(np.cbrt(light @ measure.TO_LMS.T) @ measure.TO_LAB.T)
            linear = np.clip((lab @ INVERSE_LAB.T) ** 3 @ INVERSE_LMS.T, 0, 1)
            codes = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
            made = av.VideoFrame.from_ndarray(np.rint(codes * 255).astype(np.uint8), "rgb24")
            made.pts, made.time_base = number, Fraction(1, 24)
            out.mux(stream.encode(made))
        out.mux(stream.encode(None))
    return into


def measured(file: Path) -> Measures:
    return Measures.from_dict(measure.measure(str(file)))


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder, made = tmp_path_factory.mktemp("story"), []
    for number, words in enumerate(STORY):
        brief = compile_brief(words[0].upper() + words[1:], spine=SPINE, seconds=4, shape=Shape.WIDE)
        spec = spec_of(brief, f"{1 + number // 5}{'ABCDE'[number % 5]}-1", f"s{number}")
        made.append(folder / f"{number}.mp4")
        render(replace(spec, width=640, height=360, seconds=0.75), made[-1])
    return made


@pytest.fixture(scope="module")
def story(films: list[Path]) -> list[Measures]:
    return [measured(file) for file in films]


def test_within_a_scene_every_pair_goes_together_better_than_any_across(story: list[Measures]) -> None:
    scores = {(one, other): match(story[one], story[other]).score for one, other in combinations(range(10), 2)}
    within = [score for (one, other), score in scores.items() if one // 5 == other // 5]
    across = [score for (one, other), score in scores.items() if one // 5 != other // 5]
    assert min(within) >= LINE > max(across) + 0.2, (sorted(within)[:3], sorted(across)[-3:])


def test_nothing_in_the_story_stands_out(story: list[Measures]) -> None:
    for scene in SCENES:
        for anchor in (0, None):
            found = scene_checked([story[at] for at in scene], anchor)
            assert [each.score < LINE for each in found] == [False] * 5, [each.score for each in found]


@pytest.mark.parametrize("shot", [2, 8])
@pytest.mark.parametrize("grade", MILDEST)
def test_a_shot_regraded_by_the_mildest_step_is_flagged_and_only_that_one(
    films: list[Path], story: list[Measures], tmp_path: Path, shot: int, grade: str
) -> None:
    other = measured(regraded(films[shot], tmp_path / "regraded.mp4", MILDEST[grade]))
    scene = SCENES[shot // 5]
    found = scene_checked([other if at == shot else story[at] for at in scene], 0)
    assert [at for at, each in zip(scene, found, strict=True) if each.score < LINE] == [shot]
    assert found[shot - scene[0]].cause == f"check.cause.{grade}"


def test_a_copy_that_was_only_encoded_again_still_matches(
    films: list[Path], story: list[Measures], tmp_path: Path
) -> None:
    again = measured(regraded(films[6], tmp_path / "again.mp4", stops(0)))
    found = match(story[6], again)
    assert found.score > 0.93
    assert again.loudness is None
    assert found.parts["sound"] < 0.6, "one of the two is silent, and that is told"


def test_black_bars_change_nothing(films: list[Path], story: list[Measures], tmp_path: Path) -> None:
    letterboxed = tmp_path / "wide.mp4"
    with av.open(str(films[5])) as clip, av.open(str(letterboxed), "w") as out:
        stream = out.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 640, 480, "yuv420p"
        for number, frame in enumerate(clip.decode(video=0)):
            whole = np.zeros((480, 640, 3), np.uint8)
            whole[60:420] = frame.to_ndarray(format="rgb24")
            made = av.VideoFrame.from_ndarray(whole, "rgb24")
            made.pts, made.time_base = number, Fraction(1, 24)
            out.mux(stream.encode(made))
        out.mux(stream.encode(None))
    found = measured(letterboxed)
    assert found.dark == pytest.approx(story[5].dark, abs=0.01)
    assert found.exposure == pytest.approx(story[5].exposure, abs=0.05)


def test_plain_figures_are_what_they_are_called(tmp_path: Path) -> None:
    grey = measured(grey_clip(tmp_path / "grey.mp4", [126] * 30))
    light = measured(grey_clip(tmp_path / "light.mp4", [180] * 30))
    assert (grey.motion, grey.loudness, grey.spectrum) == (0, None, None)
    assert grey.saturation == pytest.approx(0, abs=0.01)
    assert grey.contrast == pytest.approx(0, abs=0.01)
    assert light.exposure - grey.exposure == pytest.approx(1.15, abs=0.2)
    restless = measured(noisy_clip(tmp_path / "noise.mp4", 1, (320, 180), 4_000_000))
    assert restless.motion > 5
    assert restless.grain > 5
    assert restless.loudness is not None
    assert restless.loudness < 0


async def test_it_is_measured_in_a_worker_and_is_small(tmp_path: Path) -> None:
    room = MediaRoom()
    found = await room.measure(noisy_clip(tmp_path / "noise.mp4", 1, (640, 360), 4_000_000))
    assert found.edition == EDITION
    assert len(json.dumps(found.to_dict())) < 8_000
    one_frame = await room.measure(grey_clip(tmp_path / "frame.mp4", [90]))
    assert (one_frame.motion, len(one_frame.spots)) == (0, 1)
    black = await room.measure(grey_clip(tmp_path / "black.mp4", [16] * 5))
    assert black.spots == ()


@pytest.mark.parametrize("content", [b"", b"no clip at all", b"#EXTM3U\nother.mp4\n"])
async def test_what_is_no_clip_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "words.mp4"
    file.write_bytes(content)
    with pytest.raises(MediaFault):
        await MediaRoom().measure(file)


def test_frames_of_any_shape_are_taken(tmp_path: Path) -> None:
    tall: dict[str, Any] = measure.measure(str(tiny_clip(tmp_path / "tall.mp4", 0.5, (36, 64))))
    assert tall["loudness"] < -10
    assert Measures.from_dict(tall).spots
