"""Media: files of the store."""

from typing import Final

from commerce.rest.route import Route
from commerce.rest.shopkit.media import inputs, shapes

ONE: Final = "/media/{id}"

ROUTES: Final = (
    Route(
        "GET",
        "/media",
        "ShopkitMedia",
        inputs.media,
        shapes.media,
        query=inputs.FILTERS,
        seed=False,
        about="Files, the newest first.",
    ),
    Route(
        "POST",
        "/media",
        "ShopkitMediaCreate",
        inputs.added,
        shapes.created,
        201,
        body=inputs.NEW,
        seed=False,
        about="Add a file, of an address or of its bytes.",
    ),
    Route(
        "GET",
        ONE,
        "ShopkitMediaFile",
        inputs.one,
        shapes.file,
        seed=False,
        about="A file.",
    ),
    Route(
        "DELETE",
        ONE,
        "ShopkitMediaDelete",
        inputs.gone,
        shapes.deleted,
        seed=False,
        about="Delete a file that nothing shows.",
    ),
)
