"""Moving an account to another e-mail address."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from commerce.core.attempts import HOUR, Guess
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.emails import email_of
from commerce.core.limiter import Rate
from commerce.core.problems import Invalid, Problem, UnauthenticatedError
from commerce.core.viewer import Viewer
from commerce.customers.repository.accounts import AccountRepository
from commerce.customers.service.callers import Caller
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.identity.passwords import Passwords
from commerce.identity.problems import InvalidCredentials, invalid_token
from commerce.identity.service.purpose_tokens import PurposeTokenService
from commerce.identity.service.sessions import SessionService
from commerce.notifications.messages import Mail
from commerce.notifications.service import NotificationQueue

EMAIL_CHANGE: Final = Guess(Rate("email_change.caller", 10, HOUR))
VALID_FOR: Final = timedelta(hours=24)
ASKED: Final = "customer_email_change"
CHANGED: Final = "customer_email_changed"


class EmailChangeService:
    def __init__(
        self,
        uow: UnitOfWork,
        accounts: AccountRepository,
        viewer: Viewer,
        caller: Caller,
        passwords: Passwords,
        tokens: PurposeTokenService,
        sessions: SessionService,
        notifications: NotificationQueue,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._viewer = viewer
        self._caller = caller
        self._passwords = passwords
        self._tokens = tokens
        self._sessions = sessions
        self._notifications = notifications
        self._clock = clock

    async def request(self, new_email: str, password: str) -> Problem | None:
        """Have a link sent to the new address, whether or not another account has it.

        Call it outside of transactions: checking a password takes a while.
        """
        own = self._viewer.customer_id
        account = None if own is None else await self._accounts.by_id(own)
        if account is None:
            raise UnauthenticatedError("Only customers change their e-mail address.")
        address = email_of(new_email, "new_email")
        if isinstance(address, Problem):
            return address
        if address.lower() == account.email.lower():
            return Invalid("This is the account's address already.", ("new_email",))
        refused = await self._caller.may_try(EMAIL_CHANGE)
        if refused is not None:
            return refused
        await self._uow.release()
        if not await self._passwords.verify(account.password_hash, password):
            return InvalidCredentials("This is not the account's password.", ("password",))
        data = {"customer_id": account.id, "email": address}
        await self._notifications.add(ASKED, data, customer_id=account.id)
        return None

    async def asked(self, data: Mapping[str, Any]) -> Mail | None:
        """What the new address is written: a link, or that there is an account already."""
        account = await self._accounts.by_id(data["customer_id"])
        if account is None or not account.active:
            return None
        known = await self._accounts.by_email(data["email"])
        if known is not None and known.id != account.id:
            return Mail("account_exists", known.email, known.locale)
        token = await self._tokens.issue(
            Purpose.CHANGE_EMAIL,
            Holder(Audience.STOREFRONT, account.id),
            account.email,
            VALID_FOR,
            {"email": data["email"]},
        )
        context = {"token": token, "valid_for": VALID_FOR}
        return Mail("email_change", data["email"], account.locale, context)

    async def change(self, token: str) -> Problem | None:
        """Move the account by the link that was sent to its new address.

        Other links that went to the old address are void, and sessions but the caller's end.
        """
        redeemed = await self._tokens.redeem(Purpose.CHANGE_EMAIL, token)
        if isinstance(redeemed, Problem):
            return redeemed
        account = await self._accounts.by_id(redeemed.holder.id)
        if account is None or not redeemed.matches(account.email):
            return invalid_token("token")
        moved = await self._accounts.change_email(
            account.id, account.email, redeemed.data["email"], self._clock()
        )
        if moved is not True:
            return moved or invalid_token("token")
        await self._tokens.void(redeemed.holder)
        own = self._viewer.customer_id == account.id
        await self._sessions.revoke_all(
            redeemed.holder, but=self._viewer.session_id if own else None
        )
        notice = {"email": account.email, "locale": account.locale}
        await self._notifications.add(CHANGED, notice, customer_id=account.id)
        return None

    async def changed(self, data: Mapping[str, Any]) -> Mail:
        """The notice to the old address."""
        return Mail("email_changed", data["email"], data["locale"])
