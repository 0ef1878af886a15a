"""Hashing of passwords."""

import asyncio
from time import perf_counter
from typing import Any

import pytest

from commerce.core.problems import UnavailableError
from commerce.identity.passwords import Passwords
from commerce.identity.rules.passwords import password_flaw
from tests.support.staff import PASSWORD, password_hash


async def test_the_right_password_matches_and_no_other() -> None:
    passwords = Passwords()
    stored = await passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PASSWORD not in stored
    assert await passwords.verify(stored, PASSWORD)
    assert not await passwords.verify(stored, PASSWORD + " ")
    assert not await passwords.verify(None, PASSWORD)
    assert not await passwords.verify("not a hash", PASSWORD)
    assert not passwords.needs_rehash(stored)


async def test_no_hash_is_checked_as_long_as_one() -> None:
    passwords, stored = Passwords(), password_hash()
    seconds: dict[str | None, list[float]] = {None: [], stored: []}
    for _ in range(15):
        for hash_ in seconds:
            start = perf_counter()
            await passwords.verify(hash_, "a wrong one")
            seconds[hash_].append(perf_counter() - start)
    assert 0.5 < min(seconds[None]) / min(seconds[stored]) < 2


async def test_a_full_queue_refuses_and_empties_again(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = Passwords(threads=1, waiting=2)
    tries = [passwords.verify(None, "x") for _ in range(5)]
    answers: list[Any] = await asyncio.gather(*tries, return_exceptions=True)
    assert [isinstance(answer, UnavailableError) for answer in answers] == [
        False, False, False, True, True,
    ]  # fmt: skip
    assert await passwords.verify(password_hash(), PASSWORD)


@pytest.mark.parametrize(
    ("text", "good"),
    [("x" * 7, False), ("x" * 8, True), ("x" * 128, True), ("x" * 129, False), ("", False),
     ("e\u0301" * 7, False), ("e\u0301" * 128, True), ("🙂" * 8, True)],
)  # fmt: skip
def test_a_password_has_8_to_128_characters(text: str, good: bool) -> None:
    flaw = password_flaw(text, ("password",))
    assert (flaw is None) == good
    assert flaw is None or flaw.path == ("password",)
