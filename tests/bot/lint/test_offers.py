"""What holds for every offer, whatever the words: it says where it stands, changes nothing else, and converges."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.continuity import Facts
from bot.lint_offer import OPTIONS_MAX
from bot.lint_tables import listed, tables
from bot.linter import Kind, Offer, lint, taken_up
from bot.spine import Spine
from bot.text import catalogue, languages, say
from tests.bot.lint.labels import prompts

NOTHING = Spine()
NOIR = Spine(lens="35mm lens", light="moonlight", palette="teal, amber", grade="monochrome", sound="rain on tin")
VOCABULARY = [
    *(word for group in tables()["weak"] for column in ("en", "zh") for word in listed(f"weak.{group}", column)[:25]),
    *(
        "a woman",
        "a man and a dog",
        "he",
        "the street",
        "at night",
        "rain",
        "一个女孩",
        "在雨中",
        "的",
        "他",
        "，",
        ". ",
        ", ",
        "\n",
    ),
    *(
        "Sound: rain",
        "对白：“好看”",
        '"beautiful"',
        "30 second video",
        "85mm",
        "opens the door",
        "then",
        "and",
        "😀",
        "a",
        "an",
    ),
]
PIECES = st.lists(st.sampled_from(VOCABULARY) | st.text(max_size=6), max_size=14).map(" ".join)
HOSTILE = st.text(
    st.characters() | st.sampled_from("İſß\u0130\u200d\u202e\x00\ud800'’“\"，。: -\n\t한字"), max_size=120
)


def offers(words: str, **known: object) -> tuple[Offer, ...]:
    return lint(words, **{"spine": NOTHING, **known})


def every_offer(words: str) -> Iterator[Offer]:
    for spine in (NOTHING, NOIR):
        for remix in (False, True):
            yield from lint(words, spine=spine, seconds=4, remix=remix, cast=("Jonas",), lengths=(4, 8))


@settings(max_examples=150, deadline=None)
@given(PIECES | HOSTILE)
def test_any_words_are_read_and_an_offer_changes_its_own_span_alone(words: str) -> None:
    for each in every_offer(words):
        assert 0 <= each.start <= each.end <= len(words)
        assert words[each.start : each.end] == each.words
        assert 1 <= len(each.options) <= OPTIONS_MAX
        assert len(set(each.options)) == len(each.options)
        for option, text in enumerate(each.options):
            after = taken_up(words, each, option)
            assert after == words[: each.start] + text + words[each.end :]
            assert after != words
            assert after.strip()


@settings(max_examples=100, deadline=None)
@given(PIECES)
def test_the_same_words_are_always_read_in_the_same_way(words: str) -> None:
    first = list(every_offer(words))
    lint.cache_clear()
    assert list(every_offer(words)) == first
    order = [list(Kind).index(Kind(each.kind)) for each in offers(words)]
    assert order == sorted(order)


def without_weak_words(words: str, *, option: int) -> tuple[str, list[str]]:
    """The words with every weak one replaced, from the end to the beginning, and what was put in."""
    put = []
    for each in reversed([each for each in offers(words) if each.kind == Kind.WEAK]):
        chosen = min(option, len(each.options) - 1)
        words = taken_up(words, each, chosen)
        put.append(each.options[chosen])
    return words, put


@settings(max_examples=150, deadline=None)
@given(PIECES, st.integers(0, 2))
def test_weak_words_are_gone_once_all_offers_are_taken_up(words: str, option: int) -> None:
    after, put = without_weak_words(words, option=option)
    left = [each for each in offers(after) if each.kind == Kind.WEAK]
    assert not [(text, each.words) for each in left for text in put if each.words.strip(" ,，") in text]


def test_the_labelled_prompts_come_to_rest() -> None:
    for prompt in prompts():
        for option in range(OPTIONS_MAX):
            after, _ = without_weak_words(prompt.words, option=option)
            assert not [each.words for each in offers(after) if each.kind == Kind.WEAK], (prompt.words, after)


def test_what_is_offered_is_never_weak_itself() -> None:
    texts = [
        text
        for row in (*tables()["swap"], *tables()["bed"])
        for key in ("item", "before", "en", "zh", "animal", "animal_zh", "bare", "bare_zh")
        for text in row.get(key, ())
    ]
    texts += [
        text
        for row in tables()["element"].values()
        for value in row.values()
        if isinstance(value, list)
        for text in value
    ]
    assert len(texts) > 200
    assert not {text: each.words for text in texts for each in offers(text) if each.kind == Kind.WEAK}


@pytest.mark.parametrize(
    ("words", "worn", "there"),
    [
        ("a fox walks through fresh snow", False, True),
        ("狐狸走过雪地", False, True),
        ("a cat crosses a wet street in the rain", False, True),
        ("snow falls on a quiet village", False, False),
        ("a man walks through fresh snow", True, True),
        ("一个男人走过雪地", True, True),
    ],
)
def test_nobody_without_boots_is_heard_in_boots(words: str, *, worn: bool, there: bool) -> None:
    (sound,) = (each for each in offers(words) if each.kind == Kind.SOUND)
    heard = " ".join(sound.options)
    assert any(each in heard for each in ("boots", "cloth", "footsteps", "靴", "衣")) is worn
    assert any(each in heard for each in ("steps", "paws", "boots", "脚", "爪", "靴")) is there


def test_what_is_offered_answers_what_was_missing() -> None:
    for prompt in prompts():
        for each in prompt.offers():
            if each.kind in (Kind.PHYSICS, Kind.SOUND):
                for option in range(len(each.options)):
                    after = taken_up(prompt.words, each, option)
                    kinds = {found.kind for found in offers(after, spine=prompt.spine, seconds=prompt.seconds)}
                    assert each.kind not in kinds, after


@pytest.mark.parametrize(
    ("words", "after"),
    [
        ("a beautiful street at night", "a wet-asphalt, neon-lit street at night"),
        ("an epic battle in the desert", "a haze-layered, low-sun battle in the desert"),
        ("the car moves quickly", "the car crosses the frame left to right in one second, tyres leaving spray"),
        (
            "a fox, cinematic look, 4K",
            "a fox, shot on 35mm film stock, anamorphic 2.0x lens, shallow depth of field, teal and amber grade",
        ),
        ("close up on the face", "medium close-up, eye level, 85mm lens, f/2, soft key light from camera right"),
        ("唯美的海边日落", "黄金时刻逆光、水沫悬在空中的海边日落"),
        ("電影感，一個男人走在海邊", "35mm 膠片、變形寬銀幕 2.0x、淺景深、青橙調色，一個男人走在海邊"),
        ("城市，环境音", "城市，远处车流、湿柏油上的脚步、路口提示音"),
    ],
)
def test_a_weak_word_gives_way_to_what_fits_the_rest(words: str, after: str) -> None:
    found = next(each for each in offers(words) if each.kind == Kind.WEAK)
    assert taken_up(words, found) == after


@pytest.mark.parametrize(
    "words",
    [
        'She says "this is beautiful, epic" and leaves',
        "A street in Nice, a tram bell rings",
        "a 4K television hums in the dark",
        "a pretty dark hallway, dripping",
        "大片的麦田，风声",
        "高清电视挂在墙上，电流声",
        "音效：门轻响",
        "Background sound: cicadas",
    ],
)
def test_a_word_that_means_what_it_says_is_left_alone(words: str) -> None:
    assert not [each for each in offers(words) if each.kind == Kind.WEAK]


def test_nothing_is_offered_that_the_words_or_the_spine_exclude() -> None:
    lens = next(each for each in offers("epic shot, a man, 85mm lens, footsteps") if each.kind == Kind.WEAK)
    assert not [option for option in lens.options if "24mm" in option or "50mm" in option]
    night = next(
        each for each in offers("a diner, nostalgic mood", spine=Spine(light="moonlight")) if each.kind == Kind.WEAK
    )
    assert not [option for option in night.options if "golden hour" in option]
    grey = next(each for each in offers("a market, vivid colors", spine=NOIR) if each.kind == Kind.WEAK)
    assert grey.options


def test_what_is_carried_over_tells_where_it_plays_and_what_is_heard() -> None:
    street = Facts(place="a narrow alley", time="night", sound="rain on tin")
    weak = offers("he stops, beautiful", facts=street)
    assert [each.kind for each in weak] == [Kind.WEAK]
    assert "neon" in weak[0].options[0]


def test_two_of_the_cast_make_a_pronoun_doubtful() -> None:
    found = [
        each for each in offers("Jonas meets Emil. He laughs.", cast=("Jonas", "Emil")) if each.kind == Kind.PRONOUN
    ]
    assert found[0].options == ("Jonas", "Emil")


def test_a_length_is_set_to_what_can_be_filmed() -> None:
    near = next(
        each for each in offers("a 10 second video of bees", seconds=4, lengths=(4, 8, 12)) if each.kind == Kind.LENGTH
    )
    assert (taken_up("a 10 second video of bees", near), near.seconds, near.key) == (
        "a video of bees",
        12,
        "lint.length",
    )
    split = next(
        each for each in offers("a 30 second video of bees", seconds=4, lengths=(4, 8, 12)) if each.kind == Kind.LENGTH
    )
    assert (split.seconds, dict(split.params)["takes"], split.key) == (12, 3, "lint.length_split")


def test_every_sentence_can_be_said() -> None:
    keys = {each.key: each for prompt in prompts() for each in prompt.offers()}
    keys |= {each.key: each for each in offers("a 30 second video of bees", lengths=(4,))}
    assert {key for key in catalogue("en") if key.startswith("lint.")} == set(keys)
    for each in keys.values():
        for tag in languages():
            assert "{" not in say(each.key, tag, **dict(each.params))


def test_a_hundred_words_are_read_while_nobody_notices() -> None:
    words = " ".join(
        ["A detective in a worn coat crosses a beautiful street at night, neon on wet brick, and he stops."] * 6
    )
    offers(words)
    begun = time.process_time()
    for number in range(100):
        offers(f"{words} {number}")
    assert time.process_time() - begun < 0.4  # 300 µs each are promised on an idle machine, see `make bench ARGS=brief`
