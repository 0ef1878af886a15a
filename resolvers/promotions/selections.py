"""Which goods a promotion is for, or counts."""

from typing import Any, Final

import strawberry

from commerce.core.problems import NotFound
from commerce.core.viewer import Scope
from commerce.pricing.rules.promotions import Selection
from commerce.promotions.rules.changes import SELECTED
from commerce.promotions.rules.stored import selection_of
from resolvers.filters import optional
from resolvers.nodes import node_id, require_key, require_keys
from resolvers.permissions import requires

READ = Scope.READ_PROMOTIONS
# The fields that hold ids, by the sets of a selection.
FIELDS: Final = {
    "products": "product_ids",
    "variants": "variant_ids",
    "categories": "category_ids",
    "collections": "collection_ids",
    "brands": "brand_ids",
    "excluded_products": "excluded_product_ids",
    "excluded_variants": "excluded_variant_ids",
    "excluded_categories": "excluded_category_ids",
    "excluded_brands": "excluded_brand_ids",
}
INCLUDED: Final = [name for name in Selection.__slots__ if not name.startswith("exclude")]
Ids = list[strawberry.ID]


@strawberry.type(description="A value of an attribute.")
class AttributeChoice:
    attribute_id: strawberry.ID = requires(READ, description="The attribute.")
    value: str = requires(READ, description="Its value, as products have it.")


@strawberry.type(description="Some goods: whatever is in one of the sets and not excluded.")
class GoodsSelection:
    everything: bool = requires(READ, description="Whether nothing is chosen, and so everything.")
    product_ids: Ids = requires(READ, description="Products.")
    variant_ids: Ids = requires(READ, description="Variants.")
    category_ids: Ids = requires(READ, description="What is in these categories or below them.")
    collection_ids: Ids = requires(READ, description="What is in these collections.")
    brand_ids: Ids = requires(READ, description="What is of these brands.")
    tags: list[str] = requires(READ, description="What has these tags.")
    attributes: list[AttributeChoice] = requires(READ, description="What has these values.")
    excluded_product_ids: Ids = requires(READ, description="Products that are never chosen.")
    excluded_variant_ids: Ids = requires(READ, description="Variants that are never chosen.")
    excluded_category_ids: Ids = requires(READ, description="Nothing in these categories.")
    excluded_brand_ids: Ids = requires(READ, description="Nothing of these brands.")
    exclude_sale: bool = requires(READ, description="Nothing that costs less than it did.")

    @classmethod
    def of(cls, held: dict[str, Any]) -> "GoodsSelection":
        selection = selection_of(held)
        ids: dict[str, Any] = {
            field: [node_id(SELECTED[name], id_) for id_ in sorted(getattr(selection, name))]
            for name, field in FIELDS.items()
        }
        return cls(
            **ids,
            everything=not any(getattr(selection, name) for name in INCLUDED),
            tags=sorted(selection.tags),
            attributes=[
                AttributeChoice(attribute_id=node_id("Attribute", id_), value=value)
                for id_, value in sorted(selection.attributes)
            ],
            exclude_sale=selection.exclude_sale,
        )


@strawberry.input(description="A value of an attribute.")
class AttributeChoiceInput:
    attribute_id: strawberry.ID = strawberry.field(description="The attribute.")
    value: str = strawberry.field(description="Its value, as products have it.")


@strawberry.input(
    description="Some goods: whatever is in one of the sets and not excluded; without sets,"
    " everything. At most 250 of each."
)
class GoodsSelectionInput:
    product_ids: Ids | None = optional("Products.")
    variant_ids: Ids | None = optional("Variants.")
    category_ids: Ids | None = optional("What is in these categories or below them.")
    collection_ids: Ids | None = optional("What is in these collections.")
    brand_ids: Ids | None = optional("What is of these brands.")
    tags: list[str] | None = optional("What has these tags.")
    attributes: list[AttributeChoiceInput] | None = optional("What has these values.")
    excluded_product_ids: Ids | None = optional("Products that are never chosen.")
    excluded_variant_ids: Ids | None = optional("Variants that are never chosen.")
    excluded_category_ids: Ids | None = optional("Nothing in these categories.")
    excluded_brand_ids: Ids | None = optional("Nothing of these brands.")
    exclude_sale: bool = strawberry.field(
        default=False, description="Nothing that costs less than it did."
    )

    def wanted(self, *path: str) -> Selection | NotFound:
        keys: dict[str, Any] = {}
        for name, field in FIELDS.items():
            found = require_keys(getattr(self, field) or (), SELECTED[name], *path, field)
            if isinstance(found, NotFound):
                return found
            keys[name] = frozenset(found)
        values: set[tuple[int, str]] = set()
        for place, each in enumerate(self.attributes or ()):
            where = (*path, "attributes", str(place), "attribute_id")
            id_ = require_key(each.attribute_id, "Attribute", *where)
            if isinstance(id_, NotFound):
                return id_
            values.add((id_, each.value))
        return Selection(
            **keys,
            tags=frozenset(self.tags or ()),
            attributes=frozenset(values),
            exclude_sale=self.exclude_sale,
        )
