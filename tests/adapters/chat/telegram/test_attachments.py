"""What members attached, brought in by its file_id."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import AttachmentGone, DeliveryFault, ImageTooLarge
from tests.adapters.chat.telegram.studio import Studio, studio

PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000400000002408020000000000000000")


def keep(stage: Studio, content: bytes) -> str:
    """A file in Telegram's keeping; its file_id."""
    parcel = stage.telegram.parcels.of_bytes(content, "reference.png")
    return stage.telegram.parcels.store("document", parcel).file_id


async def test_a_picture_is_brought_in(stage: Studio) -> None:
    into = stage.folder / "reference"
    await stage.poster().fetch(f"telegram:{keep(stage, PICTURE)}", into)
    assert into.read_bytes() == PICTURE


async def test_one_that_telegram_does_not_know_is_gone(stage: Studio) -> None:
    with pytest.raises(AttachmentGone):
        await stage.poster().fetch("telegram:forgotten", stage.folder / "reference")


async def test_one_whose_file_is_gone_meanwhile_is_gone(stage: Studio) -> None:
    file_id = keep(stage, PICTURE)
    stage.telegram.parcels.by_id[file_id].path.unlink()
    with pytest.raises((AttachmentGone, DeliveryFault)):
        await stage.poster().fetch(f"telegram:{file_id}", stage.folder / "reference")


async def test_one_that_is_too_large_is_not_asked_for(stage: Studio) -> None:
    file_id = keep(stage, PICTURE)
    stage.telegram.parcels.by_id[file_id].size = 21 * 1024 * 1024
    with pytest.raises(ImageTooLarge) as fault:
        await stage.poster().fetch(f"telegram:{file_id}", stage.folder / "reference")
    assert fault.value.params["limit"] == "20 MB"


@pytest.mark.parametrize("what", ["hang", 502])
async def test_an_answer_that_does_not_come_may_be_tried_again(stage: Studio, what: str | int) -> None:
    stage.telegram.faults.add("getFile", what)
    poster, file_id = stage.poster(quick=0.3), keep(stage, PICTURE)
    with pytest.raises(DeliveryFault) as fault:
        await poster.fetch(f"telegram:{file_id}", stage.folder / "reference")
    assert not fault.value.final
    await poster.fetch(f"telegram:{file_id}", stage.folder / "reference")


async def test_a_local_server_on_the_same_disk_hands_over_its_path(tmp_path: Path) -> None:
    async with studio(tmp_path, local=True) as stage:
        into = tmp_path / "reference"
        await stage.poster(local=True, shared_disk=True).fetch(f"telegram:{keep(stage, PICTURE)}", into)
        assert into.read_bytes() == PICTURE
