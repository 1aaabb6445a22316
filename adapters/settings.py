"""The only reader of the environment and of ``throughline.toml``: both become one frozen `Settings`.

Tokens, keys and addresses come from the environment; the rest (caps, prices, backends, chats) from ``throughline.toml`` in the
data folder, or in the folder Throughline is started from. The environment wins. An empty value counts as not set.

A backend and a chat platform are told of the environment what begins with their name, by being found or by having a table:
``[chats.carrier]`` → ``CARRIER_TOKEN``.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters import chat, video
from bot.budget import Allowance, Caps, Quotas
from bot.errors import BadSetting
from bot.prices import micros
from bot.promotion import Stages
from bot.text import DEFAULT, language, languages

CONFIG_NAME = "throughline.toml"
TOKEN_LEAST = 16
_BACKEND_OPTIONS = ("THROUGHLINE_OPENAI_MODEL",)
_BACKEND_PREFIXES = ("OPENAI_", "GEMINI_")
"""Of those whose names in the environment are shorter than their own."""
_SECRETS = ("THROUGHLINE_WEB_TOKEN", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_TABLE = {
    *("language", "log_level", "log_json", "clips_cache"),
    *("caps", "quotas", "backends", "chats", "routing", "prices", "stages"),
}
_EXPECTED = {
    "THROUGHLINE_PUBLIC_URL": "expected an address that begins with http:// or https://, without ? and #",
    "THROUGHLINE_WEB_PORT": "expected a number from 0 to 65535",
    "THROUGHLINE_WEB_TOKEN": f"it takes {TOKEN_LEAST} characters or more",
    "log_level": "expected one of debug, info, warning, error",
}
_KINDS = {
    "int": "expected a whole number",
    "bool": "expected true or false",
    "string": "expected text in quotes",
    "dict": "expected a table, its name in [ ]",
    "dataclass": "expected a table, its name in [ ]",
}
_SECRET_ENDS = ("_TOKEN", "_SECRET", "_KEY", "_PASSWORD")


def default_home() -> Path:
    """``$XDG_DATA_HOME/throughline``, or ``~/.local/share/throughline``."""
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "throughline"


class Settings(BaseSettings):
    """What the operator decided."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True, hide_input_in_errors=True
    )

    home: Path = Field(default_factory=default_home, alias="THROUGHLINE_HOME")
    database: SecretStr | None = Field(default=None, alias="DATABASE_URL")
    backend: str | None = Field(default=None, alias="THROUGHLINE_BACKEND")
    web_host: str = Field(default="127.0.0.1", alias="THROUGHLINE_WEB_HOST")
    web_port: int = Field(default=8484, ge=0, le=65535, alias="THROUGHLINE_WEB_PORT")
    web_token: SecretStr | None = Field(default=None, min_length=TOKEN_LEAST, alias="THROUGHLINE_WEB_TOKEN")
    public_url: str = Field(default="", pattern="^(https?://[^/?#]+[^?#]*)?$", alias="THROUGHLINE_PUBLIC_URL")
    """Where the world reaches us, for links to clips and for webhooks."""
    clips_url: str = Field(default="", alias="THROUGHLINE_CLIPS_URL")
    """The bucket that clips are kept in; empty: the data folder."""
    s3_endpoint: str = Field(default="", alias="AWS_ENDPOINT_URL")
    s3_region: str = Field(default="", alias="AWS_REGION")
    s3_key: SecretStr = Field(default=SecretStr(""), alias="AWS_ACCESS_KEY_ID")
    s3_secret: SecretStr = Field(default=SecretStr(""), alias="AWS_SECRET_ACCESS_KEY")
    s3_token: SecretStr = Field(default=SecretStr(""), alias="AWS_SESSION_TOKEN")
    clips_cache: int = Field(default=10, ge=1)
    """GiB of clips from the bucket that are kept at hand."""
    language: str = "en"
    log_level: str = Field(default="info", pattern="^(debug|info|warning|error)$")
    log_json: bool = False
    caps: Caps = Caps()
    quotas: Quotas = Quotas()
    backends: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    options: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """Environment values that belong to single backends, by their names."""
    stages: Stages = Stages()
    routing: Mapping[str, Any] = Field(default_factory=dict)
    prices: Mapping[str, Any] = Field(default_factory=dict)
    chats: Mapping[str, Mapping[str, Any]] = Field(default_factory=dict)
    chat_options: Mapping[str, str] = Field(default_factory=dict, repr=False)
    """Environment values that belong to single chat platforms, by their names."""
    secrets: tuple[SecretStr, ...] = ()
    """Everything that must never be printed."""

    @field_validator("caps", mode="before")
    @classmethod
    def _in_dollars(cls, caps: Any) -> Any:
        """``approve_above`` is written in dollars."""
        if not isinstance(caps, dict) or "approve_above" not in caps:
            return caps
        line = micros(caps["approve_above"])
        if line is None:
            raise ValueError("approve_above is a price in dollars")
        return {**caps, "approve_above": line}

    @field_validator("quotas", mode="before")
    @classmethod
    def _quotas_in_dollars(cls, quotas: Any) -> Any:
        """``day`` and ``month`` are written in dollars."""
        if not isinstance(quotas, dict):
            return quotas
        return {name: _allowance(each) for name, each in quotas.items()}

    @field_validator("language")
    @classmethod
    def _spoken(cls, tag: str) -> str:
        """One that there is: another would silently be English."""
        if language(tag) == DEFAULT and not tag.lower().startswith(DEFAULT):
            raise ValueError(f"expected one of {', '.join(languages())}")
        return tag

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @property
    def database_url(self) -> str:
        """The database: what the operator named, else a SQLite file in the data folder."""
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite+aiosqlite:///{self.home / 'throughline.sqlite'}"

    @property
    def s3(self) -> dict[str, str]:
        """Where the server of that bucket is and what it is shown, in the clear."""
        given = {"key": self.s3_key, "secret": self.s3_secret, "token": self.s3_token}
        shown = {name: value.get_secret_value() for name, value in given.items()}
        return {"endpoint": self.s3_endpoint, "region": self.s3_region, **shown}

    @property
    def on_sqlite(self) -> bool:
        """One machine, one process."""
        return self.database_url.startswith("sqlite")


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read everything once. Raises `BadSetting` with the name of what is wrong."""
    env = {name: value for name, value in (os.environ if environment is None else environment).items() if value}
    home = Path(env.get("THROUGHLINE_HOME") or default_home()).expanduser()
    table = _file(home)
    given = {
        field.alias: env[field.alias] for field in Settings.model_fields.values() if field.alias and field.alias in env
    }
    options, chat_options = _backend_options(env, table.get("backends")), _chat_options(env, table.get("chats"))
    hidden = {*_SECRETS, *(name for name in {**options, **chat_options} if name.endswith(_SECRET_ENDS))}
    try:
        return Settings(
            **{
                **table,
                **given,
                "THROUGHLINE_HOME": home,
                "options": options,
                "chat_options": chat_options,
                "secrets": tuple(SecretStr(env[name]) for name in sorted(hidden) if name in env),
            }
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BadSetting(name=name, reason=_EXPECTED.get(name) or _reason(first["type"], first["msg"])) from None


def _reason(kind: str, message: str) -> str:
    """What was expected, in the words of operators."""
    return _KINDS.get(kind.partition("_")[0]) or message.removeprefix("Value error, ")


def _backend_options(env: Mapping[str, str], tables: object) -> dict[str, str]:
    starts = (*_BACKEND_PREFIXES, *_prefixes(video.names(), tables))
    return {name: value for name, value in env.items() if name in _BACKEND_OPTIONS or name.startswith(starts)}


def _chat_options(env: Mapping[str, str], tables: object) -> dict[str, str]:
    starts = tuple(_prefixes(chat.names(), tables))
    return {name: value for name, value in env.items() if name.startswith(starts)}


def _prefixes(found: Iterable[str], tables: object) -> Iterator[str]:
    for name in {*found, *(tables if isinstance(tables, dict) else ())}:
        yield f"{name.upper().replace('-', '_')}_"


def _file(home: Path) -> dict[str, Any]:
    """``throughline.toml``: from the data folder, else from the current one, else nothing."""
    for folder in (home, Path.cwd()):
        path = folder / CONFIG_NAME
        try:
            text = path.read_text("utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise BadSetting(name=str(path), reason=str(error.strerror)) from None
        try:
            return _known(tomllib.loads(text), path)
        except tomllib.TOMLDecodeError as error:
            raise BadSetting(name=str(path), reason=str(error)) from None
    return {}


def _allowance(plain: Any) -> Any:
    """One of ``[quotas.…]``, with its money in micro-dollars."""
    if not isinstance(plain, dict):
        return plain
    money = {name: micros(plain[name]) for name in ("day", "month") if name in plain}
    for name, amount in money.items():
        if amount is None:
            raise ValueError(f"{name} is an amount in dollars")
    return {**plain, **money}


def _known(data: dict[str, Any], path: Path) -> dict[str, Any]:
    """Refuse names that nobody reads: a misspelt cap must not silently be no cap."""
    _only(data, _TABLE, f"{path}: ")
    if isinstance(data.get("caps"), dict):
        _only(data["caps"], {field.name for field in dataclasses.fields(Caps)}, f"{path}: caps.")
    if isinstance(data.get("quotas"), dict):
        _only(data["quotas"], {field.name for field in dataclasses.fields(Quotas)}, f"{path}: quotas.")
        for name, each in data["quotas"].items():
            if isinstance(each, dict):
                _only(each, {field.name for field in dataclasses.fields(Allowance)}, f"{path}: quotas.{name}.")
    if isinstance(data.get("stages"), dict):
        _only(data["stages"], {field.name for field in dataclasses.fields(Stages)}, f"{path}: stages.")
    return data


def _only(data: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for name in data.keys() - allowed:
        known = ", ".join(sorted(allowed))
        raise BadSetting(name=f"{where}{name}", reason=f"there is no such setting; there are: {known}")
