"""ComfyUI templates: what is shipped fits together, what an operator drops in is checked with the node named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from adapters.video import BackendSettings
from adapters.video.comfyui import URL, build
from adapters.video.comfyui_map import Frames, read_map
from adapters.video.comfyui_template import find, read_graph
from bot.capabilities import Sound
from bot.errors import BadSetting
from bot.film import Shape
from tests.fakes.comfyui_nodes import kinds, refusal

NOWHERE = Path("nowhere")
GRAPH: dict[str, Any] = {
    "1": {"class_type": "LoadImage", "inputs": {"image": "example.png"}},
    "2": {"class_type": "ImageScale", "inputs": {"image": ["1", 0], "width": 640, "height": 480}},
    "3": {"class_type": "Film", "inputs": {"text": "", "seed": 7, "start": ["2", 0], "sound": True, "model": ["4", 0]}},
    "4": {"class_type": "Load", "inputs": {"name": "film.safetensors"}},
    "57:5": {"class_type": "Save", "inputs": {"video": ["3", 0], "format.codec": "h264"}},
}
MAP = """
[inputs]
prompt = "3.text"
seed = ["3.seed"]
first_frame = "1.image"
[offers]
text = true
"""


def drop(folder: Path, name: str, graph: Any = GRAPH, about: str = MAP, file: str = "workflow.json") -> Path:
    """A template as an operator drops it into the folder."""
    place = folder / name
    place.mkdir(parents=True, exist_ok=True)
    (place / file).write_text(json.dumps(graph), "utf-8")
    (place / "map.toml").write_text(about, "utf-8")
    return folder


def complaint(folder: Path, name: str) -> str:
    with pytest.raises(BadSetting) as fault:
        find([name], folder)
    return f"{fault.value.params['name']}: {fault.value.params['reason']}"


@pytest.mark.parametrize("name", ["wan22", "wan22_image"])
def test_what_is_shipped_is_a_graph_that_comfyui_takes(name: str) -> None:
    template = find([name], NOWHERE)[0][0]
    values = {
        "prompt": "a fox",
        "seed": 5,
        "width": 832,
        "height": 480,
        "frames": 49,
        "first_frame": "throughline/fox.png",
    }
    graph = template.filled(values)
    assert refusal(graph, kinds(), ["throughline/fox.png"]) is None
    assert "a fox" in json.dumps(graph)
    assert set(template.map.files) == {
        value for node in graph.values() for value in node["inputs"].values() if str(value).endswith(".safetensors")
    }


def test_words_alone_leave_the_picture_out_of_the_graph() -> None:
    graph = find(["wan22"], NOWHERE)[0][0].filled({"prompt": "a fox"})
    assert refusal(graph, kinds(), []) is None
    assert "56" not in graph
    assert "start_image" not in graph["55"]["inputs"]


def test_what_nobody_set_stays_as_the_template_has_it() -> None:
    template = find(["wan22"], NOWHERE)[0][0]
    graph = template.filled({"prompt": "a fox", "width": None})
    assert graph["55"]["inputs"]["width"] == 1280
    assert graph["7"]["inputs"]["text"].startswith("overexposed")
    assert template.graph["6"]["inputs"]["text"] == ""


def test_the_map_says_what_it_can_do() -> None:
    text, image = find(["wan22", "wan22_image"], NOWHERE)[0]
    assert text.map.can.text
    assert text.map.can.images
    assert text.map.can.size(Shape.TALL, None) == (704, 1280)
    assert not image.map.can.text
    assert image.map.can.resolutions == ("480p", "720p")
    assert image.map.can.size(Shape.WIDE, "720p") == (1280, 720)
    assert image.map.can.size(None, None) == (832, 480)
    assert image.map.can.pictures.exact
    assert text.map.can.sound is Sound.NONE


@pytest.mark.parametrize(
    ("frames", "seconds", "expected"),
    [
        (Frames(24, 4, 1), 5, 121),
        (Frames(16, 4, 1), 5, 81),
        (Frames(24, 8, 1), 1, 25),
        (Frames(30), 2, 60),
        (Frames(1, 8), 1, 8),
    ],
)
def test_seconds_become_frames_by_the_rule(frames: Frames, seconds: int, expected: int) -> None:
    assert frames.of(seconds) == expected


def test_a_picture_that_is_not_there_goes_with_all_that_only_prepares_it(tmp_path: Path) -> None:
    template = find(["mine"], drop(tmp_path, "mine"))[0][0]
    assert set(template.filled({"prompt": "x"})) == {"3", "4", "57:5"}
    assert template.filled({"prompt": "x", "first_frame": "a.png"})["1"]["inputs"]["image"] == "a.png"


def test_nodes_that_the_map_names_go_with_the_picture(tmp_path: Path) -> None:
    look = {"class_type": "Look", "inputs": {"image": ["1", 0], "eyes": ["6", 0]}}
    film = {"class_type": "Film", "inputs": {**GRAPH["3"]["inputs"], "seen": ["7", 0]}}
    graph = {**GRAPH, "3": film, "6": {"class_type": "Eyes", "inputs": {}}, "7": look}
    about = MAP + '[without]\nfirst_frame = ["6"]\n'
    filled = find(["mine"], drop(tmp_path, "mine", graph, about))[0][0].filled({"prompt": "x"})
    assert set(filled) == {"3", "4", "57:5"}
    assert set(filled["3"]["inputs"]) == {"text", "seed", "sound", "model"}


def test_more_reference_pictures_than_are_given_are_taken_out(tmp_path: Path) -> None:
    graph = {**GRAPH, "8": {"class_type": "LoadImage", "inputs": {"image": "b.png"}}}
    about = '[inputs]\nprompt = "3.text"\nreferences = ["1.image", "8.image"]\n'
    template = find(["mine"], drop(tmp_path, "mine", graph, about))[0][0]
    assert template.map.can.pictures.references == 2
    filled = template.filled({"prompt": "x", "references": ["fox.png"]})
    assert filled["1"]["inputs"]["image"] == "fox.png"
    assert "8" not in filled


def test_what_the_editor_saves_is_refused_with_the_way_out(tmp_path: Path) -> None:
    said = complaint(drop(tmp_path, "mine", {"nodes": [], "links": [], "version": 0.4}), "mine")
    assert "as ComfyUI's editor saves it" in said
    assert "Export (API)" in said
    assert "mine/workflow.json" in said


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ('[inputs]\nprompt = "99.text"', ("inputs.prompt", "no node 99", "57:5")),
        ('[inputs]\nprompt = "3.words"', ("node 3 (Film)", "no input words", "text")),
        ('[inputs]\nprompt = "3.start"', ("fed by node 2",)),
        ('[inputs]\nprompt = "3"', ('"6.text"',)),
        ('[inputs]\nseed = "3.seed"', ("inputs.prompt",)),
        ('[inputs]\nprompt = "3.text"\nmood = "3.seed"', ("nobody fills mood",)),
        ('[inputs]\nprompt = "3.text"\nframes = "3.seed"', ("[frames]",)),
        ('[inputs]\nprompt = "3.text"\n[offers]\nseconds = [2, 4]', ("nothing takes the length",)),
        ('[inputs]\nprompt = "3.text"\n[offers.sizes]\nwide = "640x360"', ("inputs.width",)),
        ('[inputs]\nprompt = "3.text"\n[frames]\nfps = 24\nrule = "n+"', ("4n+1",)),
        ('[inputs]\nprompt = "3.text"\n[without]\nfirst_frame = ["1"]', ("without.first_frame",)),
        ('[inputs]\nprompt = "3.text"\n[offers]\ncolour = true', ("no colour",)),
        ('[outputs]\nclip = "9"', ("no section outputs",)),
        ("[inputs", ("map.toml",)),
    ],
)
def test_a_map_that_is_wrong_says_where(tmp_path: Path, about: str, words: tuple[str, ...]) -> None:
    said = complaint(drop(tmp_path, "mine", about=about), "mine")
    assert all(word in said for word in words), said


def test_sizes_are_whole_or_refused() -> None:
    inputs = {"prompt": "6.text", "width": "5.w", "height": "5.h"}
    sizes = {"480p": {"wide": "832x480"}, "720p": {"wide": "1280x720", "tall": "720x1280"}}
    with pytest.raises(BadSetting, match="every shape"):
        read_map("mine", {"inputs": inputs, "offers": {"sizes": sizes}})
    with pytest.raises(BadSetting, match="not huge"):
        read_map("mine", {"inputs": inputs, "offers": {"sizes": {"huge": {"wide": "832x480"}}}})


def test_places_inside_subgraphs_and_dotted_inputs_are_found(tmp_path: Path) -> None:
    about = '[inputs]\nprompt = ["3.text", "57:5.format.codec"]\n'
    filled = find(["mine"], drop(tmp_path, "mine", about=about))[0][0].filled({"prompt": "x"})
    assert filled["57:5"]["inputs"]["format.codec"] == "x"


def test_the_operators_own_come_first_and_win(tmp_path: Path) -> None:
    drop(drop(tmp_path, "a_film", file="export.json"), "wan22")
    found, wrong = find([], tmp_path)
    assert [each.name for each in found] == ["a_film", "wan22", "wan22_image"]
    assert [each.own for each in found] == [True, True, False]
    assert not wrong
    assert [each.name for each in find(["wan22_image", "a_film"], tmp_path)[0]] == ["wan22_image", "a_film"]


def test_a_broken_one_that_nobody_named_is_left_out_and_told_of(tmp_path: Path) -> None:
    found, wrong = find([], drop(tmp_path, "mine", about='[inputs]\nprompt = "99.text"'))
    assert "mine" not in [each.name for each in found]
    assert "no node 99" in wrong[0]


def test_one_that_is_named_and_missing_keeps_it_from_starting(tmp_path: Path) -> None:
    setting = BackendSettings({URL: "http://127.0.0.1:8188"}, {"templates": ["nope"]}, tmp_path)
    with pytest.raises(BadSetting, match="there is no template nope"):
        build(setting)


def test_two_workflows_in_one_folder_are_one_too_many(tmp_path: Path) -> None:
    drop(tmp_path, "mine", file="a.json")
    assert "workflow.json" in complaint(drop(tmp_path, "mine", file="b.json"), "mine")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"1": {"inputs": {}}}', '{"1": 5}', "[" * 100_000])
def test_what_is_no_workflow_is_said_to_be_none(text: str) -> None:
    with pytest.raises(BadSetting):
        read_graph("mine", text)


def test_a_whole_request_is_unwrapped() -> None:
    assert set(read_graph("mine", json.dumps({"prompt": GRAPH, "client_id": "x"}))) == set(GRAPH)
