"""The page of ideas and its stills, from ``bot/gallery.toml``: ``python -m adapters.video.animatic.ideas docs/ideas.md``.

Writes the page, and ``pictures/ideas/<name>-<number>.jpg`` beside it: what `/help ideas` offers, as the animatic draws it. Stills
that no idea needs any more are taken away.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from PIL import Image

from adapters.video.animatic.backend import spec_of
from adapters.video.animatic.picture import Picture
from adapters.video.animatic.presets import small
from adapters.video.animatic.spec import FPS, ShotSpec
from bot.brief import Brief
from bot.commands import Command, Generate, Remix, Retake, Scene, Takes
from bot.film import Slate
from bot.gallery import Technique, groups, techniques
from bot.rehearsal import rehearse
from bot.text import DEFAULT

FOLDER = "pictures/ideas"
WIDTH = 480
MOST_BYTES = 40_000
SPOKEN = ("zh-Hans",)
"""Languages in which the page says the words, beside its own."""
_HEAD = """# Ideas

<!-- made by `make ideas` from bot/gallery.toml -->

Each of these shows one technique: what to write, what it does, and what the animatic makes of it. `/help ideas` offers them in
your chat, in your language, a few at a time and with a button to try them; nothing is spent before you say so.

Plain words are what you would write after `/generate`, or by themselves in the studio and in a direct message on Telegram.
Everything else is a command; a `/remix` may also be a reply to the clip. The stills are drawn by Throughline itself from the words
above them, in no time and without a model. A real model gets the same words.
"""


def stills(technique: Technique) -> list[Image.Image]:
    """Of each take the middle, or the moment in which somebody speaks; of what moves, so many from beginning to end."""
    briefs = rehearse(technique.told(DEFAULT).commands())
    return [
        still
        for brief, slate in zip(briefs, slates(technique), strict=True)
        for still in _moments(technique, brief, slate)
    ]


def slates(technique: Technique) -> list[str]:
    """What the takes are called: a remix, and the same in another shape, is another take of the same shot."""
    commands = technique.told(DEFAULT).commands()
    named: list[Slate] = []
    for end, command in enumerate(commands, 1):
        for _ in range(len(rehearse(commands[:end])) - len(named)):
            named.append(_following(named[-1] if named else None, command))
    return [str(slate) for slate in named]


def _following(last: Slate | None, command: Command) -> Slate:
    if last is None:
        return Slate(1, 0, 1)
    if isinstance(command, Remix | Retake | Takes):
        return Slate(last.scene, last.shot, last.take + 1)
    if isinstance(command, Generate) and command.scene is Scene.NEW:
        return Slate(last.scene + 1, 0, 1)
    return Slate(last.scene, last.shot + 1, 1)


def _moments(technique: Technique, brief: Brief, slate: str) -> Iterator[Image.Image]:
    spec = spec_of(brief, slate, technique.name)
    picture = Picture(spec)
    for at in frames_shown(spec, technique.moments):
        drawn = picture.frame(at).rgb()
        yield drawn.resize((WIDTH, round(drawn.height * WIDTH / drawn.width)), Image.Resampling.LANCZOS)


def frames_shown(spec: ShotSpec, moments: int) -> Sequence[int]:
    """Which frames of a take are drawn."""
    if moments > 1:
        return [round((spec.frames - 1) * each / (moments - 1)) for each in range(moments)]
    if spec.dialogue:
        return [round((spec.dialogue[0].start + spec.dialogue[0].end) / 2 * FPS)]
    return [spec.frames // 2]


def file_names(technique: Technique) -> list[str]:
    """What its stills are called, in their order."""
    count = technique.moments * len(rehearse(technique.told(DEFAULT).commands()))
    return [f"{technique.name}-{number + 1}.jpg" for number in range(count)]


# ---------------------------------------------------------------- the page


def page(shown: Sequence[Technique]) -> str:
    """The page as Markdown."""
    titles = groups()
    parts = [_HEAD]
    for group, members in groupby(shown, key=lambda each: each.group):
        parts.append(f"## {titles[group][DEFAULT]}\n")
        parts += [_section(each) for each in members]
    return "\n".join(parts)


def _section(technique: Technique) -> str:
    told = technique.told(DEFAULT)
    said = [told, *(technique.told(tag) for tag in SPOKEN)]
    words = [f"```text\n{each}\n```\n" for each in ("\n\n".join(telling.words) for telling in said)]
    return "\n".join([f"### {told.title}\n", words[0], f"{told.why}\n", _shown(technique), *words[1:]])


def _shown(technique: Technique) -> str:
    """One still by itself, several in a row of a table."""
    title = technique.told(DEFAULT).title
    names = file_names(technique)
    links = [
        f"![{title}{f', {at + 1} of {len(names)}' if len(names) > 1 else ''}]({FOLDER}/{name})"
        for at, name in enumerate(names)
    ]
    if len(links) == 1:
        return f"{links[0]}\n"
    return "\n".join([_cells([""] * len(links)), _cells(["---"] * len(links)), _cells(links)]) + "\n"


def _cells(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def write(target: Path, shown: Sequence[Technique]) -> None:
    """The page, and its stills in the folder beside it."""
    folder = target.parent / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for technique in shown:
        for name, still in zip(file_names(technique), stills(technique), strict=True):
            (folder / name).write_bytes(small(still, MOST_BYTES))
    needed = {name for technique in shown for name in file_names(technique)}
    for old in folder.glob("*.jpg"):
        if old.name not in needed:
            old.unlink()
    target.write_text(page(shown), "utf-8")


def main() -> None:
    """Write the page that is named, and its stills."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m adapters.video.animatic.ideas docs/ideas.md")
    write(Path(sys.argv[1]), techniques())


if __name__ == "__main__":
    main()
