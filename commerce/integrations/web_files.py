"""Files at addresses that others wrote down, by the client that calls public places only."""

from pathlib import Path
from typing import Final

from anyio import CapacityLimiter
from anyio import Path as File

from commerce.core.outgoing import NoCalls, OutgoingError, SafeClient, download
from commerce.files.ports import FetchRefusedError

AT_ONCE: Final = 4  # each is held in memory until it is whole


class WebFiles:
    def __init__(self, client: SafeClient | None = None) -> None:
        self._client = client or NoCalls()
        self._places = CapacityLimiter(AT_ONCE)

    async def fetch(self, url: str, target: Path, most: int) -> None:
        async with self._places:
            try:
                found = await download(self._client, url, most)
            except OutgoingError as error:
                raise FetchRefusedError(str(error), error.passing) from None
            await File(target).write_bytes(found.content)
