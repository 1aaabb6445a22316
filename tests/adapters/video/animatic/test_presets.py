"""A still for every preset: small, another look each, and nothing left of those that are no more."""

from pathlib import Path

from PIL import Image, ImageStat

from adapters.video.animatic.presets import MOST_BYTES, SIZE, small, spec_for, write
from bot.spine import presets

ROOT = Path(__file__).resolve().parents[4]


def test_a_still_and_a_sheet_are_written_and_old_ones_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "forgotten.jpg").write_bytes(b"old")
    write(folder, {name: presets()[name] for name in ("noir", "golden")})
    assert sorted(file.name for file in folder.iterdir()) == ["golden.jpg", "noir.jpg"]
    colourful = {}
    for file in folder.iterdir():
        assert file.stat().st_size <= MOST_BYTES
        with Image.open(file) as still:
            assert still.size == SIZE
            colourful[file.stem] = ImageStat.Stat(still.convert("HSV")).mean[1]
    assert colourful["golden"] > colourful["noir"] + 60
    assert (tmp_path / "presets.jpg").exists()


def test_a_picture_is_made_small_enough() -> None:
    noise = Image.effect_noise((640, 360), 90).convert("RGB")
    assert len(small(noise, 10**9)) > 100_000
    assert len(small(noise, 80_000)) <= 80_000


def test_every_preset_changes_the_shot() -> None:
    assert len({spec_for(look).key() for look in presets().values()}) == len(presets())


def test_the_documents_show_the_presets_that_there_are() -> None:
    stills = {file.stem for file in (ROOT / "docs/pictures/presets").glob("*.jpg")}
    assert stills == set(presets()), "make presets draws them anew"
