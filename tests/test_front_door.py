"""The first things a stranger reads are true: the example of all settings, the names in the environment, links, commands."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from adapters import chat, platforms
from adapters.bootstrap import build_backends
from adapters.cli import parser
from adapters.settings import Settings, load
from adapters.video import BackendSettings, find_backends, relay_description
from adapters.video.detours import Routes, read_routes
from adapters.video.pricelist import read_book
from adapters.video.several import missing
from adapters.video.strict import COMMON, Noted
from bot.budget import Caps
from bot.commands import COMMANDS
from bot.errors import BadSetting
from bot.promotion import Stages

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "benchmarks").glob("*.md")],
    key=lambda page: str(page.relative_to(ROOT)),
)
EXAMPLE = (ROOT / "throughline.example.toml").read_text("utf-8")
OURS = re.compile(
    r"\b(?:THROUGHLINE|AWS|DATABASE|DISCORD|TELEGRAM|OPENAI|COMFYUI|OPENROUTER|GEMINI|TASK_RELAY)_[A-Z]+(?:_[A-Z]+)*\b"
)
ONLY_TESTS = {"THROUGHLINE_REQUIRE_ALL"}
LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^(?P<by>[ ]*)```(?P<kind>\w*)\n(?P<text>.*?)^(?P=by)```$", re.M | re.S)


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def blocks(kind: str) -> Iterator[Any]:
    """Every fenced example of that kind, with the indent of its list item taken away."""
    for page in PAGES:
        for number, fence in enumerate(FENCE.finditer(page.read_text("utf-8"))):
            if fence["kind"] == kind:
                text = re.sub(rf"(?m)^{fence['by']}", "", fence["text"])
                yield pytest.param(text, id=f"{name_of(page)}-{number}")


# ---------------------------------------------------------------- throughline.example.toml


def switched_on() -> str:
    """The example with everything in it that is switched off."""
    return re.sub(r"(?m)^#(?=[\[\w])", "", EXAMPLE)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with the template of one's own that examples speak of."""
    monkeypatch.chdir(tmp_path)
    templates = tmp_path / "home" / "backends" / "comfyui"
    shutil.copytree(ROOT / "adapters/video/data/comfyui/wan22", templates / "my_film")
    return tmp_path / "home"


def settings_of(home: Path, text: str) -> Settings:
    """With that throughline.toml and every backend set up, but for a relay that is not described."""
    (home / "throughline.toml").write_text(text, "utf-8")
    tables = tomllib.loads(text).get("backends", {})
    there = {*find_backends(), *tables} - ({"task_relay"} - {*tables})
    waits = {name for backend in there if (name := missing(backend, tables))}
    return load({"THROUGHLINE_HOME": str(home), **dict.fromkeys(waits, "http://127.0.0.1:1")})


def test_the_example_changes_nothing(home: Path) -> None:
    example, nothing = settings_of(home, EXAMPLE), settings_of(home, "")
    assert example.model_dump(exclude={"routing", "prices", "secrets"}) == nothing.model_dump(
        exclude={"routing", "prices", "secrets"}
    )
    assert read_routes(example.routing) == Routes()
    assert read_book(example.prices) == read_book({})


def test_the_example_is_read_to_its_last_line(home: Path) -> None:
    settings = settings_of(home, switched_on())
    assert set(settings.chats) == {"telegram"}
    assert platforms.set_up(settings, chat.find_chats(), _no_work) == {}, "no token, but no objection either"
    roster = build_backends(settings)
    assert set(roster.backends.names()) == {*find_backends(), "attic", "auto"}
    # the prices in it would not be read if the file were read in another order
    assert len(settings.prices["price"]) == 1


def test_the_example_keeps_nothing_back(home: Path) -> None:
    """Whatever the code asks a table for stands in it."""
    settings = settings_of(home, switched_on())
    for name, module in find_backends().items():
        noted = Noted(settings.backends[name])
        module.build(BackendSettings(settings.options, noted, home / "backends" / name))
        assert noted.asked <= settings.backends[name].keys(), name
    assert settings.backends["animatic"].keys() == COMMON - {"kind"} | {"voice"}
    assert settings.backends["attic"].keys() >= {"kind"}
    for table, kind in (("caps", Caps), ("stages", Stages)):
        assert set(tomllib.loads(switched_on())[table]) == {field.name for field in fields(kind)}
    for name, platform in chat.find_chats().items():
        assert settings.chats.get(name, {}).keys() == getattr(platform, "KEYS", {}).keys()


def _no_work() -> Any:
    raise AssertionError("nothing is asked of the database")


@pytest.mark.parametrize("line", ["rollling = 3", "[caps]\nrollling = 3", "[routing]\nprefers = 'cost'", "[price]"])
def test_a_misspelt_name_is_refused(home: Path, line: str) -> None:
    with pytest.raises(BadSetting):
        build_backends(settings_of(home, line))


# ---------------------------------------------------------------- the environment


def read_names() -> set[str]:
    """Every name of ours that stands by itself in a string of the code: nobody reads one without writing it there."""
    found = {field.alias for field in Settings.model_fields.values() if field.alias}
    for path in (ROOT / "adapters").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and OURS.fullmatch(node.value):
                found.add(node.value)
    return found


def test_the_readme_lists_every_name_of_the_environment_and_no_other() -> None:
    rows = [
        line.split("|")[1] for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("| `")
    ]
    listed = {name for row in rows for name in OURS.findall(row)}
    assert listed == read_names()


@pytest.mark.parametrize("page", [*PAGES, ROOT / "compose.yaml", ROOT / "Dockerfile"], ids=name_of)
def test_no_page_speaks_of_a_name_that_nobody_reads(page: Path) -> None:
    assert set(OURS.findall(page.read_text("utf-8"))) <= read_names() | ONLY_TESTS


# ---------------------------------------------------------------- pages


def anchors(page: Path) -> set[str]:
    """The places of a page that links may lead to, as GitHub names them."""
    plain = re.sub(r"(?ms)^[ ]*```.*?^[ ]*```$", "", page.read_text("utf-8"))
    heads = re.findall(r"(?m)^#+ (.+)$", plain)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page: Path) -> None:
    for match in LINK.finditer(page.read_text("utf-8")):
        link = match[1] or match[2]
        if re.match(r"[a-z]+:", link):
            continue
        where, _, anchor = link.partition("#")
        target = (page.parent / where).resolve() if where else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_reached_from_the_readme() -> None:
    seen, fresh = set(), [ROOT / "README.md"]
    while fresh:
        page = fresh.pop()
        seen.add(page)
        links = [(match[1] or match[2]).partition("#")[0] for match in LINK.finditer(page.read_text("utf-8"))]
        there = {(page.parent / link).resolve() for link in links if link.endswith(".md") and "://" not in link}
        fresh += there - seen - set(fresh)
    assert set(PAGES) <= seen


@pytest.mark.parametrize("text", list(blocks("toml")))
def test_settings_in_pages_are_taken(home: Path, text: str) -> None:
    """Each example by itself: as throughline.toml, as a relay's description, or at least as TOML."""
    table = tomllib.loads(text)
    if "submit" in table:
        relay_description.read("relay", table)
    elif table.keys() <= {"backends", "chats", "prices", "routing", "caps", "stages"}:
        settings = settings_of(home, text)
        build_backends(settings)
        platforms.set_up(settings, chat.find_chats(), _no_work)


@pytest.mark.parametrize("text", list(blocks("sh")))
def test_commands_in_pages_are_commands(text: str) -> None:
    checked = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    for command in re.findall(r"(?m)^(?:\S*/)?throughline (\w+)", text):
        assert command in _commands()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_name_no_command_that_is_not_there(page: Path) -> None:
    text = page.read_text("utf-8")
    for command in re.findall(r"`throughline (\w+)", text):
        assert command in _commands()
    if page.name == "README.md" and page.parent == ROOT:
        rows = "".join(line for line in text.splitlines() if line.startswith("| `/"))
        assert set(re.findall(r"`/(\w+)", rows)) <= COMMANDS.keys()
    for target in re.findall(r"\bmake ([a-z]+)\b(?= |`|$)", "\n".join(re.findall(r"`[^`\n]*`", text))):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text("utf-8")


def _commands() -> set[str]:
    actions = [action for action in parser()._actions if action.dest == "command"]
    return set(actions[0].choices or ())
