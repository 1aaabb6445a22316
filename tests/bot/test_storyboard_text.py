"""Storyboards as text: what is a shot, what belongs to it, and what is wrong, in one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadValue, Declined
from bot.errors_film import NoShots, SceneWithoutShots, ShotLength, ShotTwice, ShotWithoutWords, TooManyShots
from bot.film import Shape
from bot.storyboard_text import SHOTS_MAX, Board, BoardShot, changed, read, write
from bot.text import explain

NIGHT = """Shot 1 (4s): A detective waits under a lamp. As in shot 2: no hurry.
Dialogue: Jo: “Nobody  lives here.”
Sound: rain on tin, a tram\tfar off

Shot 2: He looks up.

Scene 2: The pier, dawn
Shot 3 (6 s): Fog. 1.5 seconds of nothing.
"""


def test_what_stands_below_a_shot_belongs_to_it_byte_for_byte() -> None:
    first, second, third = read(NIGHT).shots
    assert first == BoardShot(
        1,
        "A detective waits under a lamp. As in shot 2: no hurry.\n"
        "Dialogue: Jo: “Nobody  lives here.”\nSound: rain on tin, a tram\tfar off",
        4,
    )
    assert second == BoardShot(2, "He looks up.")
    assert third == BoardShot(3, "The pier, dawn\nFog. 1.5 seconds of nothing.", 6, scene_new=True)


@pytest.mark.parametrize(
    "text",
    [
        "Shot 1 (4s): a fox\nShot 2: a hare",
        "SHOT 1 (4 sec) : a fox\nshot #2 - a hare",
        "Shot 1, 4s: a fox\nShot 2. a hare",
        "Shot 1 [4 seconds]\na fox\nShot 2\na hare",
        "**Shot 1 (4s):** a fox\n**Shot 2:** a hare",
        "**Shot 1 (4s)**: a fox\n### Shot 2: a hare",
        "Shot 1: (4s) a fox\r\nShot 2: a hare\r\n",
        "1. (4s) a fox\n2. a hare",
        "1) (4s) a fox\n2) a hare",
        "1、（4秒）a fox\n2、a hare",
        "镜头 1（4秒）：a fox\n分镜2：a hare",
        "鏡頭１（４秒）：a fox\n鏡頭２：a hare",
        "第一镜（4秒钟）：a fox\n第2鏡：a hare",
        "Shot 2: a hare\nShot 1 (4s): a fox",
        "Shot 1 (4s): a fox Shot 2: a hare",
        "镜头一（4秒）：a fox 镜头二：a hare",
        "\ufeffShot 1 (4s): a fox\n\n\nShot 2: a hare\n",
    ],
)
def test_shots_are_numbered_in_many_ways(text: str) -> None:
    assert read(text) == Board((BoardShot(1, "a fox", 4), BoardShot(2, "a hare")))


@pytest.mark.parametrize(
    "text",
    [
        "Shot 1: a\nScene 2:\nShot 2: b",
        "Shot 1: a\nScene 2\nShot 2: b",
        "Shot 1: a\nScene: new\nShot 2: b",
        "Shot 1: a\nNew scene:\nShot 2: b",
        "Shot 1: a Scene: new Shot 2: b",
        "Shot 1: a Scene 2: Shot 2: b",
        "镜头1：a\n场景：新\n镜头2：b",
        "镜头1：a\n第二场：\n镜头2：b",
        "Shot 1: a\nScene 2:\nShot 1: b",
    ],
)
def test_a_scene_is_opened_in_many_ways(text: str) -> None:
    assert read(text).shots == (BoardShot(1, "a"), BoardShot(2, "b", scene_new=True))


def test_the_same_scene_named_again_is_no_new_one() -> None:
    shots = read("Scene 1:\nShot 1: a\nScene 1:\nShot 2: b\nScene 2: \nShot 3: c").shots
    assert [shot.scene_new for shot in shots] == [True, False, True]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Camera: slow push-in", "Shot 1: Camera: slow push-in\nShot 2: b"),
        ("(two men) argue", "Shot 1: (two men) argue\nShot 2: b"),
        ("(2 men): they argue", "Shot 1 (2 men): they argue\nShot 2: b"),
        ("镜头：推近", "镜头1：镜头：推近\n镜头2：b"),
        ("Scene: new York at night", "Shot 1:\nScene: new York at night\nShot 2: b"),
        ("1. he looks\n2. he runs", "Shot 1:\n1. he looks\n2. he runs\nShot 2: b"),
    ],
)
def test_what_only_looks_like_a_line_of_ours_stays_the_members(words: str, line: str) -> None:
    assert read(line).shots == (BoardShot(1, words), BoardShot(2, "b"))


def test_above_the_shots_a_file_names_the_film_its_look_and_its_cast() -> None:
    board = read(
        "Title: The ferry\nStyle: 35mm film,\ngolden hour\nShape: 9:16\n"
        "Cast: Mara = a woman of forty, red oilskin = her own\n角色：老周＝六十岁的船工\n\nShot 1: Mara waits."
    )
    assert (board.title, board.style, board.shape) == ("The ferry", "35mm film,\ngolden hour", Shape.TALL)
    assert board.cast == (("Mara", "a woman of forty, red oilskin = her own"), ("老周", "六十岁的船工"))
    assert read("A heist in three parts\n\nShot 1: a").title == "A heist in three parts"


@pytest.mark.parametrize(
    ("text", "fault", "sentence"),
    [
        ("", NoShots, "There is no shot in that. One line each: Shot 1: what the camera sees."),
        (
            "A fox walks.\n\nIt stops.",
            NoShots,
            "There is no shot in that. One line each: Shot 1: what the camera sees.",
        ),
        ("Scene 1: a\nScene 2: b", NoShots, "There is no shot in that. One line each: Shot 1: what the camera sees."),
        ("Shot 1: a\nShot 2:\nShot 3: c", ShotWithoutWords, "Shot 2 has no words yet. What does the camera see?"),
        ("Shot 1: a\nScene 2: b\nShot 2:\nShot 3: c", ShotWithoutWords, "Shot 2 has no words yet."),
        ("Shot 1: a\nShot 1: b", ShotTwice, "There are two shots with the number 1."),
        ("Shot 1 (61s): a", ShotLength, "Shot 1: a shot is filmed for 1 to 60 seconds, not 61."),
        ("Shot 1 (0s): a", ShotLength, "Shot 1: a shot is filmed for 1 to 60 seconds, not 0."),
        ("Shot 1 (2.5s): a", ShotLength, "Shot 1: a shot is filmed for 1 to 60 seconds, not 2.5."),
        ("Shot 1 (-4s): a", ShotLength, "Shot 1: a shot is filmed for 1 to 60 seconds, not -4."),
        ("Shot 1: a\nScene 2: the pier", SceneWithoutShots, "No shot follows the scene that begins “the pier”."),
        ("Cast: Mara\nShot 1: a", BadValue, "“Mara” will not do for Cast. It takes: name = description."),
        ("Shape: round\nShot 1: a", BadValue, "“round” will not do for Shape."),
        (
            "\n".join(f"Shot {n}: x" for n in range(200)),
            TooManyShots,
            "That is 200 shots; a storyboard takes up to 60.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(text: str, fault: type[Declined], sentence: str) -> None:
    with pytest.raises(fault) as raised:
        read(text)
    assert explain(raised.value, "en").startswith(sentence)


def test_lines_change_add_and_take_out_shots_by_their_numbers() -> None:
    board = read("Title: T\nShot 1: a\nScene: new\nShot 2 (4s): b\nShot 3: c")
    after = changed(board, "Shot 2: B\nShot 4 (3s): D\nShot 1:")
    assert after == Board((BoardShot(2, "B", 4, scene_new=True), BoardShot(3, "c"), BoardShot(4, "D", 3)), "T")
    with pytest.raises(NoShots):
        changed(board, "make it better")
    with pytest.raises(NoShots):
        changed(read("Shot 1: a"), "Shot 1:")


LINES = st.sampled_from(
    [
        "He waits.",
        "Dialogue: Jo: “Hi”",
        "Sound: rain",
        "Camera: push-in",
        "1. one",
        "2) two",
        "(4 men) walk",
        "as in shot 2: slow",
        "镜头：推近",
        "a  b\tc",
        "Style: 35mm",
        "🦊‍🔥",
        "Title: no",
    ]
)
WORDS = st.lists(LINES, min_size=1, max_size=4).map("\n".join)
SHOT = st.tuples(WORDS, st.none() | st.integers(1, 60), st.booleans())


@given(st.lists(SHOT, min_size=2, max_size=SHOTS_MAX), st.sampled_from(["", "The ferry"]))
def test_what_is_written_is_read_back_byte_for_byte(shots: list[tuple[str, int | None, bool]], title: str) -> None:
    board = Board(tuple(BoardShot(at, *shot) for at, shot in enumerate(shots, 1)), title)
    assert read(write(board)) == board


@given(
    st.text(max_size=200) | st.lists(LINES | st.just("Shot 1: x") | st.just("Scene: new"), max_size=6).map("\n".join)
)
def test_whatever_comes_is_a_storyboard_or_one_sentence(text: str) -> None:
    try:
        board = read(text)
    except Declined:
        return
    assert all(shot.words in text.replace("\r\n", "\n") for shot in board.shots if "\n" not in shot.words)
