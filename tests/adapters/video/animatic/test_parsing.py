"""Words → spec: labelled prompts, every entry of the lexicon, stories whose shots belong together, and any text at all."""

import json
import statistics
import time
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.video.animatic.parsing import read_brief, size_of
from adapters.video.animatic.spec import (
    ANGLES,
    ARRANGEMENTS,
    FRAMINGS,
    GAITS,
    LIGHTS,
    MOVES,
    WEATHERS,
    Figure,
    Garment,
    ShotSpec,
    spec_from_dict,
)
from adapters.video.animatic.words import Entry, colours, cut, entries, scan
from bot import lexicon
from bot.brief import Brief, compile_brief
from bot.cast import CastMember
from bot.continuity import Facts, carry
from bot.film import Shape
from bot.remixing import remixed
from bot.spine import Spine

PROMPTS: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "prompts.toml").read_text(encoding="utf-8")
)
PLACES = frozenset(
    "city alley forest mountains sea harbour desert field snowfield interior_library interior_room kitchen station bridge "  # noqa: SIM905
    "stadium space".split()
)
NOT_COMPARED = frozenset({"words", "change", "spine", "shots"})


def filmed(words: str, *changes: str, **brief: Any) -> ShotSpec:
    """The spec of these words, remixed by these changes."""
    return spec_of(compile_brief(words, **brief), *changes)


def spec_of(brief: Brief, *changes: str) -> ShotSpec:
    for change in changes:
        brief = remixed(brief, change)
    return read_brief(brief, slate="1A-1", seed=7, place_seed=3)


def name_of(garment: Garment) -> str:
    """``coat red``: a garment with the first name that its colour has."""
    names = [name for name, rgb in colours().items() if rgb == garment.rgb]
    return f"{garment.what} {names[0]}" if names else garment.what


def told(spec: ShotSpec, what: str) -> Any:
    """One field of the spec in the words of the data file."""
    if what == "figures":
        return [f"{figure.kind}/{figure.name}/{figure.gait}" for figure in spec.figures]
    if what == "worn":
        return [name_of(garment) for garment in (spec.figures[0].wardrobe if spec.figures else ())]
    if what == "palette":
        return [next(name for name, rgb in colours().items() if rgb == anchor) for anchor in spec.palette]
    if what == "dialogue":
        return [f"{line.speaker}: {line.text}" for line in spec.dialogue]
    return list(value) if isinstance(value := getattr(spec, what), tuple) else value


def compare(spec: ShotSpec, case: dict[str, Any]) -> None:
    expected = {what: value for what, value in case.items() if what not in NOT_COMPARED | {"missed"}}
    assert {what: told(spec, what) for what in expected} == expected
    assert set(case.get("missed", ())) <= set(spec.not_understood)


@pytest.mark.parametrize("case", PROMPTS["case"], ids=lambda case: case["words"][:40])
def test_a_prompt_means_this_picture(case: dict[str, Any]) -> None:
    compare(filmed(case["words"], *case.get("change", ()), spine=Spine(**case.get("spine", {}))), case)


def test_there_are_prompts_enough() -> None:
    assert len(PROMPTS["case"]) + sum(len(story["shots"]) for story in PROMPTS["story"]) >= 60


@pytest.mark.parametrize("story", PROMPTS["story"], ids=lambda story: story["shots"][0]["words"][:40])
def test_the_shots_of_a_story_belong_together(story: dict[str, Any]) -> None:
    facts = Facts()
    for shot in story["shots"]:
        carried = carry(facts, shot["words"])
        facts = carried.facts
        compare(spec_of(compile_brief(shot["words"], kept=carried.kept)), shot)


# ---- every entry of the lexicon


NEUTRAL = "A man stands."
SOURCE = (
    "Insert, dutch angle, 12mm, f/1, whip pan, moonlight, petals, on the bridge, right to left. "
    "She kneels. Style: vhs. Grade: sepia."
)
FOUND_IN = {"grade": "Grade: {}.", "direction": "She walks, {}.", "sound": "Sound: {}", "colour": "Palette: {}"}


def said(entry: Entry) -> Iterator[str]:
    """Sentences in which the entry stands as people would say it."""
    chinese = not entry.base.isascii() and any("\u3400" <= sign <= "\u9fff" for sign in entry.base)
    if entry.kind == "gait" and entry.column == "verbs":
        first, _, rest = entry.base.partition(" ")
        yield from (f"She {form} {rest}" for tag, form in lexicon.verb_forms(first) if tag == "verb.s")
        return
    if entry.kind == "move" and entry.column == "verbs":
        first, _, rest = entry.base.removeprefix("camera ").partition(" ")
        yield from (f"The camera {form} {rest}" for tag, form in lexicon.verb_forms(first) if tag == "verb.s")
        return
    if entry.kind == "gait":
        yield f"她{entry.base}" if chinese else f"She walks, {entry.base}"
        yield f"她{entry.base}" if chinese else f"She, {entry.base}"
    if entry.kind == "wardrobe":
        yield f"她穿着{entry.base}" if chinese else f"She with a {entry.base}"
    if entry.kind == "subject":
        yield f"一只{entry.base}" if chinese else f"A {entry.base} stands."
        yield f"换成{entry.base}" if chinese else f"a {entry.base} instead"
    if entry.kind == "move" and chinese:
        yield f"镜头：{entry.base}"
    yield FOUND_IN.get(entry.kind, "{}").format(entry.base)
    yield f"{entry.base}，" if chinese else f"In the {entry.base}."


def changes_the_picture(entry: Entry) -> bool:
    """Whether the entry makes a difference: alone against nothing, or as a remix of either of two shots."""
    nothing = filmed(".").key()
    return any(filmed(words).key() != nothing and _drives(entry, filmed(words)) for words in said(entry)) or any(
        filmed(source, words).key() != filmed(source).key() and _drives(entry, filmed(source, words))
        for source in (NEUTRAL, SOURCE)
        for words in said(entry)
    )


def _drives(entry: Entry, spec: ShotSpec) -> bool:
    """Whether the field that the entry is about has the value that it stands for."""
    kind, value = entry.kind, entry.value
    if kind == "subject":
        wanted = "person" if value == "couple" else value
        return any(figure.kind == wanted for figure in spec.figures)
    if kind == "wardrobe":
        return any(garment.what == value for figure in spec.figures for garment in figure.wardrobe)
    if kind == "gait":
        return any(figure.gait == value or (value == "drive" and figure.gait == "walk") for figure in spec.figures)
    if kind == "colour":
        return spec.palette == (colours()[value],)
    if kind in ("framing", "move") and value in ("closer", "wider", "track"):
        return True
    checks = {
        "lens": spec.lens == float(value) if kind == "lens" else False,
        "aperture": spec.aperture == float(value) if kind == "aperture" else False,
        "direction": (spec.direction == 1) == (value == "right"),
        "sound": value in spec.sounds,
        "beams": spec.beams,
        "arrangement": value in (spec.arrangement, "two"),
    }
    return bool(checks[kind] if kind in checks else getattr(spec, kind) == value)


DRIVING = [entry for entry in entries() if entry.kind != "shield"]
TABLES = sorted({(entry.kind, entry.value) for entry in DRIVING})


@pytest.mark.parametrize(("kind", "value"), [pair for pair in TABLES if pair[0] != "colour"], ids=lambda word: word)
def test_every_entry_of_the_lexicon_changes_the_picture(kind: str, value: str) -> None:
    idle = [
        entry.base for entry in DRIVING if (entry.kind, entry.value) == (kind, value) and not changes_the_picture(entry)
    ]
    assert not idle


def test_every_colour_is_an_anchor() -> None:
    idle = [entry.base for entry in DRIVING if entry.kind == "colour" and not changes_the_picture(entry)]
    assert not idle
    assert len({entry.value for entry in DRIVING if entry.kind == "colour"}) >= 120


def test_what_only_looks_like_a_word_drives_nothing() -> None:
    for entry in entries():
        if entry.kind == "shield":
            assert {cue.kind for cue in scan(cut(entry.base))} <= {"shield", "colour"}, entry.base


def test_the_lexicon_names_only_what_there_is() -> None:
    known = {
        "framing": {*FRAMINGS, "closer", "wider"}, "angle": {*ANGLES}, "move": {*MOVES, "track"}, "light": {*LIGHTS},
        "weather": {*WEATHERS}, "gait": {*GAITS}, "arrangement": {*ARRANGEMENTS}, "place": PLACES,
    }  # fmt: skip
    for kind, values in known.items():
        assert {value for name, value in TABLES if name == kind} <= values
    assert sum(entry.kind == "place" for entry in DRIVING) >= 40


# ---- what it tells, and any text at all


def test_it_tells_what_it_understood_in_the_order_of_the_text() -> None:
    spec = filmed("Wide shot. A detective in a red scarf crosses a street in a teapot, 50mm")
    assert spec.understood == (
        ("framing", "Wide shot"), ("subject", "detective"), ("colour", "red"), ("wardrobe", "scarf"), ("action", "crosses"),
        ("place", "street"), ("lens", "50mm"),
    )  # fmt: skip
    assert spec.not_understood == ("teapot",)


def test_the_same_character_has_the_same_name_in_every_shot() -> None:
    first = filmed("A detective in a trench coat waits").figures[0]
    second = filmed("He smokes", kept=carry(Facts(), "A detective in a trench coat waits").kept or ()).figures[0]
    assert isinstance(first, Figure)
    assert first.name == "detective"
    assert second.name == "he"


@pytest.mark.parametrize(
    ("words", "cast", "seen"),
    [
        (
            "Mara crosses a bridge.",
            [("Mara", "a young woman with red braids", "a teal raincoat")],
            [("person", "Mara")],
        ),
        ("rusty runs.", [("rusty", "a fox with a torn ear", "")], [("fox", "rusty")]),
        ("阿梅在茶馆里等人。", [("阿梅", "一位红发少女，脸上有雀斑", "一件蓝绿色雨衣")], [("person", "阿梅")]),
        (
            "玛拉和小白穿过雪地。",
            [("玛拉", "一位老妇人", "一件黑大衣"), ("小白", "一只白猫", "")],
            [("person", "玛拉"), ("cat", "小白")],
        ),
    ],
)
def test_somebody_of_the_cast_is_one_figure_under_their_name(
    words: str, cast: list[tuple[str, str, str]], seen: list[tuple[str, str]]
) -> None:
    members = [CastMember(name, "m", "m", name, told, worn) for name, told, worn in cast]
    spec = read_brief(compile_brief(words, cast=members), slate="1A-1", seed=1, place_seed=1)
    assert [(figure.kind, figure.name) for figure in spec.figures] == seen
    assert not {name for name, _, _ in cast} & set(spec.not_understood)


def test_dialogue_is_laid_out_inside_the_shot() -> None:
    lines = filmed(
        'Ida says "One." Marek says "Two, and a rather longer line than the one before it."', seconds=3
    ).dialogue
    assert [line.speaker for line in lines] == ["Ida", "Marek"]
    assert 0 < lines[0].start < lines[0].end < lines[1].start < lines[1].end <= 3


@pytest.mark.parametrize(
    ("shape", "size"), [(None, (1280, 720)), (Shape.TALL, (720, 1280)), (Shape.SQUARE, (960, 960))]
)
def test_a_shape_has_an_even_size(shape: Shape | None, size: tuple[int, int]) -> None:
    assert size_of(shape) == size
    spec = filmed("rain", shape=shape, seconds=6)
    assert (spec.width, spec.height, spec.seconds) == (*size, 6.0)


def test_portrait_is_four_to_five() -> None:
    assert size_of(Shape.PORTRAIT) == (864, 1080)


WORDS = st.sampled_from(sorted({entry.base for entry in entries()}))
ANY_TEXT = st.one_of(
    st.text(max_size=300), st.lists(WORDS, max_size=25).map(" ".join), st.lists(WORDS, max_size=25).map("".join)
)


@settings(max_examples=300, deadline=None)
@given(words=ANY_TEXT, change=ANY_TEXT, spine=ANY_TEXT)
def test_any_text_gives_a_spec_that_goes_through_json(words: str, change: str, spine: str) -> None:
    spec = filmed(words, change, spine=Spine(look=spine))
    assert spec_from_dict(json.loads(json.dumps(spec.to_dict()))) == spec
    assert spec.framing in FRAMINGS
    assert spec.angle in ANGLES
    assert spec.move in MOVES
    assert spec.light in LIGHTS
    assert spec.weather in WEATHERS
    assert spec.place in PLACES
    assert spec.arrangement in ARRANGEMENTS
    assert (spec.arrangement == "none") == (not spec.figures)
    assert all(figure.gait in GAITS and figure.name for figure in spec.figures)
    assert len(spec.figures) <= 2
    assert len(spec.not_understood) <= 12


def milliseconds(words: Sequence[str]) -> list[float]:
    """CPU time of each, so that a busy machine does not count."""
    taken = []
    for each in words:
        brief = compile_brief(each)
        started = time.process_time()
        spec_of(brief)
        taken.append(1000 * (time.process_time() - started))
    return taken


def test_reading_is_quick() -> None:
    filmed("warm up")
    assert statistics.median(milliseconds([case["words"] for case in PROMPTS["case"]])) <= 2


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "rain ",
        "雨",
        "no ",
        "“",
        '"a" ',
        "Marek says: ",
        "Palette: ",
        "a man and a dog, ",
        "85mm f/2 ",
        "teal, ",
        "(",
        "不要",
        "a red ",
        "A says ",
    ],
)
def test_long_texts_cost_no_more_than_they_must(unit: str) -> None:
    filmed("warm up")
    words = (unit * 32_000)[:32_000]
    fresh = [f"{first}{words[1:]}" for first in "123"]
    assert min(milliseconds(fresh)) <= 250, "what grows with the square of the length takes seconds"
