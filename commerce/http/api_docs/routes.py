"""The OpenAPI documents of the REST dialects, and pages to read them."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import Final

from anyio import Path as AsyncPath
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from commerce.http.bundles import API_DOCS
from commerce.http.doors import Door, behind
from commerce.http.errors import error_response
from commerce.http.pages import (
    FOREVER,
    PAGE_HEADERS,
    SCRIPT_HEADERS,
    Files,
    filled,
    message,
    prefers_html,
)

DOCS: Final = "/api/docs"
BUNDLE: Final = API_DOCS / "static"
LEVEL: Final = 9
# A document is another one when the server is; nobody needs it twice within the minute.
CACHE: Final = "public, max-age=60"
NOT_BUILT: Final = """<p>The pages are built once, from the source folder:</p>
<pre tabindex="0"><code>make graphiql</code></pre>
<p>The document itself needs none: it is at <a href="{document}">{document}</a>.</p>"""


@dataclass(frozen=True, slots=True)
class Document:
    plain: bytes
    zipped: bytes
    tag: str


class ApiDocs:
    """`files` are the documents by the names of their dialects.

    They are made ahead: making one takes seconds in which a server would be slow for all others.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = files
        self._read: dict[str, Document] = {}

    def routes(self) -> list[BaseRoute]:
        """They come before the gateway, which answers all that is below `/api`."""
        return behind(
            Door.PUBLIC,
            Route(DOCS, self._list),
            Mount(f"{DOCS}/static", Files(BUNDLE / "static", FOREVER, SCRIPT_HEADERS)),
            Route(f"{DOCS}/{{dialect}}", self._page),
            Route(f"{DOCS}/{{dialect}}/openapi.json", self._document),
        )

    async def _list(self, request: Request) -> Response:
        headers = PAGE_HEADERS | {"Cache-Control": CACHE, "Vary": "Accept"}
        addresses = {name: f"{DOCS}/{name}" for name in self._files}
        if not prefers_html(request.headers.get("accept", "")):
            return JSONResponse(
                [
                    {"dialect": name, "page": page, "document": f"{page}/openapi.json"}
                    for name, page in addresses.items()
                ],
                headers=headers,
            )
        rows = "\n".join(_row(name, page) for name, page in addresses.items())
        return HTMLResponse(await filled("api_docs.html", rows=rows), headers=headers)

    async def _page(self, request: Request) -> Response:
        name = request.path_params["dialect"]
        if name not in self._files:
            return error_response(request.scope, 404, "Not Found.")
        try:
            page = await AsyncPath(BUNDLE / "index.html").read_text("utf-8")
        except OSError:
            text = NOT_BUILT.format(document=f"{DOCS}/{name}/openapi.json")
            return await message("The pages are not built yet", text)
        return HTMLResponse(page, headers=SCRIPT_HEADERS | {"Cache-Control": "no-cache"})

    async def _document(self, request: Request) -> Response:
        name = request.path_params["dialect"]
        if name not in self._files:
            return error_response(request.scope, 404, "Not Found.")
        found = await self._of(name)
        headers = {"Cache-Control": CACHE, "ETag": found.tag, "Vary": "Accept-Encoding"}
        known = request.headers.get("if-none-match", "")
        if found.tag in {tag.strip() for tag in known.split(",")}:
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(found.zipped, headers=headers, media_type="application/json")
        return Response(found.plain, headers=headers, media_type="application/json")

    async def _of(self, name: str) -> Document:
        """Read and compressed beside other requests, by whoever asks first."""
        if name not in self._read:
            self._read[name] = await to_thread.run_sync(_document, self._files[name])
        return self._read[name]


def _document(file: Path) -> Document:
    plain = file.read_bytes()
    tag = f'W/"{blake2b(plain, digest_size=12).hexdigest()}"'
    return Document(plain, gzip.compress(plain, LEVEL, mtime=0), tag)


def _row(name: str, page: str) -> str:
    cells = (
        f'<td><a href="{page}">{page}</a></td><td><a href="{page}/openapi.json">OpenAPI</a></td>'
    )
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'
