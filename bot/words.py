"""The member's own words: what may come in, and which of their lines say camera, action, dialogue or sound."""

from __future__ import annotations

import re
import unicodedata

from bot.errors import ControlCharacters, EmptyWords, WordsTooLong

WORDS_MAX = 32_000
"""The longest prompt of the `/v1/videos` dialect's specification; nothing longer could be sent anywhere."""

_LABELS = {
    "camera": ("camera", "cinematography", "镜头", "摄影", "鏡頭", "攝影"),
    "action": ("action", "actions", "动作", "動作"),
    "dialogue": ("dialogue", "dialog", "对白", "台词", "對白", "台詞"),
    "sound": ("sound", "background sound", "audio", "声音", "聲音"),
    "ambience": (
        "ambience",
        "ambiance",
        "ambient sound",
        "atmos",
        "room tone",
        "环境音",
        "环境声",
        "背景音",
        "環境音",
        "環境聲",
    ),
    "effects": ("effects", "sound effects", "sfx", "foley", "音效", "效果音"),
    "music": ("music", "score", "soundtrack", "音乐", "配乐", "背景音乐", "音樂", "配樂", "背景音樂"),
}
LAYERS = frozenset({"ambience", "effects", "music"})
"""The layers of a sound that may have lines of their own; `sound` is all of it, or what is left."""
_LABEL_OF = {word: name for name, words in _LABELS.items() for word in words}
_LABEL_LINE = re.compile(
    rf"^[ \t]*({'|'.join(sorted(map(re.escape, _LABEL_OF), key=len, reverse=True))})[ \t]*[:：]", re.I
)


def checked(text: str, limit: int = WORDS_MAX) -> str:
    """The text as it came, byte for byte. Raises `EmptyWords`, `WordsTooLong` or `ControlCharacters`.

    Refused are C0 and C1 controls except tab and newline, and lone surrogates; emoji joiners and bidi marks pass, they belong
    to people's languages.
    """
    if len(text) > limit:
        raise WordsTooLong(length=len(text), limit=limit)
    if not text.strip():
        raise EmptyWords
    for char in text:
        if char not in "\t\n" and unicodedata.category(char) in ("Cc", "Cs"):
            raise ControlCharacters(found=f"U+{ord(char):04X}")
    return text


def labelled_runs(words: str) -> list[tuple[str, str]]:
    """Split the words, at line ends only, into runs named by their labels; the runs joined by newlines are the words again.

    ``"He walks.\\nSound: rain"`` → ``[("words", "He walks."), ("sound", "Sound: rain")]``. A labelled line owns the lines
    below it that carry no label; an unlabelled beginning is ``words``.
    """
    runs: list[tuple[str, list[str]]] = []
    for line in words.split("\n"):
        found = _LABEL_LINE.match(line)
        name = _LABEL_OF[found.group(1).lower()] if found else ""
        if name or not runs:
            runs.append((name or "words", [line]))
        else:
            runs[-1][1].append(line)
    return [(name, "\n".join(lines)) for name, lines in runs]
