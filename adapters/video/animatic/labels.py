"""Labels in a brief ("Palette anchors:", "Grade:", 声音：): which stretch of a text each governs, and what can be meant there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bot import lexicon
from bot.brief import PartName

_LABEL = re.compile(r"(?:^|(?<=[.;。；\n,]))[ \t]*([^\W\d_][\w ]{1,24}?)[ \t]*[:：]", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.;](?=\s|$)|[。；\n]")

_LOOK = frozenset({"framing", "angle", "lens", "aperture", "move", "style", "grade"})
ALLOWED: Mapping[str, frozenset[str]] = {
    "palette": frozenset({"colour"}),
    "grade": frozenset({"grade", "style"}),
    "camera": _LOOK
    | {"arrangement", "direction", "light", "beams", "weather", "place", "subject", "wardrobe", "colour"},
    "light": frozenset({"light", "beams", "weather", "grade"}),
    "time": frozenset({"light", "weather"}),
    "weather": frozenset({"weather", "light", "sound"}),
    "place": frozenset({"place", "weather", "light"}),
    "subject": frozenset({"subject", "wardrobe", "colour", "gait", "arrangement"}),
    "wardrobe": frozenset({"wardrobe", "colour"}),
    "props": frozenset({"wardrobe", "colour"}),
    "direction": frozenset({"direction"}),
    "sound": frozenset({"sound"}),
    "mood": frozenset({"grade"}),
    "style": _LOOK | {"light", "beams"},
    "nothing": frozenset(),
}
_OWN_LABELS = {
    "palette": "palette, palette anchors, colour palette, color palette, colours, colors, 色调, 色彩, 色彩锚点, 配色, 调色板, 主色",
    "grade": "grade, colour grade, color grade, grading, 调色",
    "camera": "camera, cinematography, lens, framing, depth of field, shot size, 镜头, 摄影, 运镜, 景别, 构图",
    "mood": "mood, tone, 情绪, 氛围",
    "style": "style, look, stock, format, 风格",
    "sound": "sound, background sound, audio, music, 声音, 音效, 音乐",
    "nothing": "title, duration, length, note, notes, aspect ratio, negative, negative prompt, 标题, 时长, 备注, 画幅, 负面提示词",
}


def context_of(contexts: Sequence[tuple[int, int, str]], start: int) -> str:
    at = bisect_right(contexts, (start, 1 << 60, "")) - 1
    return contexts[at][2] if at >= 0 and contexts[at][0] <= start < contexts[at][1] else ""


@cache
def _labels() -> Mapping[str, str]:
    known = {
        label: kind for kind in lexicon.tables()["labels"] if kind != "none" for label in lexicon.table("labels", kind)
    }
    return known | {label.strip(): kind for kind, labels in _OWN_LABELS.items() for label in labels.split(",")}


def contexts_of(name: PartName, text: str) -> Iterator[tuple[int, int, str]]:
    """Which stretches stand under a label: (first character, behind the last, label's kind)."""
    if name in (PartName.CAMERA, PartName.SOUND):
        first_line = text.find("\n") if name is PartName.CAMERA else -1
        yield 0, first_line if first_line >= 0 else len(text), name.value
        return
    for match in _LABEL.finditer(text):
        kind = _labels().get(lexicon.chinese().simplified(match.group(1)).strip().lower(), "")
        if kind:
            end = _SENTENCE_END.search(text, match.end())
            yield match.end(), end.start() if end else len(text), kind
