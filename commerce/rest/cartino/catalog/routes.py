"""Categories and brands, to read."""

from typing import Final

from commerce.core.ids import MAX_ID
from commerce.rest.cartino.catalog import inputs, shapes
from commerce.rest.cartino.paging import PAGING, window
from commerce.rest.cartino.products.fields import ONE
from commerce.rest.fields import Field
from commerce.rest.kinds import whole
from commerce.rest.route import Route

PARENT: Final = Field("parent_id", whole(1, MAX_ID), about="Those directly below this one.")

ROUTES: Final = (
    Route(
        "GET",
        "/categories",
        "CartinoCategories",
        inputs.categories,
        shapes.categories,
        query=(PARENT, *PAGING),
        seed=False,
        about="Categories, by their places",
    ),
    Route(
        "GET",
        "/categories/{id:int}",
        "CartinoCategory",
        inputs.category,
        shapes.category,
        seed=False,
        about="A category",
    ),
    Route(
        "GET",
        "/categories/{id:int}/products",
        "CartinoCategoryProducts",
        inputs.products,
        shapes.products,
        query=(*ONE, *PAGING),
        seed=False,
        about="The products of a category, in its order",
    ),
    Route(
        "GET",
        "/brands",
        "CartinoBrands",
        window,
        shapes.brands,
        query=PAGING,
        seed=False,
        about="Brands, by their places",
    ),
    Route(
        "GET",
        "/brands/{id:int}",
        "CartinoBrand",
        inputs.brand,
        shapes.brand,
        seed=False,
        about="A brand",
    ),
)
