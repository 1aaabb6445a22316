"""What the engine's library may say in our log."""

import logging

import pytest

from adapters.engine.threads import quieten


def test_the_library_says_a_thing_once_in_one_line_without_a_traceback(caplog: pytest.LogCaptureFixture) -> None:
    hush = quieten()
    dbos = logging.getLogger("dbos")
    dbos.info("Initializing")
    for queue in ("film", "film", "film"):
        try:
            raise ConnectionError("password")
        except ConnectionError:
            dbos.exception("The projector stopped in the queue called %s:\nsecond line", queue)
    dbos.warning("Asyncio task cancelled for workflow or step drive")
    hush.stopping = True
    dbos.error("Error executing workflow a.1")
    assert caplog.messages == ["The projector stopped in the queue called film: ConnectionError"]
    assert caplog.records[0].exc_info is None
    assert not quieten().stopping
