"""The studio's words stand in the catalogues, and nowhere else."""

import re
from html.parser import HTMLParser
from pathlib import Path

import aiohttp
import pytest

from adapters.chat.web import pages
from bot.text import DEFAULT, catalogue, languages, say
from tests.adapters.chat.web.stage import TOKEN, staged

SCRIPTS = sorted(pages.FOLDER.glob("*.js"))
PAGES = sorted(pages.FOLDER.glob("*.html"))
LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"' + r"|`([^`]*)`")
CODE = re.compile(r"^\s*//[^\n]*$|/\*.*?\*/", re.DOTALL | re.MULTILINE)
TAGS = sorted(languages())


class Page(HTMLParser):
    """What a page says: its text, and the attributes that are spoken."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data.strip())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said += [value or "" for name, value in attrs if name in ("aria-label", "title", "placeholder", "alt")]


def literals(script: Path) -> list[str]:
    """Every string of a script, without its comments."""
    return [plain or template for plain, template in LITERAL.findall(CODE.sub("", script.read_text("utf-8")))]


def test_the_word_list_of_the_page_holds_no_sentence() -> None:
    said = literals(pages.FOLDER / "words.js")
    assert said
    assert [each for each in said if re.search(r"[A-Za-z]{2,} [A-Za-z]", each)] == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_says_what_the_catalogue_says(script: Path) -> None:
    sentences = {text.strip() for text in pages.texts("en").values() if re.search(r"[A-Z]|[a-z] [a-z]", text)}
    assert sentences.isdisjoint(literals(script))


@pytest.mark.parametrize("file", PAGES, ids=lambda path: path.name)
def test_no_page_says_anything_of_its_own(file: Path) -> None:
    page = Page()
    page.feed(file.read_text("utf-8"))
    assert [each for each in page.said if each and not re.fullmatch(r"\{\{\w+\}\}", each)] == []


def test_every_word_that_a_script_asks_for_is_there_and_none_is_left_over() -> None:
    code = "".join(script.read_text("utf-8") for script in SCRIPTS)
    html = "".join(page.read_text("utf-8") for page in PAGES)
    asked = set(re.findall(r'\bt\("(\w+)"', code)) | (set(re.findall(r"\{\{(\w+)\}\}", html)) - {"lang"})
    words = set(pages.texts("en"))
    assert asked <= words
    assert {word for word in words - asked if f'"{word}"' not in code and not word.startswith("state_")} == set()


@pytest.mark.parametrize("tag", TAGS)
def test_a_number_has_its_place_in_every_language(tag: str) -> None:
    for key in (key for key in catalogue(DEFAULT) if key.startswith("web.")):
        assert catalogue(tag)[key].count("%n") == catalogue(DEFAULT)[key].count("%n"), key


@pytest.mark.parametrize("tag", TAGS)
async def test_page_and_words_come_in_the_studios_language(tmp_path: Path, tag: str) -> None:
    async with staged(tmp_path, locale=tag) as stage, aiohttp.ClientSession(stage.studio.url) as client:
        async with client.get("/") as page:
            text = await page.text()
        assert f'<html lang="{tag}">' in text
        assert say("web.noscript", tag) in text
        assert "{{" not in text
        async with client.get("/static/texts.js") as words:
            assert words.content_type == "text/javascript"
            assert f'locale = "{tag}"' in await words.text()


async def test_the_door_speaks_the_studios_language_and_so_does_its_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.chat.web.serve.WRONG_TOKEN_SECONDS", 0.01)
    own = {"Sec-Fetch-Site": "same-origin"}
    async with (
        staged(tmp_path, locale="zh-Hant", token=TOKEN) as stage,
        aiohttp.ClientSession(stage.studio.url, headers=own) as client,
    ):
        async with client.get("/") as door:
            assert say("web.door", "zh-Hant") in await door.text()
        async with client.post("/login", data={"token": "wrong"}) as door:
            assert say("web_error.token_wrong", "zh-Hant") in await door.text()
        async with client.get("/api/view") as refused:
            assert (await refused.json())["error"]["text"] == say("web_error.token_missing", "zh-Hant")


async def test_a_hint_behind_the_slash_is_said_in_the_studios_language(tmp_path: Path) -> None:
    async with (
        staged(tmp_path, locale="zh-Hans") as stage,
        aiohttp.ClientSession(stage.studio.url) as client,
        client.get("/api/view") as answer,
    ):
        commands = (await answer.json())["commands"]
    assert [each["help"] for each in commands] == [say(f"help.{each['name']}", "zh-Hans") for each in commands]
