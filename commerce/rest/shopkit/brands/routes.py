"""Brands."""

from typing import Any, Final

from commerce.rest.route import Route
from commerce.rest.shopkit.brands import inputs, shapes
from commerce.rest.shopkit.envelope import CONFLICTS
from commerce.rest.shopkit.looking import ASKED, WHEN, in_path, in_query

WRITES: Final[dict[str, Any]] = {
    "problems": CONFLICTS,
    "renamed": {"slug": "handle", "name": "title", "logoUrl": "image"},
    "seed": False,
}

ROUTES: Final = (
    Route(
        "GET",
        "/brand",
        inputs.READ,
        in_query("Brand"),
        shapes.brand,
        when=WHEN,
        query=(*ASKED, *inputs.FILTERS),
        seed=False,
        about="A brand by its id or handle.",
    ),
    Route(
        "GET",
        "/brand",
        "ShopkitBrands",
        inputs.brands,
        shapes.brands,
        query=inputs.FILTERS,
        seed=False,
        about="Brands, by their places.",
    ),
    Route(
        "POST",
        "/brand",
        inputs.UPSERT,
        inputs.added,
        shapes.written,
        201,
        body=inputs.NEW,
        about="Add a brand.",
        **WRITES,
    ),
    Route(
        "GET",
        "/brand/{id}",
        inputs.READ,
        in_path("Brand"),
        shapes.brand,
        seed=False,
        about="A brand by its id or handle.",
    ),
    Route(
        "PUT",
        "/brand/{id}",
        inputs.READ,
        flow=inputs.changed,
        further=(inputs.UPSERT,),
        body=inputs.CHANGED,
        about="Change a brand.",
        **WRITES,
    ),
    Route(
        "DELETE",
        "/brand/{id}",
        inputs.READ,
        flow=inputs.deleted,
        further=(inputs.DELETE,),
        seed=False,
        about="Delete a brand; its products stay.",
    ),
)
