"""Sound in layers: ambience, effects, music and dialogue have lines of their own, and only what lasts is carried on."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.video.animatic.parsing import read_brief
from bot.brief import PartName, compile_brief
from bot.continuity import Kind, carry, read
from bot.forms import compose, parts_of
from tests.dialogue import Chat

LAYERED = """A sailor waits on deck.
Ambience: waves, wind in the rigging
Effects: a door slams
Music: low strings
Dialogue: “Land!”"""
CHINESE = "水手在甲板上等着。\n环境声：海浪\n音效：关门声\n配乐：低沉的弦乐"


def test_each_layer_is_a_part_of_its_own_and_the_words_stay() -> None:
    brief = compile_brief(LAYERED)
    assert [part.name.value for part in brief.parts] == ["words", "ambience", "effects", "music", "dialogue"]
    assert brief.text == LAYERED
    assert [part.name.value for part in compile_brief(CHINESE).parts] == ["words", "ambience", "effects", "music"]


@pytest.mark.parametrize(
    ("label", "layer"),
    [
        ("SFX", "effects"),
        ("Soundtrack", "music"),
        ("Room tone", "ambience"),
        ("環境聲", "ambience"),
        ("音效", "effects"),
        ("背景音乐", "music"),
    ],
)
def test_labels_in_both_languages(label: str, layer: str) -> None:
    colon = ": " if label.isascii() else "："
    assert compile_brief(f"A fox.\n{label}{colon}something").parts[1].name == layer


def test_only_the_bed_is_carried() -> None:
    assert read(LAYERED).sound == "waves, wind in the rigging"
    assert dict(carry(read(LAYERED), "He looks up.").kept)[Kind.SOUND] == "waves, wind in the rigging"
    assert read("A sailor.\nMusic: low strings\nEffects: thunder").sound == ""
    assert read("A sailor.\nSound: waves\nMusic: low strings").sound == "waves"
    assert read(CHINESE).sound == "海浪"
    assert read("A sailor.\nEffects: heavy rain\nMusic: a song of night and snow").items() == read("A sailor.").items()


def test_a_form_keeps_the_layers() -> None:
    parts = parts_of(LAYERED)
    assert parts["sound"] == "Ambience: waves, wind in the rigging\nEffects: a door slams\nMusic: low strings"
    assert compose(parts_of(compose(parts))) == compose(parts)
    assert "Sound: Ambience" not in compose(parts)
    assert compose({"prompt": "A fox.", "sound": "rain\nMusic: strings"}) == "A fox.\nSound: rain\nMusic: strings"


def test_the_animatic_hears_them_and_draws_none_of_them() -> None:
    spec = read_brief(compile_brief("A sailor.\nEffects: a dog barks, thunder"), slate="1A-1", seed=1, place_seed=1)
    assert not [figure for figure in spec.figures if figure.kind == "dog"]


async def test_the_card_names_them(tmp_path: Path) -> None:
    card = await Chat(tmp_path).says(LAYERED)
    assert [part.label for part in card.prompt] == ["Your words", "Ambience", "Effects", "Music", "Dialogue"]
    assert card.prompt[1].name == PartName.AMBIENCE
