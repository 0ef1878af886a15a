"""Pictures in the size that is asked for."""

from typing import Annotated

import strawberry

from commerce.files.rules.pictures import picture_at
from resolvers.context import Info
from resolvers.files.kinds import PictureSize
from resolvers.permissions import public

Size = Annotated[
    PictureSize, strawberry.argument(description="How large; pictures elsewhere have one size.")
]


@strawberry.type(description="A picture in one of its sizes.")
class Image:
    url: str = public("Where it is.")
    width: int | None = public("Points across; null for a picture that is elsewhere.")
    height: int | None = public("Points down; null for a picture that is elsewhere.")


def image_at(info: Info, address: str, size: PictureSize) -> Image:
    """The address says it all: nothing is looked up."""
    picture = picture_at(address)
    if picture is None:
        return Image(url=address, width=None, height=None)
    width, height = picture.dimensions(size)
    base = info.context.services.ports.public_url.rstrip("/")
    return Image(url=f"{base}{picture.path(size)}", width=width, height=height)
