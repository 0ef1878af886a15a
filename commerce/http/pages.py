"""The pages for people: the start page and GraphiQL. Nothing on them comes from another host."""

import os
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Final

from anyio import Path as AsyncPath
from starlette.datastructures import URL
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import PathLike, StaticFiles
from starlette.types import Scope

HERE: Final = Path(__file__).parent
BUNDLE: Final = HERE / "graphiql" / "static"
FILLING: Final = ("demo", "import products FILE")

_ALWAYS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
_NOTHING_ELSE: Final = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_HEADERS: Final = _ALWAYS | {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'self'; img-src 'self'; {_NOTHING_ELSE}"
    ),
}
FOREVER: Final = "public, max-age=31536000, immutable"  # what has a hash of its content in its name
# Their libraries style elements inline and bring pictures and fonts as data.
SCRIPT_HEADERS: Final = _ALWAYS | {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
        + _NOTHING_ELSE
    ),
}


@dataclass(frozen=True)
class RestPaths:
    dialect: str
    list: str
    one: str
    key: str


REST_PATHS: Final = (
    RestPaths("litestore", "/api/products", "/api/products/{id}", "Authorization: Bearer KEY"),
    RestPaths("cartino", "/api/v1/products", "/api/v1/products/{id}", "Authorization: Bearer KEY"),
    RestPaths("shopkit", "/v1/product", "/v1/product/{id}", "X-API-KEY: KEY"),
)


@dataclass(frozen=True)
class LandingFacts:
    """`store_is_empty` answers None when the database cannot tell just now; `command` is how
    a person on this machine types `commerce`, perhaps with its folder; `bundle` is what
    `make graphiql` wrote."""

    version: str
    graphiql_allowed: bool
    store_is_empty: Callable[[], Awaitable[bool | None]]
    command: str = "commerce"
    bundle: Path = BUNDLE
    rest: tuple[RestPaths, ...] = REST_PATHS


def page_routes(facts: LandingFacts) -> list[BaseRoute]:
    async def landing(request: Request) -> Response:
        return await landing_page(request, facts)

    async def graphiql(_request: Request) -> Response:
        return await graphiql_page(facts)

    routes: list[BaseRoute] = [
        Route("/", landing),
        Route("/graphiql", graphiql),
        Mount("/assets", Files(HERE / "html", "no-cache", PAGE_HEADERS, (".css", ".svg"))),
    ]
    if facts.graphiql_allowed:
        files = Files(facts.bundle / "static", FOREVER, SCRIPT_HEADERS)
        routes.append(Mount("/graphiql/static", files))
    return routes


def prefers_html(accept: str) -> bool:
    """True for a browser opening a page: it names text/html, and no JSON above it."""
    weights: dict[str, float] = {}
    for part in accept.lower().split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        weights[media] = max(_weight(parameters), weights.get(media, 0))
    html = weights.pop("text/html", 0)
    return html > 0 and html >= max((w for m, w in weights.items() if "json" in m), default=0)


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1


async def graphiql_page(facts: LandingFacts) -> Response:
    """For GET /graphql too, where the client wants HTML and asks no query."""
    if not facts.graphiql_allowed:
        return await message("GraphiQL is off", _OFF)
    try:
        page = await AsyncPath(facts.bundle / "index.html").read_text("utf-8")
    except OSError:
        return await message("GraphiQL is not built yet", _NOT_BUILT)
    headers = SCRIPT_HEADERS | {"Cache-Control": "no-cache", "Vary": "Accept"}
    return HTMLResponse(page, headers=headers)


async def landing_page(request: Request, facts: LandingFacts) -> Response:
    empty = await facts.store_is_empty()
    headers = PAGE_HEADERS | {"Cache-Control": "no-store", "Vary": "Accept"}
    if not prefers_html(request.headers.get("accept", "")):
        return JSONResponse(landing_json(facts, empty), headers=headers)
    return HTMLResponse(await landing_html(facts, empty, request.base_url), headers=headers)


def landing_json(facts: LandingFacts, empty: bool | None) -> dict[str, object]:
    return {
        "name": "Storegraph",
        "version": facts.version,
        "graphql": "/graphql",
        "graphiql": "/graphiql" if facts.graphiql_allowed else None,
        "rest": [asdict(paths) for paths in facts.rest],
        "health": {"live": "/livez", "ready": "/readyz", "metrics": "/metrics"},
        "store_is_empty": empty,
        "fill_it_with": [f"{facts.command} {arguments}" for arguments in FILLING] if empty else [],
    }


async def landing_html(facts: LandingFacts, empty: bool | None, base: URL) -> str:
    return await filled(
        "landing.html",
        version=escape(facts.version),
        base=escape(str(base).rstrip("/")),
        command=escape(facts.command),
        notice=_notice(facts.command, empty),
        graphiql=_OPEN_GRAPHIQL if facts.graphiql_allowed else _OFF,
        rest="\n".join(_rest_row(paths) for paths in facts.rest),
    )


def _notice(command: str, empty: bool | None) -> str:
    if empty is None:
        return _UNKNOWN
    lines = "\n".join(f"{escape(command)} {arguments}" for arguments in FILLING)
    return _EMPTY.format(lines=lines) if empty else ""


def _rest_row(paths: RestPaths) -> str:
    name = f'<th scope="row">{escape(paths.dialect)}</th>'
    cells = (f"<td><code>{escape(text)}</code></td>" for text in (paths.list, paths.one, paths.key))
    return f"<tr>{name}{''.join(cells)}</tr>"


async def message(title: str, text: str) -> Response:
    page = await filled("message.html", title=title, text=text)
    headers = PAGE_HEADERS | {"Cache-Control": "no-store"}
    return HTMLResponse(page, status_code=404, headers=headers)


async def filled(template: str, **texts: str) -> str:
    """`texts` are HTML: what came from outside is escaped before."""
    return Template(await AsyncPath(HERE / "html" / template).read_text("utf-8")).substitute(texts)


class Files(StaticFiles):
    """Starlette's static files (ETag, 304, no way out of the folder) with headers of ours."""

    def __init__(
        self, folder: Path, cache: str, headers: dict[str, str], endings: tuple[str, ...] = ("",)
    ) -> None:
        super().__init__(directory=folder, check_dir=False)
        self._headers = headers | {"Cache-Control": cache}
        self._endings = endings

    async def check_config(self) -> None:
        """A bundle that is not built is no bug: its files answer 404."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(path) if path.endswith(self._endings) else ("", None)

    def file_response(
        self,
        full_path: PathLike,
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(self._headers)
        return response


_OPEN_GRAPHIQL: Final = """<p><a class="button" href="/graphiql">Open GraphiQL</a></p>
<p>Write queries in the browser, with examples to click and the schema's documentation.</p>"""
_OFF: Final = """<p>GraphiQL, the query editor in the browser, is off:
this server runs in production mode.</p>"""
_NOT_BUILT: Final = """<p>The query editor is built once, from the source folder:</p>
<pre tabindex="0"><code>make graphiql</code></pre>
<p>Then load this page again; the server need not restart. The GraphQL endpoint,
<code>/graphql</code>, works without it.</p>"""
_EMPTY: Final = """<section class="notice" aria-labelledby="empty">
<h2 id="empty">This store is empty</h2>
<p>Fill it with a made-up catalogue, or with your own products from a Shopify product CSV:</p>
<pre tabindex="0" aria-label="Fill the store"><code>{lines}</code></pre>
</section>"""
_UNKNOWN: Final = """<section class="notice" role="status">
<p>The database does not answer just now; <a href="/readyz">/readyz</a> tells when it does.</p>
</section>"""
