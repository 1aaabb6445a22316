"""The rules of message components, old and new (`V2`), and of what they may say. Numbers: "Component Reference"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.fakes.discord.nouns import SELECTS, every
from tests.fakes.discord.refusals import Json, bad_form, need, need_length

ROW, BUTTON, STRING_SELECT = 1, 2, 3
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER = 9, 10, 11, 12, 13, 14, 17
LINK, PREMIUM = 5, 6
MOST, MOST_TEXT, MOST_ROWS = 40, 4000, 5
TOP = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER}
INSIDE = TOP - {CONTAINER}


def check_components(components: Any, *, v2: bool) -> None:
    """Raise a `bad_form` for the first thing about a message's components that Discord would not take."""
    need(isinstance(components, list), "components", "Must be a list.", "LIST_TYPE_CONVERT")
    allowed, most = (TOP, MOST) if v2 else ({ROW}, MOST_ROWS)
    need(len(components) <= most, "components", f"Must be {most} or fewer in length.", "BASE_TYPE_BAD_LENGTH")
    check_list(components, allowed, "components")
    parts = list(every(components))
    need(
        len(parts) <= MOST,
        "components",
        "The total number of components is above 40",
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    )
    shown = sum(len(part["content"]) for part in parts if part["type"] == TEXT)
    need(
        shown <= MOST_TEXT, "components", "Total text above 4000 characters", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
    )
    check_unique(parts, "custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED")
    check_unique(parts, "id", "COMPONENT_ID_DUPLICATED")


def check_unique(parts: list[Json], key: str, code: str) -> None:
    """No two of them have the same."""
    doubles = [name for name, times in Counter(part[key] for part in parts if part.get(key)).items() if times > 1]
    need(not doubles, "components", f"Component {key} cannot be duplicated: {doubles}", code)


def check_list(parts: list[Any], allowed: set[int], path: str) -> None:
    """Each of them is of an allowed type and well formed."""
    for number, part in enumerate(parts):
        here = f"{path}.{number}"
        kind = part.get("type") if isinstance(part, dict) else None
        need(
            kind in allowed,
            f"{here}.type",
            f'Value of field "type" must be one of {sorted(allowed)}.',
            "UNION_TYPE_CHOICES",
        )
        assert isinstance(kind, int)
        CHECKS[kind](part, here)


def check_row(part: Json, path: str) -> None:
    """Up to five buttons, or one select."""
    inner = part.get("components") or []
    kinds = [child.get("type") for child in inner]
    need(1 <= len(inner) <= 5, f"{path}.components", "Must be between 1 and 5 in length.", "BASE_TYPE_BAD_LENGTH")
    lone = all(kind == BUTTON for kind in kinds) or len(kinds) == 1
    need(
        lone,
        f"{path}.components",
        "The specified component exceeds the maximum width",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    )
    check_list(inner, {BUTTON, *SELECTS}, f"{path}.components")


def check_button(part: Json, path: str) -> None:
    """A label or an emoji; an id, or for a link an address, never both."""
    style = part.get("style")
    need(style in range(1, 7), f"{path}.style", "Not a button style.", "BASE_TYPE_CHOICES")
    if part.get("label") is not None:
        need_length(part["label"], f"{path}.label", 1, 80)
    need(
        bool(part.get("label") or part.get("emoji") or style == PREMIUM),
        f"{path}.label",
        "A label or an emoji is required.",
    )
    if style == LINK:
        need(
            "custom_id" not in part,
            f"{path}.custom_id",
            "A link has no custom id.",
            "BUTTON_COMPONENT_INVALID_CUSTOM_ID",
        )
        need_length(part.get("url"), f"{path}.url", 1, 512)
        need(
            part["url"].startswith(("http://", "https://", "discord://")),
            f"{path}.url",
            "Scheme must be http or https.",
            "URL_TYPE_INVALID_SCHEME",
        )
    elif style != PREMIUM:
        need("url" not in part, f"{path}.url", "Only a link has an address.")
        check_custom_id(part, path)


def check_custom_id(part: Json, path: str) -> None:
    """1 to 100 characters."""
    need_length(part.get("custom_id"), f"{path}.custom_id", 1, 100)


def check_select(part: Json, path: str) -> None:
    """Up to 25 different options."""
    check_custom_id(part, path)
    need_length(part.get("placeholder") or "", f"{path}.placeholder", 0, 150)
    if part["type"] == STRING_SELECT:
        check_options(part.get("options") or [], f"{path}.options", 25)


def check_options(options: list[Json], path: str, most: int) -> None:
    """Labels, values and descriptions of up to 100 characters each."""
    need(1 <= len(options) <= most, path, f"Must be between 1 and {most} in length.", "BASE_TYPE_BAD_LENGTH")
    for number, option in enumerate(options):
        need_length(option.get("label"), f"{path}.{number}.label", 1, 100)
        need_length(option.get("value"), f"{path}.{number}.value", 1, 100)
        need_length(option.get("description") or "", f"{path}.{number}.description", 0, 100)
    values = [option["value"] for option in options]
    need(
        len(set(values)) == len(values),
        path,
        "The specified option value is already used",
        "COMPONENT_OPTION_VALUE_DUPLICATED",
    )


def check_section(part: Json, path: str) -> None:
    """One to three texts beside a button or a thumbnail."""
    inner = part.get("components") or []
    need(1 <= len(inner) <= 3, f"{path}.components", "Must be between 1 and 3 in length.", "BASE_TYPE_BAD_LENGTH")
    check_list(inner, {TEXT}, f"{path}.components")
    need(isinstance(part.get("accessory"), dict), f"{path}.accessory", "This field is required", "BASE_TYPE_REQUIRED")
    accessory = part["accessory"]
    need(
        accessory.get("type") in (BUTTON, THUMBNAIL),
        f"{path}.accessory.type",
        "A button or a thumbnail.",
        "UNION_TYPE_CHOICES",
    )
    CHECKS[accessory["type"]](accessory, f"{path}.accessory")


def check_text(part: Json, path: str) -> None:
    """Never empty."""
    need_length(part.get("content"), f"{path}.content", 1, MOST_TEXT)


def check_media(media: Any, path: str, *, upload_only: bool = False) -> None:
    """An address, or an upload (`attachment://`)."""
    need(isinstance(media, dict), path, "This field is required", "BASE_TYPE_REQUIRED")
    need_length(media.get("url"), f"{path}.url", 1, 2048)
    schemes = ("attachment://",) if upload_only else ("attachment://", "http://", "https://")
    need(
        media["url"].startswith(schemes), f"{path}.url", f"Scheme must be one of {schemes}.", "URL_TYPE_INVALID_SCHEME"
    )


def check_gallery(part: Json, path: str) -> None:
    """One to ten pieces of media."""
    items = part.get("items") or []
    need(1 <= len(items) <= 10, f"{path}.items", "Must be between 1 and 10 in length.", "BASE_TYPE_BAD_LENGTH")
    for number, item in enumerate(items):
        check_media(item.get("media"), f"{path}.items.{number}.media")
        need_length(item.get("description") or "", f"{path}.items.{number}.description", 0, 1024)


def check_thumbnail(part: Json, path: str) -> None:
    """One picture."""
    check_media(part.get("media"), f"{path}.media")
    need_length(part.get("description") or "", f"{path}.description", 0, 1024)


def check_file(part: Json, path: str) -> None:
    """An upload of this message, nothing else."""
    check_media(part.get("file"), f"{path}.file", upload_only=True)


def check_container(part: Json, path: str) -> None:
    """Anything but another container; a colour of 24 bits."""
    inner = part.get("components") or []
    need(1 <= len(inner) <= MOST, f"{path}.components", "Must be between 1 and 40 in length.", "BASE_TYPE_BAD_LENGTH")
    colour = part.get("accent_color")
    need(colour is None or 0 <= colour <= 0xFFFFFF, f"{path}.accent_color", "Not a colour.", "NUMBER_TYPE_MAX")
    check_list(inner, INSIDE, f"{path}.components")


def check_separator(part: Json, path: str) -> None:
    """Small or large."""
    need(part.get("spacing", 1) in (1, 2), f"{path}.spacing", "Value must be one of {1, 2}.", "BASE_TYPE_CHOICES")


CHECKS: dict[int, Callable[[Json, str], None]] = {
    ROW: check_row,
    BUTTON: check_button,
    **dict.fromkeys(SELECTS, check_select),
    SECTION: check_section,
    TEXT: check_text,
    THUMBNAIL: check_thumbnail,
    GALLERY: check_gallery,
    FILE: check_file,
    SEPARATOR: check_separator,
    CONTAINER: check_container,
}


def refuse_old_form(body: Json, standing: Json) -> None:
    """A message with `V2` has no content, embeds, poll or stickers; `standing`: what is there before an edit."""
    for key in ("content", "embeds", "poll", "sticker_ids", "stickers"):
        if body.get(key) or (key not in body and standing.get(key)):
            raise bad_form(
                key,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )
