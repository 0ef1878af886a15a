"""The one schema: every domain's queries and mutations, checked for policies when it is built."""

from operator import attrgetter
from typing import Any

import strawberry
from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from resolvers.catalog.attribute_mutations import AttributeMutations
from resolvers.catalog.attributes import AttributeQueries
from resolvers.catalog.brands import BrandMutations, BrandQueries
from resolvers.catalog.categories import CategoryQueries
from resolvers.catalog.category_mutations import CategoryMutations
from resolvers.catalog.category_products import CategoryProductsMutations
from resolvers.catalog.collection_mutations import CollectionMutations
from resolvers.catalog.collections import CollectionQueries
from resolvers.catalog.deletions import DeletionQueries
from resolvers.catalog.media import MediaQueries
from resolvers.catalog.media_mutations import MediaMutations
from resolvers.catalog.metafield_mutations import MetafieldMutations
from resolvers.catalog.product_mutations import ProductMutations
from resolvers.catalog.products import ProductQueries
from resolvers.catalog.variant_mutations import VariantMutations
from resolvers.catalog.variants import VariantQueries
from resolvers.interchange import InterchangeMutations
from resolvers.inventory.adjustments import StockAdjustMutations
from resolvers.inventory.levels import StockLevelMutations, StockLevelQueries
from resolvers.inventory.locations import StockLocationMutations, StockLocationQueries
from resolvers.inventory.movements import StockMovementQueries
from resolvers.permissions import Policies, field_policies
from resolvers.pricing.lists import PriceListMutations, PriceListQueries
from resolvers.pricing.prices import PriceMutations
from resolvers.problems import (
    GeneralError,
    InsufficientStockError,
    QuantityChangedError,
    VersionConflictError,
)
from resolvers.refetch import NodeQueries
from resolvers.scalars import SCALARS


@strawberry.type(description="Everything that can be read.")
class Query(
    NodeQueries,
    ProductQueries,
    VariantQueries,
    CategoryQueries,
    CollectionQueries,
    BrandQueries,
    AttributeQueries,
    MediaQueries,
    DeletionQueries,
    PriceListQueries,
    StockLocationQueries,
    StockLevelQueries,
    StockMovementQueries,
):
    pass


@strawberry.type(description="Everything that can be changed; each field in its own transaction.")
class Mutation(
    ProductMutations,
    VariantMutations,
    InterchangeMutations,
    CategoryMutations,
    CategoryProductsMutations,
    CollectionMutations,
    BrandMutations,
    AttributeMutations,
    MetafieldMutations,
    MediaMutations,
    PriceListMutations,
    PriceMutations,
    StockLocationMutations,
    StockLevelMutations,
    StockAdjustMutations,
):
    pass


def build_schema() -> strawberry.Schema:
    """Raises `MissingPolicyError` when a field does not say who may select it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[GeneralError, VersionConflictError, InsufficientStockError, QuantityChangedError],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    core = core_schema(schema)
    field_policies(core)
    _read_attributes_directly(core)
    return schema


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema inside, which documents are validated and executed against."""
    return schema._schema


def policies(schema: strawberry.Schema) -> Policies:
    return field_policies(core_schema(schema))


def _read_attributes_directly(core: GraphQLSchema) -> None:
    """Fields without a resolver are attribute reads; spare them three calls each.

    Execution is dominated by calls per field, and most fields are plain attributes.
    """
    for type_ in core.type_map.values():
        if not isinstance(type_, GraphQLObjectType) or type_.name.startswith("__"):
            continue
        for field in type_.fields.values():
            definition: Any = field.extensions.get("strawberry-definition")
            if definition is not None and definition.base_resolver is None:
                field.resolve = _reader(definition.python_name)


def _reader(name: str) -> Any:
    read = attrgetter(name)
    return lambda source, _info: read(source)
