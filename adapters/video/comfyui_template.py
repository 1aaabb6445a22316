"""A ComfyUI workflow that Throughline can film with: an API-format graph, and a map that says where in it things go.

A template is a folder ``<name>/`` with one JSON file (``workflow.json``, or the only one) and ``map.toml``. Shipped ones lie in
``data/comfyui``, the operator's in the backend's folder (``<data folder>/backends/comfyui``); the latter win. The map is read by
`comfyui_map` and explained in ``docs/backends/comfyui.md``.
"""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

from adapters.video.comfyui_map import Map, Place, read_map
from bot.errors import BadSetting

Graph = dict[str, dict[str, Any]]
"""Nodes by id: ``{"class_type": …, "inputs": {name: value or [node id, slot]}}``."""
PICTURES: Final = ("first_frame", "last_frame", "references")
UI_FORMAT: Final = (
    "this is the workflow as ComfyUI's editor saves it, which cannot be run from outside; "
    "open it in ComfyUI, choose Workflow > Export (API), and put that file here"
)


@dataclass(frozen=True)
class Template:
    """One workflow, checked: every place of its map is in its graph."""

    name: str
    graph: Graph = field(repr=False)
    map: Map
    own: bool = False
    """The operator's, not a shipped one."""

    def filled(self, values: Mapping[str, Any]) -> Graph:
        """The graph with those values in their places. What is None or not named stays as the template has it; a picture
        that is not there is taken out of the graph together with what only prepares it."""
        graph = copy.deepcopy(self.graph)
        for name, places in self.map.inputs.items():
            value = values.get(name)
            if name in PICTURES:
                self._hang(graph, name, places, value if isinstance(value, list) else [value])
            elif value is not None:
                for place in places:
                    graph[place.node]["inputs"][place.input] = value
        return graph

    def _hang(self, graph: Graph, name: str, places: Sequence[Place], pictures: Sequence[Any]) -> None:
        """Pictures into their nodes, one each; nodes without one go."""
        for number, place in enumerate(places):
            picture = pictures[number] if number < len(pictures) else None
            if picture is None:
                _take_out(graph, {place.node, *(self.map.without.get(name, ()) if number == 0 else ())})
            elif place.node in graph:
                graph[place.node]["inputs"][place.input] = picture


def _take_out(graph: Graph, nodes: set[str]) -> None:
    """Remove nodes, the links to them, and every node that is fed by nothing else: a picture's scaler goes with it."""
    for gone in nodes:
        graph.pop(gone, None)
    orphans = set()
    for name, node in graph.items():
        links = {key: value[0] for key, value in node["inputs"].items() if is_link(value)}
        cut = {key for key, source in links.items() if source in nodes}
        if cut and len(cut) == len(links):
            orphans.add(name)
        for key in cut:
            del node["inputs"][key]
    if orphans:
        _take_out(graph, orphans)


def is_link(value: Any) -> bool:
    """Whether an input is fed by another node: ``["37", 0]``."""
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and type(value[1]) is int


def find(names: Sequence[str], folder: Path) -> tuple[list[Template], list[str]]:
    """The templates of those names in that order; without names all there are, the operator's first, and what is wrong
    with those that had to be left out. Raises `BadSetting` for one that is named and cannot be used."""
    own, shipped = _folders(folder), _folders(files("adapters.video") / "data" / "comfyui")
    known = {**shipped, **own}
    if missing := [name for name in names if name not in known]:
        reason = f"there is no template {missing[0]} in {folder}; there are: {', '.join(sorted(known))}"
        raise BadSetting(name="comfyui.templates", reason=reason)
    if names:
        return [_read(name, known[name], name in own) for name in names], []
    found, wrong = [], []
    for name in (*own, *(each for each in shipped if each not in own)):
        try:
            found.append(_read(name, known[name], name in own))
        except BadSetting as fault:
            wrong.append(f"{fault.params['name']}: {fault.params['reason']}")
    return found, wrong


def _folders(folder: Traversable) -> dict[str, Traversable]:
    """Folders with a map, by name, alphabetical."""
    if not folder.is_dir():
        return {}
    found = {each.name: each for each in folder.iterdir() if each.is_dir() and (each / "map.toml").is_file()}
    return dict(sorted(found.items()))


def _read(name: str, folder: Traversable, own: bool) -> Template:
    where = f"{name}/map.toml"
    try:
        table = tomllib.loads((folder / "map.toml").read_text("utf-8"))
        graph = read_graph(name, _workflow(name, folder).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, OSError, UnicodeDecodeError) as error:
        raise BadSetting(name=where, reason=str(error)) from None
    template = Template(name, graph, read_map(name, table), own)
    for input_name, place in _places(template.map):
        _check(graph, place, f"{where}: {input_name}")
    return template


def _workflow(name: str, folder: Traversable) -> Traversable:
    usual = folder / "workflow.json"
    if usual.is_file():
        return usual
    found = [each for each in folder.iterdir() if each.name.endswith(".json")]
    if len(found) != 1:
        raise BadSetting(name=name, reason="its folder has to hold one workflow, best named workflow.json")
    return found[0]


def read_graph(name: str, text: str) -> Graph:
    """The graph of an API-format export. Raises `BadSetting`, with the way out for what the editor itself saves."""
    where = f"{name}/workflow.json"
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadSetting(name=where, reason="this is no JSON") from None
    if isinstance(data, dict) and isinstance(data.get("nodes"), list):
        raise BadSetting(name=where, reason=UI_FORMAT)
    if isinstance(data, dict) and isinstance(data.get("prompt"), dict):
        data = data["prompt"]  # a whole request, as it is often saved from a browser
    if not isinstance(data, dict) or not data or not all(_is_node(node) for node in data.values()):
        raise BadSetting(name=where, reason="this is no workflow in API format (Workflow > Export (API) in ComfyUI)")
    return data


def _is_node(node: Any) -> bool:
    return (
        isinstance(node, dict)
        and isinstance(node.get("class_type"), str)
        and isinstance(node.setdefault("inputs", {}), dict)
    )


def _places(read: Map) -> Iterator[tuple[str, Place]]:
    for name, places in read.inputs.items():
        yield from ((f"inputs.{name}", place) for place in places)
    for name, nodes in read.without.items():
        yield from ((f"without.{name}", Place(node, "")) for node in nodes)


def _check(graph: Graph, place: Place, name: str) -> None:
    """Raises `BadSetting` that names the node."""
    node = graph.get(place.node)
    if node is None:
        raise BadSetting(name=name, reason=f"the workflow has no node {place.node}; it has {_some(graph)}")
    kind, inputs = node["class_type"], node["inputs"]
    if not place.input:
        return
    if place.input not in inputs:
        raise BadSetting(
            name=name, reason=f"node {place.node} ({kind}) has no input {place.input}; it has {_some(inputs)}"
        )
    if is_link(inputs[place.input]):
        source = inputs[place.input][0]
        reason = f"{place.input} of node {place.node} ({kind}) is fed by node {source}; name the place in that node"
        raise BadSetting(name=name, reason=reason)


def _some(names: Mapping[str, Any]) -> str:
    listed = sorted(names)
    return ", ".join(listed[:20]) + (" …" if len(listed) > 20 else "")
