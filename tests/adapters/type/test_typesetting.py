"""Words on the slate: nothing is left out, nothing runs over the edge, nothing is a box."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw

from adapters.type.fonts import PROBE, Case, Face
from adapters.type.typesetting import PAPER, VERBATIM, Style, draw_text, measure, wrap
from adapters.video.colour_bars.bars import code, planes
from adapters.video.colour_bars.panel import Panel
from bot.brief import Brief, Part, PartName

TEXTS = [
    "Vikings Go To War — North Sea Launch (10.0s, Winter cool daylight / early medieval)",
    "一只鸵鸟抢走爸爸的帽子，爸爸追着它跑。「好」，他说。" * 8,
    "Camera: slow dolly\n\n\tAction: he   turns\nDialogue: «Привет» 🎬👩🏽‍🚀",
    "x" * 900,
    "مرحبا بالعالم नमस्ते " * 20,
    " leading and trailing ",
]
NOBODY_HAS = "\U000e1000"


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("width", [200, 636, 880])
def test_every_character_is_in_some_line_and_every_line_fits(text: str, width: int) -> None:
    lines = wrap(text, Style(VERBATIM, 28, PAPER), width)
    assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())
    assert all(measure(line.text, VERBATIM, 28) <= width + 28 for line in lines)


def test_line_breaks_of_the_member_are_kept() -> None:
    assert [line.text for line in wrap("one\n\ntwo", Style(VERBATIM, 28, PAPER), 600)] == ["one", "", "two"]


def test_chinese_punctuation_does_not_begin_a_line() -> None:
    lines = wrap("鸵鸟，" * 40, Style(VERBATIM, 28, PAPER), 300)
    assert len(lines) > 5
    assert not [line.text for line in lines if line.text.startswith("，")]


@pytest.mark.parametrize("text", ["café", "Привет", "Ελλάδα", "🎬", "— “quoted” … ×"])
def test_our_own_fonts_draw_european_scripts_and_emoji(text: str) -> None:
    own = set(VERBATIM.own)
    assert all(run.face in own for run in VERBATIM.runs(text))


def test_what_no_font_has_is_spelled_as_its_code_point() -> None:
    runs = VERBATIM.runs(f"a{NOBODY_HAS}b")
    assert [(run.face is None, run.text) for run in runs] == [(False, "a"), (True, NOBODY_HAS), (False, "b")]
    assert measure(NOBODY_HAS, VERBATIM, 28) == pytest.approx(measure(" U+E1000 ", VERBATIM, 20))


@pytest.mark.parametrize("text", [*TEXTS, NOBODY_HAS])
def test_no_face_draws_its_not_defined_box(text: str) -> None:
    for run in VERBATIM.runs(text):
        assert run.face is None or not [char for char in run.text if is_box(run.face, char)]


def is_box(face: Face, char: str) -> bool:
    """By its own measure: drawn like a noncharacter, though it is neither blank nor a joiner."""
    if char.isspace() or not char.isprintable():
        return False
    font = face.at(PROBE)
    mine, box = font.getmask(char), font.getmask("\U0010ffff")
    return mine.size == box.size and bytes(mine) == bytes(box) and not face.has(char)


def test_a_case_draws_the_same_text_at_the_same_place_again() -> None:
    pictures = []
    for _ in range(2):
        picture = Image.new("RGB", (400, 60))
        draw_text(ImageDraw.Draw(picture), (4, 40), "2B-3 鸵鸟", Style(Case(VERBATIM.family), 32, PAPER))
        pictures.append(picture.tobytes())
    assert pictures[0] == pictures[1]
    assert any(pictures[0])


def brief(words: str) -> Brief:
    return Brief((Part(PartName.SPINE, "35 mm, haze"), Part(PartName.WORDS, words)))


def test_a_short_brief_stands_still() -> None:
    assert not Panel(brief("a dog on the beach"), 880, 376, 96).moves


@pytest.mark.parametrize(("length", "seconds"), [(3000, 10), (3000, 2), (31_000, 1), (31_000, 60)])
def test_of_a_long_brief_everything_is_seen_at_some_time(length: int, seconds: int) -> None:
    panel = Panel(brief(("The gulls turn above the quay. " * 1100)[:length]), 880, 376, seconds * 24)
    assert panel.moves
    seen = [where for number in range(seconds * 24) if (where := panel.where(number))]
    assert seen[0][0] == 0
    assert seen[-1][1] == pytest.approx(1)
    assert all(later[0] <= earlier[1] + 1e-9 for earlier, later in pairwise(seen))


def test_every_page_is_another_one() -> None:
    words = " ".join(f"word{number}" for number in range(3000))
    panel = Panel(brief(words), 880, 376, 240)
    assert len({panel.at(number).flat.tobytes() for number in range(240)}) > 5


def test_white_and_black_are_the_limits_of_the_range() -> None:
    assert (code(1, 1, 1), code(0, 0, 0)) == ((235, 128, 128), (16, 128, 128))
    white = planes(Image.new("RGB", (4, 4), "white"))
    assert np.all(white.luma == 235)
    assert np.all(white.chroma[0] == 128)
