"""What a process serves by HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.chat.web.serve import WebStudio
from adapters.doors import DoorServer


@dataclass
class Front:
    """What this process serves by HTTP: the studio with its doors, the doors alone, or nothing."""

    server: WebStudio | DoorServer | None = None

    @property
    def url(self) -> str | None:
        """Where the studio is, if there is one."""
        return self.server.url if isinstance(self.server, WebStudio) else None

    async def stop(self) -> None:
        """Harmless to repeat."""
        if self.server is not None:
            await self.server.stop()
