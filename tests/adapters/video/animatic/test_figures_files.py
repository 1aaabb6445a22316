"""Silhouettes are data: every file is read, says how tall its figure is, and stands on the ground."""

import numpy as np
import pytest

from adapters.video.animatic.figures.rigs import DATA, rig
from adapters.video.animatic.figures.traits import tailor

FILES = sorted(path.stem for path in DATA.glob("*.toml") if path.stem != "wardrobe")


@pytest.mark.parametrize("name", FILES)
def test_a_silhouette_file_is_complete(name: str) -> None:
    read = rig(name)
    assert read.rig in {"biped", "robot", "creature", "fish", "machine", "bicycle"}
    assert 0.1 < read.metres < 10
    assert all(np.isfinite(shape).all() for shape in read.shapes.values())
    for group in ("shapes", "hair"):
        for points in read.raw.get(group, {}).values():
            assert not points or len(points) >= 4
            assert all(-6 < x < 6 and -2.2 <= y <= 0.06 for x, y in points)


@pytest.mark.parametrize("name", [name for name in FILES if rig(name).rig == "creature"])
def test_a_creature_can_reach_the_ground(name: str) -> None:
    for leg in rig(name).raw["legs"].values():
        assert sum(leg["lengths"]) > -leg["hip"][1] - leg["foot"][1]
        assert len(leg["thick"]) == 4
    for gait in rig(name).raw["gaits"].values():
        assert 0.2 < gait["duty"] < 0.8
        assert len(gait["phases"]) == 4


@pytest.mark.parametrize("cut", sorted(tailor()["cuts"]))
def test_every_cut_has_words_and_colours(cut: str) -> None:
    assert cut in tailor()["cuts"][cut] or tailor()["cuts"][cut]
    assert all(0 <= value <= 255 for rgb in tailor()["colours"][cut] for value in rgb)
