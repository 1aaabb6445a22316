"""A length in the words is noticed where it is the clip's, and left alone where it is action or a decade."""

from __future__ import annotations

import pytest

from bot.lengths import lengths_in_words


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("make it a 30 second video", 30),
        ("a 30-second cinematic clip of a fox", 30),
        ("video of 12 seconds, rain on glass", 12),
        ("a two minute long take through the harbour", 120),
        ("make it 15s", 15),
        ("half a minute video of bees", 30),
        ("A fox at dawn. Duration: 20s", 20),
        ("one shot, 8 seconds long", 8),
        ("a 30s video", 30),
        ("30秒的视频", 30),
        ("拍一段三十秒的视频，狐狸在雪地里", 30),
        ("做成15秒", 15),
        ("时长：20秒", 20),
        ("半分钟的短片", 30),
        ("两分钟的动画短片", 120),
        ("一個三十秒的影片", 30),
        ("十五秒长的镜头", 15),
    ],
)
def test_the_clips_length_is_noticed(words: str, seconds: int) -> None:
    assert lengths_in_words(words) == (seconds,)


@pytest.mark.parametrize(
    "words",
    [
        "he waits 30 seconds, then leaves",
        "in the 30s, a jazz bar",
        "a 1930s film",
        "an 80s music video",
        "the clock shows 5 minutes to twelve",
        "after ten seconds the door opens",
        "他等了三十秒",
        "a fox",
        "",
    ],
)
def test_action_and_decades_are_left_alone(words: str) -> None:
    assert lengths_in_words(words) == ()


def test_several_are_told_in_their_order() -> None:
    assert lengths_in_words("a 10 second video; no, make it 20 seconds") == (10, 20)


def test_long_words_are_read_quickly() -> None:
    assert lengths_in_words("1 " * 16_000) == ()
