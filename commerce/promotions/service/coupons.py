"""Reading and changing coupons."""

from collections.abc import Sequence
from typing import Any, Final

from commerce.catalog.kinds import DeletedKind
from commerce.catalog.repository.tombstones import TombstoneRepository
from commerce.core.criteria import check_leaves
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem, version_conflict
from commerce.core.viewer import Viewer
from commerce.pricing.rules.eligible import normalised
from commerce.promotions.criteria import CouponWhere
from commerce.promotions.kinds import PromotionTrigger
from commerce.promotions.repository.coupons import CouponRepository, CouponRow
from commerce.promotions.repository.promotions import PromotionRepository
from commerce.promotions.rules.coupons import batch_digest, batch_flaw, coupon_flaw, new_codes

Values = dict[str, Any]

MISSING: Final = NotFound("There is no coupon with this id.", ("id",))


class CouponService:
    def __init__(
        self,
        promotions: PromotionRepository,
        coupons: CouponRepository,
        tombstones: TombstoneRepository,
        viewer: Viewer,
    ) -> None:
        self._promotions = promotions
        self._coupons = coupons
        self._tombstones = tombstones
        self._viewer = viewer

    async def by_code(self, code: str) -> CouponRow | None:
        check_leaves(code)
        return await self._coupons.by_code(normalised(code))

    async def by_external_id(self, external_id: str) -> CouponRow | None:
        check_leaves(external_id)
        return await self._coupons.by_external_id(external_id)

    async def page(self, where: CouponWhere, args: PageArgs) -> Page[CouponRow]:
        check_leaves(where)
        return await self._coupons.page(where, args)

    async def count(self, where: CouponWhere, limit: int | None) -> Count:
        check_leaves(where)
        return await self._coupons.count(where, limit)

    async def add(self, promotion_id: int, values: Values) -> CouponRow | Problem:
        flaw = coupon_flaw(values) or await self._no_coupons(promotion_id)
        return flaw or await self._coupons.add({"promotion_id": promotion_id, **_spelt(values)})

    async def add_many(
        self, promotion_id: int, count: int, prefix: str, values: Values, reference: str
    ) -> Sequence[CouponRow] | Problem:
        """Coupons with codes that nobody can guess; under the same reference they are made once."""
        flaw = (
            batch_flaw(count, prefix, reference)
            or coupon_flaw(values)
            or await self._no_coupons(promotion_id)
        )
        if flaw is not None:
            return flaw
        digest = batch_digest(promotion_id, count, prefix, values)
        batch = await self._coupons.claim(self._viewer.name, reference, digest)
        if isinstance(batch, Problem):
            return batch
        if batch.is_new:
            shared = {"promotion_id": promotion_id, "batch_id": batch.row.id, **values}
            await self._fill(count, prefix, shared)
        return await self._coupons.of_batch(batch.row.id)

    async def change(
        self, id_: int, values: Values, expected_version: int | None = None
    ) -> CouponRow | Problem:
        """Write the given values; how often it was used stays."""
        flaw = coupon_flaw(values)
        if flaw is not None:
            return flaw
        stored = await self._to_change(id_, expected_version)
        if isinstance(stored, Problem):
            return stored
        changes = {
            name: new for name, new in _spelt(values).items() if new != getattr(stored, name)
        }
        return await self._coupons.change(id_, changes) if changes else stored

    async def delete(self, id_: int, expected_version: int | None = None) -> int | Problem:
        """Orders that used it keep its code."""
        stored = await self._to_change(id_, expected_version)
        if isinstance(stored, Problem):
            return stored
        await self._coupons.remove(id_)
        await self._tombstones.add(DeletedKind.COUPON, [id_])
        return id_

    async def _to_change(self, id_: int, expected_version: int | None) -> CouponRow | Problem:
        stored = await self._coupons.to_change(id_)
        if stored is None:
            return MISSING
        return version_conflict("coupon", stored.version, expected_version) or stored

    async def _fill(self, count: int, prefix: str, shared: Values) -> None:
        """Codes that are taken already are drawn anew."""
        missing = count
        while missing:
            codes = new_codes(prefix, missing)
            rows = [_spelt({"code": code, **shared}) for code in codes]
            missing -= await self._coupons.add_new(rows)

    async def _no_coupons(self, promotion_id: int) -> Problem | None:
        """Why the promotion, which is locked from here on, can have no coupon."""
        promotion = await self._promotions.to_change(promotion_id)
        if promotion is None or promotion.archived_at is not None:
            return NotFound("There is no promotion with this id.", ("promotion_id",))
        if promotion.trigger is not PromotionTrigger.COUPON:
            return Invalid("This promotion applies by itself.", ("promotion_id",))
        return None


def _spelt(values: Values) -> Values:
    """With the key that the code is found by."""
    if "code" not in values:
        return values
    code = values["code"].strip()
    return {**values, "code": code, "code_key": normalised(code)}
