"""Uploading as clients do it: asked for, sent, made a file of."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from PIL import Image

from commerce.app import create_app
from commerce.integrations.storage import file_storage
from commerce.runtime import Resources
from commerce.settings import Settings
from tests.conftest import EVERYTHING
from tests.support.services import PORTS

STAGE = """
mutation ($uploads: [StagedUploadInput!]!) {
  stagedUploadCreate(input: {uploads: $uploads}) {
    targets { id url method headers { name value } expiresAt }
    userErrors { code message path }
  }
}
"""
CREATE = """
mutation ($input: FileCreateInput!) {
  fileCreate(input: $input) {
    file { id kind filename mimeType size width height path image(size: THUMBNAIL) {
      url width height } }
    userErrors { code message path }
  }
}
"""
Answer = dict[str, Any]


class Everybody:
    """An authenticator for whom everybody may do everything."""

    async def viewer(self, *_credentials: Any) -> Any:
        return EVERYTHING


class Shop:
    """A whole application with a storage of its own."""

    def __init__(self, http: httpx.AsyncClient, folder: Path) -> None:
        self.http = http
        self.folder = folder

    async def ask(self, query: str, variables: Answer | None = None) -> Any:
        body = {"query": query, "variables": variables or {}}
        headers = {"Authorization": "Bearer everything"}
        answer = (await self.http.post("/graphql", json=body, headers=headers)).json()
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    async def stage(self, name: str, size: int, purpose: str = "IMAGE", **more: Any) -> Any:
        upload = {"filename": name, "mimeType": "image/png", "fileSize": size, "purpose": purpose}
        return await self.ask(STAGE, {"uploads": [upload | more]})

    async def send(self, target: Answer, content: Any) -> httpx.Response:
        headers = {each["name"]: each["value"] for each in target["headers"]}
        if urlsplit(target["url"]).port is not None:  # of a bucket, past the shop
            async with httpx.AsyncClient() as web:
                return await web.put(target["url"], content=content, headers=headers)
        return await self.http.put(local(target["url"]), content=content, headers=headers)

    async def upload(self, content: bytes, name: str = "a.png", purpose: str = "IMAGE") -> str:
        """The id of an upload that has arrived."""
        staged = await self.stage(name, len(content), purpose)
        assert staged["userErrors"] == []
        (target,) = staged["targets"]
        assert (await self.send(target, content)).is_success
        return str(target["id"])

    async def make(self, content: bytes, name: str = "a.png", purpose: str = "IMAGE") -> Answer:
        """What `fileCreate` answers."""
        id_ = await self.upload(content, name, purpose)
        answer: Answer = await self.ask(CREATE, {"input": {"stagedUploadId": id_}})
        return answer

    def kept(self) -> list[str]:
        """What the storage has."""
        root = self.folder / "files"
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@asynccontextmanager
async def file_shop(
    resources: Resources, folder: Path, settings: Settings | None = None, **ports: Any
) -> AsyncIterator[Shop]:
    storage = file_storage(settings or Settings(data_dir=folder))
    app = create_app(
        replace(
            resources,
            authenticator=Everybody(),  # type: ignore[arg-type]  # its double
            ports=replace(PORTS, file_storage=storage, **ports),
        )
    )
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://store.test") as http:
        yield Shop(http, folder)


def local(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def picture(
    width: int = 900, height: int = 600, kind: str = "PNG", mode: str = "RGB", **options: Any
) -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert(mode).save(file, kind, **options)
    return file.getvalue()


def opened(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found
