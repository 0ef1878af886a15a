"""Repositories and services of one unit of work, each built when it is first used."""

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.origin import Origin
from commerce.core.viewer import Viewer
from commerce.wiring.audit import AuditRepositories, AuditServices
from commerce.wiring.buying import BuyingRepositories, BuyingServices
from commerce.wiring.carts import CartsRepositories, CartsServices
from commerce.wiring.customers import CustomersRepositories, CustomersServices
from commerce.wiring.events import EventsRepositories, EventsServices
from commerce.wiring.exports import ExportsRepositories, ExportsServices
from commerce.wiring.files import FilesRepositories, FilesServices
from commerce.wiring.gift_cards import GiftCardsRepositories, GiftCardsServices
from commerce.wiring.idempotency import IdempotencyRepositories, IdempotencyServices
from commerce.wiring.invoices import InvoicesRepositories, InvoicesServices
from commerce.wiring.jobs import JobsRepositories, JobsServices
from commerce.wiring.notices import NoticesRepositories, NoticesServices
from commerce.wiring.oauth import OAuthRepositories, OAuthServices
from commerce.wiring.payments import PaymentsRepositories, PaymentsServices
from commerce.wiring.ports import Ports
from commerce.wiring.privacy import PrivacyRepositories, PrivacyServices
from commerce.wiring.promotions import PromotionsRepositories, PromotionsServices
from commerce.wiring.selling import SellingRepositories, SellingServices
from commerce.wiring.shipping import ShippingRepositories, ShippingServices
from commerce.wiring.signing_in import SigningInRepositories, SigningInServices
from commerce.wiring.staff import StaffServices
from commerce.wiring.store import StoreRepositories, StoreServices
from commerce.wiring.taxes import TaxesRepositories, TaxesServices
from commerce.wiring.webhooks import WebhooksRepositories, WebhooksServices

__all__ = ["Ports", "Repositories", "Services"]


class Repositories(
    NoticesRepositories,
    WebhooksRepositories,
    IdempotencyRepositories,
    InvoicesRepositories,
    FilesRepositories,
    ExportsRepositories,
    PrivacyRepositories,
    BuyingRepositories,
    CartsRepositories,
    PaymentsRepositories,
    ShippingRepositories,
    GiftCardsRepositories,
    PromotionsRepositories,
    TaxesRepositories,
    StoreRepositories,
    SellingRepositories,
    CustomersRepositories,
    OAuthRepositories,
    SigningInRepositories,
    JobsRepositories,
    EventsRepositories,
    AuditRepositories,
):
    """SQL, as one viewer sees the data."""


class Services(
    NoticesServices,
    WebhooksServices,
    IdempotencyServices,
    InvoicesServices,
    FilesServices,
    ExportsServices,
    PrivacyServices,
    BuyingServices,
    CartsServices,
    PaymentsServices,
    ShippingServices,
    GiftCardsServices,
    PromotionsServices,
    TaxesServices,
    StoreServices,
    SellingServices,
    CustomersServices,
    OAuthServices,
    StaffServices,
    SigningInServices,
    JobsServices,
    EventsServices,
    AuditServices,
):
    """What resolvers call: the rules, over the repositories of the same unit of work."""

    repositories: Repositories

    def __init__(
        self,
        uow: UnitOfWork,
        viewer: Viewer,
        clock: Clock,
        ports: Ports | None = None,
        origin: Origin = Origin(),
    ) -> None:
        super().__init__(uow, viewer, clock, ports, origin)
        self.repositories = Repositories(uow, viewer, clock)
