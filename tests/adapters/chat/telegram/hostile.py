"""Updates as Telegram sends them, as it never would, and as somebody might who means harm. Strategies for Hypothesis."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
ME = {"id": 7_000_000_001, "is_bot": True, "first_name": "Throughline", "username": "throughline_bot"}
INES = {"id": 5_000_000_001, "is_bot": False, "first_name": "ines", "language_code": "en"}
PRIVATE = {"id": 5_000_000_001, "type": "private", "first_name": "ines"}
GROUP = {"id": -1_000_002_000_001, "type": "supergroup", "title": "set"}
PHOTO = [
    {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 60, "file_size": 1000},
    {"file_id": "large", "file_unique_id": "l", "width": 1280, "height": 853, "file_size": 90_000},
]

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=40).filter(
    lambda words: bool(words.strip()) and not words.lstrip().startswith("/") and "@" not in words and ":" not in words
)
GOOD_LINE = st.one_of(
    st.builds("/generate {}".format, WORDS),
    st.builds("/generate@throughline_bot {} seconds:6".format, WORDS),
    st.builds("/remix {}".format, WORDS),
    st.builds("/style {}".format, WORDS),
    st.sampled_from(["/queue", "/dailies", "/help", "/start", "/session new", "/cancel", "/retake shape:tall"]),
)
BAD_LINE = st.one_of(
    st.sampled_from(
        [
            "/",
            "//generate a fox",
            "/generate seconds:0",
            "/generate a fox seconds:ninety",
            "/generate a fox shape:oval",
            "/generate@other_bot a fox",
            "/generate@@throughline_bot a fox",
            "/generateafox",
            "/shoot",
            "/edit a fox",
            "/generate \x07",
            "/generate \ud83d\x00",
        ]
    ),
    st.builds("/{} a fox".format, st.text("abcdefghijklmnopqrstuvwxyz_0123456789", min_size=12, max_size=40)),
)
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(["", "\x00", "\ud800", "../../etc/passwd", "'; DROP TABLE wishes; --", [], {}, [[]], [None]]),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)


def message(chat: Json, content: Json, number: int = 9) -> Json:
    """A message of ines's."""
    return {"message_id": number, "date": 1_800_000_000, "chat": chat, "from": INES} | content


def reply(content: Json, target: Json) -> Json:
    """The same as a reply to a message of the bot's."""
    return content | {"reply_to_message": message(GROUP, {"text": "a card"}, 5) | {"from": ME} | target}


CHAT = st.sampled_from([PRIVATE, GROUP])
NUMBER = st.integers(1, 2**31)
CONTENT: st.SearchStrategy[Json] = st.one_of(
    st.builds(lambda line: {"text": line}, GOOD_LINE),
    st.builds(lambda line: {"photo": PHOTO, "caption": line}, GOOD_LINE),
    st.builds(lambda words: {"text": words}, WORDS),
    st.builds(lambda words: reply({"text": words}, {}), WORDS),
    st.builds(lambda words: {"photo": PHOTO, "caption": words, "media_group_id": "7"}, WORDS),
    st.just({"photo": PHOTO}),
    st.just({"document": {"file_id": "d", "file_unique_id": "d", "mime_type": "image/png", "file_size": 10}}),
    st.just({"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}),
    st.just({"migrate_to_chat_id": -1_000_002_000_009}),
    st.just({"new_chat_members": [INES]}),
)
DATA = st.sampled_from(
    [
        "circle:01take",
        "remix:01take",
        "generate",
        "retake:01take:tall",
        "shoot:tg-1-2",
        "edit_idea:tg-1-2",
        "cancel:01take",
    ]
)


def callback(data: Any, query: str = "900", where: Json | None = None) -> Json:
    """A tap of ines's."""
    stands = where or (message(GROUP, {"text": "a card"}, 5) | {"from": ME})
    return {"callback_query": {"id": query, "from": INES, "message": stands, "chat_instance": "1", "data": data}}


VALID: st.SearchStrategy[Json] = st.one_of(
    st.builds(lambda chat, content, number: {"message": message(chat, content, number)}, CHAT, CONTENT, NUMBER),
    st.builds(lambda data, query: callback(data, str(query)), DATA, NUMBER),
    st.just(
        {
            "my_chat_member": {
                "chat": GROUP,
                "from": INES,
                "date": 1_800_000_000,
                "old_chat_member": {"user": ME, "status": "member"},
                "new_chat_member": {"user": ME, "status": "left"},
            }
        }
    ),
)


def _paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [found for key, value in inner for found in ((*path, key), *_paths(value, (*path, key)))]


@st.composite
def _broken(draw: st.DrawFn) -> Json:
    """A valid update in which one to three things were replaced or taken out."""
    update: Json = deepcopy(draw(VALID))
    for _ in range(draw(st.integers(1, 3))):
        paths = _paths(update)
        if not paths:
            break
        *above, last = draw(st.sampled_from(paths))
        holder: Any = update
        for key in above:
            holder = holder[key]
        if draw(st.booleans()) or isinstance(holder, list):
            holder[last] = deepcopy(draw(JUNK))  # the same junk inside itself would have no end
        else:
            del holder[last]
    return update


BROKEN: st.SearchStrategy[Json] = _broken()
_NAMELESS = ("chat", "message_id", "from", "date")


def _without(name: str, line: str) -> Json:
    return {"message": {key: value for key, value in message(PRIVATE, {"text": line}).items() if key != name}}


def _spoilt(name: str, junk: Any, line: str) -> Json:
    return {"message": message(PRIVATE, {"text": line}) | {name: junk}}


NO_ID = JUNK.filter(lambda junk: type(junk) is not int or junk.bit_length() > 52)
NO_CHAT = st.one_of(NO_ID, st.builds(lambda junk: PRIVATE | {"id": junk}, NO_ID))
NO_USER = st.one_of(
    NO_ID,
    st.builds(lambda junk: INES | {"id": junk}, NO_ID),
    st.just(INES | {"is_bot": True}),
    st.just(INES | {"id": True}),
)
BAD: st.SearchStrategy[Json] = st.one_of(
    st.builds(lambda chat, line: {"message": message(chat, {"text": line})}, CHAT, BAD_LINE),
    st.builds(lambda line: {"message": message(GROUP, {"photo": PHOTO, "caption": line})}, BAD_LINE),
    st.builds(lambda words: {"message": message(GROUP, {"text": words})}, WORDS),
    st.builds(_without, st.sampled_from(_NAMELESS), GOOD_LINE),
    st.builds(_spoilt, st.just("chat"), NO_CHAT, GOOD_LINE),
    st.builds(_spoilt, st.just("from"), NO_USER, GOOD_LINE),
    st.builds(_spoilt, st.just("message_id"), NO_ID, GOOD_LINE),
    st.builds(lambda line: {"edited_message": message(PRIVATE, {"text": line})}, GOOD_LINE),
    st.builds(lambda line: {"channel_post": message(GROUP | {"type": "channel"}, {"text": line})}, GOOD_LINE),
    st.builds(lambda line: {"message": message(GROUP | {"type": "channel"}, {"text": line})}, GOOD_LINE),
    st.builds(lambda line: {"something_new": message(PRIVATE, {"text": line})}, GOOD_LINE),
    st.builds(
        callback, st.one_of(JUNK, st.sampled_from(["shoot", "retake", "retake:", "extend", "generate:" + "x" * 70]))
    ),
)
"""Nothing of this kind may film anything."""
