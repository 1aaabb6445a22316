"""Interactions and messages as a broken or malicious world might send them: valid ones, and what becomes of them.

Each is drawn with a verdict: GOOD has to be stored, BAD must not be, and ODD may be either, so long as what is stored is sound.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

NUL_AND_FRIENDS = ("\x00", "a\x00b", "\x1b[2J", "\ud800", "\x7f", "\x85")
GIANT = "鏡" * 40_000
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from([*NUL_AND_FRIENDS, GIANT, "9" * 600, "-1", "0", "null", [], {}, [[]], [None], {"a": {"b": []}}]),
)


class Verdict(Enum):
    """What has to become of it."""

    GOOD = "good"
    ODD = "odd"
    BAD = "bad"


@dataclass(frozen=True)
class Place:
    """Where all this happens, by ids that the bot knows."""

    application: int
    bot: int
    guild: int
    channel: int
    direct: int
    rights: int


@dataclass(frozen=True)
class Event:
    """A gateway event with its verdict."""

    name: str
    data: Any
    verdict: Verdict
    what: str


def lists(*names: str) -> Json:
    """An empty list for each name."""
    return {name: [] for name in names}


def user(id_: int) -> Json:
    """A person."""
    return {
        "id": str(id_),
        "username": "ines",
        "discriminator": "0",
        "global_name": "Ines",
        "avatar": None,
        "bot": False,
    }


def interaction(place: Place, number: int, kind: int, data: Json, *, direct: bool = False) -> Json:
    """A whole interaction, as Discord sends it."""
    channel = place.direct if direct else place.channel
    about: Json = {
        "id": str(number),
        "application_id": str(place.application),
        "type": kind,
        "data": data,
        "token": f"t-{number}",
    }
    about |= {"version": 1, "locale": "en-US", "entitlements": [], "attachment_size_limit": 10 * 2**20}
    about |= {"channel_id": str(channel), "channel": {"id": str(channel), "type": 1 if direct else 0}}
    if direct:
        about["channel"]["recipients"] = [user(7)]
        return about | {
            "user": user(7),
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
            "app_permissions": "0",
        }
    member: Json = {
        "user": user(7),
        "roles": [],
        "joined_at": "2024-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
    }
    about |= {"member": {**member, "flags": 0, "permissions": "0", "nick": None, "pending": False}, "context": 0}
    about |= {"guild_id": str(place.guild), "guild": {"id": str(place.guild), "locale": "en-US", "features": []}}
    about["channel"] |= {"guild_id": str(place.guild), "name": "night-shoots", "permissions": "0", "position": 0}
    return about | {"app_permissions": str(place.rights), "authorizing_integration_owners": {"0": str(place.guild)}}


def on_message(place: Place, about: Json) -> Json:
    """The same, with the message that the component stands on."""
    said: Json = {"id": "4242", "channel_id": about["channel_id"], "type": 0, "author": user(place.bot), "content": ""}
    said |= {
        "timestamp": "2024-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
    }
    said |= lists("mentions", "mention_roles", "attachments", "embeds", "components") | {
        "pinned": False,
        "flags": 0,
    }
    return about | {"message": said}


def option(name: str, value: Any, kind: int = 3) -> Json:
    """One option of a command."""
    return {"name": name, "type": kind, "value": value}


def command(name: str, *options: Json, sub: str = "") -> Json:
    """The data of a slash command."""
    given = [{"name": sub, "type": 1, "options": list(options)}] if sub else list(options)
    return {"id": "99", "name": name, "type": 1, "options": given}


def pressed(custom_id: Any) -> Json:
    """The data of a button."""
    return {"custom_id": custom_id, "component_type": 2}


def picked(*values: Any) -> Json:
    """The data of a select menu."""
    return {"custom_id": "t:pick", "component_type": 3, "values": list(values)}


def form(custom_id: Any, **fields: Any) -> Json:
    """The data of a submitted form."""
    labels = [
        {"type": 18, "id": 1, "component": {"type": 4, "id": 2, "custom_id": k, "value": v}} for k, v in fields.items()
    ]
    return {"custom_id": custom_id, "components": labels}


COMMAND, COMPONENT, TYPING, FORM = 2, 3, 4, 5
NUMBER = st.integers(2 * 10**18, 3 * 10**18)
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=60).filter(str.strip)
TAKE = st.sampled_from(["2B-3", "01hzy0qkq3f8w9xj", "1A", "鸵鸟"])

GOOD: st.SearchStrategy[tuple[int, Json]] = st.one_of(
    st.tuples(st.just(COMMAND), st.builds(lambda w: command("generate", option("prompt", w)), WORDS)),
    st.tuples(
        st.just(COMMAND),
        st.builds(
            lambda w, n, s: command("generate", option("seconds", n, 4), option("shape", s), option("prompt", w)),
            WORDS,
            st.integers(1, 60),
            st.sampled_from(["wide", "tall", "square", "portrait"]),
        ),
    ),
    st.tuples(
        st.just(COMMAND), st.builds(lambda w, t: command("remix", option("change", w), option("take", t)), WORDS, TAKE)
    ),
    st.tuples(st.just(COMMAND), st.builds(lambda w: command("style", option("look", w), sub="set"), WORDS)),
    st.tuples(
        st.just(COMMAND), st.sampled_from([command("dailies"), command("queue"), command("help"), command("cancel")])
    ),
    st.tuples(st.just(COMMAND), st.sampled_from([command("style", sub="show"), command("session", sub="list")])),
    st.tuples(st.just(COMPONENT), st.builds(lambda t: pressed(f"t:retake:{t}"), TAKE)),
    st.tuples(st.just(COMPONENT), st.builds(lambda t: pressed(f"t:circle:{t}#2"), TAKE)),
    st.tuples(st.just(COMPONENT), st.builds(lambda t: picked(f"t:shot:{t}"), TAKE)),
    st.tuples(st.just(FORM), st.builds(lambda t, w: form(f"ta:remix:{t}", words=w), TAKE, WORDS)),
)

BAD: st.SearchStrategy[tuple[int, Any]] = st.one_of(
    st.tuples(
        st.just(COMMAND),
        st.sampled_from([command("generate"), command("remix"), command("no_such_command"), command("")]),
    ),
    st.tuples(
        st.just(COMMAND),
        st.builds(lambda w: command("generate", option("prompt", w)), st.sampled_from(NUL_AND_FRIENDS)),
    ),
    st.tuples(
        st.just(COMMAND),
        st.sampled_from([command("generate", option("prompt", GIANT)), command("generate", option("prompt", " "))]),
    ),
    st.tuples(
        st.just(COMMAND),
        st.builds(
            lambda n: command("generate", option("prompt", "a fox"), option("seconds", n, 4)),
            st.one_of(
                st.integers(max_value=0), st.integers(min_value=61), st.sampled_from([True, "x", 2.5, [], {"a": 1}])
            ),
        ),
    ),
    st.tuples(
        st.just(COMMAND),
        st.sampled_from(
            [
                command("generate", option("prompt", "a fox"), option("image", "5", 11)),
                command("generate", option("prompt", "a fox"), option("shape", "round")),
                command("generate", option("prompt", "a fox"), option("no_such_option", "x")),
                command("generate", option("prompt", ["a fox"])),
                {"name": "generate", "options": "prompt"},
                {"name": "generate", "options": [None]},
                {"name": None},
                {"name": "Remix this take", "type": 3, "target_id": None},
                {"name": "Remix this take", "type": 3, "target_id": "1; DROP TABLE wishes"},
                {"name": "Remix this take", "type": 3, "target_id": "123"},
                None,
                [],
                "generate",
            ]
        ),
    ),
    st.tuples(
        st.just(COMPONENT),
        st.sampled_from(
            [
                *map(
                    pressed,
                    (
                        "",
                        "t:",
                        "t",
                        "x:retake:1",
                        "retake:1",
                        "t:no_such_command:1",
                        "t:generate",
                        GIANT,
                        "\x00",
                        None,
                        7,
                    ),
                ),
                *map(pressed, ("v0:1", "t:remix:2B-3", "t:retake:\x00", "t:" + "a" * 200, "t::::", "tp:", [], {})),
                *map(picked, ("", None, 7, "x", "t:no_such:1")),
                picked(),
                {"component_type": 3, "custom_id": "t:pick", "values": "t:retake:1"},
                {},
                None,
            ]
        ),
    ),
    st.tuples(
        st.just(FORM),
        st.sampled_from(
            [
                form("ta:remix:2B-3", words=""),
                form("ta:remix:2B-3", words="\x00"),
                form("ta:remix:2B-3", words=GIANT),
                form("ta:remix:2B-3", words=None),
                form("ta:remix:2B-3"),
                form("ta:retake:2B-3", words="x"),
                form("t:remix:2B-3", words="x"),
                form("tp:no_such:2B-3", prompt="x"),
                form("tp:", prompt="x"),
                form(None, words="x"),
                {"custom_id": "ta:remix:2B-3", "components": "words"},
                {"custom_id": "ta:remix:2B-3", "components": [[[[[[[[]]]]]]]]},
                {"custom_id": "ta:remix:2B-3"},
            ]
        ),
    ),
    st.tuples(st.sampled_from([0, 1, 6, 99, -1, 2**40]), st.just(command("generate", option("prompt", "a fox")))),
    st.tuples(st.just(TYPING), JUNK),
    st.tuples(
        st.just(TYPING),
        st.builds(lambda j: command("remix", {"name": "take", "type": 3, "value": j, "focused": True}), JUNK),
    ),
)

WITHOUT = ("id", "type", "data", "token", "application_id", "channel")
"""Nothing can be stored, or answered, without these."""


def paths(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload that holds something."""
    inside: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        inside = list(data.items())
    elif isinstance(data, list):
        inside = list(enumerate(data))
    found = [(*at, key) for key, _ in inside]
    return found + [path for key, value in inside for path in paths(value, (*at, key))]


def changed(data: Json, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Json:
    """A copy with that place changed."""
    copied = copy.deepcopy(data)
    holder: Any = copied
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return copied


def _drop(holder: Any, key: Any) -> None:
    del holder[key]


@st.composite
def interactions(draw: st.DrawFn, place: Place) -> Event:
    """An interaction: a good one, a bad one, or a good one that something happened to."""
    how = draw(st.sampled_from(("good", "bad", "without", "junk", "dropped")))
    kind, data = draw(BAD if how == "bad" else GOOD)
    about = interaction(place, draw(NUMBER), kind, data, direct=draw(st.booleans()))
    if kind in (COMPONENT, FORM):
        about = on_message(place, about)
    if how == "without":
        return Event("INTERACTION_CREATE", changed(about, (draw(st.sampled_from(WITHOUT)),), _drop), Verdict.BAD, how)
    if how in ("junk", "dropped"):
        path, junk = draw(st.sampled_from(paths(about))), draw(JUNK)
        broken = changed(about, path, _drop if how == "dropped" else lambda holder, key: holder.__setitem__(key, junk))
        return Event("INTERACTION_CREATE", broken, Verdict.ODD, f"{how} at {path}")
    return Event("INTERACTION_CREATE", about, Verdict.GOOD if how == "good" else Verdict.BAD, how)


@st.composite
def messages(draw: st.DrawFn, place: Place, known: int) -> Event:
    """A message: a reply to the take at `known`, small talk, or a reply that something happened to."""
    how = draw(st.sampled_from(("good", "ping off", "elsewhere", "small talk", "by a bot", "junk", "dropped")))
    about = message(place, draw(NUMBER), known if how != "elsewhere" else 31337, draw(WORDS))
    if how == "ping off":
        about |= {"mentions": [], "content": ""}
    elif how == "small talk":
        del about["message_reference"], about["referenced_message"]
    elif how == "by a bot":
        about["author"]["bot"] = True
    elif how in ("junk", "dropped"):
        path, junk = draw(st.sampled_from(paths(about))), draw(JUNK)
        broken = changed(about, path, _drop if how == "dropped" else lambda holder, key: holder.__setitem__(key, junk))
        return Event("MESSAGE_CREATE", broken, Verdict.ODD, f"message, {how} at {path}")
    return Event("MESSAGE_CREATE", about, Verdict.GOOD if how == "good" else Verdict.BAD, f"message, {how}")


def message(place: Place, number: int, target: int, words: str) -> Json:
    """A reply with its ping on."""
    about: Json = {
        "id": str(number),
        "channel_id": str(place.channel),
        "guild_id": str(place.guild),
        "type": 19,
        "tts": False,
    }
    about |= {"author": user(7), "content": words, "timestamp": "2024-01-01T00:00:00+00:00", "edited_timestamp": None}
    about |= lists("mention_roles", "attachments", "embeds", "components") | {"pinned": False, "flags": 0}
    about |= {"mention_everyone": False, "mentions": [{**user(place.bot), "bot": True}]}
    about["member"] = {"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": False, "mute": False, "flags": 0}
    where: Json = {"channel_id": str(place.channel), "guild_id": str(place.guild)}
    point = {"type": 0, "message_id": str(target), **where}
    replied: Json = {"id": str(target), **where, "type": 0, "author": {**user(place.bot), "bot": True}, "content": ""}
    replied |= {
        "timestamp": "2024-01-01T00:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
    }
    replied |= lists("mentions", "mention_roles", "attachments", "embeds", "components") | {"pinned": False}
    return about | {"message_reference": point, "referenced_message": replied}
