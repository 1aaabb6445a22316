"""A studio for every test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.chat.telegram.studio import Studio, studio
from tests.fakes.telegram import Limits


@pytest.fixture(name="stage")
async def _stage(tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(tmp_path) as found:
        yield found


@pytest.fixture(name="patient")
async def _patient(tmp_path: Path) -> AsyncIterator[Studio]:
    """Without flood control: several processes do not know what each of the others sends."""
    async with studio(tmp_path, limits=Limits(on=False)) as found:
        yield found
