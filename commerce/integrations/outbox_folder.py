"""Messages as files, for stores that have no mail server or gateway yet."""

import asyncio
import os
import secrets
from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path
from typing import Final

import orjson

from commerce.core.clock import Clock
from commerce.notifications.messages import Sms
from commerce.notifications.ports import DeliveryError

MAIL: Final = ".eml"
SMS: Final = ".json"
KEPT: Final = 500  # the folder is to look into, not to grow


class OutboxFolder:
    """A mailer and an SMS gateway in one. Only the store's own user can read the files.

    Names begin with the time, so that they sort by it.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock

    async def send(self, message: EmailMessage) -> None:
        await asyncio.to_thread(self._write, bytes(message), MAIL)

    async def send_sms(self, sms: Sms) -> None:
        body = {"to": sms.to, "text": sms.text, "at": self._clock()}
        await asyncio.to_thread(self._write, orjson.dumps(body, option=orjson.OPT_INDENT_2), SMS)

    def newest_first(self) -> Sequence[Path]:
        """The files there are."""
        return [self._folder / name for name in self._names()] if self._folder.is_dir() else []

    def _names(self) -> list[str]:
        """Looked at with each message, so no paths are made of them."""
        found = (name for name in os.listdir(self._folder) if name.endswith((MAIL, SMS)))
        return sorted(found, reverse=True)

    def _write(self, content: bytes, suffix: str) -> None:
        """Under another name until it is whole."""
        name = f"{self._clock():%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}"
        draft = self._folder / f".{name}.draft"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            draft.rename(self._folder / f"{name}{suffix}")
        except OSError:
            raise DeliveryError("outbox_folder") from None
        for old in self._names()[KEPT:]:
            (self._folder / old).unlink(missing_ok=True)
