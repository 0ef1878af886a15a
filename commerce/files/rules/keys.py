"""Where the storage has what. Pure but for the dice."""

from base64 import b32encode
from secrets import token_bytes
from typing import Final

from commerce.files.rules.pictures import MEDIA

KEPT: Final = "/files/"


def new_key() -> str:
    """A name of 26 letters and digits that nobody can guess."""
    return b32encode(token_bytes(16)).decode().rstrip("=").lower()


def upload_key(key: str) -> str:
    """What was uploaded, as it came: never shown to anybody."""
    return f"uploads/{key}"


def document_key(key: str) -> str:
    """What buyers download."""
    return f"documents/{key}"


def kept_path(file_id: int) -> str:
    """Where a document is opened, by those who hold a link to it."""
    return f"{KEPT}{file_id}"


def media_key(address: str) -> str:
    """A picture that everybody may see, by its address."""
    return address.lstrip("/")


def media_folder(key: str) -> str:
    return f"{MEDIA.strip('/')}/{key}"
