"""Registering commands, and what a member's app lets a member fill in."""

from typing import Any

import pytest

from tests.fakes.discord import Channel, FakeDiscord, User
from tests.fakes_tests.discord.raw import Raw, unheard


def option(name: str = "prompt", kind: int = 3, **more: Any) -> dict[str, Any]:
    """A good option."""
    return {"name": name, "description": "What the camera sees.", "type": kind, **more}


def about(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A good command."""
    return {"name": "generate", "description": "Film a shot.", "type": 1, "options": list(options), **more}


def menu(name: str = "Remix this take", **more: Any) -> dict[str, Any]:
    """A good message command."""
    return {"name": name, "type": 3, **more}


BAD = [
    ([about(name="Generate")], "0.name: APPLICATION_COMMAND_INVALID_NAME"),
    ([about(name="a b")], "0.name: APPLICATION_COMMAND_INVALID_NAME"),
    ([about(name="x" * 33)], "0.name: APPLICATION_COMMAND_INVALID_NAME"),
    ([about(description="x" * 101)], "0.description: BASE_TYPE_BAD_LENGTH"),
    ([about(description="")], "0.description: BASE_TYPE_BAD_LENGTH"),
    ([about(name_localizations={"zh-CN": "生 成"})], "0.name_localizations.zh-CN: APPLICATION_COMMAND_INVALID_NAME"),
    ([about(name_localizations={"zh-Hans": "生成"})], "0: BASE_TYPE_CHOICES"),
    (
        [about(description_localizations={"zh-TW": "x" * 101})],
        "0.description_localizations.zh-TW: BASE_TYPE_BAD_LENGTH",
    ),
    ([about(), about()], "name: APPLICATION_COMMANDS_DUPLICATE_NAME"),
    ([about(option(), option())], "0.options: APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"),
    ([about(option(), option("take", required=True))], "0.options: APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"),
    ([about(*[option(f"o{number}") for number in range(26)])], "0.options: BASE_TYPE_MAX_LENGTH"),
    ([about(option(kind=12))], "0.options.0.type: BASE_TYPE_CHOICES"),
    (
        [about(option(choices=[{"name": str(n), "value": str(n)} for n in range(26)]))],
        "0.options.0.choices: BASE_TYPE_MAX_LENGTH",
    ),
    ([about(option(choices=[{"name": "x" * 101, "value": "x"}]))], "0.options.0.choices.0.name: BASE_TYPE_BAD_LENGTH"),
    (
        [about(option(autocomplete=True, choices=[{"name": "x", "value": "x"}]))],
        "0.options.0.choices: BASE_TYPE_INVALID",
    ),
    ([about(option(max_length=6001))], "0.options.0.max_length: NUMBER_TYPE_MAX"),
    ([menu("x" * 33)], "0.name: BASE_TYPE_BAD_LENGTH"),
    ([menu(description="x")], "0.description: BASE_TYPE_INVALID"),
    ([about(contexts=[3])], "0.contexts: BASE_TYPE_CHOICES"),
    (
        [about(*[option(f"o{n}", choices=[{"name": "x" * 80, "value": "y" * 80}] * 3) for n in range(20)])],
        "0: APPLICATION_COMMAND_TOO_LARGE",
    ),
]


async def register(discord: FakeDiscord, raw: Raw, *commands: dict[str, Any]) -> Any:
    """PUT them all."""
    return await raw("PUT", f"/applications/{discord.application_id}/commands", list(commands))


@pytest.mark.parametrize(("commands", "no"), BAD)
async def test_bad_commands_are_refused(
    discord: FakeDiscord, raw: Raw, commands: list[dict[str, Any]], no: str
) -> None:
    refused = await register(discord, raw, *commands)
    assert (*refused.no, refused.faults, discord.commands) == (400, 50035, [no], {})


async def test_the_longest_language_counts(discord: FakeDiscord, raw: Raw) -> None:
    many = [option(f"o{n}", description="x" * 20, description_localizations={"zh-CN": "x" * 100}) for n in range(25)]
    assert (await register(discord, raw, about(*many))).status == 200
    deep = [one | {"choices": [{"name": "x" * 80, "value": str(n)} for n in range(3)]} for one in many]
    assert (await register(discord, raw, about(*deep))).faults == ["0: APPLICATION_COMMAND_TOO_LARGE"]


async def test_ids_stay_and_what_is_left_out_goes(discord: FakeDiscord, raw: Raw) -> None:
    first = (await register(discord, raw, about(), menu())).body
    second = (await register(discord, raw, about(option()))).body
    assert (first[0]["id"], len(second)) == (second[0]["id"], 1)
    shown = await raw("GET", f"/applications/{discord.application_id}/commands")
    assert [one["name"] for one in shown.body] == ["generate"]
    assert discord.broken == []


async def test_there_is_an_end_to_menus(discord: FakeDiscord, raw: Raw) -> None:
    assert (await register(discord, raw, *[menu(f"m{n}") for n in range(15)])).status == 200
    assert (await register(discord, raw, *[menu(f"m{n}") for n in range(16)])).no == (400, 30032)


async def test_guilds_may_have_their_own(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    assert place.guild
    path = f"/applications/{discord.application_id}/guilds/{place.guild.id}/commands"
    assert (await raw("PUT", path, [about()])).status == 200
    discord.commands[None] = []
    assert unheard(discord, ines, place).payload["data"]["name"] == "generate"


async def test_what_a_member_fills_in_is_typed(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    tall: dict[str, Any] = {"choices": [{"name": "Tall", "value": "9:16"}]}
    options = [
        option(required=True),
        option("seconds", 4, min_value=1, max_value=60),
        option("shape", **tall),
        option("continue", 5),
    ]
    await register(discord, raw, about(*options, contexts=[0], integration_types=[0]))
    given: dict[str, Any] = {"prompt": "a fox", "seconds": 8, "shape": "9:16", "continue": False}
    data = unheard(discord, ines, place, **given).payload["data"]
    assert {one["name"]: one["value"] for one in data["options"]} == given
    wrongs: list[dict[str, Any]] = [
        {},
        {"prompt": 7},
        {"prompt": "x", "seconds": 61},
        {"prompt": "x", "seconds": True},
        {"prompt": "x", "shape": "4:3"},
        {"prompt": "x", "lens": "85mm"},
        {"prompt": "x" * 6001},
    ]
    for wrong in wrongs:
        with pytest.raises(AssertionError):
            unheard(discord, ines, place, **wrong)


async def test_subcommands(discord: FakeDiscord, raw: Raw, place: Channel, ines: User) -> None:
    await register(
        discord, raw, about(option("show", 1, options=[option("take", required=True)]), name="admin", contexts=[0])
    )
    [sub] = unheard(discord, ines, place, "admin show", take="1A").payload["data"]["options"]
    assert (sub["name"], sub["type"], sub["options"][0]["value"]) == ("show", 1, "1A")
