"""The pictures of a product as one list."""

from collections.abc import Sequence
from typing import Final

from commerce.catalog.kinds import MediaKind
from commerce.catalog.rules.tree import MediaNode, ProductTree
from commerce.catalog.rules.wanted import WantedMedia
from commerce.core.absent import given
from commerce.core.problems import Invalid, Problem
from commerce.core.text import words_flaw
from commerce.core.urls import url_flaw

MAX_MEDIA: Final = 250
MAX_ALT: Final = 1_000


def media_flaws(wanted: Sequence[WantedMedia]) -> list[Problem]:
    flaws: list[Problem | None] = []
    if len(wanted) > MAX_MEDIA:
        flaws.append(Invalid(f"A product has at most {MAX_MEDIA} pictures.", ("media",)))
    for place, item in enumerate(wanted):
        path = ("media", str(place))
        flaws.append(url_flaw(item.url, *path, "url"))
        if isinstance(item.alt, str):
            flaws.append(words_flaw(item.alt, MAX_ALT, *path, "alt"))
    return [flaw for flaw in flaws if flaw is not None]


def put_media(tree: ProductTree, wanted: Sequence[WantedMedia], *, exhaustive: bool = True) -> None:
    """The gallery is these, in this order; of two with one address the first counts.

    What variants show stays, at the end; so do all others if these are not everything.
    """
    stored = {node.url: node for node in reversed(tree.media)}
    listed: dict[str, MediaNode] = {}
    for item in sorted(wanted, key=_place):
        url = item.url.strip()
        if url not in listed:
            listed[url] = stored.get(url) or new_media(url)
            listed[url].columns.update(given(item, ("alt", "kind")))
    shown = {node.media for node in tree.variants}
    for node in tree.media:
        if node in shown or not exhaustive:
            listed.setdefault(node.url, node)
    tree.media = list(listed.values())


def new_media(url: str) -> MediaNode:
    return MediaNode({"url": url, "alt": "", "kind": MediaKind.IMAGE})


def _place(item: WantedMedia) -> tuple[bool, int]:
    return item.position is None, item.position or 0
