"""Staff letting a client in."""

from commerce.core.attempts import SIGN_IN, Attempts
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import Problem
from commerce.identity.kinds import Audience
from commerce.identity.ports import Account, Accounts
from commerce.identity.problems import InvalidCredentials
from commerce.identity.service.signing_in import SignInService, attempted
from commerce.oauth.protocol import Asked, Reply
from commerce.oauth.service.granting import GrantingService


class ConsentService:
    """Consent takes a password each time: there is no session that a page could misuse."""

    def __init__(
        self,
        uow: UnitOfWork,
        granting: GrantingService,
        signing_in: SignInService,
        staff: Accounts,
        attempts: Attempts,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._granting = granting
        self._signing_in = signing_in
        self._staff = staff
        self._attempts = attempts
        self._clock = clock

    async def allow(self, asked: Asked, email: str, password: str) -> Reply | Problem:
        """The redirect with a code. Attempts count as those of signing in do."""
        account = await self._signing_in.proven(Audience.STAFF, email, password)
        if isinstance(account, Problem):
            return account
        answer = await self._uow.transact(
            lambda: self._answer(asked, account),
            keep=lambda answer: not isinstance(answer, Problem),
        )
        if not isinstance(answer, Problem):
            await self._attempts.forget(SIGN_IN, attempted(Audience.STAFF, email))
        return answer

    async def deny(self, asked: Asked) -> Reply:
        """The redirect that says so."""
        return await self._granting.answer(asked, None)

    async def _answer(self, asked: Asked, account: Account) -> Reply | Problem:
        proven = account.password_hash or ""
        if not await self._staff.confirm(account.id, proven, self._clock()):
            return InvalidCredentials("The e-mail address or the password is wrong.")
        return await self._granting.answer(asked, account.id)
