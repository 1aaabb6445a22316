"""The brief of a remix: exactly what the change names is different, everything else is the source byte for byte."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asked import asked_for
from bot.brief import CARRIED_LEAD, CHANGE_LEAD, Brief, PartName, compile_brief
from bot.continuity import Facts, Kind, read, say
from bot.contradictions import contrary
from bot.film import Shape
from bot.remixing import base_of, differences, facts_remixed, is_one_change, remixed
from bot.spine import FIELDS, Spine

SPINES: Mapping[str, tuple[str, ...]] = {
    "look": ("", "Super 8, faded", "一部老电影的样子"),
    "lens": ("", "85mm lens", "anamorphic 2.0x lens, handheld"),
    "depth": ("", "shallow depth of field"),
    "light": ("", "volumetric light", "cool blue", "candlelight"),
    "palette": ("", "teal, amber, wet asphalt"),
    "mood": ("", "tense"),
    "grade": ("", "teal and amber grade"),
    "stock": ("", "16mm film"),
    "sound": ("", "distant trams"),
}
KEPT: Mapping[Kind, tuple[str, ...]] = {
    Kind.SUBJECT: ("", "A detective in a trench coat", "two old fishermen"),
    Kind.WARDROBE: ("", "a yellow hat"),
    Kind.PROPS: ("", "a red umbrella"),
    Kind.PLACE: ("", "a wet street", "a pier"),
    Kind.TIME: ("", "night", "dusk"),
    Kind.WEATHER: ("", "heavy rain", "soft fog"),
    Kind.LIGHT: ("", "neon signs"),
    Kind.DIRECTION: ("", "from left to right"),
    Kind.SOUND: ("", "waves"),
}
LINES = (
    "",
    "\nCamera: wide shot, slow dolly in",
    "\nLighting: soft key light",
    "\nAction: she waves\nSound: rain on nylon",
    "\nMusic: low strings",
)
CHANGES: Mapping[str, tuple[str, frozenset[str]]] = {
    # what is said: the fields of a spine, kinds that are carried and labelled lines that may differ
    "switch to 24mm": ("24mm", frozenset({"spine.lens"})),
    "deep focus": ("deep focus", frozenset({"spine.depth"})),
    "neon light": ("neon light", frozenset({"spine.light", "light", "Lighting"})),
    "palette: rust and cream": ("rust and cream", frozenset({"spine.palette"})),
    "mood: joyful": ("joyful", frozenset({"spine.mood"})),
    "bleach bypass": ("bleach bypass", frozenset({"spine.grade"})),
    "vhs": ("vhs", frozenset({"spine.stock"})),
    "close-up": ("close-up", frozenset({"camera"})),
    "in a library": ("a library", frozenset({"place"})),
    "at noon": ("noon", frozenset({"time"})),
    "snow": ("snow", frozenset({"weather"})),
    "from right to left": ("from right to left", frozenset({"direction"})),
    "a leather jacket instead of the trench coat": ("a leather jacket", frozenset({"subject"})),
    "teal umbrella instead of red": ("teal", frozenset({"props"})),
    "no umbrella": ("", frozenset({"props"})),
    "Sound: wind": ("wind", frozenset({"sound", "line.sound"})),
    "Music: jazz": ("jazz", frozenset({"line.music"})),
    "make it 8 seconds": ("", frozenset({"seconds"})),
    "square format": ("", frozenset({"shape"})),
    "add thunder": ("", frozenset()),
    "brighter": ("", frozenset()),
    "something nobody has a word for": ("", frozenset()),
}


def generated(seed: int) -> Brief:
    """A brief with some of everything."""
    pick = random.Random(seed).choice
    spine = Spine(**{name: pick(values) for name, values in SPINES.items()})
    kept = tuple((kind, words) for kind, values in KEPT.items() if (words := pick(values)))
    words = f"Somebody waits and counts to {seed}.{pick(LINES)}"
    return compile_brief(
        words, spine=spine, kept=kept, seconds=pick((None, 4)), shape=pick((None, Shape.WIDE)), seed=seed
    )


def pieces(brief: Brief) -> dict[str, object]:
    """Everything that a backend is told, taken apart."""
    lines = {
        f"line.{part.name.value}" if part.name in (PartName.SOUND, PartName.MUSIC) else part.name.value: part.text
        for part in brief.parts
        if part.name not in (PartName.SPINE, PartName.CARRIED, PartName.WORDS, PartName.CHANGE)
    }
    words = brief.part(PartName.WORDS).split("\n")
    labelled = {line.partition(":")[0]: line for line in words[1:]}
    spine = {f"spine.{name}": value for name, value in brief.spine.filled().items()}
    rest = {
        "words": words[0],
        "seconds": brief.seconds,
        "shape": brief.shape,
        "seed": brief.seed,
        "reference": brief.reference,
    }
    return {**spine, **dict(brief.kept), **lines, **labelled, **rest}


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_the_named_field_differs(change: str) -> None:
    new, may = CHANGES[change]
    touched = set()
    for seed in range(200):
        source = generated(seed)
        after = remixed(source, change)
        before, now = pieces(source), pieces(after)
        differ = {name for name in before | now if before.get(name) != now.get(name)}
        ended = {
            name for name in differ - may if contrary(str(before[name]), new) and new not in str(now.get(name, ""))
        }

        assert differ - ended <= may, (change, before)
        assert after.parts[-1].text == f"{CHANGE_LEAD}{change}"
        assert after.part(PartName.SPINE) == after.spine.render()
        said = say(tuple((Kind(kind), words) for kind, words in after.kept))
        assert after.part(PartName.CARRIED) == (f"{CARRIED_LEAD}{said}" if said else "")
        assert {part.text for part in source.parts} - {part.text for part in after.parts} == _texts_of(source, differ)
        assert all(new in str(now[name]) for name in differ & now.keys() - ended if new)
        touched |= differ
    assert may <= touched, "every field that may differ does somewhere"


def _texts_of(source: Brief, differ: set[str]) -> set[str]:
    """The parts in which these pieces stand."""
    names = set()
    for name in differ:
        where = "spine" if name.startswith("spine.") else "carried" if name in {*Kind} else name.removeprefix("line.")
        names.add("words" if name == "Lighting" else where)
    return {part.text for part in source.parts if part.name.value in names}


texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80).filter(str.strip)
spines = st.builds(Spine, **{name: st.just("") | texts for name in FIELDS})


@given(texts, spines, texts)
def test_words_that_name_no_field_are_only_said(words: str, spine: Spine, change: str) -> None:
    source = compile_brief(words, spine=spine, seed=3)
    once = remixed(source, change)

    assert once.text.endswith(change)
    if not asked_for(change):
        assert once.parts[:-1] == source.parts
        assert replace(once, parts=source.parts) == source


def test_a_free_spine_is_never_touched() -> None:
    source = compile_brief("A fox.", spine=Spine(look="85mm lens, golden hour, teal and amber"))
    for change in ("24mm", "at night", "palette: rust"):
        assert remixed(source, change).parts[:-1] == source.parts


def test_what_is_heard_is_not_what_is_seen() -> None:
    source = compile_brief(
        "He waits.\nSound: rain on nylon", spine=Spine(sound="rain on tin"), kept=((Kind.SOUND, "soft rain"),)
    )
    assert remixed(source, "sunny").parts[:-1] == source.parts


def test_what_is_only_added_is_only_said() -> None:
    source = compile_brief(
        "He waits.\nCamera: wide shot", spine=Spine(light="dim light"), kept=((Kind.WEATHER, "fog"),)
    )
    for change in ("add rain", "more fog", "closer", "make the light warmer"):
        assert asked_for(change)
        assert remixed(source, change).parts[:-1] == source.parts


def test_the_old_statement_does_not_contradict_the_new_one() -> None:
    source = compile_brief(
        "He waits.",
        spine=Spine(light="golden hour, soft light"),
        kept=((Kind.TIME, "dusk"), (Kind.LIGHT, "warm sunlight")),
    )
    after = remixed(source, "at midnight")

    assert after.part(PartName.SPINE) == "Lighting: soft light."
    assert after.kept == (("time", "midnight"),)
    assert [(each.field.value, each.old, each.new) for each in differences(source, "at midnight")] == [
        ("time", "dusk", "midnight"),
        ("light", "warm sunlight", ""),
        ("light", "golden hour", ""),
    ]


def test_a_place_does_not_go_with_the_weather() -> None:
    source = compile_brief("He waits.", kept=((Kind.PLACE, "a sunny beach"), (Kind.LIGHT, "sunshine")))
    assert remixed(source, "heavy rain").kept == (("place", "a sunny beach"),)


def test_what_was_rendered_otherwise_is_not_rendered_anew() -> None:
    """Briefs are frozen: a part that no longer is what its fields render to stays byte for byte."""
    source = compile_brief("He waits.", spine=Spine(lens="85mm"), kept=((Kind.TIME, "dusk"),))
    frozen = replace(source, parts=tuple(replace(part, text=f"{part.text} (v1)") for part in source.parts))
    for change in ("24mm", "at noon"):
        assert remixed(frozen, change).parts[:-1] == frozen.parts


def test_remixes_of_remixes_do_not_grow() -> None:
    source = compile_brief("He waits.", kept=((Kind.TIME, "dusk"),))
    brief = source
    for change in ("at night", "at dawn", "at noon", "close-up", "wide shot", "at midnight"):
        brief = remixed(brief, change)

    said = [part.text.removeprefix(CHANGE_LEAD) for part in brief.parts if part.name is PartName.CHANGE]
    assert said == ["wide shot", "at midnight"]


def test_what_a_remix_was_made_of_is_found_again() -> None:
    source = compile_brief("He waits.", spine=Spine(light="candlelight"))
    night = remixed(source, "moonlight")
    instead = remixed(source, "neon light")

    assert base_of(night, "moonlight", [source]) == source
    assert base_of(instead, "neon light", [night, source]) is not None
    assert base_of(night, "moonlight", [compile_brief("Another.")]) is None


def test_a_clip_can_be_edited_only_into_what_it_can_become() -> None:
    source = compile_brief("He waits.", kept=((Kind.TIME, "dusk"),), seconds=4)
    night = remixed(source, "at night")

    assert is_one_change(source, night, "at night")
    assert not is_one_change(night, night, "at night"), "a retake"
    assert not is_one_change(source, remixed(night, "close-up"), "close-up"), "two changes"
    assert not is_one_change(source, remixed(source, "make it 8 seconds"), "make it 8 seconds"), (
        "a clip keeps its length"
    )


@pytest.mark.parametrize(
    ("words", "change", "kind", "after"),
    [
        (
            "A detective in a trench coat waits",
            "a leather jacket instead of the trench coat",
            "subject",
            "A detective in a leather jacket",
        ),
        ("A detective in a trench coat waits", "without the coat", "subject", "A detective"),
        ("A woman waits", "she wears a blue coat", "wardrobe", "a blue coat"),
        ("A girl with a red umbrella waits", "the umbrella should be teal", "subject", "A girl with a teal umbrella"),
        ("A dog runs on a beach", "a cat instead of the dog", "subject", "a cat"),
        ("A fox waits at night", "at dawn", "time", "dawn"),
        ("A fox waits in heavy rain", "sunny", "weather", "sunny"),
        ("一个穿红色风衣的女人等着", "风衣改成蓝色", "subject", "一个穿蓝色风衣的女人"),
    ],
)
def test_the_next_shot_keeps_what_the_remix_made(words: str, change: str, kind: str, after: str) -> None:
    facts = facts_remixed(read(words), change)
    assert getattr(facts, kind) == after
    assert facts_remixed(facts, "brighter, add a bird") == facts
    assert facts_remixed(Facts(), change).subject == ""
