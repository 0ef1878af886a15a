import asyncio
from collections.abc import Callable
from pathlib import Path

from commerce.integrations.embedded_postgres import EmbeddedPostgres
from tests.support.database_users import User, ask, is_gone, kill, seconds_until_answer
from tests.support.machine import within

StartUser = Callable[..., User]


async def test_two_that_start_at_once_make_one_server(folder: Path, start_user: StartUser) -> None:
    users = [start_user(folder), start_user(folder)]
    first, second = await asyncio.gather(*(user.answer() for user in users))
    assert first == second
    assert first["event"] == "ready"
    assert sorted(how_it_came(user) for user in users) == ["database adopted", "database started"]


async def test_without_locks_two_that_start_at_once_collide(
    folder: Path, start_user: StartUser
) -> None:
    users = [start_user(folder, "--without-locks") for _ in range(2)]
    answers = await asyncio.gather(*(user.answer() for user in users))
    assert "refused" in [answer["event"] for answer in answers]


async def test_the_last_user_stops_the_server(data_dir: Path, start_user: StartUser) -> None:
    first, second = start_user(data_dir), start_user(data_dir)
    answer = await first.answer()
    await second.answer()
    await first.stop()
    assert await ask(answer["url"], "SELECT 1") == 1
    await second.stop()
    assert is_gone(answer["pid"])


async def test_uncounted_a_user_stops_the_server_under_others(
    server: EmbeddedPostgres, data_dir: Path, start_user: StartUser
) -> None:
    pid = server.pid
    user = start_user(data_dir, "--uncounted")
    await user.answer()
    await user.stop()
    assert is_gone(pid)


async def test_a_killed_user_leaves_the_others_served(
    data_dir: Path, start_user: StartUser
) -> None:
    starter, other = start_user(data_dir), start_user(data_dir)
    answer = await starter.answer()
    await other.answer()
    starter.kill()
    assert await ask(answer["url"], "SELECT 1") == 1
    await other.stop()
    assert is_gone(answer["pid"])


async def test_a_server_left_by_killed_users_is_taken_over(
    data_dir: Path, start_user: StartUser
) -> None:
    user = start_user(data_dir)
    answer = await user.answer()
    user.kill()
    server = EmbeddedPostgres(data_dir)
    assert await server.start() == answer["url"]
    assert server.pid == answer["pid"]
    await server.stop()
    assert is_gone(answer["pid"])


async def test_one_of_two_users_restarts_a_killed_server(
    data_dir: Path, start_user: StartUser
) -> None:
    users = [start_user(data_dir), start_user(data_dir)]
    answers = [await user.answer() for user in users]
    kill(answers[0]["pid"])
    assert await seconds_until_answer(answers[0]["url"], patience=within(5)) is not None
    came_back = [await user.said("database restarted", "database adopted") for user in users]
    assert sorted(came_back) == ["database adopted", "database restarted"]


async def test_a_user_may_come_while_the_last_one_goes(data_dir: Path) -> None:
    going, coming = EmbeddedPostgres(data_dir), EmbeddedPostgres(data_dir)
    await going.start()
    _, url = await asyncio.gather(going.stop(), coming.start())
    assert await ask(url, "SELECT 1") == 1
    await coming.stop()


def how_it_came(user: User) -> str:
    return next(event for event in user.log if event in ("database adopted", "database started"))
