"""Whether an expression means in its sentence what it can mean: "no rain", "a crane", "a wide street", "he cooks"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from adapters.video.animatic.labels import ALLOWED, context_of
from adapters.video.animatic.words import Cue, Token
from bot import lexicon
from bot.brief import PartName
from bot.reference import is_chinese

_BREAKS = frozenset(".!?;:,。！？；：，、()（）|/\n…—–-[]{}")
_STOPS = frozenset(".!?;。！？；\n")
_NOT = frozenset(
    {
        "no",
        "without",
        "not",
        "never",
        "isn",
        "aren",
        "don",
        "wasn",
        "remove",
        "lose",
        "drop",
        "minus",
        "无",
        "没",
        "不",
        "别",
        "去",
        "非",
    }
)
_NOT_PAIRS = frozenset({("没", "有"), ("不", "要"), ("去", "掉"), ("不", "再"), ("不", "是"), ("不", "下")})
_OVER_EN = frozenset({"stops", "stopped", "ends", "ended", "clears", "cleared", "ceases"})
_OVER_ZH = frozenset({"停", "散", "消"})
_BETWEEN = frozenset(
    {
        "any",
        "more",
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "or",
        "heavy",
        "visible",
        "is",
        "has",
        "t",
        "much",
        "it",
        "s",
        "有",
        "要",
        "掉",
        "再",
        "是",
        "下",
        "了",
    }
)

_CAMERA_WORDS = frozenset({"camera", "lens", "shot", "镜", "机"})
_AMBIGUOUS_MOVES = frozenset(
    {
        "pan",
        "tilt",
        "track",
        "zoom",
        "crane",
        "orbit",
        "orbiting",
        "arc",
        "push",
        "whip",
        "static",
        "dolly",
        "pedestal",
        "pull back",
        "pull out",
        "pull away",
        "locked",
        "fixed",
    }
)
_AFTER_MOVE = frozenset(
    {
        "left",
        "right",
        "up",
        "down",
        "in",
        "out",
        "across",
        "over",
        "around",
        "shot",
        "along",
        "to",
        "from",
        "towards",
        "toward",
        "slowly",
    }
)
_BARE_FRAMINGS = frozenset({"wide", "medium", "insert", "portrait", "panoramic", "cutaway", "macro", "shallow"})
_LIT = frozenset(
    {"light", "key", "lit", "lamp", "sun", "backlight", "sunlight", "rim", "fill", "window", "moon", "光", "灯"}
)
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "their", "its", "this", "that", "my", "our", "your", "some"})
_VERBAL = frozenset({"verb.base", "verb.s", "verb.past", "verb.ing"})


class Guard:
    """Decides for each expression of one part whether it means here what it can mean."""

    def __init__(self, tokens: Sequence[Token], contexts: Sequence[tuple[int, int, str]], name: PartName) -> None:
        self._tokens, self._contexts, self._name = tokens, contexts, name

    def allows(self, cue: Cue) -> bool:
        """Whether the cue counts here at all."""
        context = context_of(self._contexts, cue.start)
        if cue.kind == "shield" or (context and cue.kind not in ALLOWED.get(context, frozenset({cue.kind}))):
            return False
        if cue.entry.column == "only" and context != "sound":
            return False
        check = getattr(self, f"_{cue.kind}", None)
        return True if check is None else bool(check(cue, context))

    def negator(self, cue: Cue) -> int | None:
        """Index of the "no" before it or the "stops" behind it; -1 in "instead of red"; None where it counts."""
        reach = max(0, cue.first - 4)
        for at in range(cue.first - 1, reach - 1, -1):
            low, earlier = self._tokens[at].low, self._tokens[at - 1].low if at else ""
            if low in ("of", "than") and earlier in ("instead", "rather"):
                return -1
            if low in _NOT and (low.isascii() or self._negates(at)):
                return at
            if low not in _BETWEEN:
                break
        return cue.first if cue.kind == "weather" and self._is_over(cue) else None

    def _negates(self, at: int) -> bool:
        """不 alone before a noun is part of another word; before 下雨 or with 要 it negates."""
        low = self._tokens[at].low
        return low in ("无", "没", "别") or (low, self._tokens[at + 1].low) in _NOT_PAIRS

    def _is_over(self, cue: Cue) -> bool:
        following = [token.low for token in self._tokens[cue.behind : cue.behind + 3]]
        return bool(following) and (following[0] in _OVER_ZH or any(low in _OVER_EN for low in following[:2]))

    def _before(self, cue: Cue) -> str:
        return self._tokens[cue.first - 1].low if cue.first else ""

    def _after(self, cue: Cue) -> str:
        return self._tokens[cue.behind].low if cue.behind < len(self._tokens) else ""

    def _clause(self, cue: Cue) -> list[str]:
        """The words of the clause before the cue."""
        at = cue.first
        while at > 0 and self._tokens[at - 1].low not in _BREAKS:
            at -= 1
        return [token.low for token in self._tokens[at : cue.first]]

    def _framing(self, cue: Cue, context: str) -> bool:
        if cue.value in ("closer", "wider"):
            return self._name is PartName.CHANGE
        if cue.entry.base not in _BARE_FRAMINGS or context:
            return True
        return self._stands_alone(cue)

    def _aperture(self, cue: Cue, context: str) -> bool:
        return cue.entry.base != "shallow" or bool(context) or self._stands_alone(cue)

    def _stands_alone(self, cue: Cue) -> bool:
        """ "Wide, eye level" and "wide of a valley"; not "a wide street"."""
        following = self._after(cue)
        if following in _BREAKS or following in ("", "of", "on", "shot", "from", "with", "at", "in"):
            return True
        return not tags(following) & {"noun", "adjective", "open"}

    def _move(self, cue: Cue, context: str) -> bool:
        if context == "camera" or self._name is PartName.CHANGE:
            return True
        if len(cue.entry.base) == 1 and not cue.entry.base.isascii():
            return any(low in _CAMERA_WORDS for low in self._clause(cue))
        if cue.entry.base not in _AMBIGUOUS_MOVES:
            return True
        before = self._clause(cue)
        if _CAMERA_WORDS & set(before):
            return True
        if self._before(cue) in _DETERMINERS and self._after(cue) not in _AFTER_MOVE:
            return False
        return not any(tags(low) & {"noun", "pronouns"} for low in before)

    def _direction(self, cue: Cue, context: str) -> bool:
        del context
        return not _LIT & set(self._clause(cue))

    def _angle(self, cue: Cue, context: str) -> bool:
        return cue.entry.base not in ("from below", "from above") or self._direction(cue, context)

    def _gait(self, cue: Cue, context: str) -> bool:
        del context
        single = cue.behind - cue.first == 1 and cue.start < cue.end and self._tokens[cue.first].low.isascii()
        if not single:
            return True
        if self._before(cue) in _DETERMINERS:
            return False
        noun = "noun" in tags(self._tokens[cue.first].low)
        return not (noun and self._before(cue) in ("of", "in", "on", "with", "for"))

    def _place(self, cue: Cue, context: str) -> bool:
        if context == "place" or cue.behind - cue.first > 1 or is_chinese(cue.entry.base):
            return True
        following = tags(self._after(cue)) if self._after(cue) else frozenset()
        if following & {"wardrobe", "body"} and "verb.s" not in following and "prepositions" not in following:
            return False
        low = self._tokens[cue.first].low
        return not (tags(low) & _VERBAL and "noun" in tags(low) and self._after(cue) in _DETERMINERS)

    def _subject(self, cue: Cue, context: str) -> bool:
        """Nouns that may be verbs ("he cooks") need an article, a number or an adjective before them."""
        if context or cue.behind - cue.first > 1 or is_chinese(cue.entry.base):
            return True
        low = self._tokens[cue.first].low
        if not tags(low) & _VERBAL or self._name is PartName.CARRIED:
            return True
        before = self._before(cue)
        starts = not before or before in _STOPS
        if before in _DETERMINERS or tags(before or ".") & {"numbers", "adjective"}:
            return True
        return starts and not cue.entry.plural and self._after(cue) not in _DETERMINERS


@lru_cache(4096)
def _tags_of(low: str) -> frozenset[str]:
    return lexicon.english().of(low)


def tags(low: str) -> frozenset[str]:
    """What the bot's tables say about an English word; nothing for marks and Chinese signs."""
    return (
        _tags_of(low)
        if low and low[0].isalpha() and len(low) < 24 and not "\u3400" <= low[0] <= "\u9fff"
        else frozenset()
    )
