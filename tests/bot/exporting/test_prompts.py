"""``prompts.md``: what each take was filmed from."""

from __future__ import annotations

from dataclasses import replace

from bot.brief import Brief, Part, PartName
from bot.exporting.prompts import prompts
from bot.film import chance_of
from tests.bot.exporting.productions import job, remix, take


def test_every_part_stands_by_its_name_word_for_word() -> None:
    first, second = take(1), remix(1)
    text = prompts("The Lamp", (first, second, first), {first.id: job(first)}, "en")
    assert text.startswith("# The Lamp\n\n## 1B-1\n\nanimatic · 4 s · 16:9 · seed ")
    assert f"seed {chance_of('j-t1')}, thrown" in text
    assert text.count("## 1B-1\n") == 1
    for part in second.brief.parts:
        assert f"```text\n{part.text}\n```" in text
    assert [line for line in text.splitlines() if line.startswith("### ")][:3] == [
        "### Spine",
        "### Cast",
        "### Carried over",
    ]


def test_a_seed_that_was_set_is_named_as_such() -> None:
    chosen = take(1)
    chosen = replace(chosen, brief=replace(chosen.brief, seed=7))
    assert "seed 7\n" in prompts("", (chosen,), {chosen.id: job(chosen, model="wan-2.2")}, "en")
    assert "wan-2.2 · " in prompts("", (chosen,), {chosen.id: job(chosen, model="wan-2.2")}, "en")
    assert "种子 7" in prompts("", (chosen,), {}, "zh-Hans")


def test_backticks_in_a_prompt_do_not_end_it() -> None:
    odd = take(1, brief=Brief((Part(PartName.WORDS, "say ```` twice\n```"),)))
    assert "`````text\nsay ```` twice\n```\n`````" in prompts("x", (odd,), {}, "en")
