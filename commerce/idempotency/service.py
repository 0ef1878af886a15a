"""Calls that are done once, however often they are sent."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final

from commerce.core.batches import in_batches
from commerce.core.call import Call
from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import Viewer
from commerce.idempotency.problems import InFlightError, KeyReusedError
from commerce.idempotency.repository import Claim, IdempotencyRepository
from commerce.idempotency.rules import KEPT, LEASE, owner_of
from commerce.idempotency.seal import CallSeal

OWNER_BYTES: Final = 16
LETTING_GO: Final = 1.0  # seconds; after that the lease has to run out

Work = Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Asked:
    """`request` is all that was asked for; under one key it must stay the same.

    `steps` says that the call runs transactions of its own. It is idempotent by itself then: when
    its owner dies in between, it is run again.
    """

    key: str = field(repr=False)
    action: str
    request: bytes = field(repr=False)
    steps: bool = False
    kept: timedelta = KEPT


@dataclass(frozen=True, slots=True)
class Answered:
    answer: bytes
    replayed: bool = False


class IdempotencyService:
    def __init__(
        self,
        uow: UnitOfWork,
        keys: IdempotencyRepository,
        seal: CallSeal,
        call: Call,
        viewer: Viewer,
        address: str,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._keys = keys
        self._seal = seal
        self._call = call
        self._viewer = viewer
        self._address = address
        self._clock = clock

    async def once(self, asked: Asked, work: Work) -> Answered:
        """What `work` answers, or answered when it was asked the same under this key before.

        Without `steps` it runs in one transaction that ends with storing the answer: there is
        both, or neither. What it refuses or raises is not stored. Raises `InFlightError` and
        `KeyReusedError`; call it outside of transactions. Two statements more than `work` alone
        needs, and two instead of it.
        """
        owner = owner_of(self._viewer, self._address)
        claim = Claim(self._seal.name(owner, asked.key), secrets.token_bytes(OWNER_BYTES))
        before = await self._claim(asked, claim)
        if before is not None:
            return Answered(self._seal.open(asked.key, before), replayed=True)
        do = self._in_steps if asked.steps else self._in_one_transaction
        try:
            answer = await do(asked, claim, work)
            if self._call.refused:
                await self._keys.release(claim)
            return Answered(answer)
        except BaseException:  # also when the request is cancelled
            await self._let_go(asked, claim)
            raise
        finally:
            self._call.end()

    async def forget_expired(self) -> int:
        """Remove what no caller can ask for any more: how many calls."""
        return await in_batches(partial(self._keys.remove_expired, self._clock()))

    async def _claim(self, asked: Asked, claim: Claim) -> bytes | None:
        """None for a call that is the claimer's to do, else its sealed answer."""
        now, request = self._clock(), self._seal.request(claim.name, asked.request)
        terms: dict[str, Any] = {
            "lease_until": now + LEASE,
            "expires_at": now + asked.kept,
            "customer_id": self._viewer.customer_id,
        }
        if await self._keys.claim(claim, request, now, **terms):
            return None
        found = await self._keys.find(claim.name)
        if found is not None and not secrets.compare_digest(found.request_digest, request):
            raise KeyReusedError
        if found is None or found.answer is None:  # released just now, or in flight
            raise InFlightError
        answer: bytes = found.answer
        return answer

    async def _in_one_transaction(self, asked: Asked, claim: Claim, work: Work) -> bytes:
        async def whole() -> bytes:
            self._call.begin(claim.name.hex())
            answer = await work()
            if not self._call.refused:
                await self._keep(asked, claim, answer)
            return answer

        self._uow.stamp = self._uow.stamp.doing(asked.action)
        return await self._uow.transact(whole, keep=lambda _answer: not self._call.refused)

    async def _in_steps(self, asked: Asked, claim: Claim, work: Work) -> bytes:
        self._call.begin(claim.name.hex())
        answer = await work()
        if not self._call.refused:
            await self._keys.keep(claim, self._seal.close(asked.key, answer))
        return answer

    async def _keep(self, asked: Asked, claim: Claim, answer: bytes) -> None:
        """Raises `InFlightError` when another one has taken over, so that nothing is done here."""
        if not await self._keys.keep(claim, self._seal.close(asked.key, answer)):
            raise InFlightError

    async def _let_go(self, asked: Asked, claim: Claim) -> None:
        """What was in one transaction was not done, unless its answer is stored."""
        with suppress(Exception):
            async with asyncio.timeout(LETTING_GO):
                if asked.steps:
                    await self._keys.leave(claim, self._clock())
                else:
                    await self._keys.release(claim)
