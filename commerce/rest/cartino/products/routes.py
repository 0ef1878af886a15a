"""Products and their variants."""

from typing import Any, Final

from commerce.rest.cartino.envelope import missing
from commerce.rest.cartino.paging import PAGING
from commerce.rest.cartino.products import flows, inputs, shapes
from commerce.rest.cartino.products.fields import (
    CHANGED_PRODUCT,
    LIST,
    NEW_PRODUCT,
    ONE,
    VARIANT_BODY,
)
from commerce.rest.route import Call, Route

# What GraphQL's problems call things, in Cartino's words.
NAMES: Final = {
    "compareAt": "compare_at_price",
    "cost": "cost_per_item",
    "optionValues": "option1",
    "descriptionHtml": "description",
    "weightGrams": "weight",
    "lengthMm": "length",
    "widthMm": "width",
    "heightMm": "height",
    "mediaUrl": "image_url",
}
# A variant that is written alone is the first of its product's input.
VARIANT_NAMES: Final = {
    **NAMES,
    "variants.0.sku": "sku",
    "variants.0.barcode": "barcode",
    "variants.0.price": "price",
    "variants.0.compareAt": "compare_at_price",
    "variants.0.cost": "cost_per_item",
    "variants.0.optionValues": "option1",
    "variants.0.mediaUrl": "image_url",
    "changes.0.change.delta": "inventory_quantity",
    "variantIds": "id",
}
SET: Final = "CartinoProductSet"
FRAME: Final = "CartinoProductFrame"
METAFIELDS: Final = ("CartinoMetafieldsSet", "CartinoMetafieldsDelete")
WRITTEN: Final = (*METAFIELDS, "CartinoProduct")
VARIANT_FRAME: Final = "CartinoVariantFrame"
VARIANT_WRITTEN: Final = ("CartinoVariantSet", *METAFIELDS, "CartinoVariant")


def _archived(call: Call) -> dict[str, Any]:
    return {"input": inputs.by_id(call)}


def _changed(method: str, *, seed: bool) -> Route:
    return Route(
        method,
        "/products/{id:int}",
        SET,
        query=ONE,
        body=CHANGED_PRODUCT,
        flow=flows.update,
        further=(FRAME, *WRITTEN),
        renamed=NAMES,
        problems={"NOT_FOUND": missing(NAMES)},
        seed=seed,
        about="Change the given fields of a product",
    )


ROUTES: Final = (
    Route(
        "GET",
        "/products",
        "CartinoProducts",
        inputs.products,
        shapes.products,
        query=LIST,
        about="Products, the newest first",
    ),
    Route(
        "POST",
        "/products",
        SET,
        status=201,
        query=ONE,
        body=NEW_PRODUCT,
        flow=flows.create,
        further=WRITTEN,
        renamed=NAMES,
        problems={"NOT_FOUND": missing(NAMES)},
        about="Add a product",
    ),
    Route(
        "GET",
        "/products/{id:int}",
        "CartinoProduct",
        inputs.product,
        shapes.product,
        query=ONE,
        about="A product",
    ),
    _changed("PUT", seed=True),
    _changed("PATCH", seed=False),
    Route(
        "DELETE",
        "/products/{id:int}",
        "CartinoProductArchive",
        _archived,
        shapes.deleted,
        about="Archive a product",
    ),
    Route(
        "POST",
        "/products/{id:int}/publish",
        SET,
        query=ONE,
        flow=flows.publish,
        further=(FRAME,),
        renamed=NAMES,
        problems={"NOT_FOUND": missing(NAMES)},
        seed=False,
        about="Put a product up for sale",
    ),
    Route(
        "GET",
        "/products/{id:int}/variants",
        "CartinoProductVariants",
        inputs.variants,
        shapes.variants,
        query=PAGING,
        seed=False,
        about="The variants of a product",
    ),
    Route(
        "POST",
        "/products/{id:int}/variants",
        FRAME,
        status=201,
        body=VARIANT_BODY,
        flow=flows.add_variant,
        further=VARIANT_WRITTEN,
        renamed=VARIANT_NAMES,
        problems={"NOT_FOUND": missing(VARIANT_NAMES)},
        seed=False,
        about="Add a variant to a product",
    ),
    Route(
        "GET",
        "/variants/{id:int}",
        "CartinoVariant",
        inputs.variant_by_id,
        shapes.variant,
        seed=False,
        about="A variant",
    ),
    Route(
        "PUT",
        "/variants/{id:int}",
        VARIANT_FRAME,
        body=VARIANT_BODY,
        flow=flows.update_variant,
        further=(*VARIANT_WRITTEN, "CartinoStockAdjust"),
        renamed=VARIANT_NAMES,
        problems={"NOT_FOUND": missing(VARIANT_NAMES)},
        seed=False,
        about="Change the given fields of a variant",
    ),
    Route(
        "DELETE",
        "/variants/{id:int}",
        VARIANT_FRAME,
        flow=flows.delete_variant,
        further=("CartinoVariantsArchive",),
        renamed=VARIANT_NAMES,
        problems={"NOT_FOUND": missing(VARIANT_NAMES)},
        seed=False,
        about="Archive a variant; one at least stays",
    ),
)
