"""The store's logo, read from bytes that may be anything."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from PIL import Image
from reportlab.lib.utils import ImageReader

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MOST_POINTS: Final = 4_096 * 4_096
MOST_WIDTH: Final = 180.0  # on paper
MOST_HEIGHT: Final = 40.0


@dataclass(frozen=True, slots=True)
class Logo:
    """What is drawn, and how large it is on paper."""

    content: Any
    width: float
    height: float


def logo_of(content: bytes) -> Logo | None:
    """None when there is none that can be drawn."""
    if not content:
        return None
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as found:
            width, height = found.size
            if width * height > MOST_POINTS:
                return None
            mode = "RGBA" if found.has_transparency_data else "RGB"
            drawn = found.convert(mode)
    except Exception:  # whatever is wrong with it: the paper is wanted
        return None
    scale = min(MOST_WIDTH / width, MOST_HEIGHT / height)
    return Logo(ImageReader(drawn), width * scale, height * scale)
