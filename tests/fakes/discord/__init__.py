"""A Discord on loopback that enforces Discord's rules: REST, gateway, attachments, and members who use them.

::

    async with FakeDiscord() as discord:             # .api_url .gateway_url .token .application_id .bot_id
        guild = discord.guild("set", tier=0)
        channel = discord.channel(guild, "night-shoots")
        ines = discord.user("ines", locale="en-US")
        ...                                          # start the bot; it registers its commands by PUT
        heard = await discord.slash(ines, channel, "generate", prompt="a fox", image=png)
        assert heard.acknowledged_within < 0.3 and heard.ephemeral
        await discord.until(lambda: channel.messages and channel.last.files)
        await discord.press(ines, channel.last, "Remix")
        assert discord.broken == []                  # no rule broken, and Discord's own description objects to nothing

What it is made with: ``FakeDiscord(token=…, limits=True, message_content=False, upload_mib=10, shards=1)``. `limits`: False,
or a factor on every window (0.1: a bucket of 5 s lasts half a second); numbers in `limits.ALLOWANCES`.

The stage
    `guild(name, tier=, installed=, locale=, external=)`, `channel`, `thread(parent, archived=, locked=)`, `forum`, `post`,
    `user(name, locale=, installed=, nitro_mib=)`, `dm`, `group_dm`, `moderator(user, guild)`.
What members do (each returns a `Heard` when there is a first answer, or after 3 s without)
    `slash(user, channel, name, **options)`, `autocomplete(…)` (the last option is the one being typed),
    `message_command(user, message, name)`, `press(user, message or heard, label or custom id, values=None)`,
    `submit(user, heard, {label or custom id: text})`; `say(user, channel, text, reply_to=, ping=, files=)` returns its message.
    What a member's app would not offer (an unknown command, a greyed button, a text too long) is an AssertionError.
What they see
    `Heard`: kind, acknowledged_within, ephemeral, text, components, labels, modal, choices, followups, thinking;
    ``await heard.settled()``, ``await heard.says("words")``. `Channel`: messages, last, deleted, archived.
    `Message`: text, components, buttons, labels, files, nonce, edits, edited, reply_to, pinged, shown (addresses of media).
What befalls
    `revoke(channel, "send_messages")`, `grant`, `archive(thread, locked=)`, `delete(message or channel)`, `close_dms(user)`,
    `open_dms`, `kick(guild)`, `drop_gateway(code, forget=)`, `skip(seconds)` (tokens, nonces, links, windows), and
    ``faults.add("POST", r"/channels/\\d+/messages$", 503 | "reset before" | "reset after" | "hang" | "hang after", code=,
    delay=, times=, retry_after=)``.
What is noted
    `calls` (method, route, json, files, status, code, at, took), `broken`, `limits.invalid` (401, 403, 429), `limits.refused`,
    `commands`, `gateway.identifies`, `gateway.connected()`.
The library
    ``with discord.pointed():`` turns discord.py's class attributes here for a while; ``async with discord.connected(client):``
    also starts it and waits until it is ready (a `Client` made with ``guild_ready_timeout=0.1`` is ready sooner).
By itself
    ``python -m tests.fakes.discord``, steered over HTTP: see `control` (`spawned`, `Remote`).
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
