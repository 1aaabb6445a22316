"""The page's own files, read once at the start and served from memory: a path that is not one of them does not exist.

Their words stand in the catalogues alone: ``{{name}}`` in a page is filled with ``web.name``, and the scripts import all of
``web`` from ``texts.js``, which is made here. A module of our own is the one way that the page's policy needs no exception
for, and the page has its words before the studio has answered anything.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from aiohttp import web

from bot.text import DEFAULT, catalogue, language, say

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
SHARED: Final = {
    "consent": "cast.consent",
    "consent_yes": "button.consent_yes",
    "consent_no": "button.consent_no",
    "check": "button.check",
    "export": "button.export",
    "sheet": "button.sheet",
    "again": "button.cut_again",
    "cut": "choice.cut",
    "fade": "choice.fade",
    "dissolve": "choice.dissolve",
}


@dataclass(frozen=True)
class Page:
    """One file: its bytes, its type, its ETag."""

    body: bytes
    content_type: str
    etag: str

    def answer(self, request: web.Request) -> web.Response:
        """200, or 304 where the browser has it already."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache"}
        if self.etag in [each.strip() for each in request.headers.get("If-None-Match", "").split(",")]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=self.body, headers={**headers, "Content-Type": self.content_type})


def load(locale: str) -> dict[str, Page]:
    """Every file under ``static`` by its path in there, ``fonts/…`` and all, in that language. Blocks: call it in a thread."""
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in TYPES]
    found = {path.relative_to(FOLDER).as_posix(): _page(_body(path, locale), TYPES[path.suffix]) for path in files}
    return {**found, "texts.js": _page(_texts(locale), TYPES[".js"])}


def texts(locale: str) -> dict[str, str]:
    """The interface's own words by their names in ``web``, and those that it says as cards do."""
    own = {key.removeprefix("web."): key for key in catalogue(DEFAULT) if key.startswith("web.")}
    return {name: say(key, locale) for name, key in {**own, **SHARED}.items()}


def _texts(locale: str) -> bytes:
    """As a module. JSON is JavaScript, and in ASCII no character of it means anything else."""
    return f"export const locale = {json.dumps(language(locale))};\nexport const texts = {json.dumps(texts(locale))};\n".encode()


def _body(path: Path, locale: str) -> bytes:
    return _filled(path.read_text("utf-8"), locale).encode() if path.suffix == ".html" else path.read_bytes()


def _filled(page: str, locale: str) -> str:
    """The page with its words and its ``lang``, which is for the line breaks and the voice of screen readers."""
    words = {**texts(locale), "lang": language(locale)}
    return re.sub(r"\{\{(\w+)\}\}", lambda name: escape(words[name[1]]), page)


def _page(body: bytes, content_type: str) -> Page:
    return Page(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def login_page(page: Page, sentence: str = "") -> web.Response:
    """The login form, with the sentence of a failed try."""
    body = page.body.replace(b"<!-- sentence -->", escape(sentence).encode())
    return web.Response(
        body=body,
        status=401,
        headers={
            "Content-Type": page.content_type,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",  # with "no-referrer" a browser sends a form's Origin as "null"
        },
    )
