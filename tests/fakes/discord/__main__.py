"""``python -m tests.fakes.discord --port 8085 [--limits 1.0] [--upload-mib 10] [--shards 1]``: the fake by itself.

The first line it prints is JSON with its `origin`; ``/control/…`` steers it (see `control`). Ends with a signal.

"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from tests.fakes.discord.control import Controlled


async def serve(options: argparse.Namespace) -> None:
    """Until it is ended."""
    fake = Controlled(limits=options.limits, upload_mib=options.upload_mib, shards=options.shards)
    await fake.start(options.port)
    sys.stdout.write(json.dumps({"origin": fake.origin, "token": fake.token}) + "\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8085)
    parser.add_argument("--limits", type=float, default=1.0)
    parser.add_argument("--upload-mib", type=int, default=10)
    parser.add_argument("--shards", type=int, default=1)
    asyncio.run(serve(parser.parse_args()))
