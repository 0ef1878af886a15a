"""Codes of coupons are guessed no faster without a cart than on one."""

from dataclasses import replace
from typing import Any

from commerce.carts.service.calculating import Question
from commerce.core.attempts import Attempts, TooManyAttempts
from commerce.core.clock import system_clock
from commerce.core.db import UnitOfWork
from commerce.core.places import Place
from commerce.core.problems import Problem
from commerce.core.viewer import ANONYMOUS, Scope, Viewer, ViewerKind
from commerce.integrations.rate_limits import memory_limiter
from commerce.wiring import Services
from tests.support.promotions import make_coupon
from tests.support.services import PORTS, SECRET

KEY = Viewer(ViewerKind.API_KEY, 1, frozenset({Scope.READ_PROMOTIONS}))


async def asked(uow: UnitOfWork, viewer: Viewer, rounds: int) -> list[Any]:
    """What is answered to so many questions, each with other five codes."""
    ports = replace(PORTS, attempts=Attempts(memory_limiter(system_clock), SECRET))
    service = Services(uow, viewer, system_clock, ports).cart_calculation
    questions = (
        Question([], Place(), [f"GUESS-{each}-{number}" for number in range(5)])
        for each in range(rounds)
    )
    return [await service.calculate(question) for question in questions]


async def test_each_code_that_nobody_knows_counts(uow: UnitOfWork) -> None:
    *answered, refused = await asked(uow, ANONYMOUS, 3)
    assert [len(one.result.rejections) for one in answered] == [5, 5]
    assert isinstance(refused, TooManyAttempts)


async def test_who_reads_all_coupons_guesses_none(uow: UnitOfWork) -> None:
    assert [len(one.result.rejections) for one in await asked(uow, KEY, 3)] == [5, 5, 5]


async def test_codes_that_are_known_do_not_count(uow: UnitOfWork) -> None:
    await make_coupon(uow, "GOOD")
    ports = replace(PORTS, attempts=Attempts(memory_limiter(system_clock), SECRET))
    service = Services(uow, ANONYMOUS, system_clock, ports).cart_calculation
    for _ in range(15):
        assert not isinstance(await service.calculate(Question([], Place(), ["good"])), Problem)
