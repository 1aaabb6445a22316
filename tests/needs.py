"""What a test may need of the machine, and what happens where it is missing.

On a contributor's machine a missing browser or PostgreSQL skips the tests that need it, and says so. Where
`THROUGHLINE_REQUIRE_ALL=1` (as in `.ci/run`) it fails them, so that nothing goes untested unnoticed.
"""

import os
import shutil

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def require(found: bool, what: str) -> None:
    """Go on if `found`; else skip the test, or fail it where everything is required. `what` names the missing thing."""
    if found:
        return
    if os.environ.get("THROUGHLINE_REQUIRE_ALL") == "1":
        pytest.fail(f"{what} is missing, and everything is required here", pytrace=False)
    pytest.skip(f"{what} is missing")


def find_chromium() -> str | None:
    """The path of a Chromium that is installed, or None."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)
