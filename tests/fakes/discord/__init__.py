"""A Discord on loopback that enforces Discord's rules: REST, gateway, attachments, and members who use them.

::

    async with FakeDiscord() as discord:            # .api_url .gateway_url .token .application_id .bot_id
        guild = discord.guild("set", tier=0)
        channel = discord.channel(guild, "night-shoots")
        ines = discord.user("ines", locale="en-US")
        with discord.pointed():                      # discord.py's own class attributes, put back afterwards
            ...                                      # start the bot; it registers its commands
        heard = await discord.slash(ines, channel, "generate", prompt="a fox", image=png)
        assert heard.acknowledged_within < 0.3 and heard.ephemeral
        await discord.until(lambda: channel.messages and channel.last.files)
        await discord.press(ines, channel.last, "Remix")
        assert discord.broken == []
"""

from tests.fakes.discord.heard import Heard
from tests.fakes.discord.messages import Upload
from tests.fakes.discord.modals import Field, Modal
from tests.fakes.discord.nouns import Button, Channel, File, Guild, Message, User
from tests.fakes.discord.refusals import Refused
from tests.fakes.discord.server import FakeDiscord
from tests.fakes.discord.world import Call

__all__ = [
    "Button",
    "Call",
    "Channel",
    "FakeDiscord",
    "Field",
    "File",
    "Guild",
    "Heard",
    "Message",
    "Modal",
    "Refused",
    "Upload",
    "User",
]
