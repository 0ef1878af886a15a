"""The documents of the dialects as they are served."""

import gzip
import json
from pathlib import Path

import httpx
import pytest
from anyio import Path as AsyncPath
from starlette.applications import Starlette

from commerce.http.api_docs import routes as api_docs
from commerce.http.api_docs.routes import ApiDocs

HTML = {"Accept": "text/html"}
DOCUMENT = {"openapi": "3.1.0", "paths": {f"/v1/{i}": {} for i in range(100)}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "shopkit.json"
    made.write_text(json.dumps(DOCUMENT))
    return made


@pytest.fixture
def http(file: Path) -> httpx.AsyncClient:
    app = Starlette(routes=ApiDocs({"shopkit": file}).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://shop.test")


async def test_a_document_is_read_once_and_kept_by_its_readers(
    http: httpx.AsyncClient, file: Path
) -> None:
    first = await http.get("/api/docs/shopkit/openapi.json")
    assert first.json() == DOCUMENT
    assert first.headers["Cache-Control"] == "public, max-age=60"
    await AsyncPath(file).unlink()
    tag = {"If-None-Match": f'"x", {first.headers["ETag"]}'}
    again = await http.get("/api/docs/shopkit/openapi.json", headers=tag)
    assert (again.status_code, again.content) == (304, b"")


async def test_it_is_compressed_for_those_who_take_it(http: httpx.AsyncClient) -> None:
    for coding, encoded in (("gzip", True), ("identity", False)):
        headers = {"Accept-Encoding": coding}
        async with http.stream("GET", "/api/docs/shopkit/openapi.json", headers=headers) as answer:
            raw = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert ("Content-Encoding" in answer.headers) is encoded
        assert json.loads(gzip.decompress(raw) if encoded else raw) == DOCUMENT


async def test_a_dialect_without_endpoints_has_neither_document_nor_page(
    http: httpx.AsyncClient,
) -> None:
    for path in ("/api/docs/ecwid", "/api/docs/ecwid/openapi.json", "/api/docs/static/none.js"):
        assert (await http.get(path)).status_code == 404


async def test_the_list_is_for_people_and_for_programs(http: httpx.AsyncClient) -> None:
    document = "/api/docs/shopkit/openapi.json"
    assert (await http.get("/api/docs")).json() == [
        {"dialect": "shopkit", "page": "/api/docs/shopkit", "document": document}
    ]
    page = await http.get("/api/docs", headers=HTML)
    assert f'href="{document}"' in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]


async def test_the_page_is_the_built_one_and_may_load_nothing_from_elsewhere(
    http: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_docs, "BUNDLE", tmp_path)
    missing = await http.get("/api/docs/shopkit")
    assert missing.status_code == 404
    assert "make graphiql" in missing.text
    (tmp_path / "index.html").write_text("<p>built</p>")
    page = await http.get("/api/docs/shopkit")
    assert page.text == "<p>built</p>"
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "http" not in policy
