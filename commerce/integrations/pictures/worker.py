"""Reads one picture and writes it anew: `python -m ... SOURCE FOLDER`, answers JSON on stdout.

Only the points of the picture are taken over: no metadata, no second picture, no trailing bytes.
Of what moves, the first frame stays.
"""

import json
import sys
import warnings
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps

from commerce.files.kinds import PictureSize
from commerce.files.rules.formats import HEAD, sniffed
from commerce.files.rules.pictures import LONGEST, MOST_PIXELS, sizes_of

MEMORY: Final = 1024 * 1024 * 1024
CPU_SECONDS: Final = 20
MOST_SIDE: Final = 50_000
# What each format is written as, with what. GIFs have few colours, as PNGs can have.
WRITTEN: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "JPEG": ("JPEG", "jpg", {"quality": 85, "progressive": True, "optimize": True}),
    "PNG": ("PNG", "png", {"compress_level": 6}),
    "GIF": ("PNG", "png", {"compress_level": 6}),
    "WEBP": ("WEBP", "webp", {"quality": 82, "method": 3}),
    "AVIF": ("WEBP", "webp", {"quality": 82, "method": 3}),
}
Sizes = Mapping[PictureSize, tuple[int, int]]
LARGEST_FIRST: Final = sorted(LONGEST, key=lambda size: LONGEST[size], reverse=True)


class _RefusedError(Exception):
    """The message is for whoever uploaded it."""


def main(source: Path, folder: Path) -> dict[str, Any]:
    """What was made, or `flaw`. Whatever a decoder raises means that it cannot be read."""
    try:
        return _remade(source, folder)
    except _RefusedError as refusal:
        return {"flaw": str(refusal)}
    except MemoryError:
        return {"flaw": "This picture takes too much to read."}
    except Exception:
        return {"flaw": "This picture is damaged."}


def _remade(source: Path, folder: Path) -> dict[str, Any]:
    with source.open("rb") as file:
        format_ = sniffed(file.read(HEAD))
    if format_ is None:
        raise _RefusedError("Pictures are JPEG, PNG, WebP, GIF or AVIF.")
    kind, extension, options = WRITTEN[format_]
    with Image.open(source, formats=[format_]) as opened:
        _check(opened)
        most = LONGEST[PictureSize.FULL]
        opened.draft("RGB", (most, most))  # a JPEG is not read larger than it is kept
        picture = _plain(opened, opaque=kind == "JPEG")
    full = sizes_of(*picture.size)[PictureSize.FULL]
    names = []
    for size, drawn in _drawn(picture, sizes_of(*full)):
        name = f"{size.value}.{extension}"
        drawn.save(folder / name, kind, **options)
        names.append((size.value, name))
    return {"width": full[0], "height": full[1], "extension": extension, "sizes": names}


def _drawn(picture: Image.Image, sizes: Sizes) -> Iterator[tuple[PictureSize, Image.Image]]:
    """The largest first, and each of the one before: so little is held at once."""
    for size in filter(sizes.__contains__, LARGEST_FIRST):
        picture = _resized(picture, sizes[size])
        yield size, picture
        if size is PictureSize.FULL:
            square = sizes[PictureSize.SQUARE]
            yield PictureSize.SQUARE, ImageOps.fit(picture, square, Image.Resampling.LANCZOS)


def _check(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise _RefusedError(f"A picture has at most {MOST_PIXELS} points.")


def _plain(picture: Image.Image, *, opaque: bool) -> Image.Image:
    """Its points alone, upright, in the colours of the web."""
    picture.load()
    profile = picture.info.get("icc_profile")
    turned = ImageOps.exif_transpose(picture)
    if turned.mode.startswith("I;16"):
        turned = turned.convert("I").point(lambda value: value / 256).convert("L")
    if profile and turned.mode in ("RGB", "CMYK"):
        turned = _in_web_colours(turned, profile)
    clear = turned.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in turned.info
    plain = turned.convert("RGBA" if clear and not opaque else "RGB")
    plain.info = {}
    return plain


def _in_web_colours(picture: Image.Image, profile: bytes) -> Image.Image:
    """As they look; a profile that cannot be used is none."""
    try:
        found = ImageCms.profileToProfile(
            picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return picture if found is None else found


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if picture.size == size:
        return picture
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _bounded() -> None:
    """The system ends a process that takes more; where it has no such limits, there are none."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    _bounded()
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
