"""The words of film: tables that are clean, forms that are made right, and both ways of writing Chinese."""

import tomllib
from importlib import resources

import pytest

from bot.lexicon import chinese, english, forms_of, names, plural, table, tables, verb_forms, words_of


def forms(verb: str) -> dict[str, set[str]]:
    made: dict[str, set[str]] = {}
    for form, word in verb_forms(verb):
        made.setdefault(form.removeprefix("verb."), set()).add(word)
    return made


@pytest.mark.parametrize(
    ("verb", "third", "ing", "past"),
    [
        ("walk", "walks", "walking", "walked"),
        ("cross", "crosses", "crossing", "crossed"),
        ("stop", "stops", "stopping", "stopped"),
        ("carry", "carries", "carrying", "carried"),
        ("dance", "dances", "dancing", "danced"),
        ("flee", "flees", "fleeing", "fled"),
        ("go", "goes", "going", "went"),
        ("light", "lights", "lighting", "lit"),
        ("write", "writes", "writing", "wrote"),
        ("leave", "leaves", "leaving", "left"),
    ],
)
def test_a_verb_has_its_forms(verb: str, third: str, ing: str, past: str) -> None:
    made = forms(verb)
    assert third in made["s"]
    assert ing in made["ing"]
    assert past in made["past"]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("wolf", "wolves"),
        ("fisherman", "fishermen"),
        ("human", "humans"),
        ("city", "cities"),
        ("bus", "buses"),
        ("boy", "boys"),
    ],
)
def test_a_noun_has_its_plural(one: str, many: str) -> None:
    assert plural(one) == many


def test_a_word_may_be_many_things() -> None:
    assert {"noun", "things", "verb.s"} <= english().of("lights")
    assert "verb.past" in english().of("zigzagged")
    assert "adverbs" in english().of("deftly")
    assert english().of("brzlfx") == {"open"}


def test_expressions_are_found_by_their_first_word_longest_first() -> None:
    lengths = [len(term.words) for term in english().terms["golden"]]
    assert lengths == sorted(lengths, reverse=True)
    assert ("golden", "hour") in {term.words for term in english().terms["golden"]}


def test_traditional_signs_are_folded_one_by_one() -> None:
    fold = tables()["chinese.fold"]
    assert len(fold["traditional"]) == len(fold["simplified"]) == len(set(fold["traditional"]))
    assert chinese().simplified("偵探穿過溼漉漉的街道，雨傘") == "侦探穿过湿漉漉的街道，雨伞"


def test_no_table_has_an_empty_or_shouted_entry() -> None:
    data = resources.files("bot").joinpath("lexicon.toml").read_text("utf-8")
    assert tomllib.loads(data)
    for name, columns in tables().items():
        if name == "chinese.fold":
            continue
        for column, raw in columns.items():
            entries = [" ".join(entry.split()) for entry in raw.split(",")]
            assert all(entries), f"{name}.{column}"
            assert all(entry == entry.lower() or not entry.isascii() for entry in entries), f"{name}.{column}"


def test_there_are_several_hundred_verbs_in_both_languages() -> None:
    assert len(table("verbs")) > 600
    assert len(table("chinese", "verbs")) > 300
    assert "crosses" in forms_of("verbs")


def test_sections_are_found_with_what_is_below_them() -> None:
    assert {"light.sky", "light.practical", "light.set"} <= set(names("light"))
    assert "golden hour" in words_of("light.sky")
    assert table("light.sky", "fr") == ()


def test_only_expressions_are_expressions() -> None:
    found = {term.table for terms in english().terms.values() for term in terms}
    assert {name for name in found if name.startswith("weather")} == {"weather.fall", "weather.state"}
    assert {name for name in found if name.startswith("light")} == {"light.sky", "light.practical", "light.set"}
    assert not any("where.inside" in tags or "clearing" in tags for tags in english().tags.values())
