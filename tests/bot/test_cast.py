"""The cast, pure: names, finding them in a prompt, describing whom they name, word for word and once."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.appearing import appearing, known_there, twice_named
from bot.brief import Brief, PartName, brief_from_dict, compile_brief, unremixed, with_change
from bot.capabilities import Capabilities, Characters, Pictures
from bot.cast import CastMember, check_name, merged_cast, named_in
from bot.continuity import Facts, Kind, facts_from_dict
from bot.errors import EmptyWords, NameNotPlain, NameReserved, NameTooLong

MAREK = CastMember(
    "1", "chat:ines", "chat:ines", "Marek", "a stooped man in his fifties, grey beard", "a long brown coat", "hoarse"
)
LENA = CastMember("2", "chat:ines", "chat:ines", "Lena", "a young woman with red braids", "a teal raincoat")
ZHOU = CastMember("3", "chat:ines", "chat:ines", "老周", "五十多岁的男人，灰白胡子", "军绿色大衣", "沙哑")
CAST = (MAREK, LENA, ZHOU)


def briefed(words: str, last: Facts | None = None, cast: tuple[CastMember, ...] = CAST) -> tuple[Brief, Facts]:
    here = appearing(words, cast, last or Facts())
    brief = compile_brief(here.words, cast=here.cast, undressed=here.undressed, kept=here.carried.kept)
    return brief, here.carried.facts


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("name", ["Marek", "老周", "O'Neil", "R2-D2", "J.R", "Ægir", "नीता", "さくら", "  Marek "])
def test_a_name_is_one_word_in_any_language(name: str) -> None:
    assert check_name(name) == name.strip()


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("Old Marek", NameNotPlain),
        ("@Marek", NameNotPlain),
        ("Ma@rek", NameNotPlain),
        ("<@80351110224678912>", NameNotPlain),
        ("Marek🎬", NameNotPlain),
        ("-Marek", NameNotPlain),
        ("007", NameNotPlain),
        ("*", NameNotPlain),
        ("x" * 41, NameTooLong),
        (" ", EmptyWords),
        ("she", NameReserved),
        ("The", NameReserved),
        ("Camera", NameReserved),
        ("GENERATE", NameReserved),
    ],
)
def test_what_is_no_name(name: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        check_name(name, ["generate"])


@pytest.mark.parametrize(
    ("words", "plain", "found"),
    [
        ("Marek waits.", "Marek waits.", ["Marek"]),
        ("@marek waits for @LENA's bus.", "marek waits for LENA's bus.", ["Marek", "Lena"]),
        ("老周推门，Lena抬头。", "老周推门，Lena抬头。", ["老周", "Lena"]),
        ("Mareks, Marekesh, Anna-Lena", "Mareks, Marekesh, Anna-Lena", []),
        ("me@marek.com and @@Lena", "me@marek.com and @@Lena", []),
        ("@Pavel meets (Lena)", "@Pavel meets (Lena)", ["Lena"]),
        ("Lena, Marek, Lena", "Lena, Marek, Lena", ["Lena", "Marek"]),
    ],
)
def test_names_in_a_prompt(words: str, plain: str, found: list[str]) -> None:
    named = named_in(words, CAST)
    assert (named.words, [who.name for who in named.cast]) == (plain, found)


def test_of_names_inside_one_another_the_longest_is_meant() -> None:
    cast = tuple(CastMember(name, "m", "m", name, f"somebody called {name}") for name in ("周", "老周", "老周明"))
    assert [who.name for who in named_in("老周明和老周", cast).cast] == ["老周明", "老周"]


def test_a_traditional_text_finds_a_simplified_name() -> None:
    cast = (CastMember("4", "m", "m", "马丽", "一个女人"),)
    assert named_in("馬麗走進門", cast).cast == cast


# ---------------------------------------------------------------- in a brief


words_of_names = st.text(string.ascii_lowercase, min_size=3, max_size=8)
latin = words_of_names.map(str.capitalize)
chinese = st.text("张王李赵小明红芳强伟", min_size=2, max_size=3)
names = st.lists(latin | chinese, min_size=1, max_size=5, unique_by=str.casefold).filter(
    lambda found: not any(one != two and one.casefold() in two.casefold() for one in found for two in found)
)


@settings(deadline=None)
@given(names, st.data())
def test_whoever_is_named_is_described_exactly_once(found: list[str], data: st.DataObject) -> None:
    cast = tuple(
        CastMember(f"id{index}", "m", "m", name, f"<description {index}; nobody else’s>", f"<clothes {index}>")
        for index, name in enumerate(found)
    )
    spoken = data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=6))
    marked = [data.draw(st.sampled_from(("", "@"))) + name for name in spoken]
    words = data.draw(st.sampled_from(("{} wait.", "In the rain, {} run home.", "{}在街上走。"))).format(
        " 1 ".join(marked)
    )
    brief, _ = briefed(words, cast=cast)

    for who in cast:
        named = who.name in spoken
        assert brief.text.count(who.description) == (1 if named else 0)
        assert brief.text.count(who.wardrobe) == (1 if named else 0)
    assert brief.text.endswith(words.replace("@", ""))
    assert [each.name for each in brief.cast] == list(dict.fromkeys(spoken))
    assert brief_from_dict(brief.to_dict()) == brief


def test_the_cast_stands_right_behind_the_spine() -> None:
    brief, _ = briefed("@Marek asks Lena: “Who?”\nSound: rain")
    assert [part.name for part in brief.parts] == [PartName.CAST, PartName.WORDS, PartName.SOUND]
    assert brief.part(PartName.CAST) == (
        "Marek: a stooped man in his fifties, grey beard. Wardrobe: a long brown coat. Voice: hoarse.\n"
        "Lena: a young woman with red braids. Wardrobe: a teal raincoat."
    )


def test_chinese_is_written_as_chinese() -> None:
    brief, _ = briefed("老周说：“走。”")
    assert brief.part(PartName.CAST) == "老周：五十多岁的男人，灰白胡子。 穿着：军绿色大衣。 嗓音：沙哑。"


@pytest.mark.parametrize(
    ("words", "heard"), [("Marek says “No.”", True), ("Marek waits.", False), ("Marek sings", True)]
)
def test_a_voice_is_told_where_somebody_is_heard(words: str, heard: bool) -> None:
    assert ("hoarse" in briefed(words)[0].text) is heard


@pytest.mark.parametrize(
    ("words", "worn"),
    [
        ("Marek crosses the street.", True),
        ("Marek in a red tracksuit crosses the street.", False),
        ("Marek, wearing a black suit, waits.", False),
        ("Marek in his brown coat waits.", True),
        ("Lena in a black dress meets Marek.", True),
    ],
)
def test_the_wardrobe_goes_along_unless_the_words_change_it(words: str, worn: bool) -> None:
    assert ("a long brown coat" in briefed(words)[0].text) is worn


def test_other_clothes_stay_until_the_scene_ends() -> None:
    first, facts = briefed("Marek in a red tracksuit runs.")
    second, facts = briefed("He stops.", facts)
    assert "brown coat" not in first.text + second.text
    assert "red tracksuit" in second.part(PartName.CARRIED)
    assert facts_from_dict(facts.to_dict()) == facts
    assert "brown coat" in briefed("Marek sleeps.")[0].text


def test_what_is_taken_off_in_a_shot_is_gone_in_the_next() -> None:
    first, facts = briefed("Marek takes off his coat.")
    second, _ = briefed("He sits down.", facts)
    assert "brown coat" in first.text
    assert "brown coat" not in second.text


def test_a_description_that_the_words_give_already_is_not_said_twice() -> None:
    brief, _ = briefed("Marek, a stooped man in his fifties, grey beard, waits.")
    assert brief.text.count(MAREK.description) == 1


# ---------------------------------------------------------------- from shot to shot


def test_who_was_there_is_carried_by_name_and_described_once() -> None:
    _, facts = briefed("Marek crosses a wet street at night.")
    brief, _ = briefed("He stops under a lamp.", facts)
    assert dict(brief.kept)["subject"] == "Marek"
    assert brief.text.count(MAREK.description) == brief.text.count("a long brown coat") == 1


@pytest.mark.parametrize(
    ("words", "subject"),
    [("She drinks.", "Lena"), ("He drinks.", "Marek"), ("The man leaves.", "Marek"), ("They laugh.", "Marek and Lena")],
)
def test_a_pronoun_means_whom_the_descriptions_say(words: str, subject: str) -> None:
    _, facts = briefed("Marek and Lena share a table in a tea house.")
    brief, _ = briefed(words, facts)
    assert dict(brief.kept)["subject"] == subject
    assert [each.name for each in brief.cast] == subject.split(" and ")


def test_somebody_new_by_name_is_not_taken_for_the_one_before() -> None:
    _, facts = briefed("老周推门走进茶馆。")
    brief, facts = briefed("Lena looks up.", facts)
    assert "subject" not in dict(brief.kept)
    assert [each.name for each in brief.cast] == ["Lena"]
    assert [each.name for each in briefed("他坐下。", facts)[0].cast] == ["老周"]


def test_a_flower_of_the_same_name_does_not_hide_her() -> None:
    rose = CastMember("5", "m", "m", "Rose", "an old gardener, a woman, sunburnt")
    _, facts = briefed("Rose kneels in a garden.", cast=(rose,))
    assert briefed("She digs.", facts, cast=(rose,))[0].kept[0] == (Kind.SUBJECT.value, "Rose")


# ---------------------------------------------------------------- changes


def test_a_change_brings_in_whom_it_names_and_leaves_the_rest_alone() -> None:
    source, _ = briefed("Marek waits.")
    once = with_change(source, "add Lena beside Marek", named_in("add Lena beside Marek", CAST).cast)
    assert once.parts[: len(source.parts)] == source.parts
    assert [part.name for part in once.parts[len(source.parts) :]] == [PartName.CAST, PartName.CHANGE]
    assert once.text.count(MAREK.description) == once.text.count(LENA.description) == 1
    assert unremixed(once) == source
    assert unremixed(source) == source


def test_a_change_that_makes_somebody_speak_gives_the_voice() -> None:
    source, _ = briefed("Marek waits.")
    once = with_change(source, "Marek says “No.”", (MAREK,))
    assert once.part(PartName.CAST).endswith("Marek: Voice: hoarse.")
    assert once.text.count(MAREK.description) == 1
    assert unremixed(once) == source


# ---------------------------------------------------------------- what backends know


def test_each_backend_gets_the_best_it_takes_and_the_words_anyway() -> None:
    pavel = CastMember("6", "m", "m", "Pavel", "a tall man", image="ab" * 32, ids={"relay": "ch-1", "other": "x"})
    brief = compile_brief("Pavel waits.", cast=(pavel,))
    offers = {
        "relay": Capabilities(characters=Characters.IDS, characters_max=2),
        "pictures": Capabilities(characters=Characters.PICTURES, pictures=Pictures(references=1)),
        "words": Capabilities(),
        "auto": Capabilities(among=("relay", "words")),
    }
    made = {choice: known_there(offers, choice, brief, (pavel,)) for choice in offers}
    assert made["relay"].characters_at("relay") == ("ch-1",)
    assert made["relay"].references == made["words"].references == made["words"].characters == ()
    assert (made["pictures"].references, made["pictures"].characters) == (("ab" * 32,), ())
    assert made["auto"].characters == ("relay:ch-1",)
    assert all("a tall man" in each.text for each in made.values())


def test_ones_own_stand_for_the_servers_and_the_member_is_told() -> None:
    theirs = CastMember("7", "chat/9", "chat:mod", "marek", "another man altogether")
    assert merged_cast((MAREK,), (theirs,)) == (MAREK,)
    [note] = twice_named((MAREK,), (theirs,))
    assert (note.key, dict(note.params)) == ("own_cast", {"name": "Marek"})
    assert twice_named((theirs,), (theirs,)) == ()
