"""A backend with everything in front of it keeps every promise that it keeps alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.clock import WallClock
from adapters.video.roster import assemble
from tests.adapters.video import contract
from tests.adapters.video.contract import Stage, stage_for

FRONT = {"at_once": 50, "rate_a_minute": 1000}


@pytest.fixture(params=["colour_bars", "openai_videos"])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """The same stages, seen through price list, circuit, limits and detours."""
    name = request.param
    async with stage_for(name, tmp_path / "scratch") as inside:
        roster = assemble(
            {name: inside.backend}, name, "", WallClock(), tables={name: FRONT}, routing={"fallback": [name]}
        )
        backend = roster.backends.get(name)
        assert backend is not inside.backend
        yield Stage(backend, inside.patience, inside.secret)
        await backend.close()


globals().update({name: test for name, test in vars(contract).items() if name.startswith("test_")})
