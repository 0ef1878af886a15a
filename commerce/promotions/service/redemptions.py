"""Counting uses of promotions: claimed by a cart, kept by its order, given back when canceled."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from commerce.core.db import UnitOfWork
from commerce.core.locks import Rank
from commerce.pricing.rules.eligible import Reason
from commerce.promotions.kinds import RedemptionState
from commerce.promotions.problems import CouponRejected
from commerce.promotions.repository.redemptions import RedemptionRepository, RedemptionRow
from commerce.promotions.rules.buyers import digest_of
from commerce.promotions.rules.claims import CouponUse, claims_of
from commerce.promotions.rules.rejections import rejected

Rows = Mapping[Any, Any]


class RedemptionService:
    """Runs in the caller's transaction, which has locked the cart or is about to lock the order.

    Everything but `attach` takes locks of the rank of promotions: call it before locking orders.
    """

    def __init__(self, uow: UnitOfWork, redemptions: RedemptionRepository) -> None:
        self._uow = uow
        self._redemptions = redemptions

    async def claim(
        self, cart_id: int, uses: Sequence[CouponUse], buyer: str | None
    ) -> CouponRejected | None:
        """Have the cart hold one use of each promotion, and none of any other.

        What it holds already is not counted again. With an answer the transaction is to be
        rolled back.
        """
        self._uow.hold(Rank.PROMOTION)
        digest = digest_of(buyer)
        claims = claims_of(await self._redemptions.held(cart_id), uses, digest)
        promotions, coupons = await self._locked(claims.fresh, claims.stale)
        if claims.stale:
            await self._redemptions.end([row.id for row in claims.stale])
            await self._redemptions.uncount(claims.stale)
        owner = {"cart_id": cart_id, "order_id": None, "state": RedemptionState.HELD}
        return await self._take(claims.fresh, promotions, coupons, digest, owner)

    async def redeem(
        self, order_id: int, uses: Sequence[CouponUse], buyer: str | None
    ) -> CouponRejected | None:
        """Have an order that no cart stands behind use each promotion once.

        Asked again it would count again: lock the order afterwards, and see that it was not placed
        meanwhile. With an answer the transaction is to be rolled back.
        """
        self._uow.hold(Rank.PROMOTION)
        promotions, coupons = await self._locked(uses, ())
        owner = {"cart_id": None, "order_id": order_id, "state": RedemptionState.REDEEMED}
        return await self._take(uses, promotions, coupons, digest_of(buyer), owner)

    async def attach(self, cart_id: int, order_id: int) -> None:
        """What the cart, which is locked, has claimed is its order's from here on."""
        await self._redemptions.attach(cart_id, order_id)

    async def release(self, cart_id: int) -> None:
        """Give back what the cart holds: no order came of it."""
        self._uow.hold(Rank.PROMOTION)
        await self._give_back(await self._redemptions.end_of_cart(cart_id))

    async def give_back(self, order_id: int) -> None:
        """Give back what a canceled order had used; a second time there is nothing left."""
        self._uow.hold(Rank.PROMOTION)
        await self._give_back(await self._redemptions.end_of_order(order_id))

    async def _give_back(self, ended: Sequence[RedemptionRow]) -> None:
        if ended:
            await self._locked((), ended)
            await self._redemptions.uncount(ended)

    async def _take(
        self,
        uses: Sequence[CouponUse],
        promotions: Rows,
        coupons: Rows,
        digest: bytes | None,
        owner: Mapping[str, Any],
    ) -> CouponRejected | None:
        """Count what is locked, and write down whose uses they are."""
        if not uses:
            return None
        problem = _unclaimable(uses, promotions, coupons, digest)
        problem = problem or await self._count(uses, promotions, coupons, digest)
        if problem is None:
            rows = [{**_redemption(use, coupons, digest), **owner} for use in uses]
            await self._redemptions.hold(rows)
        return problem

    async def _locked(
        self, fresh: Sequence[CouponUse], ended: Sequence[RedemptionRow]
    ) -> tuple[Rows, Rows]:
        """The promotions, by id, and then the coupons, by key."""
        if not fresh and not ended:
            return {}, {}
        ids = {use.promotion_id for use in fresh} | {row.promotion_id for row in ended}
        promotions = await self._redemptions.locked_promotions(ids)
        keys = {use.code_key for use in fresh if use.code_key is not None}
        coupon_ids = {row.coupon_id for row in ended if row.coupon_id is not None}
        if not keys and not coupon_ids:
            return promotions, {}
        return promotions, await self._redemptions.locked_coupons(keys, coupon_ids)

    async def _count(
        self, uses: Sequence[CouponUse], promotions: Rows, coupons: Rows, digest: bytes | None
    ) -> CouponRejected | None:
        ids = [use.promotion_id for use in uses]
        counted = await self._redemptions.count_promotions(ids)
        full = next((promotions[id_].usage_limit for id_ in ids if id_ not in counted), None)
        if full is None and coupons:
            full = await self._count_coupons(uses, coupons)
        if full is None and digest is not None:
            counted = await self._redemptions.count_buyer(ids, digest)
            full = next(
                (promotions[id_].per_customer_limit for id_ in ids if id_ not in counted), None
            )
        return None if full is None else rejected(Reason.USED_UP, Decimal(full))

    async def _count_coupons(self, uses: Sequence[CouponUse], coupons: Rows) -> int | None:
        """The limit of a coupon that was used up, if there is one."""
        wanted = [coupons[use.code_key] for use in uses if use.code_key is not None]
        counted = await self._redemptions.count_coupons([row.id for row in wanted])
        return next((row.usage_limit for row in wanted if row.id not in counted), None)


def _unclaimable(
    uses: Sequence[CouponUse], promotions: Rows, coupons: Rows, digest: bytes | None
) -> CouponRejected | None:
    """Why one of the uses is not to be had any more; between pricing and now much can happen."""
    for use in uses:
        promotion = promotions.get(use.promotion_id)
        if promotion is None or not promotion.active or promotion.archived_at is not None:
            return rejected(Reason.UNKNOWN_CODE, None)
        coupon = coupons.get(use.code_key)
        gone = coupon is None or not coupon.active or coupon.promotion_id != use.promotion_id
        if use.code_key is not None and gone:
            return rejected(Reason.UNKNOWN_CODE, None)
        if promotion.per_customer_limit is not None and digest is None:
            return rejected(Reason.CUSTOMER, Decimal(promotion.per_customer_limit))
    return None


def _redemption(use: CouponUse, coupons: Rows, digest: bytes | None) -> dict[str, Any]:
    coupon = None if use.code_key is None else coupons[use.code_key]
    return {
        "promotion_id": use.promotion_id,
        "coupon_id": None if coupon is None else coupon.id,
        "code": "" if coupon is None else coupon.code,
        "buyer_sha256": digest,
        "amount": use.amount,
    }
