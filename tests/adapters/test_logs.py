"""Logs never contain secrets, whoever writes them and wherever the secret stands."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import structlog

from adapters import logs

KEY = "sk-very-secret-key"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


@pytest.mark.parametrize("as_json", [True, False])
def test_a_secret_is_blanked_everywhere(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    logs.set_up("debug", as_json=as_json, secrets=[KEY])
    logging.getLogger("library").warning("sent %s", f"Bearer {KEY}")
    logging.getLogger("library").warning("with arguments %(headers)s", {"headers": {"Authorization": KEY}})
    structlog.get_logger("ours").info("asked", url=f"http://x/?key={KEY}", headers=[("a", KEY)])
    try:
        raise ValueError(f"could not use {KEY}")
    except ValueError:
        structlog.get_logger("ours").exception("failed")
        logging.getLogger("library").exception("failed too")

    written = capsys.readouterr().err
    assert written.count(logs.BLANK) >= 6
    assert KEY not in written


def test_loud_libraries_are_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("info")
    logging.getLogger("httpx").info("HTTP Request: POST http://host/v1/videos?key=x")
    assert capsys.readouterr().err == ""
