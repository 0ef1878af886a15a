"""A server that kills itself at a named point: `python -m ... POINT TIMES MANNERS`.

It dies when a request comes to the point for the TIMES-th time. A hasty one asks about payments in
doubt soon, and often. Others have a guard removed: a forgetful one never asks, an unlocked one does
not lock carts.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextvars import ContextVar
from datetime import timedelta
from typing import Any, Final

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import commerce.app
import commerce.orders.rules.placing
import commerce.orders.service.reconciling
from commerce.app import server_process
from commerce.chores import CHORES, SCHEDULED, Chore
from commerce.core.locks import Rank
from commerce.http.server import serve
from commerce.orders.service.order_payments import OrderPaymentService
from commerce.orders.service.settling import SettlingService
from commerce.payments.providers import Providers
from commerce.settings import Settings, settings_from_process
from tests.support.races import without_locks

# The points, in the order in which a purchase comes to them.
BEFORE_CALL: Final = "before the provider is called"
AFTER_CALL: Final = "after the provider call"
BEFORE_COMMIT: Final = "before the commit"
AFTER_COMMIT: Final = "after the commit"
BEFORE_REPLY: Final = "before the reply"
POINTS: Final = (BEFORE_CALL, AFTER_CALL, BEFORE_COMMIT, AFTER_COMMIT, BEFORE_REPLY)
NOWHERE: Final = "nowhere"

QUIET: Final = timedelta(seconds=1)
PACE: Final = 0.3  # seconds

# What the server does by itself comes to the same points.
in_request: ContextVar[bool] = ContextVar("in_request", default=False)


class Doom:
    def __init__(self, point: str, times: int) -> None:
        self._point = point
        self._left = times

    def pass_(self, point: str) -> None:
        if point == self._point and in_request.get():
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _before(owner: type, name: str, passing: Callable[[], None]) -> None:
    """Pass a point before each call of a method."""
    method = getattr(owner, name)

    async def called(*arguments: Any, **values: Any) -> Any:
        passing()
        return await method(*arguments, **values)

    setattr(owner, name, called)


def _after(owner: type, name: str, passing: Callable[[], None]) -> None:
    method = getattr(owner, name)

    async def called(*arguments: Any, **values: Any) -> Any:
        answer = await method(*arguments, **values)
        passing()
        return answer

    setattr(owner, name, called)


def build(settings: Settings) -> ASGIApp:
    """In the process that serves."""
    _, point, times, *manners = sys.argv
    doom = Doom(point, int(times))
    _before(Providers, "send", lambda: doom.pass_(BEFORE_CALL))
    _after(Providers, "send", lambda: doom.pass_(AFTER_CALL))
    _after(OrderPaymentService, "refreshed", lambda: doom.pass_(BEFORE_COMMIT))
    _after(SettlingService, "settle", lambda: doom.pass_(AFTER_COMMIT))
    if "hasty" in manners:
        commerce.orders.rules.placing.QUIET = QUIET  # type: ignore[misc]  # to wait less
        commerce.orders.service.reconciling.QUIET = QUIET  # type: ignore[misc,attr-defined]
        every = (*CHORES, *SCHEDULED)
        hasty = tuple(Chore(chore.name, PACE, chore.run) for chore in every)
        commerce.app.CHORES = hasty  # type: ignore[attr-defined]
    if "forgetful" in manners:
        commerce.app.CHORES = ()  # type: ignore[attr-defined]
    if "unlocked" in manners:
        without_locks(pytest.MonkeyPatch(), Rank.CART)
    server = server_process(settings)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                doom.pass_(BEFORE_REPLY)
            await send(message)

        in_request.set(scope["type"] == "http")
        await server(scope, receive, sent if scope["type"] == "http" else send)

    return app


if __name__ == "__main__":
    settings = settings_from_process().changed({"port": 0})
    sys.exit(serve(settings, "tests.support.buying_process:build"))
