"""The command line as an operator meets it: real process, real files, one line for every fault."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import av
import pytest

from tests.media_samples import bomb_png

LINE = 400
QUICK = {"THROUGHLINE_BACKEND": "colour_bars"}
"""The test signal is drawn more quickly than an animatic."""


class Machine:
    """A machine with nothing configured but its own data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.port = _free_port()

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "PYTHONPATH")}
        return {**kept, "THROUGHLINE_HOME": str(self.home), "THROUGHLINE_WEB_PORT": str(self.port), **QUICK, **more}

    def runs(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "adapters", *arguments],
            env=self.environment(**more),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def starts(self, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "adapters", "run"],
            env=self.environment(**more),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


WAY = ("reserved", "submitting", "submitted", "rolling", "fetching", "finishing", "delivering", "done")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The whole of stderr is one line for people, stdout is empty, and the exit code says so."""
    assert done.returncode in (1, 2), done.stderr
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert len(lines[0]) < LINE
    assert "Traceback" not in done.stderr
    return lines[0]


def test_generate_writes_a_playable_file_and_prints_its_path_alone(machine: Machine) -> None:
    out = machine.folder / "fox.mp4"
    done = machine.runs("generate", "a fox crosses a snowy forest", "--seconds", "2", "--shape", "tall", "-o", str(out))

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{out}\n"
    told = done.stderr.split()
    assert told[0] == "reserved"
    assert told == [state for state in WAY if state in told], "states come in their order; a quick one may pass unseen"
    assert told[-1] == "done"
    with av.open(str(out)) as clip:
        video = clip.streams.video[0]
        assert (video.width, video.height) == (720, 1280)
        assert len(list(clip.decode(video))) == 48


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((" ",), "There are no words yet."),
        (("x" * 40_000,), "That is 40000 characters"),
        (("a \x07 fox",), "invisible control character"),
        (("a fox", "--seconds", "61"), "It takes: 1-60"),
        (("a fox", "--shape", "round"), "It takes: wide, tall, square, portrait"),
        (("a fox", "--backend", "sora"), "cannot be used here"),
        (("a fox", "--style", "\x1b[2J"), "invisible control character"),
        (("a fox", "--image", "nowhere.png"), "There is no picture at nowhere.png."),
        (("a fox", "--image", "text.png"), "not a picture we can read"),
        (("a fox", "--image", "bomb.png"), "too large"),
    ],
)
def test_bad_input_is_one_line(machine: Machine, arguments: tuple[str, ...], sentence: str) -> None:
    (machine.folder / "text.png").write_text("this is not a picture")
    if "bomb.png" in arguments:
        bomb_png(machine.folder / "bomb.png")
    out = machine.folder / "out.mp4"

    assert sentence in one_line(machine.runs("generate", *arguments, "-o", str(out)))
    assert not out.exists()


def test_with_nothing_configured_an_animatic_is_drawn(machine: Machine) -> None:
    out = machine.folder / "fox.mp4"
    words = "wide shot, a fox crosses a snowy forest at dawn"
    done = machine.runs("generate", words, "--seconds", "2", "-o", str(out), THROUGHLINE_BACKEND="")

    assert done.returncode == 0, done.stderr
    with av.open(str(out)) as clip:
        assert "Animatic" in clip.metadata["comment"]
        assert (clip.streams.video[0].width, clip.streams.video[0].height) == (1280, 720)


def test_a_missing_output_folder_is_said_before_anything_is_filmed(machine: Machine) -> None:
    done = machine.runs("generate", "a fox", "-o", "nowhere/fox.mp4")
    assert "The folder nowhere is not there" in one_line(done)


def test_a_data_folder_that_cannot_be_made(machine: Machine) -> None:
    (machine.folder / "file").write_text("")
    done = machine.runs("generate", "a fox", "-o", "fox.mp4", THROUGHLINE_HOME=str(machine.folder / "file" / "home"))
    assert "The data folder" in one_line(done)


def test_a_database_from_the_future(machine: Machine) -> None:
    assert machine.runs("migrate").returncode == 0
    with sqlite3.connect(machine.home / "throughline.sqlite") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for arguments in (("run",), ("migrate",), ("generate", "a fox", "-o", "fox.mp4")):
        assert "made by a newer Throughline (revision 9999)" in one_line(machine.runs(*arguments))


def test_a_database_that_does_not_answer(machine: Machine) -> None:
    url = f"postgresql://throughline:pa55word@127.0.0.1:{_free_port()}/throughline"
    line = one_line(machine.runs("migrate", DATABASE_URL=url))
    assert "does not answer" in line
    assert "pa55word" not in line


def test_a_backend_that_is_not_set_up(machine: Machine) -> None:
    line = one_line(machine.runs("run", THROUGHLINE_BACKEND="openai_videos"))
    assert "openai_videos is not set up (OPENAI_BASE_URL is missing); there are: animatic, colour_bars" in line


def test_a_taken_port(machine: Machine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", machine.port))
        taken.listen()
        assert f"Port {machine.port} on 127.0.0.1 is taken" in one_line(machine.runs("run"))


def test_listening_to_others_needs_a_token(machine: Machine) -> None:
    line = one_line(machine.runs("run", THROUGHLINE_WEB_HOST="0.0.0.0"))
    assert "THROUGHLINE_WEB_TOKEN" in line


def test_run_says_where_the_studio_is_and_leaves_in_time(machine: Machine) -> None:
    running = machine.starts()
    try:
        assert running.stdout is not None
        assert running.stdout.readline() == f"The studio is open at http://127.0.0.1:{machine.port}\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{machine.port}/healthz", timeout=10) as answer:
            assert answer.status == 200

        second = machine.runs("run", THROUGHLINE_WEB_PORT=str(_free_port()))
        assert "Another Throughline is running on" in one_line(second)

        out = machine.folder / "fox.mp4"
        asked = machine.runs("generate", "a fox", "--seconds", "1", "-o", str(out))
        assert (asked.returncode, asked.stdout) == (0, f"{out}\n"), asked.stderr

        started = time.monotonic()
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=10) == 0
        assert time.monotonic() - started < 5
    finally:
        running.kill()
        running.communicate()


def test_doctor_speaks_to_people_and_to_machines(machine: Machine) -> None:
    spoken = machine.runs("doctor")
    assert spoken.returncode == 0, spoken.stdout
    assert "films with colour_bars" in spoken.stdout
    findings = json.loads(machine.runs("doctor", "--json").stdout)
    assert {"subject", "level", "text"} == set(findings[0])
    assert not machine.home.exists(), "the doctor changes nothing"


def test_doctor_names_a_backend_that_is_down_and_keeps_the_key(machine: Machine) -> None:
    url = f"http://127.0.0.1:{_free_port()}/v1"
    done = machine.runs("doctor", OPENAI_BASE_URL=url, OPENAI_API_KEY="sk-very-secret-key")
    assert done.returncode == 1
    assert "openai_videos" in done.stdout
    assert "sk-very-secret-key" not in done.stdout + done.stderr
