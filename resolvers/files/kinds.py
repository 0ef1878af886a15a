"""The words of files as GraphQL enums; types import them from here."""

from commerce.files.kinds import FileKind, PictureSize
from resolvers.enums import described

described(
    FileKind,
    "What becomes of a file.",
    IMAGE="A picture: made anew in several sizes, for everybody.",
    DOCUMENT="Kept as it is, for those who have bought it.",
)
described(
    PictureSize,
    "The sizes of a picture, by its longest side. None is enlarged.",
    SMALL="160 points.",
    THUMBNAIL="400 points.",
    MEDIUM="800 points.",
    LARGE="1,500 points.",
    FULL="As it was uploaded, up to 4,096 points.",
    SQUARE="400 points both ways, cut from its middle.",
)

__all__ = ["FileKind", "PictureSize"]
