"""From a file on somebody's disk to a picture that everybody sees, and what is refused."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from anyio import Path as File

from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import SYSTEM
from commerce.files.ports import FetchRefusedError
from commerce.files.rules.limits import FileLimits
from commerce.integrations.storage import file_storage
from commerce.runtime import Resources
from commerce.settings import Settings
from commerce.wiring import Services
from resolvers.nodes import node_id
from tests.support.catalog import make_product
from tests.support.files import CREATE, Shop, file_shop, local, opened, picture
from tests.support.services import PORTS

DELETE = """mutation ($ids: [ID!]!) { fileDelete(input: {ids: $ids}) {
  deletedIds userErrors { code message } } }"""
ADD = """mutation ($input: MediaCreateInput!) { mediaCreate(input: $input) {
  media { url small: image(size: SMALL) { url width height } image { url width } }
  userErrors { code path } } }"""
SIZES = ["full.png", "large.png", "medium.png", "small.png", "square.png", "thumbnail.png"]


@pytest.fixture
async def shop(resources: Resources, tmp_path: Path) -> AsyncIterator[Shop]:
    async with file_shop(resources, tmp_path) as shop:
        yield shop


def tidying(uow: UnitOfWork, folder: Path, later: timedelta = timedelta()) -> Services:
    storage = file_storage(Settings(data_dir=folder))
    ports = replace(PORTS, file_storage=storage)
    return Services(uow, SYSTEM, lambda: system_clock() + later, ports)


async def test_a_picture_is_kept_in_its_sizes_and_served_for_good(shop: Shop) -> None:
    made = await shop.make(picture(2000, 1000), "../../etc/cron.d/My picture.png")
    assert made["userErrors"] == []
    file = made["file"]
    assert (file["kind"], file["filename"], file["mimeType"]) == (
        "IMAGE",
        "My picture.png",
        "image/png",
    )
    assert (file["width"], file["height"]) == (2000, 1000)
    assert file["image"]["url"] == f"http://store.test{file['path'].replace('full', 'thumbnail')}"
    assert (file["image"]["width"], file["image"]["height"]) == (400, 200)
    assert [Path(path).name for path in shop.kept()] == SIZES
    answer = await shop.http.get(local(file["image"]["url"]))
    assert answer.status_code == 200
    assert opened(answer.content).size == (400, 200)
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "image/png"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_parts_and_what_one_has_already_are_served_as_such(shop: Shop) -> None:
    path = (await shop.make(picture(50, 50)))["file"]["path"]
    whole = await shop.http.get(path)
    tag, size = whole.headers["etag"], len(whole.content)
    for header, status, content in (
        ({"If-None-Match": tag}, 304, b""),
        ({"If-None-Match": f'"x", W/{tag}'}, 304, b""),
        ({"Range": "bytes=0-3"}, 206, whole.content[:4]),
        ({"Range": "bytes=-4"}, 206, whole.content[-4:]),
        ({"Range": "bytes=4-"}, 206, whole.content[4:]),
        ({"Range": "bytes=4-", "If-Range": tag}, 206, whole.content[4:]),
        ({"Range": "bytes=4-", "If-Range": '"x"'}, 200, whole.content),
        ({"Range": "bytes=0-1,4-5"}, 200, whole.content),
        ({"Range": "bytes=5-4"}, 200, whole.content),
        ({"Range": "lines=1-2"}, 200, whole.content),
    ):
        answer = await shop.http.get(path, headers=header)
        assert (answer.status_code, answer.content) == (status, content), header
    assert (await shop.http.get(path, headers={"Range": "bytes=0-3"})).headers[
        "content-range"
    ] == f"bytes 0-3/{size}"
    beyond = await shop.http.get(path, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    head = await shop.http.head(path)
    assert (head.headers["content-length"], head.content) == (str(size), b"")


async def test_only_addresses_of_pictures_are_looked_for(shop: Shop) -> None:
    path = (await shop.make(picture(50, 50)))["file"]["path"]
    key = path.split("/")[2]
    (shop.folder / "files" / "uploads").mkdir(exist_ok=True)
    (shop.folder / "files" / "uploads" / key).write_bytes(b"<script>")
    for other in (
        path.replace("50x50", "51x50"),
        path.replace("full", "huge"),
        path.replace(".png", ".svg"),
        path.replace(".png", ".html"),
        f"/media/../uploads/{key}",
        f"/media/{key}/50x50/..%2f..%2f..%2fuploads%2f{key}",
        f"/media/{key}/../full.png",
        f"/media/{key.upper()}/50x50/full.png",
    ):
        assert (await shop.http.get(other)).status_code == 404, other


async def test_an_upload_makes_one_file_however_often_that_is_asked(shop: Shop) -> None:
    id_ = await shop.upload(picture())
    answers = [await shop.ask(CREATE, {"input": {"stagedUploadId": id_}}) for _ in range(2)]
    assert answers[0] == answers[1]
    listed = await shop.ask("{ files(kind: IMAGE) { nodes { id } totalCount { count } } }")
    assert listed == {"nodes": [{"id": answers[0]["file"]["id"]}], "totalCount": {"count": 1}}
    assert not [path for path in shop.kept() if path.startswith("uploads")]


async def test_what_may_not_be_uploaded(shop: Shop) -> None:
    for given, path in (
        ({"size": 0}, ["uploads", "0", "fileSize"]),
        ({"size": 20 * 1024 * 1024 + 1}, ["uploads", "0", "fileSize"]),
        ({"name": "../.."}, ["uploads", "0", "filename"]),
        ({"mimeType": "image/png; charset=x"}, ["uploads", "0", "mimeType"]),
    ):
        wanted: dict[str, Any] = {"name": "a.png", "size": 5, **given}
        answer = await shop.stage(**wanted)
        assert [(each["code"], each["path"]) for each in answer["userErrors"]] == [
            ("INVALID", path)
        ], given


async def test_an_upload_is_what_was_signed_for(shop: Shop) -> None:
    content = picture(50, 50)
    (target,) = (await shop.stage("a.png", len(content)))["targets"]
    url = local(target["url"])
    assert (
        await shop.http.put(url.replace("signature=", "signature=x"), content=content)
    ).status_code == 403
    assert (
        await shop.http.put(url.replace("expires=", "expires=9"), content=content)
    ).status_code == 403
    assert (await shop.http.put(url, content=content[:-1])).status_code == 400
    assert (await shop.http.put(url, content=content + b"x")).status_code == 400

    async def parts(extra: int) -> AsyncIterator[bytes]:
        yield content
        yield b"x" * extra

    assert (await shop.http.put(url, content=parts(1))).status_code == 400
    assert (await shop.http.put(url, content=parts(21 * 1024 * 1024))).status_code in (400, 413)
    assert shop.kept() == []
    nothing = await shop.ask(CREATE, {"input": {"stagedUploadId": target["id"]}})
    assert nothing["userErrors"][0]["message"] == "Nothing was uploaded."
    assert (await shop.http.post(url, content=parts(0))).status_code == 204
    assert (await shop.ask(CREATE, {"input": {"stagedUploadId": target["id"]}}))["file"]
    assert (await shop.http.put(url, content=content)).status_code == 409


async def test_there_is_room_for_so_much_and_no_more(resources: Resources, tmp_path: Path) -> None:
    limits = FileLimits(upload=1000, quota=1500)
    async with file_shop(resources, tmp_path, file_limits=limits) as shop:
        assert (await shop.stage("a", 800))["userErrors"] == []
        full = await shop.stage("b", 701)
        assert full["userErrors"][0]["message"] == "Files may take up 1500 bytes in all."
        assert (await shop.stage("b", 700))["userErrors"] == []


async def test_pictures_of_products_come_from_uploads_and_files(
    shop: Shop, uow: UnitOfWork
) -> None:
    product = node_id("Product", (await make_product(uow)).id)
    upload = await shop.upload(picture(800, 400))
    file = (await shop.make(picture(100, 100)))["file"]
    media = [{"stagedUploadId": upload, "alt": "A"}, {"fileId": file["id"]}, {"url": "/x.png"}]
    added = await shop.ask(ADD, {"input": {"productId": product, "media": media}})
    assert added["userErrors"] == []
    first, second, third = added["media"]
    assert first["small"]["url"].startswith("http://store.test/media/")
    assert (first["small"]["width"], first["small"]["height"]) == (160, 80)
    assert second["url"] == file["path"]
    assert second["small"]["width"] == 100
    assert third["small"] == {"url": "/x.png", "width": None, "height": None}
    again = await shop.ask(ADD, {"input": {"productId": product, "media": media}})
    assert [each["url"] for each in again["media"]] == [each["url"] for each in added["media"]]
    refused = await shop.ask(DELETE, {"ids": [file["id"]]})
    assert [each["code"] for each in refused["userErrors"]] == ["IN_USE"]
    for wrong, path in (
        ({}, ["media", "0", "url"]),
        ({"url": "/x.png", "fileId": file["id"]}, ["media", "0", "url"]),
        ({"fileId": node_id("File", 99_999)}, ["media", "0", "fileId"]),
        ({"stagedUploadId": node_id("StagedUpload", 99_999)}, ["media", "0", "stagedUploadId"]),
    ):
        answer = await shop.ask(ADD, {"input": {"productId": product, "media": [wrong]}})
        assert [each["path"] for each in answer["userErrors"]] == [path]


async def test_what_is_deleted_is_removed_from_the_storage(
    shop: Shop, uow: UnitOfWork, tmp_path: Path
) -> None:
    id_ = (await shop.make(picture()))["file"]["id"]
    assert await shop.ask(DELETE, {"ids": [id_, node_id("File", 99_999)]}) == {
        "deletedIds": [id_],
        "userErrors": [],
    }
    assert len(shop.kept()) == 5
    assert await tidying(uow, tmp_path).files.tidy() == 1
    assert shop.kept() == []
    assert await tidying(uow, tmp_path).files.tidy() == 0


async def test_uploads_that_came_to_nothing_are_removed(
    shop: Shop, uow: UnitOfWork, tmp_path: Path
) -> None:
    await shop.upload(picture())
    kept = (await shop.make(picture()))["file"]
    assert await tidying(uow, tmp_path).files.tidy() == 0
    assert await tidying(uow, tmp_path, timedelta(hours=3)).files.tidy() == 2
    assert {path.split("/")[1] for path in shop.kept()} == {kept["path"].split("/")[2]}


async def test_the_logo_is_a_file_of_the_store(shop: Shop) -> None:
    file = (await shop.make(picture(300, 100)))["file"]
    update = """mutation ($input: ShopUpdateInput!) { shopUpdate(input: $input) {
      shop { logoUrl logo(size: SMALL) { width height } } userErrors { code path } } }"""
    answer = await shop.ask(update, {"input": {"logoFileId": file["id"]}})
    assert answer["shop"] == {"logoUrl": file["path"], "logo": {"width": 160, "height": 53}}
    refused = await shop.ask(DELETE, {"ids": [file["id"]]})
    assert [each["code"] for each in refused["userErrors"]] == ["IN_USE"]
    missing = await shop.ask(update, {"input": {"logoFileId": node_id("File", 99_999)}})
    assert missing["userErrors"] == [{"code": "NOT_FOUND", "path": ["logoFileId"]}]


ASK_JOB = """mutation ($input: FileCreateInput!) {
  fileCreate(input: $input) { file { id } job { kind state } userErrors { code } } }"""


class Web:
    """A double of the web."""

    async def fetch(self, url: str, target: Path, most: int) -> None:
        if "missing" in url:
            raise FetchRefusedError("The address answers with status 404.")
        await File(target).write_bytes(picture(60, 30) if most else b"")


async def test_files_are_made_of_addresses(resources: Resources, tmp_path: Path) -> None:
    async with file_shop(resources, tmp_path, file_fetch=Web()) as shop:
        url = "https://elsewhere.test/a%20b.png?x=1"
        made = await shop.ask(CREATE, {"input": {"url": url}})
        assert made["userErrors"] == []
        assert (made["file"]["filename"], made["file"]["width"]) == ("a b.png", 60)
        missing = await shop.ask(CREATE, {"input": {"url": "https://elsewhere.test/missing"}})
        assert missing["userErrors"] == [
            {
                "code": "INVALID",
                "message": "The address answers with status 404.",
                "path": ["url"],
            }
        ]
        asked = await shop.ask(ASK_JOB, {"input": {"url": url, "asynchronous": True}})
        assert asked == {"file": None, "job": {"kind": "FILE", "state": "QUEUED"}, "userErrors": []}
        both = {"url": url, "stagedUploadId": node_id("StagedUpload", 1)}
        upload = {"stagedUploadId": node_id("StagedUpload", 1), "asynchronous": True}
        script = {"url": "javascript:x", "asynchronous": True}
        for wrong in ({}, both, {"url": "javascript:x"}, upload, script):
            refused = await shop.ask(CREATE, {"input": wrong})
            assert [each["code"] for each in refused["userErrors"]] == ["INVALID"]
