"""The operator's settings of the dialect backend: what they become, and one sentence for what cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.video import BackendSettings
from adapters.video.dialect_options import read_options
from adapters.video.openai_videos import build
from bot.errors import BadSetting
from bot.film import Shape


def table(**values: Any) -> BackendSettings:
    return BackendSettings({"OPENAI_BASE_URL": "http://127.0.0.1:8091/v1"}, values)


async def test_what_nobody_said_is_left_open() -> None:
    offered = await build(table()).capabilities()
    assert (offered.seconds, offered.shapes, offered.micros_per_second, offered.usual_seconds) == (
        None,
        None,
        None,
        None,
    )
    assert (offered.images, offered.remixes, offered.cancels, offered.words_max) == (True, True, False, 32_000)


async def test_what_the_operator_said_is_offered() -> None:
    setting = table(
        seconds=[8, 4, 8],
        shapes={"tall": "704x1280", "wide": "1280x704"},
        price_per_second="0.072",
        usual_seconds=90,
        words_max=2000,
        images=False,
        profile="vllm-omni",
    )
    offered = await build(setting).capabilities()
    assert (offered.seconds, offered.shapes) == ((4, 8), (Shape.WIDE, Shape.TALL))
    assert (offered.micros_per_second, offered.usual_seconds, offered.words_max) == (72_000, 90.0, 2000)
    assert (offered.images, offered.remixes, offered.cancels) == (False, False, True)


@pytest.mark.parametrize(
    ("said", "micros"),
    [
        (0.07, 70_000),
        ("0.07", 70_000),
        ("$0.29", 290_000),
        (1, 1_000_000),
        ("0.0000005", 1),
        (0, 0),
        (0.1 + 0.2, 300_000),
    ],
)
def test_prices_are_whole_micro_dollars(said: Any, micros: int) -> None:
    assert read_options(table(price_per_second=said)).micros_per_second == micros


@pytest.mark.parametrize(
    "values",
    [
        {"price_per_second": "cheap"},
        {"price_per_second": -1},
        {"price_per_second": "NaN"},
        {"price_per_second": True},
        {"seconds": [4, "8"]},
        {"seconds": []},
        {"seconds": 4},
        {"seconds_as": "float"},
        {"shapes": {"round": "1x1"}},
        {"shapes": {"wide": "1280"}},
        {"shapes": "1280x720"},
        {"size": "0x720"},
        {"json": "yes"},
        {"remix": "maybe"},
        {"profile": "sora"},
        {"usual_seconds": 0},
        {"allowed_hosts": "minio"},
    ],
)
def test_what_cannot_be_read_is_named(values: dict[str, Any]) -> None:
    with pytest.raises(BadSetting, match=f"openai_videos.{next(iter(values))}"):
        read_options(table(**values))


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({"OPENAI_BASE_URL": "localhost:8091"}, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "ftp://host/v1"}, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "http://host/v1?key=abc"}, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "http://host:port/v1"}, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "http:///v1"}, "OPENAI_BASE_URL"),
        ({"OPENAI_BASE_URL": "http://a:b@host/v1", "OPENAI_API_KEY": "k"}, "OPENAI_BASE_URL"),
        ({"OPENAI_API_KEY": "two\nlines"}, "OPENAI_API_KEY"),
        ({"OPENAI_API_KEY": "schlüssel"}, "OPENAI_API_KEY"),
    ],
)
def test_an_address_or_key_that_cannot_be_is_refused(options: dict[str, str], name: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read_options(BackendSettings(options))
