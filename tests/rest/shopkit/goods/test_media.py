"""Media by Shopkit's words."""

from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import md5
from pathlib import Path

import httpx
import pytest

from commerce.app import create_app
from commerce.integrations.storage import file_storage
from commerce.runtime import Resources
from commerce.settings import Settings
from tests.conftest import Ask
from tests.rest.conftest import MakeKey
from tests.rest.shopkit.goods.conftest import Shopkit, rows
from tests.support.files import picture

pytestmark = pytest.mark.usefixtures("client")  # has it noted what is called


@pytest.fixture
async def shopkit(
    resources: Resources, tmp_path: Path, make_key: MakeKey
) -> AsyncIterator[Shopkit]:
    storage = file_storage(Settings(data_dir=tmp_path))
    app = create_app(replace(resources, ports=replace(resources.ports, file_storage=storage)))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as http:
        yield Shopkit(http, await make_key("shopkit"))


async def test_bytes_become_a_file_that_is_known_by_its_digest(shopkit: Shopkit) -> None:
    content = picture(300, 200)
    sent = {"file": b64encode(content).decode()}
    response = await shopkit.send("POST", "/media", sent)
    assert (response.status_code, response.content) == (201, b""), response.text
    text = b64encode(b"Terms").decode()
    await shopkit.ask("POST", "/media", {"file": f"data:text/plain;base64,{text}"}, 201)
    digest = md5(content, usedforsecurity=False).hexdigest()
    (file,) = rows(await shopkit.get(f"/media?checksum={digest.upper()}"))
    assert (file["checksum"], file["file_name"], file["file_ext"]) == (digest, "image.png", "png")
    assert (file["image_width"], file["image_height"]) == (300, 200)
    assert len(set(file["url"].values())) == 3
    assert await shopkit.get(f"/media/{file['id']}") == file
    for query, count in (("", 2), ("?type=image", 1), ("?type=file", 1), ("?q=imag", 1)):
        assert len(rows(await shopkit.get(f"/media{query}"))) == count, query
    assert rows(await shopkit.get("/media?checksum=0")) == []
    await shopkit.ask("DELETE", f"/media/{file['id']}", status=204)
    assert await shopkit.refused("DELETE", f"/media/{file['id']}") == 404
    assert await shopkit.refused("GET", f"/media/{file['id']}") == 404


async def test_an_address_is_fetched_by_a_job(shopkit: Shopkit, ask: Ask) -> None:
    await shopkit.ask("POST", "/media", {"url": "https://pictures.test/1.jpg"}, 201)
    assert rows(await shopkit.get("/media")) == []
    jobs = await ask("{ jobs(first: 5) { nodes { kind } } }")
    assert len(jobs["data"]["jobs"]["nodes"]) == 1, jobs


async def test_what_makes_no_file(shopkit: Shopkit) -> None:
    for sent in ({}, {"file": "%%"}, {"file": "/9j/AAAA"}, {"url": "x"}, {"url": "a", "file": "b"}):
        assert await shopkit.refused("POST", "/media", sent) == 400, sent
    assert await shopkit.refused("GET", "/media?type=film") == 400
    assert rows(await shopkit.get("/media")) == []
