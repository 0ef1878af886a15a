"""Gift cards and what was paid with them."""

from functools import cached_property

from commerce.customers.service.callers import Caller
from commerce.gift_cards.repository.balances import BalanceRepository
from commerce.gift_cards.repository.cards import GiftCardRepository
from commerce.gift_cards.repository.uses import UseRepository
from commerce.gift_cards.service.cards import GiftCardService
from commerce.gift_cards.service.mails import GiftCardMails
from commerce.gift_cards.service.uses import GiftCardUseService
from commerce.wiring.notifications import NotificationsRepositories, NotificationsServices
from commerce.wiring.store import StoreRepositories, StoreServices


class GiftCardsRepositories(StoreRepositories, NotificationsRepositories):
    @cached_property
    def gift_cards(self) -> GiftCardRepository:
        return GiftCardRepository(self._uow, self.sight)

    @cached_property
    def gift_card_balances(self) -> BalanceRepository:
        return BalanceRepository(self._uow)

    @cached_property
    def gift_card_uses(self) -> UseRepository:
        return UseRepository(self._uow)


class GiftCardsServices(StoreServices, NotificationsServices):
    repositories: GiftCardsRepositories

    @cached_property
    def gift_cards(self) -> GiftCardService:
        own = self.repositories
        return GiftCardService(
            own.gift_cards,
            own.gift_card_balances,
            self.ports.gift_card_codes,
            self.gift_card_mails,
            Caller(self.ports.attempts, self.viewer, self.origin),
            self.viewer,
            self.clock,
        )

    @cached_property
    def gift_card_mails(self) -> GiftCardMails:
        return GiftCardMails(self.notifications, self.store)

    @cached_property
    def gift_card_uses(self) -> GiftCardUseService:
        own = self.repositories
        return GiftCardUseService(
            self.uow, own.gift_card_balances, own.gift_card_uses, self.viewer.name, self.clock
        )
