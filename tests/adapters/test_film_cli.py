"""Whole films from a terminal: a real process, a real cutting room, one line for every fault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest

from adapters import film_cli
from adapters.cli import parser
from adapters.settings import Settings, load
from bot.brief import Part, PartName
from bot.cut import Transition
from bot.exporting.film_json import FilmCast, FilmFile, FilmShot
from bot.film import Shape
from bot.spine import Spine
from tests.adapters.test_cli import Machine
from tests.fakes.dialect_server import DialectServer

FERRY = """Title: The ferry
Style: 35mm film, golden hour
Cast: Mara = a woman of forty in a red oilskin coat
Shape: tall

Shot 1 (2s): Mara waits on the pier at night.
Dialogue: Mara: “Late.”
Shot 2 (2s): She turns round.

Scene 2: A bare kitchen
Shot 3 (2s): Mara pours coffee.
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def written(machine: Machine, text: str = FERRY, name: str = "ferry.txt") -> str:
    (machine.folder / name).write_text(text, encoding="utf-8")
    return name


def measured(file: Path) -> tuple[tuple[int, int], int]:
    """Size, and frames by decoding all of it."""
    with av.open(str(file)) as film:
        picture = film.streams.video[0]
        return (picture.width, picture.height), sum(1 for _ in film.decode(picture))


def test_a_storyboard_becomes_one_film(machine: Machine) -> None:
    ran = machine.runs("storyboard", written(machine), "-o", "film.mp4")
    assert (ran.returncode, ran.stdout) == (0, "film.mp4\n")
    assert measured(machine.folder / "film.mp4") == ((720, 1280), 144)
    said = ran.stderr.splitlines()
    assert said[0] == "3 shots, 6 s, filmed by colour_bars: free"
    for slate in ("1A-1", "1B-1", "2A-1"):
        states = [line.split()[1] for line in said if line.startswith(slate)]
        assert (states[0], states[-1]) == ("reserved", "done")
    assert sorted(each.name for each in machine.folder.iterdir()) == ["ferry.txt", "film.mp4", "home"]

    again = machine.runs(
        "storyboard", "ferry.txt", "-o", "film.mp4", "--transition", "dissolve", "--start", "last-frame", "--json"
    )
    found = json.loads(again.stdout)
    assert again.returncode == 0
    assert (found["frames"], found["price"]) == (144 - 2 * 12, 0)
    assert measured(machine.folder / "film.mp4")[1] == 120
    assert [(shot["slate"], shot["state"]) for shot in found["shots"]] == [
        ("1A-1", "done"),
        ("1B-1", "done"),
        ("2A-1", "done"),
    ]
    assert found["shots"][0]["words"] == "Mara waits on the pier at night.\nDialogue: Mara: “Late.”"


def test_the_price_alone_films_nothing(machine: Machine) -> None:
    ran = machine.runs("storyboard", written(machine), "--price", "--json")
    found = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (found["backend"], found["price"], found["seconds"]) == ("colour_bars", 0, 6)
    assert [shot["slate"] for shot in found["shots"]] == ["1A", "1B", "2A"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "There is no shot in that."),
        ("\n".join(f"Shot {n}: x" for n in range(1, 201)), "That is 200 shots; a storyboard takes up to 60."),
        ("Shot 1: a\nShot 1: b", "There are two shots with the number 1."),
        ("Shot 1: a\nShot 2:", "Shot 2 has no words yet."),
        ("Shot 1 (99s): a", "Shot 1: a shot is filmed for 1 to 60 seconds, not 99."),
        ("Cast: Mara\nShot 1: a", "“Mara” will not do for Cast."),
        ("Cast: two words here = a man\nShot 1: a", ""),
        ("Shot 1: a\x07", ""),
        (b"\xff\xfe\x00", "is no text in UTF-8."),
        (None, "cannot be read: No such file or directory."),
    ],
)
async def test_what_is_wrong_with_the_file_is_said_in_one_line(
    tmp_path: Path, text: str | bytes | None, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "board.txt"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    settings = load({"THROUGHLINE_HOME": str(tmp_path / "home"), "THROUGHLINE_BACKEND": "colour_bars"})
    said = await refused(settings, capsys, "storyboard", str(file), "-o", str(tmp_path / "film.mp4"))
    assert line in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "film.mp4").exists()


async def refused(settings: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says on its way to exit code 1."""
    from bot.errors import Declined
    from bot.text import explain

    options = parser().parse_args(arguments)
    try:
        code = await (film_cli.film if options.command == "film" else film_cli.storyboard)(settings, options)
    except Declined as declined:
        return explain(declined, "en")
    assert code == 1
    return capsys.readouterr().err.strip()


@pytest.mark.parametrize(("out", "line"), [("nowhere/film.mp4", "is not there"), (".", "is a folder")])
def test_where_it_cannot_be_written_is_said_before_anything_is_filmed(machine: Machine, out: str, line: str) -> None:
    ran = machine.runs("storyboard", written(machine), "-o", out)
    assert (ran.returncode, len(ran.stderr.splitlines())) == (1, 1)
    assert line in ran.stderr
    assert not machine.home.exists()


# ---------------------------------------------------------------- a backend that costs


@pytest.fixture
async def server() -> AsyncIterator[DialectServer]:
    async with DialectServer(film_seconds=0.1) as server:
        yield server


def paid(tmp_path: Path, server: DialectServer) -> Settings:
    return load(
        {
            "THROUGHLINE_HOME": str(tmp_path / "home"),
            "THROUGHLINE_BACKEND": "openai_videos",
            "OPENAI_BASE_URL": server.url,
            "OPENAI_API_KEY": "sk-test",
        }
    )


async def ran(settings: Settings, *arguments: str) -> int:
    options = parser().parse_args(arguments)
    return await (film_cli.film if options.command == "film" else film_cli.storyboard)(settings, options)


async def test_what_costs_is_not_filmed_unasked(
    tmp_path: Path, server: DialectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "board.txt").write_text("Shot 1 (4s): a fox\nShot 2 (8s): a hare")
    wanted = ("storyboard", str(tmp_path / "board.txt"), "-o", str(tmp_path / "film.mp4"))
    assert await ran(paid(tmp_path, server), *wanted) == 1
    price, why = capsys.readouterr().err.splitlines()
    assert price.startswith("2 shots, 12 s, filmed by openai_videos: ")
    assert not price.endswith("free")
    assert why == "Nothing was filmed: --yes films it at that price without asking."
    assert not server.book.jobs


async def test_one_that_fails_does_not_lose_the_others(
    tmp_path: Path, server: DialectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "board.txt").write_text(FERRY.replace("(2s)", "(4s)"), encoding="utf-8")
    server.fates.extend([None, {"code": "server_error", "message": "out of film"}, None])
    wanted = ("storyboard", str(tmp_path / "board.txt"), "-o", str(tmp_path / "film.mp4"), "--yes", "--json")
    assert await ran(paid(tmp_path, server), *wanted) == 1
    came = capsys.readouterr()
    found = json.loads(came.out)
    assert sorted(shot["state"] for shot in found["shots"]) == ["done", "done", "failed"]
    assert came.err.splitlines()[-1].startswith("Filmed 2 of 3; the film is cut from those. ")
    assert "out of film" in came.err.splitlines()[-1]
    assert (await asyncio.to_thread(measured, tmp_path / "film.mp4"))[1] == found["frames"]
    prompts = [str(job.fields["prompt"]) for job in server.book.jobs]
    assert all(prompt.startswith("35mm film, golden hour\n") for prompt in prompts)
    assert all("a woman of forty in a red oilskin coat" in prompt for prompt in prompts)


async def test_where_nothing_came_of_it_there_is_no_film(
    tmp_path: Path, server: DialectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "board.txt").write_text("Shot 1 (4s): a fox")
    server.fates.append({"code": "server_error", "message": "out of film"})
    wanted = ("storyboard", str(tmp_path / "board.txt"), "-o", str(tmp_path / "film.mp4"), "--yes")
    assert await ran(paid(tmp_path, server), *wanted) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("No shot was filmed. ")
    assert not (tmp_path / "film.mp4").exists()


# ---------------------------------------------------------------- a film.json again

MARA = "a woman of forty in a red oilskin coat"
FILE = FilmFile(
    title="The ferry",
    spine=Spine(look="35mm film"),
    cast=(FilmCast("Mara", MARA),),
    shots=(
        FilmShot(
            "1A-2",
            "Mara waits.",
            (
                Part(PartName.SPINE, "35mm film"),
                Part(PartName.CAST, f"Mara: {MARA}."),
                Part(PartName.WORDS, "Mara waits."),
            ),
            4,
            shape=Shape.WIDE,
        ),
        FilmShot("1A-3", "Mara waits.", (Part(PartName.WORDS, "Mara waits, at dawn."),), 4, change="at dawn"),
        FilmShot("2C-1", "A gull.", (Part(PartName.WORDS, "A gull.\nSound: surf"),), 4),
    ),
    transition=Transition.CUT,
    order=("1A-2", "2C-1", "1A-3", "2C-1"),
)


async def test_a_film_is_filmed_again_word_for_word_on_another_backend(
    tmp_path: Path, server: DialectServer, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "film.json").write_text(FILE.text(), encoding="utf-8")
    wanted = ("film", "rebuild", str(tmp_path / "film.json"), "-o", str(tmp_path / "film.mp4"), "--yes", "--json")
    assert await ran(paid(tmp_path, server), *wanted) == 0
    prompts = sorted(str(job.fields["prompt"]) for job in server.book.jobs)
    assert prompts == sorted("\n".join(part.text for part in shot.parts) for shot in FILE.shots)
    found = json.loads(capsys.readouterr().out)
    assert [shot["slate"] for shot in found["shots"]] == ["1A-1", "1A-2", "2C-1"]
    assert (await asyncio.to_thread(measured, tmp_path / "film.mp4"))[1] == found["frames"]
    assert found["seconds"] == pytest.approx(4 * found["shots"][0]["seconds"]), "one shot comes back in the cut"


def test_a_film_that_was_made_before_is_priced_without_filming(machine: Machine) -> None:
    file = written(machine, FILE.text(), "film.json")
    ran = machine.runs("film", "rebuild", file, "--price")
    assert (ran.returncode, ran.stdout) == (0, "3 shots, 12 s, filmed by colour_bars: free\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "That is no film.json: it cannot be read as JSON."),
        (FILE.text().replace('"edition": 1', '"edition": 99'), "That film.json is of edition 99;"),
        (FILE.text().replace('"seconds": 4', '"seconds": "x"'), "That film.json cannot be read:"),
    ],
)
async def test_a_film_json_that_cannot_be_read_is_told_in_one_line(
    tmp_path: Path, text: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "film.json").write_text(text, encoding="utf-8")
    settings = load({"THROUGHLINE_HOME": str(tmp_path / "home"), "THROUGHLINE_BACKEND": "colour_bars"})
    assert (await refused(settings, capsys, "film", "rebuild", str(tmp_path / "film.json"), "--price")).startswith(line)
