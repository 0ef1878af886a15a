import os
import pwd
import shutil
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from commerce.integrations.embedded_postgres import EmbeddedPostgres, embedded_postgres
from tests.support.database_users import (
    User,
    ask,
    is_gone,
    kill_servers,
    seconds_until_answer,
)
from tests.support.machine import within

StartUser = Callable[..., User]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another OS user")


async def test_for_root_it_runs_as_a_user_of_its_own(server: EmbeddedPostgres) -> None:
    assert runs_as(server) == "storegraph"


async def test_an_ordinary_user_needs_nobody_else(folder: Path, start_user: StartUser) -> None:
    give(folder, "nobody")
    user = start_user(folder, "--become", "nobody")
    answer = await user.answer()
    assert answer["event"] == "ready"
    assert psutil.Process(answer["pid"]).username() == "nobody"
    await user.stop()
    assert is_gone(answer["pid"])


async def test_root_and_the_owner_may_take_turns(folder: Path, start_user: StartUser) -> None:
    give(folder, "nobody")
    for _ in range(2):
        user = start_user(folder, "--become", "nobody")
        answer = await user.answer()
        assert answer["event"] == "ready"
        server = EmbeddedPostgres(folder)
        await server.start()
        await user.stop()
        assert runs_as(server) == "nobody"
        await server.stop()


async def test_files_that_root_copied_are_given_back(folder: Path, template: Path) -> None:
    copy(template / "postgres", folder / "postgres")
    async with embedded_postgres(folder) as url:
        assert await ask(url, "SELECT 1") == 1


async def test_closed_folders_are_opened_for_passing_only(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    async with embedded_postgres(closed / "data") as url:
        assert await ask(url, "SELECT 1") == 1
    assert oct(closed.stat().st_mode & 0o777) == "0o701"


async def test_folders_that_were_closed_meanwhile_do_not_keep_it_away(folder: Path) -> None:
    closed = folder / "home"
    closed.mkdir(mode=0o700)
    async with embedded_postgres(closed / "data") as url:
        closed.chmod(0o700)
        kill_servers(closed / "data")
        assert await seconds_until_answer(url, patience=within(5)) is not None


def copy(source: Path, target: Path) -> None:
    """As root does it: the copy is root's."""
    shutil.copytree(source, target)
    assert (target / "data").stat().st_uid == 0


def runs_as(server: EmbeddedPostgres) -> str:
    assert server.pid is not None
    return psutil.Process(server.pid).username()


def give(folder: Path, name: str) -> None:
    entry = pwd.getpwnam(name)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
