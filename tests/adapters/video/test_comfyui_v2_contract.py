"""The contract of every backend once more, with ComfyUI behind the real comfy-api-proxy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.adapters.video.contract import *  # noqa: F403 - the tests, over the stage below
from tests.adapters.video.contract import Stage
from tests.adapters.video.stage_comfyui import stage_v2


@pytest.fixture  # type: ignore[no-redef]
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """In place of the contract's own."""
    async with stage_v2(tmp_path) as stage:
        yield stage
