"""What the Bot API's own description says of a request: a machine-readable specification, and aiogram's typed methods.

The specification (Bot API 10.1) is read where `tests.specs` finds it; without it only aiogram (Bot API 10.3) judges. Both
know the methods by name, so neither can share a misunderstanding with our own code::

    judge = Judge.found()
    judge.objections("sendMessage", {"chat_id": "7", "txt": "hello"}, files=())
    # ["sendMessage: no parameter txt", "sendMessage: text is missing"]
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from tests.specs import spec_file

FILE: Final = "telegram.api.json"
ATTACHED: Final = "attach://"


def decoded(value: str, types: Sequence[str]) -> Any:
    """A form field as the types that it may have: JSON for what is nested, numbers and truth values out of words.

    Raises `ValueError` where it can be none of them.
    """
    if "String" in types or "InputFile" in types:
        nested = [name for name in types if name not in ("String", "InputFile", "Integer")]
        if not nested:
            return value
    if "Boolean" in types:
        if value.lower() not in ("true", "false"):
            raise ValueError(f"{value[:20]!r} is neither true nor false")
        return value.lower() == "true"
    if "Integer" in types:
        return int(value)
    if "Float" in types:
        return float(value)
    return json.loads(value)


@dataclass
class Specification:
    """The official description: names, types, what is required."""

    methods: Mapping[str, Any]
    types: Mapping[str, Any]
    _seen: dict[str, list[str]] = field(default_factory=dict)

    def values(self, method: str, params: Mapping[str, str]) -> dict[str, Any]:
        """The parameters as data, as far as they can be read."""
        known = self._fields(method)
        found: dict[str, Any] = {}
        for name, value in params.items():
            try:
                found[name] = decoded(value, known[name]["types"]) if name in known else value
            except ValueError:
                found[name] = value
        return found

    def _fields(self, method: str) -> dict[str, Any]:
        return {each["name"]: each for each in self.methods[method].get("fields", ())}

    def objections(self, method: str, params: Mapping[str, str], files: Collection[str]) -> list[str]:
        """What is wrong with a request, one sentence each."""
        if method not in self.methods:
            return [f"{method}: no such method"]
        known = self._fields(method)
        wrong = [f"{method}: no parameter {name}" for name in params if name not in known]
        wrong += [
            f"{method}: {name} is missing"
            for name, each in known.items()
            if each["required"] and name not in params and name not in files
        ]
        for name, value in params.items():
            if name in known:
                wrong += self._value(f"{method}: {name}", value, known[name]["types"])
        return wrong

    def _value(self, where: str, value: str, types: Sequence[str]) -> list[str]:
        try:
            data = decoded(value, types)
        except ValueError as bad:
            return [f"{where} cannot be read: {bad}"]
        return self._fits(where, data, types)

    def _fits(self, where: str, data: Any, types: Sequence[str]) -> list[str]:
        """No objection of one type is enough; else those of the type that comes nearest."""
        attempts = [self._of(where, data, name) for name in types]
        return min(attempts, key=len) if attempts else []

    def _of(self, where: str, data: Any, name: str) -> list[str]:
        if name.startswith("Array of "):
            if not isinstance(data, list):
                return [f"{where} is no list"]
            inner = name.removeprefix("Array of ")
            return [bad for i, each in enumerate(data) for bad in self._of(f"{where}[{i}]", each, inner)]
        plain: dict[str, tuple[type, ...]] = {
            "String": (str,),
            "InputFile": (str,),
            "Integer": (int,),
            "Float": (int, float),
            "Boolean": (bool,),
        }
        if name in plain:
            wrong = not isinstance(data, plain[name]) or (isinstance(data, bool) and name != "Boolean")
            return [f"{where} is no {name}"] if wrong else []
        kind = self.types.get(name)
        if kind is None:
            return []
        if kind.get("subtypes"):
            return self._fits(where, data, self._likely(kind["subtypes"], data))
        return self._object(where, data, kind)

    def _likely(self, names: Sequence[str], data: Any) -> Sequence[str]:
        """The subtypes that the discriminator (``type``, ``source``, ``scope`` …) points to; all where it points to none."""
        if not isinstance(data, dict) or "type" not in data:
            return names
        said = f"must be {data['type']}"
        chosen = [
            name
            for name in names
            for each in self.types[name].get("fields", ())
            if each["name"] == "type" and each.get("description", "").replace('"', "").rstrip(".").endswith(said)
        ]
        return chosen or names

    def _object(self, where: str, data: Any, kind: Mapping[str, Any]) -> list[str]:
        if not isinstance(data, dict):
            return [f"{where} is no {kind['name']}"]
        known = {each["name"]: each for each in kind.get("fields", ())}
        wrong = [f"{where}: {kind['name']} has no {name}" for name in data if name not in known]
        wrong += [
            f"{where}: {name} is missing" for name, each in known.items() if each["required"] and name not in data
        ]
        for name, value in data.items():
            if name in known and value is not None:
                wrong += self._fits(f"{where}.{name}", value, known[name]["types"])
        return wrong


@cache
def specification() -> Specification | None:
    """The official description, or None where it is not present."""
    if (found := spec_file(FILE)) is None:
        return None
    data = json.loads(found.read_text("utf-8"))
    return Specification(data["methods"], data["types"])


@cache
def _typed_methods() -> Mapping[str, Any]:
    """aiogram's classes by the API's names; imported only here, because that takes seconds."""
    from aiogram import methods

    classes = [getattr(methods, name) for name in methods.__all__]
    return {each.__api_method__: each for each in classes if isinstance(getattr(each, "__api_method__", None), str)}


def _with_files(data: Any, stand_in: Any) -> Any:
    """The same data with ``attach://…`` where a file belongs."""
    if isinstance(data, dict):
        return {name: _with_files(value, stand_in) for name, value in data.items()}
    if isinstance(data, list):
        return [_with_files(value, stand_in) for value in data]
    return stand_in if isinstance(data, str) and data.startswith(ATTACHED) else data


class TypedMethods:
    """The second judge: aiogram's pydantic models."""

    def objections(self, method: str, values: Mapping[str, Any], files: Collection[str]) -> list[str]:
        """What aiogram would not have sent. `values`: parameters as data."""
        from aiogram.types import BufferedInputFile
        from pydantic import ValidationError

        kind = _typed_methods().get(method)
        if kind is None:
            return [f"{method}: aiogram knows no such method"]
        stand_in = BufferedInputFile(b"", "file")
        data = {name: _with_files(value, stand_in) for name, value in values.items()}
        data |= {name: stand_in for name in files if name in kind.model_fields}
        wrong = [f"{method}: aiogram knows no parameter {name}" for name in values if name not in kind.model_fields]
        try:
            kind.model_validate(data)
        except ValidationError as bad:
            first = bad.errors(include_url=False, include_input=False)[0]
            wrong.append(f"{method}: aiogram says {first['loc']}: {first['msg']}")
        return wrong


@dataclass
class Judge:
    """Both together."""

    book: Specification | None
    typed: TypedMethods | None = None

    @classmethod
    def found(cls, *, typed: bool = True) -> Judge:
        """With what is present; `typed` false spares the import of aiogram."""
        return cls(specification(), TypedMethods() if typed else None)

    def objections(self, method: str, params: Mapping[str, str], files: Collection[str]) -> list[str]:
        """What is wrong with a request. `params`: form fields as they came; `files`: names of the parts that are files."""
        wrong = self.book.objections(method, params, files) if self.book else []
        if wrong or self.typed is None:
            return wrong
        values = self.book.values(method, params) if self.book else {name: _guess(v) for name, v in params.items()}
        return self.typed.objections(method, values, files)


def _guess(value: str) -> Any:
    """Without the specification: what looks nested is read as JSON, the rest is left to pydantic."""
    if value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
