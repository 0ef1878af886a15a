"""Repositories and services of one unit of work, each built when it is first used."""

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.origin import Origin
from commerce.core.viewer import Viewer
from commerce.wiring.audit import AuditRepositories, AuditServices
from commerce.wiring.customers import CustomersRepositories, CustomersServices
from commerce.wiring.oauth import OAuthRepositories, OAuthServices
from commerce.wiring.ports import Ports
from commerce.wiring.privacy import PrivacyRepositories, PrivacyServices
from commerce.wiring.selling import SellingRepositories, SellingServices
from commerce.wiring.signing_in import SigningInRepositories, SigningInServices
from commerce.wiring.staff import StaffServices

__all__ = ["Ports", "Repositories", "Services"]


class Repositories(
    SellingRepositories,
    CustomersRepositories,
    OAuthRepositories,
    PrivacyRepositories,
    SigningInRepositories,
    AuditRepositories,
):
    """SQL, as one viewer sees the data."""


class Services(
    SellingServices,
    CustomersServices,
    OAuthServices,
    StaffServices,
    PrivacyServices,
    SigningInServices,
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
