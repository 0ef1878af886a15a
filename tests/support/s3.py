"""A real S3 server on loopback: moto's, in a process and with packages of its own."""

import asyncio
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from pydantic import SecretStr

from commerce.settings import Settings

REPOSITORY = Path(__file__).parents[2]
PROJECT = REPOSITORY / "tests" / "s3"
CACHE = REPOSITORY / ".pytest_cache" / "s3"
UV = Path(sys.executable).with_name("uv")


@dataclass(frozen=True)
class Bucket:
    """`shop`, at `url`, for whoever has the key."""

    url: str
    access_key: str
    secret_key: str

    def settings(self, folder: Path, bucket: str = "shop", **changed: str) -> Settings:
        keys = {"access_key": self.access_key, "secret_key": self.secret_key, "url": self.url}
        keys |= changed
        return Settings(
            data_dir=folder,
            storage_url=f"s3://{bucket}/files?endpoint={keys['url']}",
            storage_access_key=SecretStr(keys["access_key"]),
            storage_secret_key=SecretStr(keys["secret_key"]),
        )


@cache
def packages() -> Path:
    """A folder with what the server needs, installed once for each state of its lock file."""
    lock = PROJECT / "requirements.lock"
    folder = CACHE / hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        fresh = tempfile.mkdtemp(dir=CACHE)
        command = [UV, "pip", "install", "--quiet", "--require-hashes", "--target", fresh]
        trusting = os.environ | {"UV_SYSTEM_CERTS": "1"}  # noqa: TID251  # handed on
        made = subprocess.run(
            [*command, "--python", sys.executable, "-r", lock],
            env=trusting,
            check=False,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            shutil.rmtree(fresh)
            pytest.skip(f"the S3 server cannot be installed: {made.stderr[-300:]}")
        try:
            Path(fresh).rename(folder)
        except OSError:  # another process was first
            shutil.rmtree(fresh)
    return folder


@asynccontextmanager
async def s3_server(*, checking: bool = False) -> AsyncIterator[Bucket]:
    """`checking`: whether it looks at signatures, in headers only."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROJECT / "server.py"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={
            "PYTHONPATH": str(await asyncio.to_thread(packages)),
            "INITIAL_NO_AUTH_ACTION_COUNT": "3" if checking else "1000000",
        },
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            line = (await process.stdout.readline()).decode()
        yield Bucket(*line.split())
    finally:
        process.kill()
        await process.wait()
