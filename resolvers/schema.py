"""The one schema: every domain's queries and mutations, checked for policies when it is built."""

import strawberry
from graphql import GraphQLSchema, get_named_type
from strawberry.schema.config import StrawberryConfig

from resolvers.actions import name_actions
from resolvers.audit import AuditQueries
from resolvers.carts.calculations import CartCalculationQueries
from resolvers.carts.detail_mutations import CartDetailMutations
from resolvers.carts.line_mutations import CartLineMutations
from resolvers.carts.queries import CartQueries
from resolvers.carts.saving_mutations import CartSavingMutations
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
from resolvers.events import EventQueries
from resolvers.exports import ExportMutations, ExportQueries
from resolvers.files.mutations import FileMutations
from resolvers.files.types import FileQueries
from resolvers.files.variant_mutations import VariantFileMutations
from resolvers.gift_cards.mutations import GiftCardMutations
from resolvers.gift_cards.queries import GiftCardQueries
from resolvers.idempotency import idempotent
from resolvers.identity.passwords import PasswordMutations
from resolvers.identity.sessions import SessionMutations, SessionQueries
from resolvers.identity.viewer import ViewerQueries
from resolvers.interchange import InterchangeMutations
from resolvers.inventory.adjustments import StockAdjustMutations
from resolvers.inventory.levels import StockLevelMutations, StockLevelQueries
from resolvers.inventory.locations import StockLocationMutations, StockLocationQueries
from resolvers.inventory.movements import StockMovementQueries
from resolvers.inventory.reservations import StockReservationQueries
from resolvers.inventory.transfers import StockTransferMutations
from resolvers.invoices.mutations import InvoiceMutations
from resolvers.invoices.queries import InvoiceQueries
from resolvers.invoices.series import InvoiceSeriesMutations, InvoiceSeriesQueries
from resolvers.jobs.mutations import JobMutations
from resolvers.jobs.types import JobQueries
from resolvers.notifications.mutations import NotificationMutations
from resolvers.notifications.queries import NotificationQueries
from resolvers.oauth.clients import OAuthClientQueries
from resolvers.oauth.mutations import OAuthClientMutations
from resolvers.orders.checkout import CheckoutMutations
from resolvers.orders.create_mutations import OrderCreateMutations
from resolvers.orders.draft_mutations import OrderDraftMutations
from resolvers.orders.edit_mutations import OrderEditMutations
from resolvers.orders.fulfillment_mutations import FulfillmentMutations
from resolvers.orders.money_mutations import MoneyMutations
from resolvers.orders.mutations import OrderMutations
from resolvers.orders.queries import OrderQueries
from resolvers.orders.refund_mutations import RefundMutations
from resolvers.orders.reports import OrderReportQueries
from resolvers.orders.return_mutations import ReturnMutations
from resolvers.orders.statuses import OrderStatusMutations, OrderStatusQueries
from resolvers.payments.methods import PaymentMethodMutations, PaymentMethodQueries
from resolvers.payments.types import PaymentQueries
from resolvers.permissions import Policies, field_policies
from resolvers.pricing.lists import PriceListMutations, PriceListQueries
from resolvers.pricing.prices import PriceMutations
from resolvers.privacy import PrivacyMutations
from resolvers.problems import (
    CouponRejectedError,
    GeneralError,
    InsufficientStockError,
    InvalidTransitionError,
    PaymentDeclinedError,
    PriceChangedError,
    QuantityChangedError,
    TooManyAttemptsError,
    VersionConflictError,
)
from resolvers.promotions.coupon_mutations import CouponMutations
from resolvers.promotions.mutations import PromotionMutations
from resolvers.promotions.queries import CouponQueries, PromotionQueries
from resolvers.refetch import NodeQueries
from resolvers.scalars import SCALARS
from resolvers.search.lists import ListQueries
from resolvers.search.search import SearchQueries
from resolvers.shipping.method_mutations import ShippingMethodMutations
from resolvers.shipping.methods import ShippingMethodQueries
from resolvers.shipping.quotes import ShippingQuoteQueries
from resolvers.shipping.zones import ShippingZoneMutations, ShippingZoneQueries
from resolvers.shortcuts import shorten
from resolvers.staff.api_key_mutations import ApiKeyMutations
from resolvers.staff.api_keys import ApiKeyQueries
from resolvers.staff.member_mutations import StaffMutations
from resolvers.staff.members import StaffQueries
from resolvers.staff.roles import RoleMutations, RoleQueries
from resolvers.store.menus import MenuMutations, MenuQueries
from resolvers.store.pages import StorePageMutations, StorePageQueries
from resolvers.store.shop import ShopQueries
from resolvers.store.shop_mutations import ShopMutations
from resolvers.subscriptions import Subscription
from resolvers.taxes.classes import TaxClassMutations, TaxClassQueries
from resolvers.taxes.rates import TaxRateQueries
from resolvers.taxes.settings import TaxSettingsMutations, TaxSettingsQueries
from resolvers.taxes.templates import TaxTemplateMutations, TaxTemplateQueries
from resolvers.taxes.zone_mutations import TaxZoneMutations
from resolvers.taxes.zones import TaxZoneQueries
from resolvers.webhooks.delivery_mutations import WebhookDeliveryMutations
from resolvers.webhooks.endpoint_mutations import WebhookEndpointMutations
from resolvers.webhooks.queries import WebhookQueries


@strawberry.type(description="Everything that can be read.")
class Query(
    InvoiceQueries,
    InvoiceSeriesQueries,
    OrderQueries,
    OrderReportQueries,
    OrderStatusQueries,
    NodeQueries,
    TaxClassQueries,
    TaxZoneQueries,
    TaxRateQueries,
    TaxSettingsQueries,
    TaxTemplateQueries,
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
    FileQueries,
    ExportQueries,
    DeletionQueries,
    PriceListQueries,
    StockLocationQueries,
    StockLevelQueries,
    StockMovementQueries,
    StockReservationQueries,
    AuditQueries,
    EventQueries,
    JobQueries,
    WebhookQueries,
    NotificationQueries,
    CartQueries,
    CartCalculationQueries,
    CustomerQueries,
    CustomerGroupQueries,
    CustomerExtraFieldQueries,
    MeQueries,
    CountryQueries,
    ShopQueries,
    StorePageQueries,
    MenuQueries,
    ShippingZoneQueries,
    ShippingMethodQueries,
    ShippingQuoteQueries,
    PaymentMethodQueries,
    PaymentQueries,
    ApiKeyQueries,
    OAuthClientQueries,
    PromotionQueries,
    CouponQueries,
    GiftCardQueries,
):
    pass


@strawberry.type(description="Everything that can be changed; each field in its own transaction.")
class Mutation(
    NotificationMutations,
    WebhookEndpointMutations,
    WebhookDeliveryMutations,
    CheckoutMutations,
    MoneyMutations,
    RefundMutations,
    InvoiceMutations,
    InvoiceSeriesMutations,
    OrderMutations,
    OrderEditMutations,
    OrderCreateMutations,
    OrderDraftMutations,
    FulfillmentMutations,
    ReturnMutations,
    OrderStatusMutations,
    TaxClassMutations,
    TaxZoneMutations,
    TaxSettingsMutations,
    TaxTemplateMutations,
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
    FileMutations,
    ExportMutations,
    VariantFileMutations,
    PriceListMutations,
    PriceMutations,
    StockLocationMutations,
    StockLevelMutations,
    StockAdjustMutations,
    StockTransferMutations,
    PrivacyMutations,
    CartLineMutations,
    CartDetailMutations,
    CartSavingMutations,
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
    ShopMutations,
    StorePageMutations,
    MenuMutations,
    ShippingZoneMutations,
    ShippingMethodMutations,
    PaymentMethodMutations,
    ApiKeyMutations,
    OAuthClientMutations,
    PromotionMutations,
    CouponMutations,
    JobMutations,
    GiftCardMutations,
):
    pass


def build_schema() -> strawberry.Schema:
    """Raises `MissingPolicyError` when a field does not say who may select it."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[
            GeneralError,
            CouponRejectedError,
            VersionConflictError,
            TooManyAttemptsError,
            InsufficientStockError,
            InvalidTransitionError,
            PaymentDeclinedError,
            PriceChangedError,
            QuantityChangedError,
        ],
        directives=[idempotent],
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
