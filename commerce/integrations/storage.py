"""Where files are kept: a folder of this machine, or a bucket of any S3-compatible store."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, MemoryStore, S3Store

from commerce.core.problems import UnavailableError
from commerce.core.urls import is_in_the_clear
from commerce.files.ports import Stored
from commerce.settings import Settings, SettingsError

log: Final = structlog.get_logger("commerce.files")

FOLDER: Final = "files"  # in DATA_DIR
PART: Final = 256 * 1024
NOT_THERE: Final = (NotFoundError, FileNotFoundError)
OPTIONS: Final = frozenset({"endpoint", "region"})
# Somebody waits for the answer: what does not come soon is not waited for.
TIMES: Final = {"connect_timeout": "5s", "timeout": "30s"}
RETRIES: Final = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
CODE: Final = re.compile(r"<Code>(\w+)</Code>")
MAX_REASON: Final = 300


def file_storage(settings: Settings) -> "ObjectStorage":
    """Raises `SettingsError` for an address that names no bucket, and keys that fit none."""
    keys = (settings.storage_access_key, settings.storage_secret_key)
    if (keys[0] is None) is not (keys[1] is None):
        raise SettingsError(
            "COMMERCE_STORAGE_ACCESS_KEY and COMMERCE_STORAGE_SECRET_KEY need each other"
        )
    if not settings.storage_url:
        if keys[0] is not None:
            raise SettingsError("COMMERCE_STORAGE_URL is needed with COMMERCE_STORAGE_ACCESS_KEY")
        folder = settings.data_dir / FOLDER
        return ObjectStorage(LocalStore(folder, mkdir=True))
    return _bucket(settings)


def memory_storage() -> "ObjectStorage":
    """For programs that keep no files: what is put there is gone with them."""
    return ObjectStorage(MemoryStore())


class ObjectStorage:
    """`bucket`: the same store, when clients can be sent there to upload by themselves.

    Raises `UnavailableError` when the store does not do what it is asked; the log says why.
    """

    def __init__(
        self, store: LocalStore | MemoryStore | S3Store, bucket: S3Store | None = None
    ) -> None:
        self._store = store
        self._bucket = bucket

    async def put(self, key: str, source: Path, content_type: str) -> None:
        attributes: Any = {"Content-Type": content_type} if self._bucket is not None else None
        with _failures("put"):
            await obstore.put_async(
                self._store, key, source, attributes=attributes, max_concurrency=2
            )

    async def get(self, key: str, start: int = 0, end: int | None = None) -> Stored | None:
        options: Any = {}
        if end is not None:
            options["range"] = (start, end)
        elif start:
            options["range"] = {"offset": start}
        try:
            with _failures("get"):
                found = await obstore.get_async(self._store, key, options=options)
        except NOT_THERE:
            return None
        return Stored(found.meta["size"], _parts(found.stream(min_chunk_size=PART)))

    async def stat(self, key: str) -> int | None:
        try:
            with _failures("head"):
                return (await obstore.head_async(self._store, key))["size"]
        except NOT_THERE:
            return None

    async def delete(self, key: str) -> None:
        try:
            with _failures("delete"):
                await obstore.delete_async(self._store, key)
        except NOT_THERE:
            return

    async def delete_below(self, folder: str) -> None:
        with _failures("list"):
            async for found in obstore.list(self._store, prefix=folder):
                for each in found:
                    await self.delete(each["path"])

    async def upload_url(self, key: str, lifetime: timedelta) -> str | None:
        if self._bucket is None:
            return None
        return await obstore.sign_async(self._bucket, "PUT", key, lifetime)


@contextmanager
def _failures(doing: str) -> Iterator[None]:
    """What is not there is none, unless something was to be put there: then the bucket is not."""
    try:
        yield
    except (BaseError, *NOT_THERE) as error:
        if isinstance(error, NOT_THERE) and doing != "put" and "NoSuchBucket" not in str(error):
            raise
        log.error("storage_failed", doing=doing, reason=reason_of(error))
        raise UnavailableError("Files cannot be kept or read just now.") from error


def reason_of(error: BaseException) -> str:
    """What the store said, in its own word where it has one."""
    text = str(error)
    code = CODE.search(text)
    first = text.splitlines()[0] if text else type(error).__name__
    return f"{code[1]}: {first}"[:MAX_REASON] if code else first[:MAX_REASON]


async def _parts(stream: Any) -> AsyncIterator[bytes]:
    async for part in stream:
        yield bytes(part)


def _bucket(settings: Settings) -> ObjectStorage:
    parts = urlsplit(settings.storage_url)
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if parts.scheme != "s3" or not parts.hostname or options.keys() - OPTIONS:
        raise SettingsError(
            "COMMERCE_STORAGE_URL must be s3://bucket, with endpoint and region at most"
        )
    if settings.production and is_in_the_clear(options.get("endpoint", "")):
        raise SettingsError("COMMERCE_STORAGE_URL: the endpoint must start with https://")
    given: dict[str, Any] = {"region": options.get("region", "us-east-1")}
    given["client_options"] = dict(TIMES)
    given["retry_config"] = RETRIES
    if "endpoint" in options:
        given["endpoint"] = options["endpoint"]
        given["client_options"]["allow_http"] = options["endpoint"].startswith("http://")
    for name, secret in (
        ("access_key_id", settings.storage_access_key),
        ("secret_access_key", settings.storage_secret_key),
    ):
        if secret is not None:
            given[name] = secret.get_secret_value()
    store = S3Store(parts.hostname, prefix=parts.path.strip("/") or None, **given)
    return ObjectStorage(store, store)
