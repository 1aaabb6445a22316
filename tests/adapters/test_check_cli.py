"""``throughline check``: clips in, words and numbers out; nothing else is needed, and bad input is one line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.media_samples import grey_clip, tiny_clip, tiny_png

PARTS = {"palette", "exposure", "contrast", "warmth", "saturation", "grain", "sharpness", "motion", "sound"}


def checks(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as an operator types it, with nothing set up."""
    own = {"PATH": os.environ["PATH"], "THROUGHLINE_HOME": str(folder / "home"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "adapters", "check", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=own, timeout=120, check=False)


@pytest.fixture
def clips(tmp_path: Path) -> list[str]:
    """Two clips of one thing, and one of something else."""
    alike = [str(tiny_clip(tmp_path / name, size=(320, 180))) for name in ("a.mp4", "b.mp4")]
    return [*alike, str(grey_clip(tmp_path / "c.mp4", [90] * 24, size=(320, 180)))]


def test_json_names_the_anchor_and_scores_every_other(tmp_path: Path, clips: list[str]) -> None:
    done = checks(tmp_path, *clips, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert set(found) == {"anchor", "shots"}
    assert found["anchor"] == clips[0]
    same, other = found["shots"]
    assert (same["file"], other["file"]) == (clips[1], clips[2])
    for shot in (same, other):
        assert set(shot) == {"file", "score", "parts", "words"}
        assert set(shot["parts"]) == PARTS
        assert all(0 <= value <= 1 for value in (shot["score"], *shot["parts"].values()))
    assert same["score"] > 0.95
    assert same["words"] == "matches"
    assert other["score"] < 0.85
    assert other["words"].startswith(("off: ", "slightly off: "))


def test_people_read_a_table(tmp_path: Path, clips: list[str]) -> None:
    done = checks(tmp_path, *clips)
    rows = done.stdout.splitlines()
    assert rows[0].split() == ["a.mp4", "●──", "anchor"]
    assert "matches" in rows[1]
    assert "off" in rows[2]
    assert "0.85" in rows[-1]


def test_bad_input_is_one_line(tmp_path: Path, clips: list[str]) -> None:
    (tmp_path / "words.mp4").write_text("no clip")
    (tmp_path / "empty.mp4").write_bytes(b"")
    picture = tiny_png(tmp_path / "still.mp4", (64, 48))
    cases = {
        (clips[0],): "only one shot",
        (clips[0], "nowhere.mp4"): "nowhere.mp4 is not a clip",
        (str(tmp_path), clips[0]): "is not a clip",
        (clips[0], str(tmp_path / "words.mp4")): "words.mp4 is not a clip",
        (clips[0], str(tmp_path / "empty.mp4")): "empty.mp4 is not a clip",
        (clips[0], str(picture)): "still.mp4 is not a clip",
    }
    for arguments, sentence in cases.items():
        done = checks(tmp_path, *arguments)
        assert (done.returncode, done.stdout) == (1, ""), arguments
        assert sentence in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
