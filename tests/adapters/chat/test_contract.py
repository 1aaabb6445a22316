"""What every chat platform promises, whoever wrote it. A platform is tested by being found; nothing is registered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from adapters import platforms
from adapters.chat import ChatModule, ChatSettings, find_chats
from tests.fakes.storage import FakeStore

ROOT = Path(__file__).parents[3]
SECRET = "7000000001:AAtotally-secret-token-of-nobody-at-all"
METHODS = ("show", "progress", "answer", "room", "deliver", "fetch", "close")


@pytest.fixture(params=sorted(find_chats()))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def platform(name: str) -> ChatModule:
    return find_chats()[name]


def setting(name: str, folder: Path, **more: str) -> ChatSettings:
    """With a token that nobody accepts, for a platform that nobody reaches."""
    options = {platforms.token_of(name): SECRET, f"{name.upper()}_API_URL": "http://127.0.0.1:1", **more}
    return ChatSettings(options, folder=folder / "scratch")


def test_there_are_platforms() -> None:
    assert {"discord", "telegram"} <= find_chats().keys()


def test_a_token_is_what_sets_it_up(name: str, platform: ChatModule, tmp_path: Path) -> None:
    assert platform.configured(setting(name, tmp_path))
    assert not platform.configured(ChatSettings())


def test_finding_it_costs_nothing(name: str) -> None:
    """No library of a platform, nor anything else that is heavy, is loaded where no token is set."""
    program = (
        "import sys; before = {each.partition('.')[0] for each in sys.modules}\n"
        f"import adapters.chat; adapters.chat.find_chats()['{name}'].configured(adapters.chat.ChatSettings())\n"
        "loaded = {each.partition('.')[0] for each in sys.modules} - before\n"
        "print(*sorted(loaded & {'discord', 'telegram', 'httpx', 'numpy', 'av', 'PIL'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


async def test_what_sends_asks_nobody_before_it_is_used(name: str, platform: ChatModule, tmp_path: Path) -> None:
    poster = platform.poster(setting(name, tmp_path), FakeStore().work)
    assert all(callable(getattr(poster, each, None)) for each in METHODS)
    assert SECRET not in repr(poster)
    await poster.close()
    assert not (tmp_path / "scratch").exists()


async def test_the_doctor_hears_of_a_platform_that_is_not_there(
    name: str, platform: ChatModule, tmp_path: Path
) -> None:
    said = await platform.examine(setting(name, tmp_path))
    assert "error" in {each.level for each in said}
    assert all(each.subject.startswith(name) for each in said)
    assert SECRET not in repr(said)


def test_the_keys_of_its_table_are_said(platform: ChatModule) -> None:
    keys = getattr(platform, "KEYS", {})
    assert all(isinstance(key, str) and kind in (bool, int, str, list) for key, kind in keys.items())
