"""The tests mirror the tree: `tests/bot` for `bot`, and so on. `conftest.py` holds what several folders share."""
