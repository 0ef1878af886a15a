"""Choosing a new password, with the old one or with a link in a mail."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from commerce.core.attempts import PASSWORD_RESET, SIGN_IN, Attempts
from commerce.core.callers import caller_of
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.emails import email_of
from commerce.core.origin import Origin
from commerce.core.problems import Problem, UnauthenticatedError
from commerce.core.viewer import Viewer
from commerce.identity.kinds import Audience, Holder, Purpose
from commerce.identity.passwords import Passwords
from commerce.identity.ports import Account, Accounts
from commerce.identity.problems import InvalidCredentials, invalid_token
from commerce.identity.rules.passwords import password_flaw
from commerce.identity.service.purpose_tokens import PurposeTokenService, Redeemed
from commerce.identity.service.sessions import SessionService
from commerce.identity.service.signing_in import attempted
from commerce.identity.visibility import holder_of
from commerce.notifications.messages import Mail
from commerce.notifications.service import NotificationQueue

RESET: Final = "password_reset"
CHANGED: Final = "password_changed"
RESET_LIFETIME: Final = timedelta(hours=1)


class PasswordService:
    def __init__(
        self,
        uow: UnitOfWork,
        accounts: Mapping[Audience, Accounts],
        sessions: SessionService,
        purpose_tokens: PurposeTokenService,
        notifications: NotificationQueue,
        passwords: Passwords,
        attempts: Attempts,
        clock: Clock,
        viewer: Viewer,
        origin: Origin,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._sessions = sessions
        self._purpose_tokens = purpose_tokens
        self._notifications = notifications
        self._passwords = passwords
        self._attempts = attempts
        self._clock = clock
        self._viewer = viewer
        self._caller = caller_of(viewer, origin.address)

    async def request_reset(self, audience: Audience, email: str) -> Problem | None:
        """Have a link mailed, if there is such an account.

        That is found out when the mail is to be sent: here known and unknown addresses cost the
        same one row.
        """
        address = email_of(email, "email")
        if isinstance(address, Problem):
            return address
        account = attempted(audience, address)
        refused = await self._attempts.allow(PASSWORD_RESET, self._caller, account)
        if refused is None:
            await self._notifications.add(RESET, {"email": address, "audience": audience.value})
        return refused

    async def reset(self, token: str, password: str) -> Problem | None:
        """Write a new password by a mailed token, and end every session.

        Call it outside of transactions. A token that is good is used up only with a good password.
        """
        flaw = password_flaw(password, ("password",))
        if flaw is not None:
            return flaw
        seen = await self._purpose_tokens.peek(Purpose.RESET_PASSWORD, token)
        if isinstance(seen, Problem):
            return seen
        new_hash = await self._hashed(password)
        return await self._uow.transact(lambda: self._reset(token, new_hash), keep=_no_problem)

    async def change(self, current: str, new: str) -> Problem | None:
        """Write a new password for the viewer, and end their other sessions.

        Call it outside of transactions.
        """
        holder = holder_of(self._viewer)
        if holder is None:
            raise UnauthenticatedError("Sign in first.")
        flaw = password_flaw(new, ("new_password",))
        account = await self._accounts[holder.audience].by_id(holder.id)
        if flaw is not None or account is None:
            return flaw or _wrong()
        tried = attempted(holder.audience, account.email)
        refused = await self._attempts.allow(SIGN_IN, self._caller, tried)
        await self._uow.release()
        if refused is not None or not await self._passwords.verify(account.password_hash, current):
            return refused or _wrong()
        await self._attempts.forget(SIGN_IN, tried)
        new_hash = await self._hashed(new)
        return await self._uow.transact(
            lambda: self._change(holder, account, new_hash), keep=_no_problem
        )

    async def reset_mail(self, data: Mapping[str, Any]) -> Mail | None:
        """The mail that was asked for; None when there is nobody to send it to."""
        audience = Audience(data["audience"])
        account = await self._accounts[audience].by_email(data["email"])
        if account is None or not account.active:
            return None
        token = await self.issue_reset(Holder(audience, account.id), account)
        context = {"token": token, "valid_for": RESET_LIFETIME}
        return Mail(RESET, account.email, account.locale, context)

    async def issue_reset(self, holder: Holder, account: Account) -> str:
        """A token that replaces the password the account has now, and no later one, as long as
        its address is the one that gets the link.
        """
        return await self._purpose_tokens.issue(
            Purpose.RESET_PASSWORD, holder, _bound(account), RESET_LIFETIME
        )

    async def changed_mail(self, data: Mapping[str, Any]) -> Mail | None:
        """The notice that a password was changed."""
        account = await self._accounts[Audience(data["audience"])].by_id(data["id"])
        return None if account is None else Mail(CHANGED, account.email, account.locale)

    async def _reset(self, token: str, new_hash: str) -> Problem | None:
        redeemed = await self._purpose_tokens.redeem(Purpose.RESET_PASSWORD, token)
        if isinstance(redeemed, Problem):
            return redeemed
        holder = redeemed.holder
        account = await self._accounts[holder.audience].by_id(holder.id)
        if account is None or not _still_meant(redeemed, account):
            return invalid_token("token")
        if not await self._store(holder, account, new_hash, by_mail=True):
            return invalid_token("token")
        await self._sessions.revoke_all(holder)
        await self._attempts.forget(SIGN_IN, attempted(holder.audience, account.email))
        return None

    async def _change(self, holder: Holder, account: Account, new_hash: str) -> Problem | None:
        if not await self._store(holder, account, new_hash):
            return _wrong()
        await self._sessions.revoke_all(holder, but=self._viewer.session_id)
        return None

    async def _store(
        self, holder: Holder, account: Account, new_hash: str, *, by_mail: bool = False
    ) -> bool:
        """Write the hash unless the password was changed meanwhile, and tell the holder."""
        stored = await self._accounts[holder.audience].store_password(
            account.id, new_hash, self._clock(), replacing=account.password_hash, by_mail=by_mail
        )
        if stored:
            await self._purpose_tokens.void(holder, Purpose.RESET_PASSWORD)
            customer_id = holder.id if holder.audience is Audience.STOREFRONT else None
            data = {"audience": holder.audience.value, "id": holder.id}
            await self._notifications.add(CHANGED, data, customer_id)
        return stored

    async def _hashed(self, password: str) -> str:
        """No connection is held meanwhile."""
        await self._uow.release()
        return await self._passwords.hash(password)


def _still_meant(redeemed: Redeemed, account: Account) -> bool:
    return account.active and redeemed.matches(_bound(account))


def _bound(account: Account) -> str:
    return f"{account.email}\n{account.password_hash or ''}"


def _wrong() -> InvalidCredentials:
    return InvalidCredentials("The password is wrong.", ("current_password",))


def _no_problem(answer: Problem | None) -> bool:
    return answer is None
