"""Calls of the REST dialects that run several operations, done once for each key of a caller."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Final

from commerce.core.viewer import Viewer
from commerce.idempotency.rules import key_for
from commerce.idempotency.service import Asked
from commerce.rest.errors import RefusedError
from commerce.rest.route import Once, Work
from commerce.wiring import Services

ACTION: Final = "restCall"

ServicesFor = Callable[[Viewer], AbstractAsyncContextManager[Services]]


def once_for(services_for: ServicesFor) -> Once:
    """The operations have keys of their own, made of the caller's: a call that was cut off between
    them is run again, and does the rest."""

    async def once(viewer: Viewer, key: str, request: bytes, work: Work) -> tuple[bytes, bool]:
        refusals: list[RefusedError] = []
        async with services_for(viewer) as services:

            async def whole() -> bytes:
                await services.uow.release()
                try:
                    return await work()
                except RefusedError as refusal:
                    services.call.refused = True
                    refusals.append(refusal)
                    return b""

            asked = Asked(key_for(viewer, key), ACTION, request, steps=True)
            answered = await services.idempotency.once(asked, whole)
        if refusals:
            raise refusals[0]
        return answered.answer, answered.replayed

    return once
