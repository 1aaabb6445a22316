"""What is drawn beside words: right in size, in colour, in what is left out, and quick."""

import hashlib
import itertools
import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from adapters.media.drawing import ink, lineage, palette, shot_card
from adapters.media.drawing.frames import frames
from adapters.media.room import DrawingRoom
from adapters.type.typesetting import AMBER, PAPER, PLAIN, ROOM, STRONG
from bot.drawings import Branch, Lineage, ShotCard, Swatch
from tests.media_samples import grey_clip, noisy_clip, tiny_clip

CARD = ShotCard(
    slate="1C-2",
    circled=False,
    title="No Return Address",
    words="same shot, at night",
    moments=("first", "middle", "last"),
    looked=(("Lens", "anamorphic 2.0x"), ("Light", "window, night"), ("Move", "slow dolly in")),
    facts=("omni 1.2 flash", "6 s, 16:9, 20 Nov 2026"),
    comma=", ",
    ratio=16 / 9,
)
STORY = (
    "Wide shot. Marek crosses the empty street under an umbrella: four slow steps, then he stops and looks back. " * 40
)
CHINESE = "广角。一只狐狸在黎明穿过积雪的森林，停下脚步，回头看了一眼；镜头缓慢推近，雪花落在它的背上。" * 20
FIRST = Branch(None, "1A-1", "Wide shot. Marek crosses the empty street.", verbatim=True, state="ready")
RED, BLUE = (200, 30, 30), (30, 40, 200)


@pytest.fixture
def room() -> DrawingRoom:
    return DrawingRoom()


def picture(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return opened.convert("RGB")


def card_of(tmp_path: Path, clip: Path | None, **changes: Any) -> Image.Image:
    """The card as a picture, drawn in this process, without the losses of JPEG."""
    into = tmp_path / "card.png"
    request = replace(CARD, **changes).to_dict() | {"clip": str(clip) if clip else None, "into": str(into)}
    shot_card.draw(request)
    return picture(into)


def tree_of(tmp_path: Path, *branches: Branch, **heading: Any) -> Image.Image:
    into = tmp_path / "tree.png"
    tree = Lineage("1A", "No Return Address", "7 takes", branches)
    lineage.draw(replace(tree, **heading).to_dict() | {"into": str(into)})
    return picture(into)


def has(shown: Image.Image, colour: tuple[int, int, int], box: tuple[int, int, int, int] | None = None) -> int:
    """How many pixels of it are nearly of that colour."""
    part = shown.crop(box) if box else shown
    far = ImageChops.difference(part, Image.new("RGB", part.size, colour)).convert("L")
    return sum(far.histogram()[:6])


def turned(clip: Path) -> Path:
    """The clip as a phone writes it that is held upright: its track's matrix turns it by a quarter."""
    data = bytearray(clip.read_bytes())
    matrix = data.index(b"tkhd") + 44
    for place, value in enumerate((0, 0x10000, 0, -0x10000 & 0xFFFFFFFF, 0, 0, 0, 0, 0x40000000)):
        data[matrix + 4 * place : matrix + 4 * place + 4] = value.to_bytes(4)
    clip.write_bytes(data)
    return clip


# ---------------------------------------------------------------- frames


def test_the_first_the_middle_and_the_last_frame(tmp_path: Path) -> None:
    clip = grey_clip(tmp_path / "grey.mp4", [20 + 2 * number for number in range(96)])
    black, white = 16, 235
    lights = [ImageStat.Stat(still.convert("L")).mean[0] for still in frames(str(clip), 64).all]
    codes = [round(black + light * (white - black) / 255) for light in lights]
    assert codes[0] == pytest.approx(20, abs=3)
    assert codes[1] == pytest.approx(20 + 96, abs=24)
    assert codes[2] == pytest.approx(20 + 2 * 95, abs=3)


def test_one_frame_is_first_middle_and_last(tmp_path: Path) -> None:
    found = frames(str(grey_clip(tmp_path / "one.mp4", [90])), 64)
    assert [still.size for still in found.all] == [(64, 36)] * 3


def test_a_clip_that_is_to_be_turned_is_shown_upright(tmp_path: Path) -> None:
    clip = turned(grey_clip(tmp_path / "turned.mp4", [90] * 24))
    assert [still.size for still in frames(str(clip), 36).all] == [(36, 64)] * 3


# ---------------------------------------------------------------- colours


def test_colours_stand_dark_to_light_and_the_same_picture_gives_the_same() -> None:
    still = Image.new("RGB", (160, 90), (16, 16, 16))
    still.paste((200, 196, 190), (0, 0, 60, 90))
    still.paste((19, 128, 127), (60, 0, 80, 90))
    found = palette.colours([still])
    assert [each.hex for each in found] == [each.hex for each in palette.colours([still])]
    assert [round(sum(each.rgb) / 3, -1) for each in found] == sorted(round(sum(each.rgb) / 3, -1) for each in found)
    assert sum(each.share for each in found) == pytest.approx(1.0)
    assert len(found) == 3


def test_a_colourful_corner_takes_a_good_part_of_the_strip() -> None:
    still = Image.new("RGB", (200, 100), (60, 60, 62))
    still.paste((200, 40, 30), (0, 0, 20, 20))
    reds = sum(each.share for each in palette.colours([still]) if each.rgb[0] > 100)
    assert 0.18 < reds < 0.4


def test_a_patch_of_another_colour_is_not_lost_among_shades_of_one() -> None:
    still = Image.new("RGB", (200, 100))
    for column in range(200):
        still.paste((column, round(column * 0.7), round(column * 0.3)), (column, 0, column + 1, 100))
    still.paste((90, 110, 120), (90, 0, 94, 100))
    assert any(each.rgb[2] > each.rgb[0] for each in palette.colours([still]))


def test_one_colour_is_one_colour() -> None:
    assert [each.share for each in palette.colours([Image.new("RGB", (80, 45), RED)])] == [1.0]


async def test_a_clips_palette_and_its_strip(room: DrawingRoom, tmp_path: Path) -> None:
    found = await room.palette(tiny_clip(tmp_path / "teal.mp4"))
    assert 2 <= len(found) <= 6
    assert all(len(each.hex) == 7 for each in found)
    into = tmp_path / "strip.png"
    await room.palette_strip([Swatch("#13807f", 0.75, "teal"), Swatch("#ffb02e", 0.25, "amber")], into)
    shown = picture(into)
    assert shown.size == (960, 88)
    assert shown.getpixel((700, 20)) == (0x13, 0x80, 0x7F)
    assert shown.getpixel((730, 20)) == (0xFF, 0xB0, 0x2E)
    assert has(shown, (0xC6, 0xC3, 0xBC), (0, 48, 960, 88)) > 20  # the names


async def test_a_strip_without_names_is_a_strip_alone(room: DrawingRoom, tmp_path: Path) -> None:
    await room.palette_strip([Swatch("#13807f", 1.0)], tmp_path / "strip.png")
    assert picture(tmp_path / "strip.png").size == (960, 48)


# ---------------------------------------------------------------- the shot card


@pytest.mark.parametrize(
    ("size", "card"),
    [((64, 36), (1200, 675)), ((36, 64), (1000, 860)), ((48, 48), (1200, 622)), ((40, 50), (1000, 685))],
)
def test_a_card_is_laid_out_for_the_shape_of_its_clip(
    tmp_path: Path, size: tuple[int, int], card: tuple[int, int]
) -> None:
    clip = grey_clip(tmp_path / "clip.mp4", [120] * 4, size=size)
    shown = card_of(tmp_path, clip)
    assert shown.width == card[0]
    assert abs(shown.height - card[1]) <= 2


@pytest.mark.parametrize("words", ["", "same shot, at night", STORY, CHINESE, "x" * 4000, "🦊" * 300, "\n\n a \n"])
@pytest.mark.parametrize("slate", ["1A-1", "12AB-140", "1234ZZ-1234"])
def test_nothing_runs_over_the_edge(tmp_path: Path, words: str, slate: str) -> None:
    long = (("Lens", STORY[:90]), ("Light", CHINESE[:60]), ("Move", "slow dolly in, then a whip pan"))
    shown = card_of(tmp_path, None, words=words, slate=slate, looked=long, title=STORY[:80], circled=True)
    assert shown.size == (1200, 675)
    for box in ((1176, 482, 1200, 675), (0, 482, 24, 675), (0, 657, 1200, 675)):
        assert has(shown, ROOM, box) == (box[2] - box[0]) * (box[3] - box[1])


def test_the_words_do_not_touch_lens_light_and_move(tmp_path: Path) -> None:
    with_words, without = card_of(tmp_path, None, words=STORY), card_of(tmp_path, None, words="")
    box = ImageChops.difference(with_words, without).getbbox()
    assert box is not None
    looked = ImageChops.difference(without, card_of(tmp_path, None, words="", looked=())).getbbox()
    assert looked is not None
    assert box[3] + 8 <= looked[1]


def test_a_long_title_stays_under_its_slate(tmp_path: Path) -> None:
    titled, without = card_of(tmp_path, None, title=STORY[:80]), card_of(tmp_path, None, title="")
    title = ImageChops.difference(titled, without).getbbox()
    looked = ImageChops.difference(without, card_of(tmp_path, None, title="", looked=())).getbbox()
    assert title is not None
    assert looked is not None
    assert title[2] + 12 <= looked[0]


def test_a_chosen_take_is_ringed(tmp_path: Path) -> None:
    panel = (0, 490, 400, 675)
    assert has(card_of(tmp_path, None), AMBER, panel) == 0
    assert has(card_of(tmp_path, None, circled=True), AMBER, panel) > 300


def test_a_clip_that_cannot_be_read_leaves_its_frames_empty(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no clip at all")
    assert ImageChops.difference(card_of(tmp_path, broken), card_of(tmp_path, None)).getbbox() is None


def test_what_is_not_known_is_left_out(tmp_path: Path) -> None:
    shown = card_of(tmp_path, None, looked=(), facts=(), words="", title="")
    assert has(shown, ROOM, (320, 490, 1200, 675)) == (1200 - 320) * (675 - 490)
    assert has(shown, PAPER, (0, 490, 320, 675)) > 1000  # the slate stays


async def test_the_same_content_gives_the_same_bytes(room: DrawingRoom, tmp_path: Path) -> None:
    clip = tiny_clip(tmp_path / "clip.mp4")
    digests = []
    for name in ("one.jpg", "two.jpg"):
        await room.shot_card(CARD, clip, tmp_path / name)
        digests.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert digests[0] == digests[1]
    assert picture(tmp_path / "one.jpg").size == (1200, 675)


@pytest.mark.slow
def test_a_shot_card_of_eight_seconds_costs_half_a_second(tmp_path: Path) -> None:
    """Processor time of the whole worker, its start included."""
    clip = noisy_clip(tmp_path / "clip.mp4", 8, (1280, 720), 4_000_000)
    request = CARD.to_dict() | {"clip": str(clip), "into": str(tmp_path / "card.jpg")}
    assert processor_seconds("shot_card", request) <= 0.5 * 2  # room for a machine that is busy with other things


def processor_seconds(op: str, request: Mapping[str, Any]) -> float:
    limits = {"memory": 2**31, "cpu": 60, "file": 2**28, "nice": 0}
    ask = json.dumps({"op": op, "request": request, "limits": limits}).encode() + b"\n"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    program = [sys.executable, "-I", "-X", "utf8", "-m", "adapters.media.worker"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdin
        assert worker.stdout
        worker.stdin.write(ask)
        worker.stdin.flush()
        assert "result" in json.loads(worker.stdout.read())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# ---------------------------------------------------------------- lineages


def chain(count: int) -> list[Branch]:
    return [FIRST, *(Branch(number, f"1A-{number + 2}", "at night", verbatim=True) for number in range(count - 1))]


def star(count: int) -> list[Branch]:
    return [
        FIRST,
        *(Branch(0, f"1A-{number + 2}", "the same brief again", verbatim=False) for number in range(count - 1)),
    ]


@pytest.mark.parametrize("grow", [chain, star])
@pytest.mark.parametrize("count", [1, 2, 4, 5, 8, 9, 16, 17, 40])
def test_every_take_has_its_place(tmp_path: Path, grow: Any, count: int) -> None:
    shown = tree_of(tmp_path, *grow(count))
    assert shown.width == 1200
    assert shown.height <= 2500
    assert has(shown, ink.WELL) > count * 92 * 80


def test_no_take_lies_on_another() -> None:
    for grow, count in ((chain, 40), (star, 40), (chain, 9), (star, 16)):
        branches = [branch.__dict__ for branch in grow(count)]
        size = next(size for most, size in lineage.SIZES if count <= most)
        spots = lineage._spots(branches, [None] * count, size)
        assert len({(spot.column, spot.top) for spot in spots}) == count
        assert all(spot.left + spot.width <= spot.column + 560 for spot in spots)
        columns = sorted({spot.column for spot in spots})
        for column in columns:
            tops = sorted(spot.top for spot in spots if spot.column == column)
            assert all(after - before >= size.pitch for before, after in itertools.pairwise(tops))


def test_the_take_that_is_asked_about_stands_out(tmp_path: Path) -> None:
    branches = chain(3)
    plain = tree_of(tmp_path, *branches)
    bright = tree_of(tmp_path, *branches[:2], replace(branches[2], shown=True))
    assert has(bright, PAPER) > has(plain, PAPER) + 2 * 6 * (180 + 320)  # a frame, its slate, the line to it


def test_a_chosen_take_is_ringed_in_the_tree(tmp_path: Path) -> None:
    assert has(tree_of(tmp_path, replace(FIRST, circled=True)), AMBER) > 100
    assert has(tree_of(tmp_path, FIRST), AMBER) == 0


async def test_stills_hang_where_there_are_some(room: DrawingRoom, tmp_path: Path) -> None:
    Image.new("RGB", (960, 540), RED).save(tmp_path / "red.jpg")
    (tmp_path / "torn.jpg").write_bytes(b"\xff\xd8 torn")
    stills = {"red": tmp_path / "red.jpg", "torn": tmp_path / "torn.jpg"}
    tree = Lineage("1A", "", "2 takes", (replace(FIRST, still="red"), Branch(0, "1A-2", "", True, still="torn")))
    await room.lineage(tree, stills, tmp_path / "tree.png")
    shown = picture(tmp_path / "tree.png")
    assert has(shown, RED, (0, 120, 400, 300)) > 300 * 170
    assert has(shown, RED, (0, 330, 1200, shown.height)) == 0


@pytest.mark.parametrize("words", [STORY, CHINESE, "x" * 500])
def test_words_stay_in_their_column(tmp_path: Path, words: str) -> None:
    branches = [replace(branch, words=words, note=words[:60], more="and 12 more") for branch in chain(40)]
    shown = tree_of(tmp_path, *branches, title=words[:200])
    assert has(shown, ROOM, (1172, 0, 1200, shown.height)) == 28 * shown.height
    assert has(shown, ROOM, (586, 130, 612, shown.height)) == 26 * (shown.height - 130)


# ---------------------------------------------------------------- ink


def test_a_text_that_is_too_long_ends_in_an_ellipsis() -> None:
    style = ink.Style(PLAIN, 24, PAPER)
    assert ink.short("night", style, 200) == "night"
    cut = ink.short(STORY, style, 200)
    assert cut.endswith("…")
    assert ink.measure(cut, PLAIN, 24) <= 200
    assert ink.lines(STORY, style, 400, 2)[1].endswith("…")
    assert ink.lines("", style, 400, 2) == []


def test_a_slate_is_made_smaller_until_it_fits() -> None:
    style = ink.sized("12AB-140", ink.Style(STRONG, 104, PAPER), 320, 44)
    assert ink.measure("12AB-140", STRONG, style.size) <= 320


def test_a_picture_is_boxed_whole() -> None:
    boxed = ink.boxed(Image.new("RGB", (100, 200), BLUE), (160, 90))
    assert boxed.size == (160, 90)
    assert abs(has(boxed, BLUE) - 45 * 90) <= 90
