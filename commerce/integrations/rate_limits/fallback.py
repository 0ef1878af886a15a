"""Keeps counting while the shared counter is away: each process for itself, and nobody waits."""

from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final, TypeVar

import structlog
from redis.exceptions import RedisError

from commerce.core.limiter import Allowance, Bucket, Rate, RateLimiter
from commerce.integrations.rate_limits.patience import PATIENCE, Patience

PAUSE: Final = 1.0  # seconds until the lost counter is asked again

log: Final = structlog.get_logger("commerce.rate_limits")

Answer = TypeVar("Answer")
Question = Callable[[RateLimiter], Awaitable[Answer]]


class SteadyRateLimiter:
    """Asks `shared`, and `own` while `shared` fails or is slow.

    After a failure one request a second tries again; the others do not wait for it.
    """

    def __init__(
        self,
        shared: RateLimiter,
        own: RateLimiter,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self._shared = shared
        self._own = own
        self._patience = Patience(patience)
        self._pause = pause
        self._lost = False
        self._ask_again_at = 0.0

    async def hit(self, rate: Rate, key: str) -> Allowance:
        return await self._ask(lambda limiter: limiter.hit(rate, key))

    async def look(self, rate: Rate, key: str) -> Allowance:
        return await self._ask(lambda limiter: limiter.look(rate, key))

    async def forget(self, rate: Rate, key: str) -> None:
        await self._ask(lambda limiter: limiter.forget(rate, key))

    async def take(self, bucket: Bucket, key: str, points: int) -> Allowance:
        return await self._ask(lambda limiter: limiter.take(bucket, key, points))

    async def give_back(self, bucket: Bucket, key: str, points: int) -> None:
        await self._ask(lambda limiter: limiter.give_back(bucket, key, points))

    async def _ask(self, question: Question[Answer]) -> Answer:
        if self._may_ask():
            trying_again = self._lost
            try:
                async with self._patience.wait():
                    answer = await question(self._shared)
            except (RedisError, OSError, TimeoutError) as error:
                self._note_loss(error)
            else:
                if trying_again:  # an answer to an older question says nothing of now
                    self._note_answer()
                return answer
        return await question(self._own)

    def _may_ask(self) -> bool:
        if not self._lost:
            return True
        now = monotonic()
        if now < self._ask_again_at:
            return False
        self._ask_again_at = now + self._pause  # whoever comes meanwhile is not to wait
        return True

    def _note_loss(self, error: Exception) -> None:
        self._ask_again_at = monotonic() + self._pause
        if not self._lost:
            self._lost = True
            # The class alone: messages of clients quote addresses.
            log.warning("rate_limit_store_lost", error=type(error).__name__)

    def _note_answer(self) -> None:
        if self._lost:
            self._lost = False
            log.info("rate_limit_store_back")
