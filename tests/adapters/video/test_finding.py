"""Backends are found: those of the tree by walking, those of others by entry point; a broken one is left out."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace

from structlog.testing import capture_logs

from adapters.video import GROUP, BackendSettings, find_backends, is_backend, load


def test_the_tree_is_walked_and_only_backends_are_found() -> None:
    found = find_backends()
    assert list(found) == sorted(found)
    assert "openai_videos" in found
    assert not {"wire", "dialect", "trouble", "download", "registry"} & set(found)
    assert not found["openai_videos"].configured(BackendSettings(folder=Path("scratch")))


def test_an_entry_point_of_others_is_loaded() -> None:
    module = load(EntryPoint("mine", "adapters.video.openai_videos", GROUP))
    assert module is not None
    assert is_backend(module)


def test_a_broken_one_is_left_out_and_logged() -> None:
    with capture_logs() as logged:
        assert load(EntryPoint("gone", "no_such_module_anywhere", GROUP)) is None
        assert load(EntryPoint("empty", "adapters.video.wire", GROUP)) is None
    assert [entry["backend"] for entry in logged] == ["gone", "empty"]
    assert not is_backend(SimpleNamespace(build=len))


def test_settings_do_not_show_keys() -> None:
    assert "tl-key" not in repr(BackendSettings({"OPENAI_API_KEY": "tl-key"}, {"password": "tl-key"}))
