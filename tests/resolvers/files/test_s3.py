"""Files in a bucket: a real S3 server on loopback, spoken to over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import obstore
import pytest
from structlog.testing import capture_logs

from commerce.cli.doctor import _bucket
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import UnavailableError
from commerce.files.rules.keys import new_key
from commerce.files.rules.pictures import Picture
from commerce.integrations.storage import ObjectStorage, file_storage
from commerce.runtime import Resources
from commerce.wiring import Services
from resolvers.nodes import node_id
from tests.conftest import EVERYTHING
from tests.resolvers.files.test_downloads import BOOK, downloads, pay, sold
from tests.support.files import CREATE, Shop, file_shop, local, opened, picture
from tests.support.ports import free_port
from tests.support.s3 import Bucket, s3_server
from tests.support.services import PORTS

DELETE = """mutation ($ids: [ID!]!) { fileDelete(input: {ids: $ids}) {
  deletedIds userErrors { code } } }"""
pytestmark = pytest.mark.timeout(300)  # the first run installs the server


@pytest.fixture(scope="module")
async def bucket() -> AsyncIterator[Bucket]:
    async with s3_server() as bucket:
        yield bucket


@pytest.fixture(scope="module")
async def strict() -> AsyncIterator[Bucket]:
    """One that looks at keys and signatures."""
    async with s3_server(checking=True) as bucket:
        yield bucket


class BucketShop(Shop):
    """Whose storage is looked at as others see it."""

    storage: ObjectStorage

    def kept(self) -> list[str]:
        found = obstore.list(self.storage._store).collect()
        return sorted(each["path"] for each in found)


@pytest.fixture
async def shop(resources: Resources, tmp_path: Path, bucket: Bucket) -> AsyncIterator[BucketShop]:
    settings = bucket.settings(tmp_path)
    async with file_shop(resources, tmp_path, settings) as made:
        shop = BucketShop(made.http, tmp_path)
        shop.storage = file_storage(settings)
        yield shop
        await shop.storage.delete_below("")


async def test_what_is_uploaded_to_the_bucket_becomes_a_picture_in_its_sizes(
    shop: BucketShop, bucket: Bucket
) -> None:
    content = picture(2000, 1000)
    (target,) = (await shop.stage("a.png", len(content)))["targets"]
    assert target["url"].startswith(f"{bucket.url}/shop/files/")
    assert (await shop.send(target, content)).status_code == 200
    made = await shop.ask(CREATE, {"input": {"stagedUploadId": target["id"]}})
    assert made["userErrors"] == []
    names = [Path(path).name for path in shop.kept()]
    assert len(names) == 6  # a size each, and the upload is gone
    answer = await shop.http.get(local(made["file"]["image"]["url"]))
    assert (answer.status_code, opened(answer.content).size) == (200, (400, 200))


async def test_other_bytes_than_announced_make_no_file(shop: BucketShop) -> None:
    (target,) = (await shop.stage("a.png", 100))["targets"]
    assert (await shop.send(target, b"x" * 101)).status_code == 200
    made = await shop.ask(CREATE, {"input": {"stagedUploadId": target["id"]}})
    assert [each["message"] for each in made["userErrors"]] == [
        "101 bytes came, not 100 as was said."
    ]


async def test_parts_of_pictures_are_read_from_the_bucket(shop: BucketShop) -> None:
    path = (await shop.make(picture(50, 50)))["file"]["path"]
    whole = (await shop.http.get(path)).content
    for asked, status, content in (
        ("bytes=0-3", 206, whole[:4]),
        ("bytes=-5", 206, whole[-5:]),
        (f"bytes=7-{len(whole) * 2}", 206, whole[7:]),
        (f"bytes={len(whole)}-", 416, None),
    ):
        answer = await shop.http.get(path, headers={"Range": asked})
        assert answer.status_code == status
        assert content is None or answer.content == content
    assert (await shop.http.head(path)).headers["content-length"] == str(len(whole))


async def test_what_was_bought_is_downloaded_by_signed_links(
    shop: BucketShop, uow: UnitOfWork
) -> None:
    order, _, _ = await sold(shop, uow)
    await pay(uow, order)
    (shown,) = await downloads(shop, order)
    link = local(shown["url"])
    assert (await shop.http.get(link.replace("signature=", "signature=0"))).status_code == 403
    assert (await shop.http.get(link)).content == BOOK


async def test_what_is_deleted_goes_from_the_bucket(shop: BucketShop, uow: UnitOfWork) -> None:
    file = (await shop.make(picture(500, 500)))["file"]
    kept = await shop.make(BOOK, "book.html", "DOCUMENT")
    assert len(shop.kept()) > 2
    deleted = await shop.ask(DELETE, {"ids": [file["id"], node_id("File", 99_999)]})
    assert deleted == {"deletedIds": [file["id"]], "userErrors": []}
    ports = replace(PORTS, file_storage=shop.storage)
    assert await Services(uow, EVERYTHING, system_clock, ports).files.tidy() == 1
    (left,) = shop.kept()
    assert kept["file"]["id"]
    assert left.startswith("documents/")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"secret_key": "wrong"}, "SignatureDoesNotMatch"),
        ({"access_key": "AKIANOBODYATALL00000"}, "InvalidAccessKeyId"),
        ({"bucket": "nobodys"}, "NoSuchBucket"),
        ({"url": "nowhere"}, "error"),
    ],
)
async def test_a_bucket_that_refuses_is_named_in_the_log(
    strict: Bucket, tmp_path: Path, changed: dict[str, str], reason: str
) -> None:
    if "url" in changed:
        changed = {"url": f"http://127.0.0.1:{free_port()}"}
    storage = file_storage(strict.settings(tmp_path, **changed))
    source = tmp_path / "source"
    source.write_bytes(b"hello")
    with capture_logs() as logged, pytest.raises(UnavailableError):
        await storage.put("documents/x", source, "text/plain")
    (entry,) = logged
    assert (entry["event"], entry["doing"]) == ("storage_failed", "put")
    assert reason in entry["reason"]
    assert "wrong" not in entry["reason"]


async def test_clients_are_told_to_come_again_when_the_bucket_refuses(
    resources: Resources, tmp_path: Path, strict: Bucket
) -> None:
    settings = strict.settings(tmp_path, secret_key="wrong")
    async with file_shop(resources, tmp_path, settings) as shop:
        (target,) = (await shop.stage("a.png", 3))["targets"]
        body = {"query": CREATE, "variables": {"input": {"stagedUploadId": target["id"]}}}
        answer = await shop.http.post(
            "/graphql", json=body, headers={"Authorization": "Bearer everything"}
        )
        (error,) = answer.json()["errors"]
        assert error["extensions"]["code"] == "UNAVAILABLE"
        assert error["message"] == "Files cannot be kept or read just now."
        seen = await shop.http.get(Picture(new_key(), 60, 30, "png").path())
        assert seen.status_code == 503


async def test_doctor_says_what_the_bucket_says(strict: Bucket, tmp_path: Path) -> None:
    (fine,) = await _bucket(strict.settings(tmp_path))
    (wrong,) = await _bucket(strict.settings(tmp_path, secret_key="wrong"))
    (missing,) = await _bucket(strict.settings(tmp_path, "nobodys"))
    assert (fine.good, fine.detail) == (True, "s3://shop/files")
    assert not wrong.good
    assert "SignatureDoesNotMatch" in wrong.detail
    assert "NoSuchBucket" in missing.detail


async def test_a_good_key_is_taken_by_one_that_looks(strict: Bucket, tmp_path: Path) -> None:
    storage = file_storage(strict.settings(tmp_path))
    source = tmp_path / "source"
    source.write_bytes(b"hello")
    await storage.put("documents/x", source, "text/plain")
    assert await storage.stat("documents/x") == 5
    await storage.delete_below("documents")
    assert await storage.stat("documents/x") is None
