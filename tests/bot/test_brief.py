"""The brief compiler: deterministic, every part named, spine and words byte for byte. Golden files hold the exact prompts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.brief import Brief, PartName, brief_from_dict, check_length, compile_brief
from bot.cast import CastMember
from bot.changes import read
from bot.continuity import Facts, Kind, carry
from bot.errors import BriefTooLong
from bot.film import Shape
from bot.remixing import remixed
from bot.spine import FIELDS, Spine, preset

GOLDEN = Path(__file__).parent / "golden"
DETECTIVE = Spine(
    lens="anamorphic 2.0x lens",
    depth="shallow depth of field",
    palette="teal, amber, wet asphalt",
    mood="tense",
    sound="distant trams",
)
STORY = (
    "Wide shot. A detective in a trench coat crosses a wet street at night in heavy rain, then lights a cigarette.",
    "He stops under a street lamp and reads a letter.\nDialogue: “No return address.”\nSound: rain on nylon",
    "Close-up. He looks up as a tram passes.\nCamera: slow push in",
)
CAST = (
    CastMember("1", "m", "m", "Marek", "a stooped man in his fifties", wardrobe="a brown coat", voice="hoarse"),
    CastMember("2", "m", "m", "老周", "五十多岁的男人，灰白胡子", wardrobe="军绿色大衣"),
)
SPOKEN = "Marek meets 老周.\nDialogue: “No return address.”"
SINGLE = {
    "skater": "figure skater performs a triple axle with a cat on her head",
    "dalmatian": "a dalmatian deftly walks runs and hops his way through a complex obstacle course in burano italy",
    "professor": "old professor talks in english then german",
    "ostrich": "一只鸵鸟抢走爸爸的帽子，爸爸追着它跑",
    "vikings": "Vikings Go To War — North Sea Launch (10.0s, Winter cool daylight / early medieval)",
}


def story() -> list[Brief]:
    facts, briefs = Facts(), []
    for words in STORY:
        carried = carry(facts, words)
        briefs.append(compile_brief(words, spine=DETECTIVE, kept=carried.kept))
        facts = carried.facts
    return briefs


def as_golden(brief: Brief) -> str:
    return "".join(f"[{part.name.value}]\n{part.text}\n" for part in brief.parts)


def golden_cases() -> dict[str, str]:
    cases = {f"story-{number}": as_golden(brief) for number, brief in enumerate(story(), 1)}
    cases |= {name: as_golden(compile_brief(words, spine=preset("documentary"))) for name, words in SINGLE.items()}
    remix = remixed(story()[1], "same shot, switch to 85mm")
    cases["cast"] = as_golden(compile_brief(SPOKEN, spine=DETECTIVE, cast=CAST, kept=((Kind.PLACE, "a wet street"),)))
    return cases | {"remix": as_golden(remix), "bare": as_golden(compile_brief("a fox"))}


@pytest.mark.parametrize("name", sorted(golden_cases()))
def test_golden(name: str) -> None:
    assert golden_cases()[name] == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(golden_cases())


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(str.strip)
spines = st.builds(Spine, **{name: st.just("") | texts for name in FIELDS})


@given(texts, spines)
def test_words_and_spine_stand_byte_for_byte(words: str, spine: Spine) -> None:
    kept = ((Kind.SUBJECT, "a detective"), (Kind.TIME, "night"))
    brief = compile_brief(words, spine=spine, kept=kept, seconds=6, shape=Shape.TALL)

    assert brief.text.endswith(words)
    assert brief.text.startswith(spine.render())
    assert all(value in brief.part(PartName.SPINE) for value in spine.filled().values())
    assert brief == compile_brief(words, spine=spine, kept=kept, seconds=6, shape=Shape.TALL)


@given(texts, spines, texts, texts)
def test_a_remix_leaves_every_other_part_alone(words: str, spine: Spine, change: str, second: str) -> None:
    """Words that name no field; what one does that names some is tested beside `bot.remixing`."""
    source = compile_brief(words, spine=spine, seed=3)
    assume(not read(change, source) and not read(second, source))
    once = remixed(source, change)

    assert once.parts[: len(source.parts)] == source.parts
    assert once.text.endswith(change)
    assert remixed(once, second).parts[: len(once.parts)] == once.parts


@given(texts, spines)
def test_it_survives_storage(words: str, spine: Spine) -> None:
    brief = compile_brief(words, spine=spine, kept=((Kind.PLACE, "a street"),), shape=Shape.PORTRAIT, reference="ab")
    assert brief_from_dict(brief.to_dict()) == brief


def test_what_nobody_set_is_not_there() -> None:
    brief = compile_brief("a fox")
    assert (brief.seconds, brief.shape, brief.seed, brief.reference) == (None, None, None, None)
    assert [part.name for part in brief.parts] == [PartName.WORDS]


def test_too_long_is_said_with_numbers_and_nothing_is_cut() -> None:
    brief = compile_brief("x" * 90, spine=Spine(look="y" * 20))
    check_length(brief, 111, "fake")
    with pytest.raises(BriefTooLong) as caught:
        check_length(brief, 110, "fake")
    assert caught.value.params == {"length": 111, "limit": 110, "backend": "fake"}
