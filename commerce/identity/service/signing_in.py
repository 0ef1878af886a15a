"""Signing in with a password."""

from collections.abc import Mapping
from typing import Final

from commerce.audit.service import AuditService
from commerce.core.attempts import SIGN_IN, Attempts
from commerce.core.callers import caller_of
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.emails import email_of
from commerce.core.origin import Origin
from commerce.core.problems import Problem
from commerce.core.viewer import Viewer
from commerce.identity.kinds import Audience, Holder
from commerce.identity.passwords import Passwords
from commerce.identity.ports import Account, Accounts
from commerce.identity.problems import InvalidCredentials
from commerce.identity.service.sessions import IssuedSession, SessionService

# What the audit log calls those who sign in.
PEOPLE: Final = {Audience.STAFF: "StaffMember", Audience.STOREFRONT: "Customer"}


class SignInService:
    """Whether an address is known cannot be told from an answer, nor from how long it takes."""

    def __init__(
        self,
        uow: UnitOfWork,
        accounts: Mapping[Audience, Accounts],
        sessions: SessionService,
        passwords: Passwords,
        attempts: Attempts,
        audit: AuditService,
        clock: Clock,
        viewer: Viewer,
        origin: Origin,
    ) -> None:
        self._uow = uow
        self._accounts = accounts
        self._sessions = sessions
        self._passwords = passwords
        self._attempts = attempts
        self._audit = audit
        self._clock = clock
        self._viewer = viewer
        self._origin = origin

    async def sign_in(
        self, audience: Audience, email: str, password: str, *, lasting: bool = False
    ) -> IssuedSession | Problem:
        """A new session for the right password. Call it outside of transactions."""
        account = await self.proven(audience, email, password)
        if isinstance(account, Problem):
            return account
        anew = await self._hashed_anew(account, password)
        opened = await self._uow.transact(
            lambda: self._open(Holder(audience, account.id), account, anew, lasting=lasting),
            keep=lambda answer: not isinstance(answer, Problem),
        )
        if not isinstance(opened, Problem):
            await self._attempts.forget(SIGN_IN, attempted(audience, account.email))
        return opened

    async def proven(self, audience: Audience, email: str, password: str) -> Account | Problem:
        """The active account with this address and password.

        It may have changed since: what follows from it is to `confirm` it first. The attempt is
        counted before anything else is done, and no connection is held while a hash is made.
        """
        caller = caller_of(self._viewer, self._origin.address)
        address = _spelled(email)
        refused = await self._attempts.allow(SIGN_IN, caller, attempted(audience, address))
        if refused is not None:
            return refused
        found = await self._accounts[audience].by_email(address)
        account = found if found is not None and found.active else None
        await self._uow.release()
        stored = None if account is None else account.password_hash
        right = await self._passwords.verify(stored, password)
        if account is not None and right:
            return account
        # Whether or not there is such an account: the time must not tell.
        await self._audit.note(
            "signIn", PEOPLE[audience], None if found is None else found.id, succeeded=False
        )
        return _wrong()

    async def _hashed_anew(self, account: Account, password: str) -> str | None:
        """The hash with today's parameters, if the stored one has others."""
        if not self._passwords.needs_rehash(account.password_hash or ""):
            return None
        return await self._passwords.hash(password)

    async def _open(
        self, holder: Holder, account: Account, anew: str | None, *, lasting: bool
    ) -> IssuedSession | Problem:
        accounts, proven, now = (
            self._accounts[holder.audience],
            account.password_hash,
            self._clock(),
        )
        if proven is None or not await accounts.confirm(account.id, proven, now):
            return _wrong()
        if anew is not None:
            await accounts.store_password(account.id, anew, now, replacing=proven)
        await self._audit.note("signIn", PEOPLE[holder.audience], holder.id, succeeded=True)
        return await self._sessions.open(holder, lasting=lasting)


def attempted(audience: Audience, email: str) -> str:
    """The name under which attempts at an account are counted."""
    return f"{audience.value}:{email}"


def _spelled(email: str) -> str:
    """The address in the one form that accounts have, so that attempts at it are counted as one."""
    address = email_of(email)
    return email.strip() if isinstance(address, Problem) else address


def _wrong() -> InvalidCredentials:
    return InvalidCredentials("The e-mail address or the password is wrong.")
