"""Who is told of what happens."""

from collections.abc import Collection
from functools import cached_property

from commerce.events.repository.log import EventLog
from commerce.inventory.service.mails import StockMailService
from commerce.notifications.service.settings import NotificationSettingService
from commerce.orders.service.notices import NoticeService
from commerce.wiring.buying import BuyingRepositories, BuyingServices
from commerce.wiring.members import MembersRepositories, MembersServices


class NoticesRepositories(BuyingRepositories, MembersRepositories):
    """All that others have."""


class NoticesServices(BuyingServices, MembersServices):
    repositories: NoticesRepositories

    @cached_property
    def stock_mails(self) -> StockMailService:
        own = self.repositories
        return StockMailService(own.variants, own.products, own.locations)

    @cached_property
    def notices(self) -> NoticeService:
        own = self.repositories
        return NoticeService(
            EventLog(self.uow),
            self.notifications,
            own.notification_settings,
            own.orders,
            own.staff_members,
            self.store,
        )

    @cached_property
    def notification_settings(self) -> NotificationSettingService:
        return NotificationSettingService(
            self.repositories.notification_settings, self._known_staff, self.clock
        )

    async def _known_staff(self, ids: Collection[int]) -> Collection[int]:
        return await self.repositories.staff_members.by_ids(ids)
