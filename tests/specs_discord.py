"""Discord's OpenAPI description, asked about the bodies of requests.

::

    book = Book.found()                       # None where the description is absent
    book.objections("POST", "/channels/{channel}/messages", {"content": 7})
    # ["POST /channels/{channel}/messages content: 7 is not of type 'string', 'null'"]

It is stricter than the description in one thing, that a field it does not know is an objection, and laxer in another: an id
may be a number as well as a string, which discord.py uses and Discord takes. Unions are decided by `type` first, which makes
a card with many buttons five times cheaper to check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import extend

from tests.specs import spec_file

FILE = "discord.openapi.json"
OPERATIONS = {
    ("POST", "/channels/{channel}/messages"): "/channels/{channel_id}/messages",
    ("PATCH", "/channels/{channel}/messages/{message}"): "/channels/{channel_id}/messages/{message_id}",
    (
        "POST",
        "/interactions/{interaction}/{token}/callback",
    ): "/interactions/{interaction_id}/{interaction_token}/callback",
    ("POST", "/webhooks/{app}/{token}"): "/webhooks/{webhook_id}/{webhook_token}",
    (
        "PATCH",
        "/webhooks/{app}/{token}/messages/{message}",
    ): "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    ("POST", "/users/@me/channels"): "/users/@me/channels",
    ("POST", "/channels/{channel}/threads"): "/channels/{channel_id}/threads",
    (
        "POST",
        "/channels/{channel}/messages/{message}/threads",
    ): "/channels/{channel_id}/messages/{message_id}/threads",
    ("PUT", "/applications/{app}/commands"): "/applications/{application_id}/commands",
    ("PUT", "/applications/{app}/guilds/{guild}/commands"): "/applications/{application_id}/guilds/{guild_id}/commands",
}
"""The fake's routes as the description calls them."""

DIFFERENCES = [
    (
        re.compile(r"\.file_types: unknown field"),
        "file_types of attachment options came on 5 August 2026, after this description",
    ),
    (re.compile(r"\]\.nsfw: unknown field"), "age-restricted commands are documented and missing in this description"),
    (re.compile(r"^PATCH .* tts: unknown field"), "discord.py sends tts with every edit; Discord passes over it"),
]
"""Objections that are the description's fault, and why."""

Schema = dict[str, Any]


class Book:
    """The description, its validators made once."""

    def __init__(self, description: Schema) -> None:
        self._description = description
        self._validator = make_validator(description["components"]["schemas"])
        self._made: dict[tuple[str, str], Any] = {}

    @staticmethod
    @cache
    def found() -> Book | None:
        """The book, where its file is present."""
        path = spec_file(FILE)
        return Book(json.loads(path.read_text(encoding="utf-8"))) if path else None

    def objections(self, method: str, route: str, body: Any) -> list[str]:
        """What is wrong with this body by the description; nothing is said of routes it is not asked about."""
        if (method, route) not in OPERATIONS:
            return []
        errors = self._for(method, route).iter_errors(body)
        found = [f"{method} {route} {line}" for error in errors for line in leaves(error)]
        return [line for line in found if not any(known.search(line) for known, _ in DIFFERENCES)]

    def _for(self, method: str, route: str) -> Any:
        if (method, route) not in self._made:
            operation = self._description["paths"][OPERATIONS[method, route]][method.lower()]
            schema = {**operation["requestBody"]["content"]["application/json"]["schema"]}
            self._made[method, route] = self._validator({**schema, "components": self._description["components"]})
        return self._made[method, route]


def leaves(error: ValidationError) -> Iterator[str]:
    """The objections of an error; of a union the ones of the alternative that came closest."""
    if not error.context:
        yield f"{error.json_path.removeprefix('$').lstrip('.')}: {error.message[:200]}"
        return
    by_choice: dict[Any, list[ValidationError]] = {}
    for inner in error.context:
        by_choice.setdefault(inner.schema_path[0], []).append(inner)
    for inner in min(
        by_choice.values(), key=lambda errors: (len(errors), -max(len(one.absolute_path) for one in errors))
    ):
        yield from leaves(inner)


def make_validator(schemas: dict[str, Schema]) -> Any:
    """A Draft 2020-12 validator with our own `type`, `properties` and unions."""
    usual = Draft202012Validator.VALIDATORS
    unions = {word: union(usual[word], schemas) for word in ("oneOf", "anyOf")}
    own = {**unions, "type": type_or_id(usual["type"]), "properties": known_only(usual["properties"])}
    return extend(Draft202012Validator, own)  # type: ignore[no-untyped-call]


def union(usual: Any, schemas: dict[str, Schema]) -> Any:
    """A union that asks only the alternative which can be meant, where there is just one."""
    tables: dict[int, dict[Any, list[Schema]]] = {}

    def check(validator: Any, choices: list[Schema], instance: Any, schema: Schema) -> Iterator[ValidationError]:
        if id(choices) not in tables:
            tables[id(choices)] = by_type(choices, schemas)
        kind = instance.get("type") if isinstance(instance, dict) else None
        meant = tables[id(choices)].get(kind, []) if isinstance(kind, int) else []
        if len(meant) == 1:
            yield from validator.descend(instance, meant[0], schema_path=0)
        else:
            yield from usual(validator, choices, instance, schema)

    return check


def by_type(choices: list[Schema], schemas: dict[str, Schema]) -> dict[Any, list[Schema]]:
    """The alternatives by the number in their field `type`; one without such a number may be meant by any."""
    table: dict[Any, list[Schema]] = {}
    bare: list[Schema] = []
    for choice in choices:
        whole = schemas[choice["$ref"].rsplit("/", 1)[1]] if "$ref" in choice else choice
        kinds = whole.get("properties", {}).get("type", {}).get("enum")
        if kinds is None and whole.get("type") != "null":
            bare.append(choice)
        for kind in kinds or ():
            table.setdefault(kind, []).append(choice)
    return {} if bare else table


def type_or_id(usual: Any) -> Any:
    """`type`, where a number is an id too."""

    def check(validator: Any, types: Any, instance: Any, schema: Schema) -> Iterator[ValidationError]:
        if schema.get("format") == "snowflake" and isinstance(instance, int) and not isinstance(instance, bool):
            return
        yield from usual(validator, types, instance, schema) or ()

    return check


def known_only(usual: Any) -> Any:
    """`properties`, and no others."""

    def check(validator: Any, properties: Schema, instance: Any, schema: Schema) -> Iterator[ValidationError]:
        yield from usual(validator, properties, instance, schema) or ()
        if isinstance(instance, dict) and "additionalProperties" not in schema:
            for name in instance.keys() - properties.keys():
                yield ValidationError("unknown field", path=(name,))

    return check
