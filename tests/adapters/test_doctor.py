"""The doctor's lines: every one that is not "ok" says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters import bootstrap, doctor
from adapters.settings import Settings, load
from adapters.video.registry import Registry
from bot.backends import OffersModels
from bot.capabilities import Capabilities, ModelCard
from bot.errors import BadSetting
from bot.paperwork import Finding
from bot.ports import Backend
from tests.fakes.film_world import FakeBackend
from tests.fakes.s3_server import BUCKET, KEY, REGION, SECRET, S3Server

NOBODY = "http://127.0.0.1:1"


class Shelf(FakeBackend):
    """A backend with two models."""

    async def models(self) -> list[ModelCard]:
        return [ModelCard(name, Capabilities()) for name in ("google/veo-3.1", "runway/gen-4.5")]


def settings_of(home: Path, toml: str = "", **env: str) -> Settings:
    home.mkdir(exist_ok=True)
    (home / "throughline.toml").write_text(toml, "utf-8")
    return load({"THROUGHLINE_HOME": str(home), **env})


def registry(default: str, **backends: Backend) -> Registry:
    return Registry({"animatic": FakeBackend("animatic"), **backends}, default, "animatic")


async def said(found: Registry, settings: Settings) -> set[tuple[str, str]]:
    """Level and text of what is not ok."""
    lines = await doctor.backends(found, settings)
    return {(each.level, f"{each.subject}: {each.text}") for each in lines if each.level != "ok"}


async def test_nothing_wrong_is_nothing_said(tmp_path: Path) -> None:
    assert await said(registry("animatic"), settings_of(tmp_path)) == set()


async def test_what_is_written_for_nobody_is_named(tmp_path: Path) -> None:
    toml = '[backends.attic]\nkind = "comfyui"\n[[prices.price]]\nbackend = "comfiui"\nper_second = "0.1"\n'
    assert await said(registry("animatic"), settings_of(tmp_path, toml)) == {
        ("warning", "attic: has a table in throughline.toml and is not set up: ATTIC_URL is missing"),
        ("warning", "prices: [[prices.price]] names comfiui; there is no such backend"),
    }


@pytest.mark.parametrize(
    ("default", "toml", "idle"),
    [
        ("animatic", "", True),
        ("openrouter/google/veo-3.1", "", False),
        ("animatic", "[backends.openrouter]\nopen = true\n", False),
        ("animatic", '[routing]\nfallback = ["openrouter"]\n', False),
        ("animatic", '[stages]\nfinal = "openrouter/runway/gen-4.5"\n', False),
    ],
)
async def test_a_key_that_nobody_may_use_is_noticed(tmp_path: Path, default: str, toml: str, idle: bool) -> None:
    lines = await said(registry(default, openrouter=Shelf("openrouter")), settings_of(tmp_path, toml))
    mend = "THROUGHLINE_BACKEND=openrouter, or open = true in [backends.openrouter]"
    assert lines == ({("warning", f"openrouter: is set up, and nobody may film with it: {mend}")} if idle else set())


@pytest.mark.parametrize(
    ("default", "toml", "where"),
    [
        ("openrouter/google/veo-99", "", "THROUGHLINE_BACKEND"),
        ("openrouter", '[routing]\nfallback = ["openrouter/google/veo-99"]\n', "[routing] fallback"),
    ],
)
async def test_a_model_that_its_backend_does_not_offer(tmp_path: Path, default: str, toml: str, where: str) -> None:
    shelf = Shelf("openrouter")
    assert isinstance(shelf, OffersModels)
    ((level, text),) = await said(registry(default, openrouter=shelf), settings_of(tmp_path, toml))
    assert level == "error"
    assert text.startswith(f"backends: {where} names google/veo-99, which openrouter does not offer")
    assert "google/veo-3.1, runway/gen-4.5" in text


def test_a_studio_that_would_refuse_to_start_is_an_error(tmp_path: Path) -> None:
    found: list[Finding] = [
        doctor.port(settings_of(tmp_path, THROUGHLINE_WEB_HOST=host, THROUGHLINE_WEB_PORT="0"))
        for host in ("127.0.0.1", "0.0.0.0")
    ]
    assert [each.level for each in found] == ["ok", "error"]
    assert "THROUGHLINE_WEB_TOKEN" in found[1].text


@pytest.mark.parametrize(
    ("env", "toml", "mend"),
    [
        ({"THROUGHLINE_BACKEND": "openrouter"}, "", "OPENROUTER_API_KEY is missing"),
        ({}, "[routing]\nfallback = ['gemini_omni']", "GEMINI_API_KEY is missing"),
        ({}, "[stages]\nfinal = 'task_relay'", "TASK_RELAY_URL is missing"),
        ({"COMFYUI_URL": "gpu:8188"}, "", "http:// or https://"),
        ({"COMFYUI_URL": NOBODY}, "[backends.comfyui]\ntemplates = ['my_film']", "there are: wan22, wan22_image"),
        ({}, "[[prices.price]]\nbackend = 'comfyui'", "per_clip, per_second"),
        ({"TASK_RELAY_URL": NOBODY}, "", "it has to name a description"),
    ],
)
async def test_backends_that_cannot_be_built_are_one_error_with_its_mend(
    tmp_path: Path, env: dict[str, str], toml: str, mend: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        bootstrap.build_backends(settings_of(tmp_path, toml, **env))
    assert mend in str(caught.value.params["reason"])


@pytest.mark.parametrize(
    ("env", "toml", "reason"),
    [
        ({"THROUGHLINE_PUBLIC_URL": "films.example"}, "", "http:// or https://"),
        ({"THROUGHLINE_WEB_PORT": "many"}, "", "a number from 0 to 65535"),
        ({"THROUGHLINE_WEB_TOKEN": "short"}, "", "16 characters"),
        ({}, "language = 'fr'", "en, zh-Hans, zh-Hant"),
        ({}, "log_level = 'loud'", "debug, info, warning, error"),
        ({}, "[caps]\nrolling = 'x'", "a whole number"),
        ({}, "[caps]\nrolling = 0", "a cap is at least 1"),
        ({}, "routing = 3", "a table"),
        ({}, "caps = 3", "a table"),
        ({}, "log_json = 'x'", "true or false"),
    ],
)
def test_settings_are_refused_in_words_of_operators(
    tmp_path: Path, env: dict[str, str], toml: str, reason: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        settings_of(tmp_path, toml, **env)
    said: Any = caught.value.params["reason"]
    assert reason in said
    assert "Input should" not in said


# ---------------------------------------------------------------- clips in a bucket


async def clips_line(home: Path, **env: str) -> Finding:
    found = await bootstrap.examine(settings_of(home, **env))
    return next(each for each in found if each.subject == "clips")


def bucket(server: S3Server, secret: str = SECRET, **more: str) -> dict[str, str]:
    return {
        "THROUGHLINE_CLIPS_URL": f"s3://{BUCKET}/house",
        "AWS_ENDPOINT_URL": server.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": secret,
        **more,
    }


async def test_a_bucket_is_tried_out_and_left_as_it_was(tmp_path: Path) -> None:
    async with S3Server() as server:
        line = await clips_line(tmp_path, **bucket(server))
        assert (line.level, server.objects) == ("ok", {})
        assert f"s3://{BUCKET}/house/ at {server.url}" in line.text
        wrong = await clips_line(tmp_path, **bucket(server, secret="another-secret"))
        assert (wrong.level, "AWS_SECRET_ACCESS_KEY" in wrong.text) == ("error", True)
        assert "another-secret" not in wrong.text


async def test_a_bucket_without_a_key_is_told_and_not_begun_with(tmp_path: Path) -> None:
    env = {"THROUGHLINE_CLIPS_URL": "s3://films"}
    line = await clips_line(tmp_path, **env)
    assert (line.level, "AWS_ACCESS_KEY_ID" in line.text) == ("error", True)
    with pytest.raises(BadSetting):
        bootstrap.build(settings_of(tmp_path, **env))


async def test_without_a_bucket_clips_are_in_the_data_folder(tmp_path: Path) -> None:
    assert (await clips_line(tmp_path)).text == "none yet"
    (tmp_path / "clips").mkdir()
    assert str(tmp_path / "clips") in (await clips_line(tmp_path)).text
