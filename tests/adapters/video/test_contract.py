"""Runs the contract over every backend that is found."""

from tests.adapters.video.contract import *  # noqa: F403 - the tests and their fixture
from tests.adapters.video.contract import BACKENDS


def test_the_backends_of_the_tree_are_found() -> None:
    assert "openai_videos" in BACKENDS
