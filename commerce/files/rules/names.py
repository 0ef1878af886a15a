"""Names of files: what may be written down, and what is safe in the head of an answer."""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from commerce.core.problems import Invalid
from commerce.core.text import text_flaw

MAX_NAME: Final = 200
MAX_TYPE: Final = 100
MIME_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9.+-]*/[a-z0-9][a-z0-9.+-]*")
FOLDERS: Final = re.compile(r"[/\\]")
# Controls, what browsers and shells read as something else, and marks that turn a text around.
NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]')
NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._ -]+")


def name_flaw(name: str, *path: str) -> Invalid | None:
    flaw = text_flaw(name, MAX_NAME, *path)
    if flaw is None and not clean_name(name):
        return Invalid("This is no name of a file.", path)
    return flaw


def type_flaw(mime_type: str, *path: str) -> Invalid | None:
    if len(mime_type) <= MAX_TYPE and MIME_TYPE.fullmatch(mime_type):
        return None
    return Invalid("This is no media type: `image/png`.", path)


def clean_name(name: str) -> str:
    """The last part of a path, as a file can be called anywhere; empty when nothing is left."""
    last = FOLDERS.split(unicodedata.normalize("NFC", name))[-1]
    return NOT_IN_NAMES.sub("", last).strip(" .")


def attachment(name: str) -> str:
    """The `Content-Disposition` of a download (RFC 6266): nothing in `name` ends its quotes."""
    cleaned = clean_name(name) or "file"
    plain = NOT_PLAIN.sub("_", cleaned)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(cleaned, safe='')}"
