"""Pictures: in which sizes they are kept, and where each of these is. Pure.

The address of a picture says how large it is and where its other sizes are, so that nothing has
to be looked up to show a list of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from commerce.files.kinds import PictureSize

MOST_PIXELS: Final = 40_000_000
LONGEST: Final[Mapping[PictureSize, int]] = {
    PictureSize.SMALL: 160,
    PictureSize.THUMBNAIL: 400,
    PictureSize.MEDIUM: 800,
    PictureSize.LARGE: 1500,
    PictureSize.FULL: 4096,
}
SQUARE: Final = 400
MEDIA: Final = "/media/"
TYPES: Final[Mapping[str, str]] = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
ADDRESS: Final = re.compile(
    r"/media/([a-z2-7]{26})/([1-9][0-9]{0,4})x([1-9][0-9]{0,4})/([a-z]{1,10})\.(jpg|png|webp)"
)
NAMES: Final = {size.value: size for size in PictureSize}
Dimensions = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of this store. `width` and `height` are those of its full size."""

    key: str
    width: int
    height: int
    extension: str

    @property
    def folder(self) -> str:
        return f"{MEDIA}{self.key}/{self.width}x{self.height}"

    def path(self, size: PictureSize = PictureSize.FULL) -> str:
        """Where it is in a size; it is never enlarged, so that may be the full one."""
        kept = size if size in sizes_of(self.width, self.height) else PictureSize.FULL
        return f"{self.folder}/{kept.value}.{self.extension}"

    def dimensions(self, size: PictureSize) -> Dimensions:
        return sizes_of(self.width, self.height).get(size, (self.width, self.height))


def picture_in(key: str, width: int, height: int, mime_type: str) -> Picture:
    """The picture that a file holds."""
    extension = next(name for name, type_ in TYPES.items() if type_ == mime_type)
    return Picture(key, width, height, extension)


def picture_at(address: str) -> Picture | None:
    """The picture of this store that is at `address` in any size; None for everything else."""
    parts = ADDRESS.fullmatch(address)
    if parts is None or parts[4] not in NAMES:
        return None
    return Picture(parts[1], int(parts[2]), int(parts[3]), parts[5])


def sizes_of(width: int, height: int) -> dict[PictureSize, Dimensions]:
    """The sizes a picture is kept in: those that are smaller than it is, and its own."""
    found = {
        size: fitted(width, height, longest)
        for size, longest in LONGEST.items()
        if size is PictureSize.FULL or longest < max(width, height)
    }
    side = min(width, height, SQUARE)
    return {**found, PictureSize.SQUARE: (side, side)}


def fitted(width: int, height: int, longest: int) -> Dimensions:
    """As large as fits into a square of `longest`, and no larger than it is."""
    largest = max(width, height)
    if largest <= longest:
        return width, height
    return max(1, round(width * longest / largest)), max(1, round(height * longest / largest))
