"""Who says what, and when: spoken lines found in a text, and laid out over the seconds of a clip. Pure.

The animatic babbles and subtitles by this; the subtitles of a film follow it for every backend.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.cut import Spoken

LINES_MAX = 12
_LEAD, _GAP = 0.4, 0.25
_LATIN_RATE, _HAN_RATE = 15.0, 5.0
"""Signs spoken in a second, roughly: 150 English words or 300 Chinese signs a minute."""

_SAYS = (
    r"(?:says?|said|saying|asks?|asked|whispers?|whispered|shouts?|shouted|yells?|yelled|replies|replied|answers?|answered|"
    r"cries|cried|mutters?|murmurs?|announces?|sings?|calls? out|adds?|screams?)"
)
_ZH_SAYS = r"(?:说道|说|喊道|喊|问道|问|答道|回答|低语|唱道|唱|道)"
_QUOTED = re.compile(
    r"“([^“”\n]{1,2000})”|\"([^\"\n]{1,2000})\"|「([^「」\n]{1,2000})」|『([^『』\n]{1,2000})』|«([^«»\n]{1,2000})»"
)
_UNQUOTED = re.compile(
    rf"\b{_SAYS}\s*:\s*(?=[^\s“\"])([^\n]{{1,2000}})|{_ZH_SAYS}[：:]\s*(?=[^\s“\"「])([^\n。！？]{{1,2000}})", re.I
)
_WRITTEN = re.compile(
    r"(?:sign|signs|reads?|reading|text|titled|title|labell?ed|called|named|caption|logo|word|words|letters|写着|标题|字样|名为|招牌)"
    r"[\s:：,]*$",
    re.I,
)
_NAMED = re.compile(
    rf"([A-Z][\w’'-]+)[^.!?:“\"\n]{{0,30}}?\b{_SAYS}\b[^“\"]{{0,16}}$|([A-Z][\w’'-]+)\s*(?:\([^)]*\))?\s*:\s*$"
)
_NAMED_AFTER = re.compile(rf"^,?\s*(?:{_SAYS}\s+([A-Z][\w’'-]+)|([A-Z][\w’'-]+)\s+{_SAYS})")
_ZH_NAMED = re.compile(
    rf"(?:^|[，。；！？\s])([\u3400-\u9fff]{{1,6}}?)(?:[\u3400-\u9fff]{{0,3}}地)?{_ZH_SAYS}[：:，,]?\s*$"
)
_SCRIPT = re.compile(r"^\s*(?:[-*•]\s*)?([^\W\d_][\w .’'-]{0,30}?)\s*(?:\([^)]*\))?\s*[:：]\s*(.+)$")
_NOT_NAMES = frozenset(
    {
        "he",
        "she",
        "it",
        "they",
        "then",
        "the",
        "a",
        "an",
        "and",
        "i",
        "we",
        "you",
        "his",
        "her",
        "action",
        "camera",
        "sound",
        "dialogue",
        "dialog",
        "title",
    }
)
_PRONOUNS_ZH = frozenset({"他", "她", "它", "他们", "她们"})


class Said(NamedTuple):
    """A spoken line before it has a time: speaker (may be empty), words, and its place in the text, quotes included."""

    speaker: str
    text: str
    start: int
    end: int


def spoken(text: str, *, script: bool = False) -> list[Said]:
    """The lines spoken in this text. `script`: every line of it is speech, as under ``Dialogue:``."""
    found = [said for match in _QUOTED.finditer(text) if (said := _quoted(text, match))]
    taken = [(said.start, said.end) for said in found]
    for match in _UNQUOTED.finditer(text):
        start, end = match.span(match.lastindex or 0)
        if not any(first < end and start < last for first, last in taken):
            found.append(
                Said(
                    _speaker(text, match.start(), match.end(), match.start(match.lastindex or 0)),
                    match.group(match.lastindex or 0).strip(),
                    start,
                    end,
                )
            )
    if script and not found:
        found = _scripted(text)
    return sorted(found, key=lambda said: said.start)[:LINES_MAX]


def without(text: str, lines: Sequence[Said]) -> str:
    """The text with every spoken line blanked by full stops, so that places in it stay where they are."""
    for said in lines:
        text = f"{text[: said.start]}{'.' * (said.end - said.start)}{text[said.end :]}"
    return text


def laid_out(lines: Sequence[Said], seconds: float) -> tuple[Spoken, ...]:
    """The lines with their times: as long as it takes to say them, squeezed where the shot is too short."""
    if not lines:
        return ()
    lengths = [max(0.9, _length(said.text)) for said in lines]
    lead = min(_LEAD, seconds * 0.1)
    room = max(0.2, seconds - 2 * lead)
    pace = min(1.0, room / (sum(lengths) + _GAP * (len(lines) - 1)))
    at, placed = lead, []
    for said, length in zip(lines, lengths, strict=True):
        placed.append(Spoken(round(at, 3), round(at + length * pace, 3), said.text, said.speaker))
        at += (length + _GAP) * pace
    return tuple(placed)


def _length(text: str) -> float:
    han = sum("\u3040" <= char <= "\u9fff" for char in text)
    return han / _HAN_RATE + (len(text) - han) / _LATIN_RATE


def _quoted(text: str, match: re.Match[str]) -> Said | None:
    words = match.group(match.lastindex or 0).strip()
    if not any(char.isalpha() for char in words) or _WRITTEN.search(text[max(0, match.start() - 30) : match.start()]):
        return None
    return Said(_speaker(text, match.start(), match.end(), match.start()), words, match.start(), match.end())


def _speaker(text: str, start: int, end: int, opening: int) -> str:
    """The name that stands before (or, for quotes, behind) the words; empty where it is only a pronoun."""
    line = max(text.rfind("\n", 0, opening) + 1, opening - 60)
    before, after = text[line:opening], text[end : end + 40]
    if found := _NAMED.search(before) or (_NAMED_AFTER.search(after) if start == opening else None):
        name = found.group(1) or found.group(2)
        return "" if name.lower() in _NOT_NAMES else name
    zh = _ZH_NAMED.search(before)
    return zh.group(1) if zh and zh.group(1) not in _PRONOUNS_ZH else ""


def _scripted(text: str) -> list[Said]:
    """``Marek: You came back.`` line by line, the label of the whole block skipped."""
    found, at = [], 0
    for index, line in enumerate(text.split("\n")):
        body, shift = line, at
        if index == 0:
            body = re.split("[:：]", line, maxsplit=1)[-1]
            shift += len(line) - len(body)
        match = _SCRIPT.match(body)
        speaker, words = (match.group(1), match.group(2)) if match else ("", body)
        if words.strip():
            found.append(
                Said(
                    speaker.strip().title() if speaker.isupper() else speaker.strip(),
                    words.strip(),
                    shift,
                    at + len(line),
                )
            )
        at += len(line) + 1
    return found
