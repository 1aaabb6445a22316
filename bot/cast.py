"""The people, animals and things of a film: who they are, what they wear, how they sound; found in a prompt by name. Pure.

A model remembers nobody, so whoever is named in a shot is described in it, word for word, once. Name, description, wardrobe and
voice are kept apart: clothes change within a story, faces do not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot import lexicon
from bot.errors import NameNotPlain, NameReserved, NameTooLong
from bot.words import checked

NAME_MAX: Final = 40
DESCRIPTION_MAX: Final = 4_000
DETAIL_MAX: Final = 2_000
"""Characters of a wardrobe or a voice."""
CAST_MAX: Final = 100
"""So many in one's own cast, and so many in a server's."""

_HAN: Final = "\u3400-\u9fff"
_UNSPACED: Final = f"{_HAN}\u3040-\u30ff\uac00-\ud7af\u0e00-\u0e7f\uf900-\ufaff"
"""Scripts in which words are not, or not only, set apart by blanks."""
_WITHIN: Final = frozenset("_’'·.-")
_RESERVED_LABELS: Final = frozenset(
    {"camera", "cinematography", "action", "actions", "dialogue", "sound", "audio", "cast"}
)
_SAYING: Final = re.compile(
    r"[\"“”「『]|\b(?:says?|said|asks?|asked|tells?|told|talks?|talking|speaks?|speaking|shouts?|whispers?|yells?|sings?|answers?|"
    r"replies|murmurs?|mutters?)\b|^[ \t]*(?:dialogue?|对白|台词|對白|台詞)[ \t]*[:：]|[说說喊问問唱答]",
    re.IGNORECASE | re.MULTILINE,
)
_ENDINGS: Final = ".!?。！？…"


class Standing(StrEnum):
    """Whether a cast member can be used."""

    STANDING = "standing"
    PROPOSED = "proposed"
    GONE = "gone"


@dataclass(frozen=True)
class CastMember:
    """One version of somebody. A change makes a new version; what a brief was made of is never changed."""

    id: str
    holder: str
    """Whose it is: a member's id, or a place (``platform/server``) for what all its members share."""
    owner: str
    """The member who made it."""
    name: str
    description: str
    wardrobe: str = ""
    voice: str = ""
    image: str | None = None
    """Digest of a reference picture, kept only with consent."""
    consent: str = ""
    """What was answered to "no real person, or with their consent?": ``yes``, ``no``, or nothing where nobody asked."""
    consent_at: float | None = None
    made_from: str | None = None
    """Id of the take it was made from."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """By backend: the id under which it knows the character."""
    remote: str = ""
    """``backend:id`` of the job that filmed `made_from`, of which a backend can make a character of its own."""
    version: int = 1
    by: str = ""
    """Who made this version …"""
    at: float = 0.0
    """… and when, seconds since the epoch."""
    standing: Standing = Standing.STANDING
    locked: bool = False
    """Only its owner and moderators may change it."""
    pending: str = ""
    """Address of a picture that waits for the answer about consent."""

    @property
    def shared(self) -> bool:
        """Whether it belongs to a place, not to a member."""
        return "/" in self.holder

    @property
    def key(self) -> str:
        """The name as it is compared with others."""
        return folded(self.name)


def folded(name: str) -> str:
    """A name without case and in Simplified characters: two names that fold alike are one."""
    return lexicon.chinese().simplified(name.strip()).casefold()


def check_name(name: str, reserved: Iterable[str] = ()) -> str:
    """The name as it is kept. Raises `EmptyWords`, `NameTooLong`, `NameNotPlain` or `NameReserved`.

    `reserved`: words with a meaning of their own, beside the labels of a prompt and the small words of a language.
    """
    plain = checked(name).strip()
    if len(plain) > NAME_MAX:
        raise NameTooLong(limit=NAME_MAX)
    if not _is_one_word(plain):
        raise NameNotPlain(name=plain)
    low = folded(plain)
    if low in _RESERVED_LABELS or low in {folded(word) for word in reserved} or low in _small_words():
        raise NameReserved(name=plain)
    return plain


def _is_one_word(name: str) -> bool:
    """Letters, with their marks, and digits; a dot, a hyphen or an apostrophe only between them."""
    kinds = [unicodedata.category(char)[0] for char in name]
    within = all(kind in "LNM" or char in _WITHIN for kind, char in zip(kinds, name, strict=True))
    return within and kinds[0] in "LN" and kinds[-1] in "LNM" and "L" in kinds


@lru_cache(1)
def _small_words() -> frozenset[str]:
    """Pronouns, articles and the like, which stand in every prompt."""
    small = lexicon.tables()["small"]
    return frozenset(word for column in small for word in lexicon.table("small", column))


# ---------------------------------------------------------------- found in a prompt


@dataclass(frozen=True)
class Named:
    """A prompt whose names have been found."""

    words: str
    """The member's words, byte for byte but for the ``@`` in front of a name, which would link to a stranger elsewhere."""
    cast: tuple[CastMember, ...]
    """Those it names, in the order in which it names them first."""
    spelled: tuple[str, ...] = ()
    """Their names as the words write them, in the same order."""


def named_in(words: str, cast: Sequence[CastMember]) -> Named:
    """Find the names, with or without ``@``, in any case of letters; of names inside one another the longest."""
    found = list(_matches(words, cast))
    plain, at = [], 0
    for start, end, _ in found:
        plain += [words[at:start], words[start:end].removeprefix("@")]
        at = end
    first = {who.id: (who, words[start:end].removeprefix("@")) for start, end, who in reversed(found)}
    order = dict.fromkeys(who.id for _, _, who in found)
    return (
        Named("".join((*plain, words[at:])), *zip(*(first[each] for each in order), strict=True))
        if found
        else Named(words, ())
    )


def _matches(words: str, cast: Sequence[CastMember]) -> Iterable[tuple[int, int, CastMember]]:
    if not cast:
        return
    ordered = sorted(cast, key=lambda who: (-len(who.name), who.name))
    text = lexicon.chinese().simplified(words)
    for match in _pattern(tuple(who.name for who in ordered)).finditer(text):
        yield match.start(), match.end(), ordered[int(str(match.lastgroup)[1:])]


@lru_cache(256)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """Names longest first. Chinese is written without blanks, so a Chinese name may stand right beside other signs."""
    return re.compile("|".join(f"(?P<n{index}>{_spelled(name)})" for index, name in enumerate(names)), re.IGNORECASE)


def _spelled(name: str) -> str:
    plain = lexicon.chinese().simplified(name)
    inner = rf"[^\W{_UNSPACED}]"
    before = "" if re.match(f"[{_UNSPACED}]", plain) else rf"(?<!{inner})(?<!{inner}-)"
    behind = "" if re.search(f"[{_UNSPACED}]$", plain) else rf"(?!{inner}|-{inner})"
    escaped = re.escape(plain)
    return rf"(?:(?<![\w@])@{escaped}{behind}|(?<!@){before}{escaped}{behind})"


# ---------------------------------------------------------------- said in a brief


def lines_for(
    cast: Sequence[CastMember], words: str, *, undressed: frozenset[str] = frozenset(), speaking: bool = False
) -> tuple[str, ...]:
    """One line for each of them: the name, then description, wardrobe and voice word for word.

    `words`: the rest of the brief, in which a description that stands already is not said twice. `undressed`: ids of those who
    wear something else here. `speaking`: voices are heard.
    """
    return tuple(_line(who, words, dressed=who.id not in undressed, speaking=speaking) for who in cast)


def _line(who: CastMember, words: str, *, dressed: bool, speaking: bool) -> str:
    said = [who.description] if len(who.description) < 12 or who.description not in words else []
    said += [f"{_label('wardrobe', who.wardrobe)}{who.wardrobe}"] if dressed and who.wardrobe else []
    said += [f"{_label('voice', who.voice)}{who.voice}"] if speaking and who.voice else []
    return _named(who, *said)


def _named(who: CastMember, *said: str) -> str:
    sentences = (text if text[-1] in _ENDINGS else f"{text}{'。' if _is_chinese(text) else '.'}" for text in said)
    return f"{who.name}{'：' if _is_chinese(who.description) else ': '}{' '.join(sentences)}"


def voice_line(who: CastMember) -> str:
    """How somebody sounds who is described already."""
    return _named(who, f"{_label('voice', who.voice)}{who.voice}")


_LABELS: Final = {"wardrobe": ("Wardrobe: ", "穿着："), "voice": ("Voice: ", "嗓音：")}


def _label(name: str, text: str) -> str:
    return _LABELS[name][_is_chinese(text)]


_WORN: Final = re.compile(
    r"[ \t]?(?:Wardrobe: |穿着：)(?P<worn>.+?)[.!?。！？…]*(?=[ \t](?:Voice: |嗓音：)|\Z)", re.DOTALL
)


def worn_in(line: str) -> str:
    """The clothes that somebody's line names, word for word, without the sign that ends the sentence; empty if none."""
    found = _worn(line)
    return found["worn"] if found else ""


def redressed_line(line: str, wardrobe: str) -> str:
    """Somebody's line with these clothes in place of its own; without any where they are empty."""
    found = _worn(line)
    if found is None:
        return line
    said = ""
    if wardrobe:
        end = "" if wardrobe[-1] in _ENDINGS else "。" if _is_chinese(wardrobe) else "."
        said = f" {_label('wardrobe', wardrobe)}{wardrobe}{end}"
    return f"{line[: found.start()]}{said}{line[found.end() :]}"


def _worn(line: str) -> re.Match[str] | None:
    """The last of them: a description may hold the same word."""
    starts = [match.start() for match in re.finditer(r"[ \t]?(?:Wardrobe: |穿着：)", line)]
    return _WORN.match(line, starts[-1]) if starts else None


def _is_chinese(text: str) -> bool:
    return re.search(f"[{_HAN}]", text) is not None


def speaks(words: str) -> bool:
    """Whether somebody is heard in these words."""
    return _SAYING.search(words) is not None


def merged_cast(own: Sequence[CastMember], shared: Sequence[CastMember]) -> tuple[CastMember, ...]:
    """One's own, then what the server shares; of two of one name one's own."""
    mine = {who.key for who in own}
    return (*own, *(who for who in shared if who.key not in mine))
