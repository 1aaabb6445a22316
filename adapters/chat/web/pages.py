"""The page's own files, read once at the start and served from memory: a path that is not one of them does not exist."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

from aiohttp import web

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
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


def load() -> dict[str, Page]:
    """Every file under ``static`` by its path in there, ``fonts/…`` and all. Blocks: call it in a thread."""
    files = (path for path in FOLDER.rglob("*") if path.is_file() and path.suffix in TYPES)
    return {path.relative_to(FOLDER).as_posix(): _page(path.read_bytes(), TYPES[path.suffix]) for path in files}


def _page(body: bytes, content_type: str) -> Page:
    return Page(body, content_type, f'"{hashlib.sha256(body).hexdigest()[:24]}"')


def in_locale(page: Page, locale: str) -> Page:
    """The page with its ``lang`` set, for the hyphenation and the voice of screen readers."""
    return _page(page.body.replace(b'lang="en"', f'lang="{escape(locale)}"'.encode(), 1), page.content_type)


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
