"""Pictures, each made anew in a process of its own that holds no secret and may not grow.

A decoder is the part of a server that strangers feed with whatever they like: what goes wrong in
it ends that process, and the memory it took goes with it.
"""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson
from anyio import CapacityLimiter

from commerce.files.kinds import PictureSize
from commerce.files.ports import MadePicture, MadeSize, UnreadablePictureError

AT_ONCE: Final = 2
SECONDS: Final = 12.0
WORKER: Final = "commerce.integrations.pictures.worker"
MOST_SAID: Final = 64 * 1024


class PictureMaker:
    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._places = CapacityLimiter(AT_ONCE)

    async def make(self, source: Path, folder: Path) -> MadePicture:
        async with self._places:
            said = await self._said(source, folder)
        if "flaw" in said:
            raise UnreadablePictureError(said["flaw"])
        return MadePicture(
            width=said["width"],
            height=said["height"],
            extension=said["extension"],
            sizes=tuple(_made(PictureSize(each), folder / name) for each, name in said["sizes"]),
        )

    async def _said(self, source: Path, folder: Path) -> dict[str, Any]:
        """What the worker says; no word of it is also an answer."""
        command = (sys.executable, "-m", WORKER, str(source), str(folder))
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, env={}, limit=MOST_SAID
        )
        try:
            async with asyncio.timeout(self._seconds):
                out, _ = await process.communicate()
        except TimeoutError:
            raise UnreadablePictureError("This picture takes too long to read.") from None
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        if process.returncode != 0:
            raise UnreadablePictureError("This picture takes too much to read.")
        return orjson.loads(out)  # type: ignore[no-any-return]  # our own worker


def _made(size: PictureSize, file: Path) -> MadeSize:
    return MadeSize(size, file, file.stat().st_size)
