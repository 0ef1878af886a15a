"""The one schema: every domain's queries and mutations, checked for policies when it is built."""

import strawberry
from graphql import GraphQLSchema, get_named_type
from strawberry.schema.config import StrawberryConfig

from resolvers.actions import name_actions
from resolvers.audit import AuditQueries
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
from resolvers.customers.accounts import AccountMutations
from resolvers.customers.addresses import AddressMutations
from resolvers.customers.bulk_mutations import CustomerBulkMutations
from resolvers.customers.consent_mutations import CustomerConsentMutations
from resolvers.customers.contacts import CustomerContactMutations
from resolvers.customers.countries import CountryQueries
from resolvers.customers.extra_fields import (
    CustomerExtraFieldMutations,
    CustomerExtraFieldQueries,
)
from resolvers.customers.groups import CustomerGroupMutations, CustomerGroupQueries
from resolvers.customers.me import MeMutations, MeQueries
from resolvers.customers.metafields import CustomerMetafieldMutations
from resolvers.customers.mutations import CustomerMutations
from resolvers.customers.queries import CustomerQueries
from resolvers.identity.passwords import PasswordMutations
from resolvers.identity.sessions import SessionMutations, SessionQueries
from resolvers.identity.viewer import ViewerQueries
from resolvers.interchange import InterchangeMutations
from resolvers.inventory.adjustments import StockAdjustMutations
from resolvers.inventory.levels import StockLevelMutations, StockLevelQueries
from resolvers.inventory.locations import StockLocationMutations, StockLocationQueries
from resolvers.inventory.movements import StockMovementQueries
from resolvers.oauth.clients import OAuthClientQueries
from resolvers.oauth.mutations import OAuthClientMutations
from resolvers.permissions import Policies, field_policies
from resolvers.pricing.lists import PriceListMutations, PriceListQueries
from resolvers.pricing.prices import PriceMutations
from resolvers.privacy import PrivacyMutations
from resolvers.problems import (
    GeneralError,
    InsufficientStockError,
    QuantityChangedError,
    TooManyAttemptsError,
    VersionConflictError,
)
from resolvers.refetch import NodeQueries
from resolvers.scalars import SCALARS
from resolvers.search.lists import ListQueries
from resolvers.search.search import SearchQueries
from resolvers.shortcuts import shorten
from resolvers.staff.api_key_mutations import ApiKeyMutations
from resolvers.staff.api_keys import ApiKeyQueries
from resolvers.staff.member_mutations import StaffMutations
from resolvers.staff.members import StaffQueries
from resolvers.staff.roles import RoleMutations, RoleQueries


@strawberry.type(description="Everything that can be read.")
class Query(
    NodeQueries,
    ViewerQueries,
    SessionQueries,
    StaffQueries,
    RoleQueries,
    ListQueries,
    SearchQueries,
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
    AuditQueries,
    CustomerQueries,
    CustomerGroupQueries,
    CustomerExtraFieldQueries,
    MeQueries,
    CountryQueries,
    ApiKeyQueries,
    OAuthClientQueries,
):
    pass


@strawberry.type(description="Everything that can be changed; each field in its own transaction.")
class Mutation(
    SessionMutations,
    PasswordMutations,
    StaffMutations,
    RoleMutations,
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
    PrivacyMutations,
    CustomerMutations,
    CustomerBulkMutations,
    CustomerGroupMutations,
    CustomerContactMutations,
    CustomerConsentMutations,
    CustomerExtraFieldMutations,
    CustomerMetafieldMutations,
    AccountMutations,
    MeMutations,
    AddressMutations,
    ApiKeyMutations,
    OAuthClientMutations,
):
    pass


def build_schema() -> strawberry.Schema:
    """Raises `MissingPolicyError` when a field does not say who may select it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[
            GeneralError,
            VersionConflictError,
            TooManyAttemptsError,
            InsufficientStockError,
            QuantityChangedError,
        ],
        config=StrawberryConfig(scalar_map=SCALARS),
    )
    core = core_schema(schema)
    field_policies(core)
    _describe_inputs(core)
    shorten(core)
    name_actions(core)
    return schema


def core_schema(schema: strawberry.Schema) -> GraphQLSchema:
    """The graphql-core schema inside, which documents are validated and executed against."""
    return schema._schema


def policies(schema: strawberry.Schema) -> Policies:
    return field_policies(core_schema(schema))


def _describe_inputs(core: GraphQLSchema) -> None:
    """A mutation takes one `input`, and what that is its type says."""
    for field in core.mutation_type.fields.values() if core.mutation_type else ():
        for argument in field.args.values():
            argument.description = argument.description or get_named_type(argument.type).description
