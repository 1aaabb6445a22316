"""Pictures that may show a face are noticed in time or not at all; without the extra nobody looks."""

import asyncio
import logging
import time
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

from adapters import doctor
from adapters.media import faces
from adapters.media.gate import MediaGate
from adapters.workers.process import Workers

WORKER = str(Path(__file__).with_name("face_worker.py"))
ORIENTATION = 0x0112
EXTRA = pytest.mark.skipif(not faces.ready(), reason="the extra [faces] is not installed")


@pytest.fixture
def gate() -> MediaGate:
    return MediaGate(Workers(WORKER), ready=lambda: True)


def saying(path: Path, words: str) -> Path:
    path.write_text(words, encoding="utf-8")
    return path


@pytest.mark.parametrize(("words", "seen"), [("face", True), ("no face", False)])
async def test_the_worker_says_whether_there_is_one(gate: MediaGate, tmp_path: Path, words: str, seen: bool) -> None:
    assert await gate.may_show_face(saying(tmp_path / "one", words)) is seen


@pytest.mark.parametrize("words", ["crash", "broken"])
async def test_a_detector_that_fails_warns_of_nothing_and_stops_nothing(
    gate: MediaGate, tmp_path: Path, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    with caplog.at_level(logging.WARNING, "throughline.gate"):
        assert not await gate.may_show_face(saying(tmp_path / "one", words))
    assert "not looked at for faces" in caplog.text


async def test_nobody_waits_long_for_a_warning(tmp_path: Path) -> None:
    hasty = MediaGate(Workers(WORKER), ready=lambda: True, glance=0.5)
    begun = time.monotonic()
    assert not await hasty.may_show_face(saying(tmp_path / "one", "hang"))
    assert time.monotonic() - begun < 10


async def test_nobody_waits_long_for_a_seat_either(tmp_path: Path) -> None:
    workers = Workers(WORKER, at_once=1)
    other = asyncio.create_task(workers.run("faces", {"file": str(saying(tmp_path / "other", "hang"))}, timeout=600))
    await asyncio.sleep(0)  # the only seat is taken
    hasty = MediaGate(workers, ready=lambda: True, glance=0.5)
    begun = time.monotonic()
    assert not await hasty.may_show_face(saying(tmp_path / "one", "face"))
    assert time.monotonic() - begun < 10
    other.cancel()
    with pytest.raises(asyncio.CancelledError):
        await other


async def test_without_the_extra_no_process_is_started(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blind = MediaGate(Workers(WORKER), ready=lambda: False)
    assert not await blind.may_show_face(saying(tmp_path / "one", "face"))
    assert not caplog.records


def installed(monkeypatch: pytest.MonkeyPatch, folder: Path, *cascades: str) -> None:
    """OpenCV as a package that holds these cascades; it must not be imported."""
    package = folder / faces.DETECTOR
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("raise ImportError('loaded into the main process')")
    for name in cascades:
        (package / "data" / name).write_text("<opencv_storage/>")
    monkeypatch.syspath_prepend(folder)


def test_the_doctor_says_that_pictures_are_looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    installed(monkeypatch, tmp_path, faces.FRONT[0], faces.SIDE[0])
    found = doctor.faces()
    assert (found.subject, found.level) == ("pictures", "ok")
    assert found.text.startswith("looked at for faces")


def test_a_package_without_the_cascades_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As OpenCV 5 is."""
    installed(monkeypatch, tmp_path)
    assert not faces.ready()
    found = doctor.faces()
    assert (found.level, found.text) == ("ok", "not looked at for faces (pip install throughline-bot[faces])")


# ---------------------------------------------------------------- the real detector, where it is installed


def landscape(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """Sky, hills, a sun and a house: nobody."""
    picture = Image.new("RGB", size, "#8fb4d8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 40, 130, 110), fill="#f6e3a1")
    draw.polygon([(0, 330), (180, 190), (380, 330), (520, 230), (640, 320), (640, 480), (0, 480)], fill="#4d6b4a")
    draw.rectangle((300, 300, 400, 380), fill="#a06a4c")
    draw.rectangle((320, 320, 345, 345), fill="#e8d9a8")
    return picture.filter(ImageFilter.GaussianBlur(2))


def portrait() -> Image.Image:
    """Drawn, but with the light and dark of a face seen from the front, in the middle of 640 x 480."""
    picture = Image.new("RGB", (640, 480), "#78828c")
    draw = ImageDraw.Draw(picture)
    x, y = 320, 240
    draw.ellipse((x - 115, y - 165, x + 115, y + 110), fill="#322319")
    draw.rectangle((x - 45, y + 80, x + 45, y + 200), fill="#be8c73")
    draw.ellipse((x - 94, y - 132, x + 94, y + 143), fill="#e0b296")
    for eye in (x - 38, x + 38):
        draw.ellipse((eye - 30, y - 36, eye + 30, y + 2), fill="#aa7864")
        draw.rectangle((eye - 26, y - 44, eye + 26, y - 36), fill="#3c281e")
        draw.ellipse((eye - 20, y - 23, eye + 20, y - 5), fill="#ebebe6")
        draw.ellipse((eye - 9, y - 23, eye + 9, y - 5), fill="#1e1414")
    draw.polygon([(x - 8, y - 20), (x + 8, y - 20), (x + 16, y + 45), (x - 16, y + 45)], fill="#eec4aa")
    draw.ellipse((x - 18, y + 34, x + 18, y + 52), fill="#be8c76")
    draw.ellipse((x - 38, y + 70, x + 38, y + 94), fill="#964646")
    draw.line((x - 36, y + 82, x + 36, y + 82), fill="#5a2328", width=4)
    return picture.filter(ImageFilter.GaussianBlur(5))


def small(picture: Image.Image) -> Image.Image:
    """In a corner of a much larger picture."""
    whole = landscape().resize((1920, 1080))
    whole.paste(picture.resize((480, 360)), (1400, 700))
    return whole


@EXTRA
@pytest.mark.parametrize("shown", [portrait(), small(portrait()), portrait().convert("L"), portrait().convert("RGBA")])
async def test_a_face_is_seen(tmp_path: Path, shown: Image.Image) -> None:
    shown.save(tmp_path / "one.png")
    assert await MediaGate().may_show_face(tmp_path / "one.png")


@EXTRA
async def test_a_face_is_seen_as_the_picture_is_shown(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # to be turned clockwise
    portrait().rotate(90, expand=True).save(tmp_path / "phone.jpg", exif=exif)
    assert await MediaGate().may_show_face(tmp_path / "phone.jpg")


@EXTRA
async def test_a_landscape_shows_none(tmp_path: Path) -> None:
    landscape().save(tmp_path / "one.png")
    assert not await MediaGate().may_show_face(tmp_path / "one.png")


@EXTRA
async def test_the_largest_picture_fits_into_a_worker(tmp_path: Path) -> None:
    portrait().resize((7300, 5400)).save(tmp_path / "large.jpg", quality=60)
    assert await MediaGate(glance=60).may_show_face(tmp_path / "large.jpg")
