"""What a whole prompt establishes: each labelled line read in its own way, speech left out, Chinese and English by turns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, lru_cache

from bot import chinese, english, lexicon
from bot.reference import is_chinese
from bot.seen import Seen, joined
from bot.words import labelled_runs

SPEECH = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|「[^」\n]*」|『[^』\n]*』|\b(?:says?|said|asks?|shouts?|whispers?|yells?)\s*[:,][^\n]*|(?:说|喊|问|道)[：:][^\n]*",
    re.IGNORECASE,
)


@lru_cache(256)
def seen_in(words: str) -> Seen:
    """Everything that a prompt shows, its labelled lines each in its own way."""
    return joined(part for name, run in labelled_runs(words) for part in _parts(name, run))


def _parts(name: str, run: str) -> Iterator[Seen]:
    if name in ("dialogue", "effects", "music"):
        return
    if name in ("sound", "ambience"):
        bed = _bed(re.split("[:：]", run, maxsplit=1)[1])
        yield Seen(found={"sound": bed} if bed else {})
        return
    for line in run.split("\n"):
        seen = _line(line)
        if name in ("camera", "action"):
            seen = Seen(found={kind: words for kind, words in seen.found.items() if kind == "direction"})
        yield seen


def _line(line: str) -> Seen:
    label, value = labelled(line)
    if label == "none":
        return Seen()
    plain = SPEECH.sub(lambda match: "." * len(match.group()), value or line)
    seen = chinese.look(plain) if is_chinese(plain) else english.look(plain)
    stated = value.strip().rstrip(".。")
    certain = label not in ("subject", "place") or label not in seen.found
    if label and stated and certain and stated in plain and not english.happens(stated):
        seen = replace(seen, found={**seen.found, label: stated})
    return seen


def labelled(line: str) -> tuple[str, str]:
    """``("light", " soft key")`` of "Lighting: soft key"; two empty strings where there is no label."""
    head, colon, _ = line.replace("：", ":").partition(":")
    kind = _label_kinds().get(head.strip().lower(), "") if colon and len(head) < 40 else ""
    return (kind, line[len(head) + 1 :]) if kind else ("", "")


@cache
def _label_kinds() -> dict[str, str]:
    return {label: kind for kind in lexicon.tables()["labels"] for label in lexicon.table("labels", kind)}


def _bed(sounds: str) -> str:
    """The longest run of sounds that last; one that happens ("a door slams") would force the picture to show it again."""
    runs: list[tuple[int, int]] = [(0, 0)]
    for match in re.finditer(r"[^,;.，；。、\n]+", sounds):
        if _happens(match.group()):
            runs.append((match.end(), match.end()))
        else:
            start, end = runs[-1]
            runs[-1] = (start if end > start else match.start(), match.end())
    start, end = max(runs, key=lambda run: run[1] - run[0])
    return sounds[start:end].strip(" \t,;，；、\n")


def _happens(sound: str) -> bool:
    low = lexicon.chinese().simplified(sound).casefold()
    events = lexicon.forms_of("sound.events")
    return any(word in events for word in re.findall(r"[a-z]+", low)) or any(
        word in low for word in lexicon.table("sound.events", "zh")
    )
