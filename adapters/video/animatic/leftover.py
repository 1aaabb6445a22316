"""The words that drove nothing, told as they stand, so that nobody has to guess why the picture does not show them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from adapters.video.animatic.cues import Passage
from adapters.video.animatic.guard import tags
from adapters.video.animatic.words import Cue, Token
from bot import lexicon
from bot.brief import PartName

LEFTOVER_MAX = 12
"""Words told of one shot; more would be a list that nobody reads."""

_CONTENT = frozenset({"noun", "adjective", "open"})
_SMALL = frozenset({
    "prepositions", "conjunctions", "pronouns", "determiners", "auxiliaries", "adverbs", "possessives", "numbers", "units",
    "verb.base", "verb.s", "verb.ing", "verb.past",
})  # fmt: skip
_FILM = frozenset(
    {
        "shot",
        "shots",
        "scene",
        "camera",
        "lens",
        "video",
        "clip",
        "frame",
        "take",
        "film",
        "cinematography",
        "lighting",
        "palette",
        "anchors",
        "grade",
        "mood",
        "background",
        "sound",
        "action",
        "dialogue",
        "same",
        "look",
        "style",
        "stock",
        "light",
        "lights",
        "left",
        "right",
        "second",
        "seconds",
        "slow",
        "steady",
        "image",
        "picture",
        "footage",
        "view",
        "please",
        "instead",
        "switch",
        "depth",
        "field",
        "change",
        "make",
        "continuity",
    }
)
_TONES = frozenset(
    {"tones", "tone", "hues", "hue", "palette", "shades", "tint", "tints", "color", "colour", "colors", "colours"}
)
_ZH_TONES = ("色调", "调子", "配色", "的色彩")
_ZH_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
_ZH_SMALL = (
    "numbers",
    "measures",
    "pronouns",
    "prepositions",
    "where",
    "sides",
    "particles",
    "adverbs",
    "conjunctions",
    "others",
    "verbs",
    "wearing",
    "holding",
    "having",
    "framing",
    "camera_verbs",
)
_ZH_ASKING = frozenset(
    {
        "换成",
        "改成",
        "变成",
        "改为",
        "换为",
        "同一镜头",
        "声音",
        "音效",
        "动作",
        "对白",
        "台词",
        "同样",
        "镜头",
        "色彩锚",
    }
)
_ZH_SKIP = frozenset(
    "的地得着了过一两个只位名条和与在上下里中外前后这那他她它们是有人从到向对把被让用以及而就也都还再又很"
)


def is_tone(passage: Passage, cue: Cue) -> bool:
    """ "Teal and amber tones", 蓝色色调: the picture is meant, not a thing."""
    following = [token.low for token in passage.between(cue.behind, cue.behind + 6)]
    for low in following:
        if low in _TONES:
            return True
        if low not in ("and", ",", "&", "、", "和") and low not in passage.colour_words:
            break
    before = [token.low for token in passage.between(max(0, cue.first - 4), cue.first)]
    return passage.text[cue.end : cue.end + 3].startswith(_ZH_TONES) or any(
        low in ("shades", "hues", "tones") for low in before
    )


def acts(passage: Passage) -> bool:
    """Whether somebody does something that is no gait: "repairs", "juggles"."""
    if passage.of("gait") or passage.name is PartName.CARRIED:
        return False
    return any({"verb.s", "verb.ing"} & tags(token.low) and "noun" not in tags(token.low) for token in passage.tokens)


def words(passage: Passage, used: Sequence[Cue], named: Sequence[str]) -> list[str]:
    """Nouns and adjectives of this part that had no say, in the order of the text; what is spoken does not count."""
    covered = {index for cue in used for index in range(cue.first, cue.behind)}
    inside = frozenset(token for name in named for token in name.lower().split())
    english = [
        (token.start, passage.text[token.start : token.end])
        for index, token in enumerate(passage.tokens)
        if index not in covered and token.low not in inside and _is_content(token)
    ]
    return [word for _, word in sorted([*english, *islice(_chinese(passage, covered, named), LEFTOVER_MAX)])]


def _is_content(token: Token) -> bool:
    if len(token.low) < 3 or not token.low[0].isalpha() or not token.low.isascii() or token.low in _FILM:
        return False
    kinds = tags(token.low)
    return bool(kinds & _CONTENT) and not kinds & _SMALL


def _chinese(passage: Passage, covered: set[int], named: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Known nouns and looks that nothing covers; an unknown run of signs as a whole."""
    free = "".join(
        "." if index in covered else token.low for index, token in enumerate(passage.tokens) if len(token.low) == 1
    )
    if not _ZH_RUN.search(free):
        return
    at = 0
    while at < len(passage.tokens):
        length = _length(passage.tokens, at, covered)
        word = "".join(token.low for token in passage.tokens[at : at + length])
        if length > 1 and not any(word in name for name in named) and not _is_small(word):
            yield passage.tokens[at].start, passage.text[passage.tokens[at].start : passage.tokens[at + length - 1].end]
        at += max(1, length)


def _length(tokens: Sequence[Token], at: int, covered: set[int]) -> int:
    """How many signs from here are one word: the longest that the bot knows, else the unknown run."""
    known, run = lexicon.chinese(), 0
    while (
        at + run < len(tokens) and run < 8 and at + run not in covered and "\u3400" <= tokens[at + run].low <= "\u9fff"
    ):
        run += 1
    text = "".join(token.low for token in tokens[at : at + run])
    for size in range(min(run, known.longest), 1, -1):
        if text[:size] in known.tags:
            return size
    if not run or text[0] in _ZH_SKIP or text[0] in known.tags:
        return min(run, 1)
    return next((size for size in range(1, run) if text[size] in _ZH_SKIP or text[size : size + 2] in known.tags), run)


def _is_small(word: str) -> bool:
    return word in _ZH_ASKING or bool(lexicon.chinese().tags.get(word, frozenset()) & set(_ZH_SMALL))
