"""The words of files."""

from enum import Enum


class FileKind(Enum):
    """What becomes of what is uploaded."""

    IMAGE = "image"
    DOCUMENT = "document"


class PictureSize(Enum):
    """The sizes every picture is kept in; their values are parts of addresses."""

    SMALL = "small"
    THUMBNAIL = "thumbnail"
    MEDIUM = "medium"
    LARGE = "large"
    FULL = "full"
    SQUARE = "square"
