"""Settings: the environment wins, empty means unset, misspelt names are refused, secrets do not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.bootstrap import build_backends
from adapters.settings import load
from bot.budget import Allowance
from bot.errors import BadSetting

KEY = "sk-very-secret-key"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def test_nothing_configured_is_a_whole_throughline(home: Path) -> None:
    settings = load({"THROUGHLINE_HOME": str(home)})
    assert settings.on_sqlite
    assert settings.database_url == f"sqlite+aiosqlite:///{home}/throughline.sqlite"
    assert (settings.web_host, settings.web_port, settings.web_token) == ("127.0.0.1", 8484, None)
    assert (settings.caps.rolling, settings.caps.waiting, settings.caps.takes_a_day) == (3, 20, 100)


def test_the_file_says_the_rest_and_the_environment_wins(home: Path) -> None:
    home.mkdir()
    (home / "throughline.toml").write_text(
        'language = "zh-Hans"\nlog_level = "debug"\n[caps]\nrolling = 5\n'
        '[backends.openai_videos]\nprice_per_second = "0.10"\n'
    )
    settings = load(
        {"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_PORT": "9000", "OPENAI_BASE_URL": "http://gpu:8091/v1"}
    )
    assert (settings.language, settings.log_level, settings.web_port) == ("zh-Hans", "debug", 9000)
    assert (settings.caps.rolling, settings.caps.waiting) == (5, 20)
    assert settings.backends["openai_videos"] == {"price_per_second": "0.10"}
    assert settings.options == {"OPENAI_BASE_URL": "http://gpu:8091/v1"}


def test_quotas_are_written_in_dollars_and_seconds(home: Path) -> None:
    home.mkdir()
    (home / "throughline.toml").write_text(
        "[quotas.member]\nday = 2.5\nmonth_seconds = 600\n[quotas.house]\nmonth = 100\n"
    )
    quotas = load({"THROUGHLINE_HOME": str(home)}).quotas
    assert quotas.member == Allowance(day=2_500_000, month_seconds=600)
    assert quotas.house == Allowance(month=100_000_000)
    assert not quotas.server.limits


@pytest.mark.parametrize("line", ['"0.50"', '"$0.50"', "0.5"])
def test_the_line_above_which_a_price_asks_is_in_dollars(home: Path, line: str) -> None:
    home.mkdir()
    (home / "throughline.toml").write_text(
        f'[caps]\napprove_above = {line}\n[stages]\nfinal = "openrouter/google/veo-3.1"\nfinal_resolution = "1080p"\n'
    )
    settings = load({"THROUGHLINE_HOME": str(home)})
    assert settings.caps.approve_above == 500_000
    assert (settings.stages.draft, settings.stages.final) == ("", "openrouter/google/veo-3.1")
    assert load({"THROUGHLINE_HOME": str(home / "elsewhere")}).caps.approve_above is None


def test_an_empty_value_is_not_set(home: Path) -> None:
    settings = load(
        {"THROUGHLINE_HOME": str(home), "DATABASE_URL": "", "OPENAI_API_KEY": "", "THROUGHLINE_WEB_TOKEN": ""}
    )
    assert settings.on_sqlite
    assert settings.options == {}


@pytest.mark.parametrize(
    ("env", "toml", "name"),
    [
        ({"THROUGHLINE_WEB_PORT": "many"}, "", "THROUGHLINE_WEB_PORT"),
        ({"THROUGHLINE_WEB_PORT": "70000"}, "", "THROUGHLINE_WEB_PORT"),
        ({"THROUGHLINE_WEB_TOKEN": "short"}, "", "THROUGHLINE_WEB_TOKEN"),
        ({}, "rollling = 3", "rollling"),
        ({}, "[caps]\nrolling = 'three'", "caps.rolling"),
        ({}, "[caps]\nrollling = 3", "caps"),
        ({}, "[caps]\nrolling = 0", "caps"),
        ({}, "[quotas.member]\nday = 'lots'", "quotas"),
        ({}, "[quotas.member]\nday = -1", "quotas"),
        ({}, "[quotas.server]\nweek = 3", "week"),
        ({}, "[quotas.village]\nday = 3", "village"),
        ({}, "[caps]\napprove_above = 'lots'", "caps"),
        ({}, "[caps]\napprove_above = -1", "caps"),
        ({}, "[stages]\nfinale = 'x'", "stages.finale"),
        ({}, "[stages]\nfinal_resolution = '9k'", "stages"),
        ({}, "log_level = 'loud'", "log_level"),
        ({}, "not toml", "throughline.toml"),
    ],
)
def test_what_is_wrong_is_named(home: Path, env: dict[str, str], toml: str, name: str) -> None:
    home.mkdir()
    (home / "throughline.toml").write_text(toml)
    with pytest.raises(BadSetting) as caught:
        load({"THROUGHLINE_HOME": str(home), **env})
    assert name in str(caught.value.params["name"])


def test_secrets_do_not_show(home: Path) -> None:
    url = "postgresql://throughline:pa55word@db/throughline"
    settings = load(
        {"THROUGHLINE_HOME": str(home), "OPENAI_API_KEY": KEY, "DATABASE_URL": url, "THROUGHLINE_WEB_TOKEN": KEY}
    )
    assert settings.database_url == url
    for shown in (repr(settings), str(settings)):
        assert KEY not in shown
        assert "pa55word" not in shown
    with pytest.raises(BadSetting) as caught:
        load({"THROUGHLINE_HOME": str(home), "THROUGHLINE_WEB_TOKEN": "tiny-secret"})
    assert "tiny-secret" not in f"{caught.value} {caught.value.__cause__} {caught.value.__context__}"


@pytest.mark.parametrize(
    ("toml", "name"),
    [
        ("[backends.comfyui]\nprice_per_secnod = '0.10'", "backends.comfyui.price_per_secnod"),
        ("[backends.animatic]\nmodel = 'x'", "backends.animatic.model"),
        ("[backends.comfiui]\ndoor = 'v2'", "backends.comfiui"),
        ("[backends.attic]\nkind = 'comfyui'\ndor = 'v2'", "backends.attic.dor"),
        ("[backends.attic]\nkind = 'comfyui'\ndoor = 'back'", "attic.door"),
    ],
)
def test_what_no_backend_reads_is_refused(home: Path, toml: str, name: str) -> None:
    home.mkdir()
    (home / "throughline.toml").write_text(toml)
    settings = load({"THROUGHLINE_HOME": str(home), "COMFYUI_URL": "http://gpu:8188", "ATTIC_URL": "http://attic:8188"})
    with pytest.raises(BadSetting) as caught:
        build_backends(settings)
    assert caught.value.params["name"] == name


def test_backends_and_chats_are_told_what_begins_with_their_name(home: Path) -> None:
    given = {"COLOUR_BARS_TONE": "440", "OPENROUTER_API_KEY": KEY, "GEMINI_BASE_URL": "http://proxy"}
    settings = load({"THROUGHLINE_HOME": str(home), "DISCORD_SHARDS": "2", "HTTP_PROXY": "http://proxy", **given})
    assert settings.options == given
    assert settings.chat_options == {"DISCORD_SHARDS": "2"}


def test_what_chat_platforms_are_told(home: Path) -> None:
    home.mkdir()
    (home / "throughline.toml").write_text('[chats.discord]\nservers = ["7"]\n[chats.carrier]\npigeons = 3\n')
    given = {
        "DISCORD_TOKEN": "discord-s3cret",
        "DISCORD_API_URL": "http://127.0.0.1:1",
        "TELEGRAM_WEBHOOK_SECRET": "hook-s3cret",
        "CARRIER_TOKEN": "carrier-s3cret",
        "CARRIER_URL": "http://127.0.0.1:2",
        "PIGEON_TOKEN": "nobody asked",
    }
    settings = load({"THROUGHLINE_HOME": str(home), "THROUGHLINE_PUBLIC_URL": "https://film.example/studio/", **given})
    assert settings.chats == {"discord": {"servers": ["7"]}, "carrier": {"pigeons": 3}}
    assert settings.chat_options == {name: value for name, value in given.items() if name != "PIGEON_TOKEN"}
    assert settings.public_url == "https://film.example/studio"
    hidden = {secret.get_secret_value() for secret in settings.secrets}
    assert hidden == {"discord-s3cret", "hook-s3cret", "carrier-s3cret"}
    assert "s3cret" not in repr(settings)


@pytest.mark.parametrize("url", ["film.example", "ftp://film.example", "https://", "https://film.example?a=b"])
def test_a_public_address_that_is_none_is_refused(home: Path, url: str) -> None:
    with pytest.raises(BadSetting) as caught:
        load({"THROUGHLINE_HOME": str(home), "THROUGHLINE_PUBLIC_URL": url})
    assert caught.value.params["name"] == "THROUGHLINE_PUBLIC_URL"


BUCKET = {
    "THROUGHLINE_CLIPS_URL": "s3://films/house",
    "AWS_ENDPOINT_URL": "http://minio:9000",
    "AWS_REGION": "eu-test-1",
    "AWS_ACCESS_KEY_ID": "THEKEYOFTHEHOUSE",
    "AWS_SECRET_ACCESS_KEY": "the/secret+of+the+house",
    "AWS_SESSION_TOKEN": "for-a-while",
}


def test_a_bucket_and_its_keys_never_shown(home: Path) -> None:
    settings = load({"THROUGHLINE_HOME": str(home), **BUCKET})
    assert settings.clips_url == "s3://films/house"
    assert settings.s3 == {
        "endpoint": "http://minio:9000",
        "region": "eu-test-1",
        "key": "THEKEYOFTHEHOUSE",
        "secret": "the/secret+of+the+house",
        "token": "for-a-while",
    }
    hidden = [BUCKET[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")]
    assert {each.get_secret_value() for each in settings.secrets} >= set(hidden)
    assert not any(secret in f"{settings!r} {settings}" for secret in hidden)


def test_without_a_bucket_keys_of_somebody_else_mean_nothing(home: Path) -> None:
    settings = load({"THROUGHLINE_HOME": str(home), "AWS_ACCESS_KEY_ID": "KEY", "AWS_REGION": "us-west-2"})
    assert settings.clips_url == ""
    assert settings.clips_cache == 10
