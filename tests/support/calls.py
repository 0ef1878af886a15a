"""Calls under idempotency keys, and what they do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, text

from commerce.catalog.models import Brand
from commerce.core.db import OpenUnit
from commerce.core.origin import Origin
from commerce.core.viewer import Viewer, ViewerKind
from commerce.idempotency.service import Answered, Asked
from commerce.wiring import Services
from tests.support.services import PORTS

KEY = Viewer(ViewerKind.API_KEY, 1)
ASKED = Asked("order-17", "brandUpsert", b"add a brand")
STEPS = replace(ASKED, steps=True)


@dataclass
class Shop:
    """Brands are what calls do; `asked` is with whom the call reached the services."""

    open_unit: OpenUnit
    now: datetime = datetime(2026, 3, 1, tzinfo=UTC)
    asked: list[str | None] = field(default_factory=list)

    async def call(
        self,
        asked: Asked = ASKED,
        viewer: Viewer = KEY,
        *,
        refused: bool = False,
        raises: Exception | None = None,
        meanwhile: Callable[[], Any] | None = None,
        address: str = "",
        answer: bytes = b'{"brand": "canary"}',
    ) -> Answered:
        async with self.open_unit() as uow:
            origin = Origin(address)
            services = Services(uow, viewer, lambda: self.now, PORTS, origin)

            async def work() -> bytes:
                count = len(self.asked)
                self.asked.append(services.call.key)
                await uow.change(insert(Brand).values(name=f"B{count}", slug=f"b{count}"))
                services.call.refused = refused
                if meanwhile is not None:
                    await meanwhile()
                if raises is not None:
                    raise raises
                return answer

            try:
                return await services.idempotency.once(asked, work)
            finally:
                assert services.call.key is None

    async def brands(self) -> int:
        return await self.count("brands")

    async def count(self, table: str) -> int:
        async with self.open_unit() as uow:
            return int(await uow.scalar(text(f"SELECT count(*) FROM {table}")))

    async def forget(self) -> int:
        async with self.open_unit() as uow:
            return await Services(uow, KEY, lambda: self.now, PORTS).idempotency.forget_expired()
