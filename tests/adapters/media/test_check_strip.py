"""The strip of a check: a still, a line whose shape says how a shot goes, the word for it, and the likely cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from adapters.media.drawing import check_strip
from adapters.media.drawing.check_strip import BAND, CORAL, MOST, STRIP, planned
from adapters.media.room import DrawingRoom
from adapters.type.typesetting import AMBER, PAPER, TEAL, Colour
from bot.drawings import CheckShot, CheckStrip
from bot.errors import MediaFault
from tests.media_samples import tiny_clip

SHOTS = (
    CheckShot("1A-2", True, 24, "anchor", "anchor"),
    CheckShot("1B-1", False, 24, "matches", "matches"),
    CheckShot("1C-1", False, 24, "slight", "slightly off", "darker than the rest"),
    CheckShot("1D-1", False, 24, "off", "off", "warmer than the rest"),
    CheckShot("1E-1", False, 24, "", "not measured"),
)
STRIP_OF = CheckStrip("Continuity: No Return Address", SHOTS, 16 / 9)


def drawn(into: Path, strip: CheckStrip, clip: Path | None) -> Image.Image:
    check_strip.draw(strip.to_dict() | {"clips": [str(clip) if clip else None] * len(strip.shots), "into": str(into)})
    with Image.open(into) as opened:
        return opened.convert("RGB")


def line_under(shown: Image.Image, number: int, colour: Colour, strip: CheckStrip = STRIP_OF) -> list[int]:
    """Columns of pixels, from the left of the shot, in which the line under it has that colour."""
    plan = planned(strip.to_dict()["shots"], strip.ratio)
    left, top = plan.at(number)
    top += plan.still[1] + STRIP
    part = shown.crop((left, top, left + plan.still[0], top + BAND))
    far = ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L").point(lambda value: value < 6)
    return [at for at in range(part.width) if far.crop((at, 0, at + 1, BAND)).getbbox()]


def heights(shown: Image.Image, number: int, colour: Colour) -> int:
    """Over how many rows the line under a shot runs."""
    plan = planned(STRIP_OF.to_dict()["shots"], STRIP_OF.ratio)
    left, top = plan.at(number)
    top += plan.still[1] + STRIP
    part = shown.crop((left + 30, top, left + plan.still[0], top + BAND))
    far = ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L").point(lambda value: value < 6)
    box = far.getbbox()
    return box[3] - box[1] if box else 0


def test_the_line_says_by_its_shape_how_each_shot_goes(tmp_path: Path) -> None:
    shown = drawn(tmp_path / "strip.png", STRIP_OF, tiny_clip(tmp_path / "clip.mp4"))
    wide = planned(STRIP_OF.to_dict()["shots"], STRIP_OF.ratio).still[0]
    assert len(line_under(shown, 1, TEAL)) == wide, "unbroken"
    assert len(line_under(shown, 2, AMBER)) == wide
    assert heights(shown, 2, AMBER) > heights(shown, 1, TEAL), "a step"
    assert 0 < len(line_under(shown, 3, CORAL)) < wide / 2, "a break"
    assert line_under(shown, 0, PAPER)[0] == 0, "the anchor's dot"
    assert not any(line_under(shown, 4, colour) for colour in (TEAL, AMBER, CORAL)), "nobody knows"


def test_it_can_be_read_on_a_phone_and_holds_any_number_of_shots(tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4")
    for count in (1, 2, 4, 7, 13, MOST):
        strip = CheckStrip("Continuity", (SHOTS * 12)[:count], 16 / 9)
        plan = planned(strip.to_dict()["shots"], strip.ratio)
        shown = drawn(tmp_path / f"{count}.png", strip, clip if count < 10 else None)
        assert shown.width == 960
        assert plan.cause.size >= 18
        assert plan.slate.size >= 36
        last = plan.at(count - 1)
        assert last[0] + plan.still[0] <= 960
        assert last[1] + plan.row <= shown.height + 24
    for count in (0, MOST + 1):
        with pytest.raises(MediaFault, match=f"not {count}"):
            drawn(tmp_path / "none.png", CheckStrip("Continuity", (SHOTS * 13)[:count], 1.0), None)


def test_a_long_cause_is_set_in_two_lines_at_most(tmp_path: Path) -> None:
    plain = planned([vars(each) for each in SHOTS[:2]], 16 / 9)
    assert plain.causes == 0
    wordy = CheckShot(
        "1C-1", False, 24, "off", "off", "die Farben dieser Einstellung sind anders als die der übrigen " * 4
    )
    assert planned([vars(wordy)], 16 / 9).causes == 2


@pytest.mark.parametrize("ratio", [9 / 16, 1.0, 16 / 9, 2.39, 0.0])
async def test_every_shape_of_film_and_clips_that_are_gone(tmp_path: Path, ratio: float) -> None:
    into = tmp_path / "strip.jpg"
    clips = [tiny_clip(tmp_path / "clip.mp4", size=(36, 64)), None, tmp_path / "gone.mp4", None, None]
    await DrawingRoom().check_strip(CheckStrip("连戏：查无此址", SHOTS, ratio), clips, into)
    with Image.open(into) as opened:
        assert (opened.format, opened.width) == ("JPEG", 960)


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4")
    drawn(tmp_path / "one.png", STRIP_OF, clip)
    drawn(tmp_path / "two.png", STRIP_OF, clip)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
