"""Where clients send the bytes of files, as they are, to an address that was signed for them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from anyio import open_file
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from commerce.core.clock import Clock
from commerce.core.links import SignedLinks
from commerce.files.ports import Storage
from commerce.files.rules.keys import upload_key
from commerce.http.doors import Door, behind
from commerce.http.errors import error_response, header
from commerce.http.signed import CLOSED, is_open

PATH: Final = "/files/uploads/{id:int}"
METHODS: Final = ("PUT", "POST")
BUFFER: Final = 256 * 1024

# What is expected under this key, and writing down that so many bytes of it came.
Expected = Callable[[int], Awaitable[Any | None]]
Arrived = Callable[[int, int], Awaitable[bool]]


class Uploads:
    """Nothing of the database is held while the bytes come, and nothing but a few are in memory.

    What comes is not looked at here, and never shown to anybody: files are made of it later.
    """

    def __init__(
        self,
        expected: Expected,
        arrived: Arrived,
        storage: Storage,
        links: SignedLinks,
        clock: Clock,
    ) -> None:
        self._expected = expected
        self._arrived = arrived
        self._storage = storage
        self._links = links
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return behind(Door.UPLOAD, Route(PATH, self.receive, methods=METHODS))

    async def receive(self, request: Request) -> Response:
        scope = request.scope
        if not is_open(request, self._links, self._clock):
            return error_response(scope, 403, CLOSED)
        staged = await self._expected(request.path_params["id"])
        if staged is None:
            return error_response(scope, 404, "There is no such upload.")
        if staged.file_id is not None:
            return error_response(scope, 409, "This upload was used already.")
        said = header(scope, b"content-length")
        if said is not None and said != str(staged.size).encode():
            return _other_size(request, staged.size)
        with TemporaryDirectory(prefix="storegraph-") as folder:
            target = Path(folder) / "upload"
            if await _received(request, target, staged.size) != staged.size:
                return _other_size(request, staged.size)
            await self._storage.put(upload_key(staged.key), target, staged.mime_type)
        if not await self._arrived(staged.id, staged.size):
            return error_response(scope, 409, "This upload was used already.")
        return Response(status_code=204)


async def _received(request: Request, target: Path, most: int) -> int:
    """How many bytes came; of more than `most` the rest is not read."""
    size, waiting = 0, bytearray()
    async with await open_file(target, "wb") as file:
        async for part in request.stream():
            size += len(part)
            if size > most:
                break
            waiting += part
            if len(waiting) >= BUFFER:
                await file.write(bytes(waiting))
                waiting.clear()
        await file.write(bytes(waiting))
    return size


def _other_size(request: Request, size: int) -> Response:
    message = f"Send {size} bytes, as was said when the upload was asked for."
    return error_response(request.scope, 400, message, {"Connection": "close"})
