"""Pictures in Shopkit's three sizes, and films as pages embed them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from commerce.rest.route import Json, Node

SIZES: Final = ("thumb", "square", "full")
FILMS: Final = ("VIDEO", "EXTERNAL_VIDEO")
# By what a film's page is known, and where it can be embedded from.
EMBEDDED: Final[Mapping[re.Pattern[str], str]] = {
    re.compile(
        r"(?:https?:)?//(?:www\.|m\.)?(?:youtube\.com/(?:watch\?(?:.*&)?v=|embed/|shorts/)|youtu\.be/)"
        r"([A-Za-z0-9_-]{6,20})"
    ): "https://www.youtube.com/embed/",
    re.compile(
        r"(?:https?:)?//(?:www\.|player\.)?vimeo\.com/(?:video/)?([0-9]{4,12})"
    ): "https://player.vimeo.com/video/",
}


def image(media: Node) -> Json:
    """A picture of the gallery; one that is elsewhere has one size."""
    return {size: (media[size] or {}).get("url") or media["url"] for size in SIZES}


def one_size(url: str) -> Json:
    return dict.fromkeys(SIZES, url)


def images_of(gallery: Sequence[Node]) -> list[Json]:
    return [image(media) for media in gallery if media["kind"] == "IMAGE"]


def video_of(gallery: Sequence[Node]) -> str:
    """The address of the first film; empty without one."""
    return next((media["url"] for media in gallery if media["kind"] in FILMS), "")


def embedded(url: str) -> Any:
    """Where a page embeds the film from; False where nobody knows."""
    for pattern, base in EMBEDDED.items():
        found = pattern.match(url)
        if found is not None:
            return base + found[1]
    return False
