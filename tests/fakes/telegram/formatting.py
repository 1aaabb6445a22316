"""Text as Telegram counts and reads it: UTF-16 units, HTML, entities given and found.

See core.telegram.org/bots/api#formatting-options; the words of the errors are tdlib/td's, MessageEntity.cpp.
"""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

from tests.fakes.telegram.refusals import bad

Json = dict[str, Any]
TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
_FOUND: Final = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}\b")),
    ("url", re.compile(r"https?://\S+")),
)


def units(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The part of a text that an entity covers."""
    raw = text.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)]
    return raw.decode("utf-16-le", "replace")


def detected(text: str) -> list[Json]:
    """The entities that Telegram finds by itself in what people write."""
    return [
        {"type": kind, "offset": units(text[: hit.start()]), "length": units(hit[0])}
        for kind, pattern in _FOUND
        for hit in pattern.finditer(text)
    ]


def formatted(text: str, parse_mode: str, entities: list[Json] | None) -> tuple[str, list[Json]]:
    """The text without its markup, and its entities; raises `Refusal` as the server would."""
    if parse_mode:
        text, found = parsed(text, parse_mode)
    else:
        found = [dict(each) for each in entities or []]
        for each in found:
            _within(text, each)
    return _trimmed(text, found)


def parsed(text: str, parse_mode: str) -> tuple[str, list[Json]]:
    """Markup read. Only HTML: nobody here writes the other dialects."""
    if parse_mode.lower() != "html":
        raise bad("unsupported parse_mode")
    reader = _Reader(text)
    reader.feed(text)
    reader.close()
    return reader.done()


def _within(text: str, entity: Json) -> None:
    offset, length = entity.get("offset"), entity.get("length")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad('can\'t parse MessageEntity: Field "offset" must be of type Number')
    end, total = offset + length, units(text)
    if offset < 0 or length <= 0 or end > total:
        raise bad(f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {total}")
    raw = text.encode("utf-16-le", "surrogatepass")
    for edge, word in ((offset, "begins"), (end, "ends")):
        if edge < total and 0xDC <= raw[2 * edge + 1] <= 0xDF:
            raise bad(f"entity beginning at UTF-16 offset {offset} {word} in a middle of a UTF-16 symbol")


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Telegram takes white space off both ends; entities move along, empty ones go."""
    lead = units(text) - units(text.lstrip())
    bare = text.strip()
    total = units(bare)
    kept = []
    for each in entities:
        start = max(0, each["offset"] - lead)
        end = min(total, each["offset"] + each["length"] - lead)
        if end > start:
            kept.append(each | {"offset": start, "length": end - start})
    return bare, sorted(kept, key=lambda each: (each["offset"], -each["length"], each["type"]))


class _Reader(HTMLParser):
    """Telegram's small HTML: known tags, properly nested, four named entities."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self.source, self.text = source, ""
        self.open: list[tuple[str, int, Json]] = []
        self.found: list[Json] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "span" and given.get("class") == "tg-spoiler":
            kind: str | None = "spoiler"
        elif tag == "blockquote" and "expandable" in given:
            kind = "expandable_blockquote"
        else:
            kind = TAGS.get(tag)
        if kind is None:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self._offset()}')
        more: Json = {"type": kind}
        if kind == "text_link":
            more["url"] = given.get("href", "")
        self.open.append((tag, units(self.text), more))

    def handle_endtag(self, tag: str) -> None:
        if not self.open:
            raise bad(f"can't parse entities: Unexpected end tag at byte offset {self._offset()}")
        opened, start, more = self.open.pop()
        if opened != tag:
            raise bad(
                f"can't parse entities: Unmatched end tag at byte offset {self._offset()}, "
                f'expected "</{opened}>", found "</{tag}>"'
            )
        if (length := units(self.text) - start) and (more["type"] != "text_link" or more["url"]):
            self.found.append(more | {"offset": start, "length": length})

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise bad(f'can\'t parse entities: Unsupported start tag "" at byte offset {self._offset()}')
        self.text += data

    def handle_entityref(self, name: str) -> None:
        known = name in ("lt", "gt", "amp", "quot")
        self.text += unescape(f"&{name};") if known else f"&{name}"

    def handle_charref(self, name: str) -> None:
        self.text += unescape(f"&#{name};")

    def _offset(self) -> int:
        line, column = self.getpos()
        before = self.source.split("\n")[: line - 1]
        return len("\n".join([*before, ""]).encode()) + column

    def done(self) -> tuple[str, list[Json]]:
        """Text and entities; what was never closed is an error."""
        if self.open:
            raise bad(f"can't parse entities: Can't find end tag corresponding to start tag \"{self.open[-1][0]}\"")
        return self.text, self.found
