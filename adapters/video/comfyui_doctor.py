"""What is told of a ComfyUI before members find out: which build answers, what each template lacks there, who else may reach it.

A template is held against ``/object_info/<node>``: every kind of node has to be known, and every model file that it names has to
be among those that the node offers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, Final

from adapters.video.comfyui_template import Template
from adapters.video.http import Api
from bot.errors import Unreachable
from bot.paperwork import Finding

NAME: Final = "comfyui"
MODEL_FILES: Final = (".safetensors", ".sft", ".gguf", ".ckpt", ".pth", ".pt", ".bin", ".onnx")
AT_HOME: Final = (".local", ".lan", ".internal", ".home", ".home.arpa", ".localhost")

Lacks = Mapping[str, Sequence[str]]
"""By template: what it lacks, a sentence each."""


async def answers(api: Api, label: str, *, native: bool) -> Finding:
    """Which build answers, and through which door. Raises `Unreachable`."""
    host = api.site.base.host
    if not native:
        answer = await api.ask("GET", "api", "v2", "jobs", params={"limit": 1})
        if answer.status in (401, 403):
            return Finding(NAME, "error", f"{host} does not accept COMFYUI_API_KEY")
        if not answer.ok and answer.status != 501:
            raise Unreachable(api.words(answer))
        return Finding(NAME, "ok", f"{host} answers ({label}); whether model files are there cannot be seen from here")
    stats = await api.ask("GET", "system_stats")
    system = stats.data.get("system") if isinstance(stats.data, dict) else None
    version = (
        str(system.get("comfyui_version") or "of unknown version")[:40] if isinstance(system, dict) else "an old build"
    )
    jobs = await api.ask("GET", "api", "jobs", params={"limit": 1})
    followed = "" if jobs.ok else "; older than /api/jobs, so jobs are followed by /queue and /history"
    return Finding(NAME, "ok", f"ComfyUI {api.clean(version)} at {host} answers ({label}{followed})")


def exposed(api: Api) -> list[Finding]:
    """A warning where the address looks like one that the whole internet can reach without a key."""
    host = api.site.base.host
    try:
        public = ipaddress.ip_address(host).is_global
    except ValueError:
        public = "." in host and not host.endswith(AT_HOME)
    if not public or api.site.headers:
        return []
    words = "has no password of its own: never expose 8188 to the internet; use a tunnel, or a proxy that asks for COMFYUI_API_KEY"
    return [Finding(NAME, "warning", f"ComfyUI {words}")]


async def lacking(api: Api, templates: Sequence[Template]) -> Lacks:
    """What each template lacks at that server. Raises `Unreachable`."""
    kinds = sorted({node["class_type"] for template in templates for node in template.graph.values()})
    known = {kind: await _offered(api, kind) for kind in kinds}
    return {template.name: _of(template, known) for template in templates}


async def _offered(api: Api, kind: str) -> dict[str, list[str]] | None:
    """The choices of each input of a kind of node; None: the server does not know the kind."""
    answer = await api.ask("GET", "object_info", kind)
    if not answer.ok or not isinstance(answer.data, dict):
        raise Unreachable(api.words(answer))
    node = answer.data.get(kind)
    if not isinstance(node, dict):
        return None
    inputs = node.get("input")
    groups = [group for group in inputs.values() if isinstance(group, dict)] if isinstance(inputs, dict) else []
    return {
        name: choices for group in groups for name, spec in group.items() if (choices := _choices(spec)) is not None
    }


def _choices(spec: Any) -> list[str] | None:
    """``[["a", "b"], {…}]`` of older nodes, ``["COMBO", {"options": ["a", "b"]}]`` of newer ones."""
    if not isinstance(spec, list) or not spec:
        return None
    more = spec[1] if len(spec) > 1 and isinstance(spec[1], dict) else {}
    found = spec[0] if isinstance(spec[0], list) else more.get("options")
    return [str(each) for each in found] if isinstance(found, list) else None


def _of(template: Template, known: Mapping[str, Mapping[str, list[str]] | None]) -> list[str]:
    lacks = []
    for name, node in template.graph.items():
        choices = known[node["class_type"]]
        if choices is None:
            lacks.append(
                f"node {name} is a {node['class_type']}, which it does not know: update it, or install its node pack"
            )
            continue
        for key, value in node["inputs"].items():
            if (
                isinstance(value, str)
                and value.lower().endswith(MODEL_FILES)
                and value not in choices.get(key, [value])
            ):
                lacks.append(_file(template, value))
    return list(dict.fromkeys(lacks))


def _file(template: Template, name: str) -> str:
    folder = template.map.files.get(name)
    into = f"put it into {folder} of ComfyUI" if folder else "put it where its loader looks for it"
    return f"the model file {name} is not there: {into}, then reload its page"


def of_template(template: Template, lacks: Lacks | None) -> list[Finding]:
    """The lines about one template; `lacks` None: nobody could look."""
    subject = f"{NAME}/{template.name}"
    found = [Finding(subject, "warning", each) for each in (lacks or {}).get(template.name, ())]
    if lacks is not None and not found:
        found.append(Finding(subject, "ok", "every node and model file is there"))
    if not template.own and not template.map.verified:
        found.append(
            Finding(subject, "ok", "made from documents: nobody has filmed with it on a real graphics card yet")
        )
    return found
