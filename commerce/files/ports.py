"""What files need of the world outside the database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from commerce.files.kinds import PictureSize


@dataclass(frozen=True, slots=True)
class Stored:
    """`size` is that of the whole, `parts` what was asked for of it."""

    size: int
    parts: AsyncIterator[bytes]


class Storage(Protocol):
    """Keeps bytes under keys that only this program makes up."""

    async def put(self, key: str, source: Path, content_type: str) -> None:
        """What is there already is replaced, whole or not at all."""

    async def get(self, key: str, start: int = 0, end: int | None = None) -> Stored | None:
        """The bytes from `start` up to `end`; None when there is nothing."""

    async def stat(self, key: str) -> int | None:
        """How many bytes there are; None when there is nothing."""

    async def delete(self, key: str) -> None:
        """What is not there is no problem."""

    async def delete_below(self, folder: str) -> None:
        """Everything whose key begins with `folder` and a slash."""

    async def upload_url(self, key: str, lifetime: timedelta) -> str | None:
        """Where a client can `PUT` the bytes itself; None when only this server takes them."""


class UnreadablePictureError(Exception):
    """The bytes are no picture that is taken; the message says why."""


@dataclass(frozen=True, slots=True)
class MadeSize:
    size: PictureSize
    file: Path
    bytes: int


@dataclass(frozen=True, slots=True)
class MadePicture:
    """A picture made anew from its points alone, in all its sizes."""

    width: int
    height: int
    extension: str
    sizes: tuple[MadeSize, ...]


class Pictures(Protocol):
    async def make(self, source: Path, folder: Path) -> MadePicture:
        """Into files of `folder`; raises `UnreadablePictureError`."""


class FetchRefusedError(Exception):
    """Nothing could be had from an address; the message says why.

    `passing`: the same may go well later.
    """

    def __init__(self, message: str, passing: bool = False) -> None:
        super().__init__(message)
        self.passing = passing


class Fetch(Protocol):
    async def fetch(self, url: str, target: Path, most: int) -> None:
        """At most so many bytes of the web into a file; raises `FetchRefusedError`."""
