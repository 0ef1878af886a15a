"""Pictures, for everybody and for good; and files that were bought, for whoever holds a link."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from commerce.core.clock import Clock
from commerce.core.links import SignedLinks
from commerce.core.problems import NotFound, Problem
from commerce.files.ports import Storage
from commerce.files.rules.keys import KEPT, document_key, media_key
from commerce.files.rules.names import attachment
from commerce.files.rules.pictures import TYPES, picture_at
from commerce.http.doors import Door, behind
from commerce.http.errors import error_response
from commerce.http.ranges import OutOfRangeError, asked_part
from commerce.http.signed import CLOSED, is_open

MEDIA: Final = "/media/{key}/{shape}/{name}"
DOWNLOAD: Final = "/downloads/{line:int}/{file:int}"
KEPT_FILE: Final = KEPT + "{id:int}"
# Whatever bytes there are: a browser takes them for nothing that runs or loads anything.
INERT: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
}
FOREVER: Final = {
    **INERT,
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Accept-Ranges": "bytes",
    "Vary": "Accept-Encoding",
}
ONCE: Final = {**INERT, "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}

# Counts a download of a file for a line of an order; says of what, or why there is none.
Take = Callable[[int, int], Awaitable[Any | Problem]]
# The document with this key, or None.
Find = Callable[[int], Awaitable[Any | None]]


class MediaFiles:
    """The bytes behind an address never change, so that nobody has to ask for them twice."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def routes(self) -> list[BaseRoute]:
        return behind(Door.PUBLIC, Route(MEDIA, self.serve, methods=["GET"]))

    async def serve(self, request: Request) -> Response:
        picture = picture_at(request.scope["path"])
        key = media_key(request.scope["path"])
        size = None if picture is None else await self._storage.stat(key)
        if picture is None or size is None:
            return error_response(request.scope, 404, "Not Found.")
        tag = f'"{picture.key}-{request.path_params["name"]}"'
        headers = FOREVER | {"ETag": tag}
        if tag in _tags(request.headers.get("if-none-match")):
            return Response(status_code=304, headers=headers)
        return await self._part(request, key, size, headers, TYPES[picture.extension])

    async def _part(
        self, request: Request, key: str, size: int, headers: dict[str, str], type_: str
    ) -> Response:
        try:
            part = asked_part(_range(request, headers["ETag"]), size)
        except OutOfRangeError:
            refused = {"Content-Range": f"bytes */{size}"}
            return error_response(request.scope, 416, "There are no such bytes.", refused)
        start, end = (part.start, part.end) if part else (0, size)
        headers = headers | {"Content-Length": str(end - start)}
        if part is not None:
            headers["Content-Range"] = part.of(size)
        status = 200 if part is None else 206
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers, media_type=type_)
        stored = await self._storage.get(key, start, end)
        if stored is None:
            return error_response(request.scope, 404, "Not Found.")
        return StreamingResponse(stored.parts, status, headers, type_)


class DownloadFiles:
    """Each answer with bytes is a download that counts, so there are no parts to be had."""

    def __init__(self, take: Take, storage: Storage, links: SignedLinks, clock: Clock) -> None:
        self._take = take
        self._storage = storage
        self._links = links
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return behind(Door.LINK, Route(DOWNLOAD, self.serve, methods=["GET"]))

    async def serve(self, request: Request) -> Response:
        scope = request.scope
        if not is_open(request, self._links, self._clock):
            return error_response(scope, 403, CLOSED, ONCE)
        if request.method == "HEAD":
            return error_response(scope, 405, "Only GET downloads.", ONCE | {"Allow": "GET"})
        row = await self._take(request.path_params["line"], request.path_params["file"])
        if isinstance(row, Problem):
            status = 404 if isinstance(row, NotFound) else 410
            return error_response(scope, status, row.message, ONCE)
        return await _attached(request, self._storage, row)


class KeptFiles:
    """Documents as they are kept, for whoever was given a link within the hour."""

    def __init__(self, find: Find, storage: Storage, links: SignedLinks, clock: Clock) -> None:
        self._find = find
        self._storage = storage
        self._links = links
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return behind(Door.FILE, Route(KEPT_FILE, self.serve, methods=["GET"]))

    async def serve(self, request: Request) -> Response:
        if not is_open(request, self._links, self._clock):
            return error_response(request.scope, 403, CLOSED, ONCE)
        file = await self._find(request.path_params["id"])
        if file is None:
            return error_response(request.scope, 404, "Not Found.", ONCE)
        return await _attached(request, self._storage, file)


async def _attached(request: Request, storage: Storage, file: Any) -> Response:
    """The bytes of a document, to be saved and not shown."""
    stored = await storage.get(document_key(file.key))
    if stored is None:
        return error_response(request.scope, 404, "Not Found.", ONCE)
    headers = ONCE | {
        "Content-Disposition": attachment(file.filename),
        "Content-Length": str(stored.size),
    }
    return StreamingResponse(stored.parts, 200, headers, "application/octet-stream")


def _tags(header: str | None) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in (header or "").split(",")]


def _range(request: Request, tag: str) -> str | None:
    """What part is asked for, unless only of other bytes than there are."""
    wanted_of = request.headers.get("if-range")
    return None if wanted_of not in (None, tag) else request.headers.get("range")
