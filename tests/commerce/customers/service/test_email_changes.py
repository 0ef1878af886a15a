"""Moving an account: how often it may be asked for, and by whom."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from commerce.core.attempts import Attempts, TooManyAttempts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.problems import UnauthenticatedError
from commerce.core.viewer import SYSTEM
from commerce.identity.problems import InvalidCredentials
from commerce.wiring import Services
from tests.support.customers import make_customer, viewer_of
from tests.support.limiters import Counted
from tests.support.services import PORTS, SECRET


async def test_a_customer_guesses_ten_times_an_hour_at_the_password(uow: UnitOfWork) -> None:
    customer = await make_customer(uow)
    counted = Counted()
    ports = replace(PORTS, attempts=Attempts(counted.limiter, SECRET))
    services = Services(uow, viewer_of(customer), system_clock, ports)
    request = services.email_changes.request
    for _ in range(10):
        assert isinstance(await request("new@shop.example", "wrong one"), InvalidCredentials)
    assert isinstance(await request("new@shop.example", "wrong one"), TooManyAttempts)
    assert await uow.scalar(text("SELECT count(*) FROM outgoing_messages")) == 0
    counted.clock.pass_(3_601)
    assert isinstance(await request("new@shop.example", "wrong one"), InvalidCredentials)


async def test_only_customers_move_their_account(uow: UnitOfWork) -> None:
    services = Services(uow, SYSTEM, system_clock, PORTS)
    with pytest.raises(UnauthenticatedError):
        await services.email_changes.request("new@shop.example", "whatever it is")


async def test_a_message_for_who_was_blocked_meanwhile_is_not_sent(uow: UnitOfWork) -> None:
    customer = await make_customer(uow, blocked_at=text("now()"))
    services = Services(uow, SYSTEM, system_clock, PORTS)
    data = {"customer_id": customer.id, "email": "new@shop.example"}
    assert await services.email_changes.asked(data) is None
