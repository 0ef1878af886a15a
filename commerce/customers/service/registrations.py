"""Making an account, and proving that its address is one's own.

Nothing that a stranger can see depends on whether an address has an account: asking only puts a
message into the queue, and what it becomes is decided when it is sent.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from commerce.core.attempts import HOUR, Guess
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.emails import email_of
from commerce.core.limiter import Rate
from commerce.core.problems import Problem
from commerce.customers.kinds import MarketingChannel
from commerce.customers.repository.accounts import AccountRepository
from commerce.customers.repository.consents import ConsentRepository
from commerce.customers.rules.accounts import registration_of
from commerce.customers.rules.extra_fields import ExtraValue
from commerce.customers.service.callers import Caller
from commerce.customers.service.extra_fields import ExtraFieldService
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.identity.passwords import Passwords
from commerce.identity.ports import Account
from commerce.identity.problems import invalid_token
from commerce.identity.service.purpose_tokens import PurposeTokenService
from commerce.notifications.messages import Mail
from commerce.notifications.service import NotificationQueue

REGISTRATION: Final = Guess(
    Rate("registration.caller", 20, HOUR), Rate("registration.account", 5, HOUR)
)
VALID_FOR: Final = timedelta(hours=24)
REGISTRATION_SOURCE: Final = "registration"
REGISTERED: Final = "customer_registration"
RESEND: Final = "customer_verification"


class RegistrationService:
    def __init__(
        self,
        uow: UnitOfWork,
        accounts: AccountRepository,
        consents: ConsentRepository,
        fields: ExtraFieldService,
        caller: Caller,
        passwords: Passwords,
        tokens: PurposeTokenService,
        notifications: NotificationQueue,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._consents = consents
        self._fields = fields
        self._caller = caller
        self._passwords = passwords
        self._tokens = tokens
        self._notifications = notifications
        self._clock = clock

    async def register(
        self, given: Mapping[str, Any], extra: Sequence[ExtraValue] = ()
    ) -> Problem | None:
        """Ask for an account. Call it outside of transactions: hashing takes a while."""
        wanted = registration_of(given, await self._fields.by_key(), extra)
        if isinstance(wanted, Problem):
            return wanted
        refused = await self._caller.may_try(REGISTRATION, wanted.email)
        if refused is not None:
            return refused
        await self._uow.release()
        hashed = await self._passwords.hash(wanted.password)
        data = {
            "email": wanted.email,
            "password_hash": hashed,
            "values": dict(wanted.values),
            "accepts_marketing": wanted.accepts_marketing,
            "at": self._clock().isoformat(),
        }
        await self._notifications.add(REGISTERED, data)
        return None

    async def resend(self, email: str) -> Problem | None:
        """Ask for another link to prove an address with."""
        address = email_of(email, "email")
        if isinstance(address, Problem):
            return address
        refused = await self._caller.may_try(REGISTRATION, address)
        if refused is None:
            await self._notifications.add(RESEND, {"email": address})
        return refused

    async def registered(self, data: Mapping[str, Any]) -> Mail | None:
        """What somebody who registered is written: a link, or that there is an account.

        It goes to the address as the account has it: only most servers take no heed of case.
        """
        values = {**data["values"], "password_hash": data["password_hash"]}
        at = datetime.fromisoformat(data["at"])
        account = await self._accounts.register(data["email"], values, at)
        if account is None:
            known = await self._accounts.by_email(data["email"])
            return None if known is None else Mail("account_exists", known.email, known.locale)
        return await self._link(account, data["accepts_marketing"])

    async def resent(self, data: Mapping[str, Any]) -> Mail | None:
        """Another link, for an account that waits for it; nobody else is written to.

        Whoever agreed to marketing under the first link is asked anew: a wish that nobody has
        confirmed is not kept.
        """
        account = await self._accounts.unproven(data["email"])
        if account is None or account.password_hash is None:
            return None
        return await self._link(account, accepts_marketing=False)

    async def verify(self, token: str) -> Problem | None:
        """Prove an address by the link that was sent there; its password works from now on."""
        redeemed = await self._tokens.redeem(Purpose.VERIFY_EMAIL, token)
        if isinstance(redeemed, Problem):
            return redeemed
        account = await self._accounts.prove(redeemed.holder.id, self._clock())
        if account is None or not redeemed.matches(_bound(account)):
            return invalid_token("token")
        if redeemed.data.get("accepts_marketing"):
            said = {MarketingChannel.EMAIL: True}
            await self._consents.note(account.id, said, REGISTRATION_SOURCE)
            await self._consents.show(account.id, MarketingChannel.EMAIL, granted=True)
        return None

    async def _link(self, account: Account, accepts_marketing: bool) -> Mail:
        token = await self._tokens.issue(
            Purpose.VERIFY_EMAIL,
            Holder(Audience.STOREFRONT, account.id),
            _bound(account),
            VALID_FOR,
            {"accepts_marketing": accepts_marketing},
        )
        context = {"token": token, "valid_for": VALID_FOR}
        return Mail("email_verification", account.email, account.locale, context)


def _bound(account: Account) -> str:
    """A link proves one address, and takes the password that was chosen with it into use."""
    return f"{account.email}\n{account.password_hash}"
