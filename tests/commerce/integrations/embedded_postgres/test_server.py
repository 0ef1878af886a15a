import shutil
import stat
import time
from pathlib import Path

import asyncpg
import pytest

from commerce.integrations.embedded_postgres import EmbeddedPostgres, embedded_postgres
from commerce.integrations.embedded_postgres.programs import Programs, installed_programs
from commerce.integrations.embedded_postgres.server import pause
from tests.support.database_users import ask, kill, seconds_until_answer
from tests.support.machine import within


async def test_starts_in_an_empty_folder_and_again_in_under_five_seconds(folder: Path) -> None:
    for _ in range(2):
        since = time.monotonic()
        async with embedded_postgres(folder) as url:
            assert time.monotonic() - since < within(5)
            assert await ask(url, "SELECT current_database()") == "commerce"


async def test_data_outlives_a_restart(data_dir: Path) -> None:
    async with embedded_postgres(data_dir) as url:
        await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    async with embedded_postgres(data_dir) as url:
        assert await ask(url, "SELECT answer FROM kept") == 42


async def test_runs_with_safe_settings(url: str) -> None:
    wanted = {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "max_connections": "100",
        "server_encoding": "UTF8",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
    }
    assert {name: await ask(url, f"SHOW {name}") for name in wanted} == wanted


async def test_the_store_is_no_superuser_but_makes_databases_and_sees_statistics(url: str) -> None:
    rights = "SELECT array[rolsuper, rolcreatedb] FROM pg_roles WHERE rolname = current_user"
    assert await ask(url, rights) == [False, True]
    assert await ask(url, "SELECT count(*) > 0 FROM pg_stat_statements") is True


async def test_accented_letters_are_letters_to_search(url: str) -> None:
    await ask(url, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    assert await ask(url, "SELECT similarity('ÉÀÖ', 'éàö')") == 1
    assert await ask(url, "SELECT to_tsvector('simple', 'École')::text") == "'école':1"
    assert await ask(url, "SELECT datctype FROM pg_database WHERE datname = 'commerce'") != "C"


async def test_starting_and_stopping_twice_changes_nothing(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir)
    assert server.pid is None
    first = await server.start()
    pid = server.pid
    assert (await server.start(), server.pid) == (first, pid)
    await server.stop()
    await server.stop()
    assert server.pid is None


async def test_a_stopped_server_is_gone(data_dir: Path) -> None:
    async with embedded_postgres(data_dir) as url:
        pass
    with pytest.raises(OSError, match=r"No such file|refused"):
        await ask(url, "SELECT 1")
    assert not (data_dir / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("name", ['a shop\'s folder, 50% "off": é', "deep/" * 30 + "end"])
async def test_any_path_will_do(folder: Path, name: str) -> None:
    async with embedded_postgres(folder / name) as url:
        assert await ask(url, "SELECT 1") == 1
        sockets = Path((await ask(url, "SHOW unix_socket_directories")).strip('"'))
        assert rights(sockets) == 0o700
    assert rights(sockets) == (0o700 if sockets.is_relative_to(folder) else None)


async def test_another_build_of_the_same_major_goes_on(
    server: EmbeddedPostgres, url: str, data_dir: Path
) -> None:
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    other = EmbeddedPostgres(data_dir, programs=copy_of_programs(data_dir / "closed"))
    await other.start()
    assert other.pid == server.pid
    await server.stop()
    await other.stop()
    assert await ask(await other.start(), "SELECT answer FROM kept") == 42
    assert await ask(url, "SELECT 1 FROM pg_stat_statements LIMIT 1") == 1
    await other.stop()


async def test_over_tcp_it_asks_for_the_password(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, over_tcp=True)
    url = await server.start()
    assert await ask(url, "SELECT inet_server_addr()::text") == "127.0.0.1/32"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(url.replace("commerce:", "commerce:x"), "SELECT 1")
    await server.stop()


async def test_over_tcp_the_port_stays_after_a_crash(data_dir: Path) -> None:
    server = EmbeddedPostgres(data_dir, over_tcp=True)
    url = await server.start()
    kill(server.pid)
    assert await seconds_until_answer(url, patience=within(5)) is not None
    await server.stop()


@pytest.mark.parametrize(
    ("deaths", "chance", "seconds"),
    [(0, 0.7, 0.0), (1, 0.0, 0.2), (1, 1.0, 0.1), (2, 0.0, 0.4), (9, 0.0, 30.0), (999, 0.5, 22.5)],
)
def test_pauses_grow_to_half_a_minute(deaths: int, chance: float, seconds: float) -> None:
    assert pause(deaths, chance) == seconds


def rights(path: Path) -> int | None:
    """None if there is no such path."""
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else None


def copy_of_programs(folder: Path) -> Programs:
    """A wheel installed elsewhere; where root keeps things, others may not even pass."""
    folder.mkdir(mode=0o700)
    package = installed_programs().folder.parents[1]
    for part in (package.name, f"{package.name}.libs"):
        source = package.with_name(part)
        if source.exists():
            shutil.copytree(source, folder / "wheel" / part, symlinks=True)
    return Programs(folder / "wheel" / package.name / "pginstall" / "bin")
