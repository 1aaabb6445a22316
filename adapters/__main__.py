"""``python -m adapters`` is the command ``throughline``."""

from __future__ import annotations

import sys

from adapters.cli import main

sys.exit(main())
