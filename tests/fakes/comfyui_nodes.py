"""The kinds of nodes that the fake ComfyUI knows, and how it judges a graph: kinds, required inputs, links, choices, types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

DIFFUSION: Final = (
    "wan2.2_ti2v_5B_fp16.safetensors",
    "wan2.2_i2v_high_noise_14B_fp8_scaled.safetensors",
    "wan2.2_i2v_low_noise_14B_fp8_scaled.safetensors",
)
SAMPLERS, SCHEDULERS = ["euler", "uni_pc", "dpmpp_2m"], ["simple", "normal", "karras"]


@dataclass(frozen=True)
class Kind:
    """One kind of node: inputs by name (a type, or a list of choices), and the types that come out."""

    required: Mapping[str, Any]
    outputs: tuple[str, ...] = ()
    optional: Mapping[str, Any] = field(default_factory=dict)
    saves: bool = False


def kinds() -> dict[str, Kind]:
    """What is installed: everything that the shipped templates need."""
    frame = {"width": "INT", "height": "INT", "length": "INT", "batch_size": "INT"}
    sampler = {
        "model": "MODEL",
        "positive": "CONDITIONING",
        "negative": "CONDITIONING",
        "latent_image": "LATENT",
        "steps": "INT",
        "cfg": "FLOAT",
        "sampler_name": SAMPLERS,
        "scheduler": SCHEDULERS,
    }
    advanced = {
        "add_noise": ["enable", "disable"],
        "noise_seed": "INT",
        "start_at_step": "INT",
        "end_at_step": "INT",
        "return_with_leftover_noise": ["disable", "enable"],
    }
    return {
        "UNETLoader": Kind({"unet_name": list(DIFFUSION), "weight_dtype": ["default", "fp8_e4m3fn"]}, ("MODEL",)),
        "CLIPLoader": Kind(
            {"clip_name": ["umt5_xxl_fp8_e4m3fn_scaled.safetensors"], "type": ["sdxl", "wan"]},
            ("CLIP",),
            {"device": ["default", "cpu"]},
        ),
        "VAELoader": Kind({"vae_name": ["wan2.2_vae.safetensors", "wan_2.1_vae.safetensors"]}, ("VAE",)),
        "ModelSamplingSD3": Kind({"model": "MODEL", "shift": "FLOAT"}, ("MODEL",)),
        "CLIPTextEncode": Kind({"text": "STRING", "clip": "CLIP"}, ("CONDITIONING",)),
        "LoadImage": Kind({"image": "PICTURE"}, ("IMAGE", "MASK")),
        "ImageScale": Kind({"image": "IMAGE", "width": "INT", "height": "INT"}, ("IMAGE",)),
        "Wan22ImageToVideoLatent": Kind({"vae": "VAE", **frame}, ("LATENT",), {"start_image": "IMAGE"}),
        "WanImageToVideo": Kind(
            {"positive": "CONDITIONING", "negative": "CONDITIONING", "vae": "VAE", **frame},
            ("CONDITIONING", "CONDITIONING", "LATENT"),
            {"start_image": "IMAGE", "clip_vision_output": "CLIP_VISION_OUTPUT"},
        ),
        "KSampler": Kind({**sampler, "seed": "INT", "denoise": "FLOAT"}, ("LATENT",)),
        "KSamplerAdvanced": Kind({**sampler, **advanced}, ("LATENT",)),
        "VAEDecode": Kind({"samples": "LATENT", "vae": "VAE"}, ("IMAGE",)),
        "CreateVideo": Kind({"images": "IMAGE", "fps": "FLOAT"}, ("VIDEO",), {"audio": "AUDIO"}),
        "SaveVideo": Kind(
            {"video": "VIDEO", "filename_prefix": "STRING", "format": ["auto", "mp4"], "codec": ["auto", "h264"]},
            saves=True,
        ),
        "SaveAnimatedWEBP": Kind({"images": "IMAGE", "filename_prefix": "STRING", "fps": "FLOAT"}, saves=True),
    }


def info(kind: str, known: Kind, pictures: list[str]) -> dict[str, Any]:
    """``/object_info/<kind>``: older nodes list their choices in place, newer ones under ``options``."""

    def spec(name: str, wanted: Any) -> list[Any]:
        if wanted == "PICTURE":
            return [pictures, {"image_upload": True}]
        if not isinstance(wanted, list):
            return [wanted, {}]
        return ["COMBO", {"options": wanted}] if name in ("format", "codec", "vae_name") else [wanted]

    groups = {"required": known.required, "optional": known.optional}
    inputs = {group: {name: spec(name, wanted) for name, wanted in each.items()} for group, each in groups.items()}
    return {"input": inputs, "output": list(known.outputs), "name": kind, "output_node": known.saves}


def refusal(graph: Any, installed: Mapping[str, Kind], pictures: list[str]) -> dict[str, Any] | None:
    """The body of the 400 with which ComfyUI turns a graph down; None: it is fine."""
    if not isinstance(graph, dict) or not graph:
        return _said("prompt_no_outputs", "Prompt has no outputs", "")
    for name, node in graph.items():
        if not isinstance(node, dict) or "class_type" not in node:
            return _said(
                "invalid_prompt",
                "Cannot execute because a node is missing the class_type property.",
                f"Node ID '#{name}'",
            )
        if node["class_type"] not in installed:
            text = f"Cannot execute because node {node['class_type']} does not exist."
            return _said("invalid_prompt", text, f"Node ID '#{name}'")
    if not any(installed[node["class_type"]].saves for node in graph.values()):
        return _said("prompt_no_outputs", "Prompt has no outputs", "")
    wrong = {name: found for name in graph if (found := list(_wrong(name, graph, installed, pictures)))}
    if not wrong:
        return None
    nodes = {
        name: {"errors": errors, "dependent_outputs": [], "class_type": graph[name]["class_type"]}
        for name, errors in wrong.items()
    }
    return {**_said("prompt_outputs_failed_validation", "Prompt outputs failed validation", ""), "node_errors": nodes}


def _said(kind: str, message: str, details: str) -> dict[str, Any]:
    return {"error": {"type": kind, "message": message, "details": details, "extra_info": {}}, "node_errors": {}}


def _wrong(
    name: str, graph: Mapping[str, Any], installed: Mapping[str, Kind], pictures: list[str]
) -> Iterator[dict[str, Any]]:
    kind, inputs = installed[graph[name]["class_type"]], graph[name].get("inputs", {})
    for missing in kind.required.keys() - inputs.keys():
        yield _error("required_input_missing", "Required input is missing", missing)
    for key, value in inputs.items():
        wanted = {**kind.optional, **kind.required}.get(key)
        if isinstance(value, list):
            yield from _wrong_link(key, value, wanted, graph, installed)
        elif wanted is not None:
            yield from _wrong_value(key, value, pictures if wanted == "PICTURE" else wanted)


def _wrong_link(
    key: str, link: list[Any], wanted: Any, graph: Mapping[str, Any], installed: Mapping[str, Kind]
) -> Iterator[dict[str, Any]]:
    if len(link) != 2 or link[0] not in graph:
        yield _error("bad_linked_input", "Bad linked input, must be a length-2 list of [node_id, slot_index]", key)
        return
    outputs = installed[graph[link[0]]["class_type"]].outputs
    came = outputs[link[1]] if type(link[1]) is int and link[1] < len(outputs) else None
    if came is None or came != wanted:
        yield _error("return_type_mismatch", "Return type mismatch between linked nodes", f"{key}, {came} != {wanted}")


def _wrong_value(key: str, value: Any, wanted: Any) -> Iterator[dict[str, Any]]:
    if isinstance(wanted, list):
        if value not in wanted:
            yield _error("value_not_in_list", "Value not in list", f"{key}: '{value}' not in {wanted}")
        return
    types: dict[str, tuple[type, ...]] = {"INT": (int,), "FLOAT": (int, float), "STRING": (str,)}
    if wanted not in types or isinstance(value, bool) or not isinstance(value, types[wanted]):
        yield _error("invalid_input_type", "Failed to convert an input value", f"{key}, {value!r}")
    elif isinstance(value, int) and not 0 <= value < 1 << 64:
        yield _error("value_bigger_than_max", "Value bigger than max", key)


def _error(kind: str, message: str, details: str) -> dict[str, Any]:
    return {"type": kind, "message": message, "details": details, "extra_info": {}}
