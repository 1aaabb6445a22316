"""A studio for every test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.chat.telegram.studio import Studio, studio


@pytest.fixture(name="stage")
async def _stage(tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(tmp_path) as found:
        yield found
