"""Exports as files, for whoever holds a link to one."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from commerce.core.clock import Clock
from commerce.core.links import SignedLinks
from commerce.exports.kinds import TYPES
from commerce.exports.repository import ExportRow
from commerce.exports.service.exports import filename_of
from commerce.files.ports import Storage
from commerce.files.rules.names import attachment
from commerce.http.doors import Door, behind
from commerce.http.errors import error_response
from commerce.http.files import ONCE
from commerce.http.signed import CLOSED, is_open

EXPORT: Final = "/exports/{id:int}"

# The export with this key, if it can be handed out.
Find = Callable[[int], Awaitable[ExportRow | None]]


class ExportFiles:
    def __init__(self, find: Find, storage: Storage, links: SignedLinks, clock: Clock) -> None:
        self._find = find
        self._storage = storage
        self._links = links
        self._clock = clock

    def routes(self) -> list[BaseRoute]:
        return behind(Door.LINK, Route(EXPORT, self.serve, methods=["GET"]))

    async def serve(self, request: Request) -> Response:
        scope = request.scope
        if not is_open(request, self._links, self._clock):
            return error_response(scope, 403, CLOSED, ONCE)
        export = await self._find(request.path_params["id"])
        size = None if export is None else await self._storage.stat(export.key)
        if export is None or size is None:
            return error_response(scope, 404, "Not Found.", ONCE)
        headers = ONCE | {
            "Content-Disposition": attachment(filename_of(export)),
            "Content-Length": str(size),
        }
        if request.method == "HEAD":
            return Response(status_code=200, headers=headers, media_type=TYPES[export.format])
        stored = await self._storage.get(export.key)
        if stored is None:
            return error_response(scope, 404, "Not Found.", ONCE)
        return StreamingResponse(stored.parts, 200, headers, TYPES[export.format])
