"""The local studio: a chat in the browser, served by this process, with the session beside it.

``WebStudio`` listens, ``WebPoster`` posts; a ``Bell`` between them saves the studio a second of waiting.
"""

from adapters.chat.web.bell import Bell
from adapters.chat.web.post import WebPoster
from adapters.chat.web.serve import WebStudio

__all__ = ["Bell", "WebPoster", "WebStudio"]
