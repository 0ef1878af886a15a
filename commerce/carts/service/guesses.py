"""How often strangers may try codes of coupons, on a cart or without one."""

from collections.abc import Iterable

from commerce.core.attempts import COUPON, TooManyAttempts
from commerce.core.viewer import Scope, Viewer
from commerce.customers.service.callers import Caller
from commerce.pricing.rules.eligible import Reason, Rejection


class CouponGuessService:
    def __init__(self, caller: Caller, viewer: Viewer) -> None:
        self._caller = caller
        self._viewer = viewer

    async def may_try(self) -> TooManyAttempts | None:
        """Not after too many codes that nobody knows. Who may read all coupons guesses none."""
        if self._viewer.may(Scope.READ_PROMOTIONS):
            return None
        return await self._caller.may_guess(COUPON)

    async def count(self, rejections: Iterable[Rejection]) -> None:
        """Each code that nobody knows is a guess; good ones may be asked for all day."""
        for rejection in rejections:
            if rejection.reason is Reason.UNKNOWN_CODE:
                await self._caller.may_try(COUPON)
