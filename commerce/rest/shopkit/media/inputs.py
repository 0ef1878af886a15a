"""From what Shopkit's clients say of media to GraphQL variables."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import urlsplit

from commerce.rest.errors import invalid
from commerce.rest.fields import Field
from commerce.rest.kinds import choice, record, text
from commerce.rest.parameters import key_in_path
from commerce.rest.route import Call
from commerce.rest.shopkit.paging import PAGING, paged

MAX_BASE64: Final = 14_000_000  # letters, of 10 MB
KINDS: Final[Mapping[str, str | None]] = {"all": None, "image": "IMAGE", "file": "DOCUMENT"}
ENDINGS: Final = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif")
# How base64 of pictures begins, and what a file of such is called.
BEGINNINGS: Final[Mapping[str, str]] = {
    "/9j/": "image.jpg",
    "iVBORw0KGgo": "image.png",
    "R0lGOD": "image.gif",
    "UklGR": "image.webp",
}
FILTERS: Final = (
    Field("checksum", text(32), about="The MD5 digest of what was uploaded."),
    Field("type", choice(*KINDS), default="all", about="Pictures, others, or both."),
    Field("q", text(255), about="A part of the name."),
    *PAGING,
)
NEW: Final = record(
    Field(
        "url",
        text(2_000, least=1),
        about="An address of the web to fetch the file from.",
        examples=("https://www.example.com/picture.jpg",),
    ),
    Field("file", text(MAX_BASE64, least=1), about="The file in base64, or as a data address."),
)


def media(call: Call) -> dict[str, Any]:
    args = call.args
    return {
        **paged(call),
        "kind": KINDS[args["type"]],
        "md5": args.get("checksum"),
        "nameContains": args.get("q"),
    }


def one(call: Call) -> dict[str, Any]:
    return {"id": key_in_path(call.params["id"], "File")}


def gone(call: Call) -> dict[str, Any]:
    return {"input": {"ids": [key_in_path(call.params["id"], "File")]}}


def added(call: Call) -> dict[str, Any]:
    """Addresses are fetched by a job; bytes that come with the call are kept at once."""
    url, content = call.body.get("url"), call.body.get("file")
    if (url is None) is (content is None):
        raise invalid("url", "or file is required")
    if url is not None:
        ending = _ending(url)
        purpose = "IMAGE" if ending in ENDINGS else "DOCUMENT"
        return {"input": {"url": url, "purpose": purpose, "asynchronous": True}}
    letters = content.partition(",")[2] if content.startswith("data:") else content
    name = next((name for head, name in BEGINNINGS.items() if letters.startswith(head)), None)
    purpose = "DOCUMENT" if name is None else "IMAGE"
    return {"input": {"base64": letters, "purpose": purpose, "filename": name or "file"}}


def _ending(url: str) -> str:
    """Of the name at an address of the web."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise invalid("url", "must be an address") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid("url", "must be an address of the web")
    return PurePath(parts.path).suffix.lower()
