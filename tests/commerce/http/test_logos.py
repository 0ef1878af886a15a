"""The logo of a paper comes from the store's own files, or not at all."""

from pathlib import Path
from typing import Any

import pytest

from commerce.core.problems import UnavailableError
from commerce.files.kinds import PictureSize
from commerce.files.rules.keys import media_key, new_key
from commerce.files.rules.pictures import Picture
from commerce.http import logos
from commerce.http.logos import Logos
from commerce.integrations.storage import memory_storage
from tests.support.files import picture

LOGO = Picture(new_key(), 400, 100, "png")


async def kept(folder: Path) -> Any:
    storage = memory_storage()
    (folder / "logo").write_bytes(picture(400, 100))
    key = media_key(LOGO.path(PictureSize.THUMBNAIL))
    await storage.put(key, folder / "logo", "image/png")
    return storage


async def test_it_is_a_picture_of_the_store(tmp_path: Path) -> None:
    read = Logos(await kept(tmp_path)).read
    assert await read(LOGO.path()) == picture(400, 100)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://elsewhere.test/logo.png",
        "/media/../../etc/passwd",
        Picture("a" * 26, 400, 100, "png").path(),
    ],
)
async def test_there_is_none_elsewhere(tmp_path: Path, address: str) -> None:
    assert await Logos(await kept(tmp_path)).read(address) == b""


async def test_a_large_one_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logos, "MOST", 10)
    assert await Logos(await kept(tmp_path)).read(LOGO.path()) == b""


async def test_a_storage_that_is_away_keeps_no_paper_from_being_printed() -> None:
    class Away:
        async def get(self, key: str) -> Any:
            raise UnavailableError("Files cannot be kept or read just now.")

    away: Any = Away()
    assert await Logos(away).read(LOGO.path()) == b""
