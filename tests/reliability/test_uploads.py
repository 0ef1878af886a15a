"""Sixty hostile uploads: refused, or made anew; and never served as anything that runs (R39)."""

import os
import struct
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Final

import psutil
import pytest
from PIL import Image

from commerce.integrations.pictures import PictureMaker
from commerce.runtime import SECRET_FILE, Resources
from tests.support.files import Shop, file_shop, opened, picture

SCRIPT: Final = b"<script>alert(document.domain)</script>"
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML: Final = b"<!doctype html><html><body>" + SCRIPT
PHP: Final = b"<?php system($_GET['c']); ?>"
GPS: Final = b"GPSLatitude 48.2082"
MORE_MEMORY: Final = 150 * 1024 * 1024
KINDS: Final = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")
SERVED: Final = {"image/png", "image/jpeg", "image/webp"}


def png(width: int, height: int, data: bytes, depth: int = 8, colour: int = 2) -> bytes:
    """A PNG that says it is so large, whatever there is of it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zeros(size: int) -> bytes:
    """So many of them, packed a thousand times smaller."""
    packing = zlib.compressobj(9)
    part = bytes(1024 * 1024)
    parts = [packing.compress(part) for _ in range(size // len(part))]
    return b"".join(parts) + packing.flush()


def gif_of(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + bytes(6) + b";"


def with_comment(text: bytes) -> bytes:
    plain = picture(64, 64, "JPEG")
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(text) + 2) + text + plain[2:]


def located() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = (SCRIPT + GPS).decode()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[1] = "N"
    return picture(64, 32, "JPEG", exif=exif.tobytes())


def refused() -> Iterator[tuple[str, bytes]]:
    """What is no picture, whatever it is called."""
    for name in ("a.svg", "a.png", "a.svg.png", "a.jpg"):
        yield name, SVG
    for name in ("a.html", "a.png", "a.png.html", "a.gif"):
        yield name, HTML
    for name, content in (
        ("bom.svg", b"\xef\xbb\xbf" + SVG),
        ("xml.svg", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]>' + SVG),
        ("space.png", b" " + picture()),
        ("php.png", PHP),
        ("mail.png", b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML),
        ("zip.png", b"PK\x03\x04" + bytes(50) + b"../../etc/passwd"),
        ("pdf.png", b"%PDF-1.7 " + SCRIPT),
        ("js.png", b"/*\xff\xd8\xff*/=alert(1)"),
        ("bmp.png", b"BM" + bytes(100)),
        ("tiff.png", b"II*\x00" + bytes(100)),
        ("ps.png", b"%!PS-Adobe-3.0 EPSF-3.0\n/x {(id) system} def"),
        ("riff.webp", b"RIFF" + bytes(4) + b"WAVE" + bytes(40)),
        ("heic.avif", b"\x00\x00\x00\x18ftypheic" + bytes(40)),
        ("gifjs.gif", b"GIF89a=1;alert(1)//" + SCRIPT),
        ("head.png", picture()[:8] + SVG),
        ("head.jpg", b"\xff\xd8\xff\xe0" + SVG),
        ("head.webp", picture(kind="WEBP")[:12] + SVG),
        ("bomb.png", png(50_000, 50_000, zeros(16 * 1024 * 1024))),
        ("bomb16.png", png(50_000, 50_000, zeros(1024 * 1024), depth=16, colour=6)),
        ("wide.png", png(2_000_000_000, 1, zeros(1024 * 1024))),
        ("over.png", png(6400, 6400, zeros(1024 * 1024))),
        ("zero.png", png(0, 0, zlib.compress(b""))),
        ("short.png", png(500, 500, zlib.compress(bytes(10)))),
        ("junk.png", png(50, 50, b"no data at all")),
        ("bomb.gif", gif_of(65_535, 65_535)),
        ("empty.gif", gif_of(10, 10)),
    ):
        yield name, content
    for kind in KINDS:
        whole = picture(kind=kind)
        yield f"half.{kind.lower()}", whole[: len(whole) // 2]
        yield f"start.{kind.lower()}", whole[:40]


def remade() -> Iterator[tuple[str, bytes]]:
    """Pictures that are something else besides, or tell more than they show."""
    for kind in KINDS:
        yield f"tail.{kind.lower()}", picture(64, 64, kind) + SCRIPT + PHP
        yield f"archive.{kind.lower()}", picture(64, 64, kind) + b"PK\x03\x04" + SVG
    yield "comment.jpg", with_comment(SCRIPT + PHP)
    yield "located.jpg", located()
    yield "profile.jpg", picture(64, 64, "JPEG", icc_profile=SCRIPT * 4)
    yield "../../../etc/cron.d/slip.png", picture(64, 64)
    yield "..\\..\\slip.png", picture(64, 64)
    yield "\u202egnp.exe", picture(64, 64)


@pytest.fixture
async def shop(resources: Resources, tmp_path: Path) -> AsyncIterator[Shop]:
    async with file_shop(resources, tmp_path) as shop:
        yield shop


async def test_hostile_uploads_are_refused_or_made_anew(shop: Shop, tmp_path: Path) -> None:
    process = psutil.Process(os.getpid())
    await shop.make(picture(64, 64))
    before = most = process.memory_info().rss
    hostile = [(name, content, False) for name, content in refused()]
    hostile += [(name, content, True) for name, content in remade()]
    assert len(hostile) >= 60
    for name, content, kept in hostile:
        answer = await shop.make(content, name)
        most = max(most, process.memory_info().rss)
        assert (answer["file"] is not None) is kept, (name, answer)
        if kept:
            await assert_harmless(shop, answer["file"], name)
    assert most - before < MORE_MEMORY
    assert sorted(os.listdir(tmp_path)) == ["files", SECRET_FILE]
    for path in shop.kept():
        if path.startswith("uploads"):
            assert (await shop.http.get(f"/{path}")).status_code == 404
            assert (await shop.http.get(f"/media/{path}")).status_code == 404


async def assert_harmless(shop: Shop, file: dict[str, str], name: str) -> None:
    assert not set(file["filename"]) & set('/\\\u202e<>"'), name
    answer = await shop.http.get(file["path"])
    assert answer.headers["content-type"] in SERVED, name
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    for trace in (b"<script", b"<?php", b"<svg", b"PK\x03\x04", GPS):
        assert trace not in answer.content, name
    found = opened(answer.content)
    assert not found.getexif(), name
    assert found.size == ((32, 64) if name == "located.jpg" else (64, 64)), name


async def test_a_bomb_is_stopped_by_its_size_before_it_is_unpacked(tmp_path: Path) -> None:
    """Right below the cap a picture is read, by a process that the server survives."""
    (tmp_path / "large.png").write_bytes(png(6300, 6300, zeros(6300 * 6301 * 3 + 1024 * 1024)))
    made = await PictureMaker(60).make(tmp_path / "large.png", tmp_path)
    assert (made.width, made.height) == (4096, 4096)
