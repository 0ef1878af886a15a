"""Categories."""

from typing import Final

from commerce.rest.route import Route
from commerce.rest.shopkit.categories import inputs, shapes
from commerce.rest.shopkit.envelope import CONFLICTS
from commerce.rest.shopkit.looking import ASKED, WHEN, in_path, in_query

ROUTES: Final = (
    Route(
        "GET",
        "/category",
        inputs.READ,
        in_query("Category"),
        shapes.category,
        when=WHEN,
        query=(*ASKED, *inputs.FILTERS),
        about="A category by its id or handle.",
    ),
    Route(
        "GET",
        "/category",
        "ShopkitCategories",
        inputs.categories,
        shapes.categories,
        query=inputs.FILTERS,
        about="Categories, by their places among siblings.",
    ),
    Route(
        "POST",
        "/category",
        "ShopkitCategoryCreate",
        inputs.added,
        shapes.written,
        201,
        body=inputs.NEW,
        problems=CONFLICTS,
        renamed=inputs.RENAMED,
        seed=False,
        about="Add a category.",
    ),
    Route(
        "GET",
        "/category/{id}",
        inputs.READ,
        in_path("Category"),
        shapes.category,
        about="A category by its id or handle.",
    ),
    Route(
        "PUT",
        "/category/{id}",
        inputs.READ,
        flow=inputs.changed,
        further=(inputs.UPDATE, inputs.MOVE),
        body=inputs.CHANGED,
        problems=CONFLICTS,
        renamed=inputs.RENAMED,
        seed=False,
        about="Change a category, and move it.",
    ),
    Route(
        "DELETE",
        "/category/{id}",
        inputs.READ,
        flow=inputs.archived,
        further=(inputs.ARCHIVE,),
        seed=False,
        about="Delete a category without others below it.",
    ),
)
