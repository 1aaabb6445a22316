"""The contact sheet of a film: the right stills at the right places, its colours, and room for every film."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageChops

from adapters.media.drawing import contact_sheet
from adapters.media.drawing.contact_sheet import BAR, CORAL, EDGE, HEAD, WIDTH, planned
from adapters.media.drawing.moments import moments
from adapters.media.room import DrawingRoom
from adapters.type.typesetting import AMBER, PAPER, ROOM, TEAL
from bot.drawings import ContactSheet, SheetShot
from bot.errors import MediaFault
from tests.adapters.media.samples import moving_clip, uneven_clip
from tests.media_samples import frames_of, grey_clip, tiny_clip

SHOT = SheetShot("1A-2", True, "Crosses the empty street", "4 s", 0, 96)
SHEET = ContactSheet(
    "No Return Address",
    ("rough cut, 18 s, 3 circled takes", "20 November 2026"),
    "Shallow depth of field.",
    (SHOT,),
    16 / 9,
)
CHINESE = ContactSheet(
    "查无此址",
    ("粗剪，3 条圈选", "2026年11月20日"),
    "浅景深。情绪：紧张。",
    (replace(SHOT, words="她穿过空无一人的街道"),),
    16 / 9,
)
TALLEST_AND_WIDEST = 10_000
"""Width and height of a photo on Telegram, together."""
MIB = 1024 * 1024


def sheet_of(folder: Path, clips: Sequence[Path | None], sheet: ContactSheet = SHEET) -> Image.Image:
    """The sheet as a picture, drawn in this process, without the losses of JPEG; its shots are as long as the first."""
    into = folder / "sheet.png"
    contact_sheet.draw(sheet.to_dict() | {"clips": [str(clip) if clip else None for clip in clips], "into": str(into)})
    with Image.open(into) as drawn:
        return drawn.convert("RGB")


def film_of(shots: int, **changes: Any) -> tuple[SheetShot, ...]:
    """So many shots, one after the other."""
    frames = changes.get("frames", SHOT.frames)
    return tuple(replace(SHOT, **changes, slate=f"1A-{n + 1}", begins=n * frames) for n in range(shots))


def luma(drawn: Image.Image, at: tuple[int, int]) -> float:
    """The code value that a grey on it had in the clip."""
    red = drawn.getpixel(at)
    assert isinstance(red, tuple)
    return red[0] * 219 / 255 + 16


def has(drawn: Image.Image, colour: tuple[int, int, int], box: tuple[int, int, int, int] | None = None) -> int:
    """How many pixels of it are nearly of that colour."""
    part = drawn.crop(box) if box else drawn
    return sum(ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L").histogram()[:6])


def middles(shots: int, ratio: float = 16 / 9) -> list[list[tuple[int, int]]]:
    """The middle of every still of every shot."""
    plan = planned(shots, ratio)
    wide, high = plan.still
    return [
        [(left + plan.pictures + place * (wide + 4) + wide // 2, top + high // 2) for place in range(plan.stills)]
        for left, top in map(plan.at, range(shots))
    ]


# ---------------------------------------------------------------- stills


def test_four_stills_of_a_shot_stand_in_the_order_of_time_over_their_record_timecodes(tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [30 + 2 * number for number in range(96)], size=(160, 90))
    drawn = sheet_of(tmp_path, [clip])
    shown = [luma(drawn, at) for at in middles(1)[0]]
    assert shown == pytest.approx([30 + 2 * (12 + 24 * place) for place in range(4)], abs=5)
    plan = planned(1, 16 / 9)
    codes = (plan.pictures, HEAD + plan.still[1], WIDTH, HEAD + plan.still[1] + plan.code.size + 6)
    assert has(drawn, AMBER, codes) > 200


def test_stills_are_taken_where_they_cost_least_and_know_their_frame(tmp_path: Path) -> None:
    greys = [(30 + number, number) for number in range(96)]
    clip = uneven_clip(tmp_path / "clip.mp4", greys, keys=12, preset="veryfast")
    found = moments(str(clip), 96, 4, 64)
    assert [each.frame for each in found] == [12, 36, 60, 84]
    for each in found:
        assert luma(each.picture, (32, 18)) == pytest.approx(30 + each.frame, abs=2)


def test_where_no_frame_stands_alone_the_clip_is_decoded_and_looks_as_it_does(tmp_path: Path) -> None:
    clip = moving_clip(tmp_path / "clip.mp4", 96)
    shown = frames_of(clip)
    for number, each in enumerate(moments(str(clip), 96, 4, 160)):
        assert number * 24 < each.frame < (number + 1) * 24
        drawn = np.asarray(each.picture.convert("L"), float) * 219 / 255 + 16
        assert np.abs(drawn - shown[each.frame][:90]).mean() < 3


def test_only_frames_that_are_in_the_film_are_shown(tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [60] * 48 + [200] * 48)
    assert all(luma(each.picture, (32, 18)) < 70 for each in moments(str(clip), 48, 4, 64))
    assert [each.frame for each in moments(str(clip), 1, 4, 64)] == [0]
    assert len(moments(str(clip), 3, 4, 64)) == 3
    late = moments(str(clip), 400, 4, 64)  # longer than the clip: its last frame stands for the rest
    assert len(late) == 4
    assert all(one.frame <= later.frame for one, later in pairwise(late))


def test_a_shot_without_a_clip_has_empty_stills_and_the_others_are_drawn(tmp_path: Path) -> None:
    notes = tmp_path / "notes.mp4"
    notes.write_text("no clip at all")
    clip = grey_clip(tmp_path / "clip.mp4", [160] * 96)
    drawn = sheet_of(tmp_path, [None, clip, notes], replace(SHEET, shots=film_of(3)))
    row = middles(3)
    assert luma(drawn, row[1][0]) == pytest.approx(160, abs=3)
    for number in (0, 2):
        left, top = row[number][0]
        assert luma(drawn, (left - 60, top + 10)) < 40


def test_upright_clips_show_six_stills_whole(tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [160] * 96, size=(90, 160))
    drawn = sheet_of(tmp_path, [clip], replace(SHEET, ratio=9 / 16))
    spots = middles(1, 9 / 16)[0]
    assert len(spots) == 6
    high = planned(1, 9 / 16).still[1]
    for left, top in spots:
        assert luma(drawn, (left, top - high // 2 + 3)) == pytest.approx(160, abs=4)
        assert luma(drawn, (left, top + high // 2 - 3)) == pytest.approx(160, abs=4)


# ---------------------------------------------------------------- what stands beside them


def test_the_bar_shows_every_shot_as_long_as_it_is(tmp_path: Path) -> None:
    clips = [grey_clip(tmp_path / f"{grey}.mp4", [grey] * 96) for grey in (60, 200)]
    shots = (replace(SHOT, frames=24), replace(SHOT, begins=24, frames=72))
    drawn = sheet_of(tmp_path, clips, replace(SHEET, shots=shots))
    top = HEAD + planned(2, 16 / 9).row * 2 + 12
    for left, grey in ((4, 60), (296, 60), (304, 200), (1196, 200)):
        assert luma(drawn, (left, top + BAR // 2)) == pytest.approx(grey, abs=4)


def test_the_strip_has_the_colours_of_the_shot(tmp_path: Path) -> None:
    drawn = sheet_of(tmp_path, [tiny_clip(tmp_path / "clip.mp4", 4, (160, 90))])
    plan = planned(1, 16 / 9)
    top = HEAD + plan.still[1] + plan.code.size + 12
    strip = drawn.crop((plan.pictures, top + 3, WIDTH, top + 10))
    assert has(strip, (40, 120, 130)) > 1000


def test_a_circled_take_is_ringed_in_amber_and_another_is_not(tmp_path: Path) -> None:
    slate = (0, HEAD - 10, EDGE + 196, HEAD + 56)
    circled = sheet_of(tmp_path, [None])
    plain = sheet_of(tmp_path, [None], replace(SHEET, shots=(replace(SHOT, circled=False),)))
    assert has(circled, AMBER, slate) > 200
    assert has(plain, AMBER, slate) == 0
    assert has(plain, PAPER, slate) > 500


def test_the_line_along_the_shots_is_whole_steps_aside_or_breaks(tmp_path: Path) -> None:
    plan = planned(4, 16 / 9)
    verdicts = ("anchor", "matches", "slight", "off")
    shots = tuple(
        replace(shot, verdict=verdict, word=verdict) for shot, verdict in zip(film_of(4), verdicts, strict=True)
    )
    drawn = sheet_of(tmp_path, [None] * 4, replace(SHEET, shots=shots))
    beside = [(0, plan.at(number)[1] + 40, EDGE - 4, plan.at(number)[1] + plan.row - 40) for number in range(4)]
    straight = plan.row - 80
    assert has(drawn, TEAL, beside[0]) == has(drawn, TEAL, beside[1]) == 4 * straight
    assert has(drawn, AMBER, beside[2]) == 4 * straight
    assert 0 < has(drawn, CORAL, beside[3]) < 2 * straight
    assert has(drawn, PAPER, (0, HEAD, EDGE - 4, HEAD + 20)) > 100
    unseen = sheet_of(tmp_path, [None] * 4, replace(SHEET, shots=film_of(4)))
    assert unseen.crop((0, HEAD, EDGE - 4, HEAD + 4 * plan.row)).getextrema() == tuple((value, value) for value in ROOM)


def test_words_in_chinese_are_drawn_and_long_ones_stay_in_their_place(tmp_path: Path) -> None:
    drawn = sheet_of(tmp_path, [None], CHINESE)
    assert has(drawn, AMBER, (EDGE, HEAD + 60, EDGE + 196, HEAD + 200)) == 0  # what no font has is spelled in amber
    words = "Crosses the empty street 她穿过空无一人的街道 " * 30
    shot = replace(SHOT, words=words, slate="112ABC-1004", length="12 min 30 s")
    long = ContactSheet(words, (words, words, words), words, (shot,) * 3, 16 / 9)
    drawn = sheet_of(tmp_path, [None] * 3, long)
    plan = planned(3, 16 / 9)
    assert has(drawn, ROOM, (EDGE + plan.label + 12, HEAD, EDGE + plan.label + 15, HEAD + 3 * plan.row)) == 9 * plan.row
    assert drawn.height < 1200


# ---------------------------------------------------------------- films of any length


@pytest.mark.parametrize("shots", [1, 9, 10, 24, 25, 60])
@pytest.mark.parametrize("ratio", [9 / 16, 1, 16 / 9, 2.4])
def test_every_film_fits_where_pictures_go(shots: int, ratio: float) -> None:
    plan = planned(shots, ratio)
    assert plan.rows * plan.columns >= shots
    last = middles(shots, ratio)[-1][-1]
    assert last[0] + plan.still[0] / 2 <= WIDTH
    assert WIDTH + HEAD + plan.rows * plan.row + 400 < TALLEST_AND_WIDEST
    assert plan.still[0] >= 100


async def test_sixty_shots_in_one_picture(tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", 4, (160, 90))
    await DrawingRoom().contact_sheet(replace(SHEET, shots=film_of(60)), [clip] * 60, tmp_path / "sheet.jpg")
    with Image.open(tmp_path / "sheet.jpg") as drawn:
        assert drawn.format == "JPEG"
        assert sum(drawn.size) < TALLEST_AND_WIDEST
        for row in middles(60):
            assert drawn.getpixel(row[0]) != ROOM
    assert (tmp_path / "sheet.jpg").stat().st_size < 10 * MIB


async def test_no_shots_and_too_many_are_faults(tmp_path: Path) -> None:
    for shots in (0, 61):
        with pytest.raises(MediaFault, match=f"1 to 60 shots, not {shots}"):
            await DrawingRoom().contact_sheet(
                replace(SHEET, shots=film_of(shots)), [None] * shots, tmp_path / "sheet.jpg"
            )
    assert not list(tmp_path.iterdir())


def test_the_same_film_gives_the_same_picture(tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4", 4, (160, 90))
    one, other = (sheet_of(tmp_path, [clip] * 3, replace(SHEET, shots=film_of(3))) for _ in range(2))
    assert ImageChops.difference(one, other).getbbox() is None
