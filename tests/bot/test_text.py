"""Every sentence for members, in every language there is."""

from __future__ import annotations

import string

import pytest

from bot import errors, errors_film
from bot.continuity import Kind
from bot.errors import Declined, SetupFault, ThroughlineError, WordsTooLong
from bot.forms import PARTS
from bot.spine import FIELDS
from bot.states import State
from bot.text import DEFAULT, catalogue, duration, explain, language, languages, money, say

OTHERS = [tag for tag in languages() if tag != DEFAULT]


def leaves(kind: type[ThroughlineError]) -> list[type[ThroughlineError]]:
    below = kind.__subclasses__()
    return [leaf for each in below for leaf in leaves(each)] if below else [kind]


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("tag", OTHERS)
def test_no_sentence_is_missing_and_none_is_left_over(tag: str) -> None:
    assert set(catalogue(tag)) == set(catalogue(DEFAULT))


@pytest.mark.parametrize("tag", OTHERS)
def test_translations_use_the_same_parameters(tag: str) -> None:
    for key, template in catalogue(tag).items():
        assert fields(template) <= fields(catalogue(DEFAULT)[key]), key


@pytest.mark.parametrize("leaf", [*leaves(Declined), *leaves(SetupFault)], ids=lambda leaf: leaf.__name__)
def test_every_error_for_people_owns_a_sentence(leaf: type[ThroughlineError]) -> None:
    assert f"error.{leaf.key}" in catalogue(DEFAULT)


def test_every_state_kind_and_field_has_a_name() -> None:
    for state in State:
        assert say(f"state.{state.value}", DEFAULT)
    for kind in Kind:
        assert say(f"kind.{kind.value}", DEFAULT)
    for name in FIELDS:
        assert say(f"spine.{name}", DEFAULT)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    for module in (errors, errors_film):
        drawn = module.__doc__ or ""
        for name, kind in vars(module).items():
            if isinstance(kind, type) and issubclass(kind, ThroughlineError):
                assert name in drawn, name


def test_an_error_is_one_sentence_with_its_numbers() -> None:
    assert explain(WordsTooLong(length=40_000, limit=32_000), "en").startswith("That is 40000 characters; 32000")


@pytest.mark.parametrize(
    ("locale", "tag"),
    [
        ("en-GB", "en"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("tlh", "en"),
        (None, "en"),
    ],
)
def test_the_nearest_language(locale: str | None, tag: str) -> None:
    assert language(locale) == tag


def test_money_and_time_as_members_read_them() -> None:
    assert [money(micros, "en") for micros in (None, 0, 140_000, 1_234_500_000, 1_200)] == [
        "price not known",
        "free",
        "$0.14",
        "$1234.50",
        "$0.0012",
    ]
    assert [duration(seconds, "en") for seconds in (0.2, 6, 59.6, 108)] == ["0 s", "6 s", "1 min", "1 min 48 s"]


def test_what_a_member_wrote_is_never_a_template() -> None:
    assert "{0.__class__}" in say("error.unknown_take", "en", take="{0.__class__}")


# Discord: labels of text inputs and titles of modals 45, placeholders 100, buttons 80, context menus 32. Telegram: answers to
# button presses 200, placeholders of forced replies 64.
LONGEST = {"ack": 200, "placeholder": 64, "form": 45, "form_hint": 100, "menu": 32, "button": 80}


@pytest.mark.parametrize("tag", languages())
def test_what_a_platform_limits_is_within_its_limits(tag: str) -> None:
    for key, template in catalogue(tag).items():
        limit = LONGEST.get(key.partition(".")[0])
        if limit is not None and not key.startswith("ack.rights"):
            assert len(template) <= limit, key


@pytest.mark.parametrize("name", ["generate", "remix", "edit", "edit_idea", "words"])
def test_every_button_that_asks_has_its_question(name: str) -> None:
    for table in ("ask", "placeholder", "form"):
        assert f"{table}.{name}" in catalogue(DEFAULT)
    for part in PARTS:
        assert f"form.{part}" in catalogue(DEFAULT)
        assert f"form_hint.{part}" in catalogue(DEFAULT)
