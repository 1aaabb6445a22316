"""What lies in the zip of an export, and what each file of it is for. Names and contents as data: nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from bot.cut import RATE, Cut
from bot.exporting.edl import edl
from bot.exporting.fcpxml import fcpxml
from bot.exporting.film_json import FilmFile
from bot.exporting.names import FOLDER, named, one_line, plain
from bot.exporting.otio import otio
from bot.exporting.subtitles import cues, srt, vtt
from bot.text import duration, say

MOVIE, SOUND, SHEET = "film.mp4", "film.wav", "contact_sheet.jpg"
README, PROMPTS, FILM = "README.txt", "prompts.md", "film.json"
WIDTH = 100
"""Columns of the README."""


@dataclass(frozen=True)
class Entry:
    """A file of the zip: its name, and either its text or where its bytes lie."""

    name: str
    """ASCII, with ``/`` between folders; no two entries share one."""
    text: str = ""
    file: Path | None = None


def entries(
    cut: Cut,
    clips: Mapping[str, Path],
    *,
    film: FilmFile | None = None,
    prompts: str = "",
    movie: Path | None = None,
    sound: Path | None = None,
    sheet: Path | None = None,
    locale: str = "en",
) -> Sequence[Entry]:
    """The zip's files in their order; what is not given is left out, and so are subtitles where nobody speaks.

    `clips`: files by digest, their suffix tells their kind; `movie`, `sound`, `sheet`: the joined film, its sound as WAV, its
    contact sheet as JPEG. The lists name every clip of the cut, whether it is given or not.
    """
    names = named(cut, {digest: path.suffix for digest, path in clips.items() if path.suffix})
    texts = {
        "film.edl": edl(cut, names),
        "film.fcpxml": fcpxml(cut, names),
        "film.otio": otio(cut, names),
        **({"film.srt": srt(cut), "film.vtt": vtt(cut)} if cues(cut) else {}),
        PROMPTS: prompts,
        FILM: film.text() if film else "",
    }
    files = {MOVIE: movie, SOUND: sound, SHEET: sheet}
    files |= {name.file: clips.get(piece.clip) for name, piece in zip(names, cut.pieces, strict=True)}
    found = [Entry(name, text) for name, text in texts.items() if text]
    found += [Entry(name, file=path) for name, path in files.items() if path]
    return (Entry(README, _readme(cut, [entry.name for entry in found], locale)), *found)


_SENTENCES = {
    "film.edl": "edl",
    "film.fcpxml": "fcpxml",
    "film.otio": "otio",
    "film.srt": "srt",
    "film.vtt": "vtt",
    MOVIE: "movie",
    SOUND: "sound",
    SHEET: "sheet",
    PROMPTS: "prompts",
    FILM: "film_json",
}


def _readme(cut: Cut, names: Sequence[str], locale: str) -> str:
    shown = {"shots": len(cut.pieces), "time": duration(cut.seconds, locale), "rate": RATE}
    joined = say(f"export.{cut.transition.value}", locale)
    lines = [one_line(cut.title) or "Throughline", say("export.head", locale, transition=joined, **shown), ""]
    has_clips = any(name.startswith(f"{FOLDER}/") for name in names)
    lines += [*_wrapped(say("export.unpack" if has_clips else "export.absent", locale), ""), ""]
    if has_clips:
        lines += _entry(f"{FOLDER}/", say("export.clips", locale))
    for name, key in _SENTENCES.items():
        if name in names:
            lines += _entry(name, say(f"export.{key}", locale, rate=RATE))
    return "\n".join((*lines, ""))


def _entry(name: str, sentence: str) -> Iterator[str]:
    yield name
    yield from _wrapped(sentence, "    ")


def _wrapped(text: str, indent: str) -> list[str]:
    return wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def archive_name(title: str) -> str:
    """What the zip is called: ``The-Lamp.zip``."""
    words = "".join(char if char.isalnum() else " " for char in plain(title, 60)).split()
    return f"{'-'.join(words) or 'film'}.zip"
