import os
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from commerce.integrations.embedded_postgres import (
    EmbeddedPostgres,
    EmbeddedPostgresError,
    instance,
    programs,
)
from commerce.integrations.embedded_postgres.locks import FileLock
from commerce.integrations.embedded_postgres.programs import Programs
from tests.support.database_users import User

StartUser = Callable[..., User]

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another OS user")


async def refusal(server: EmbeddedPostgres) -> str:
    with pytest.raises(EmbeddedPostgresError) as caught:
        await server.start()
    assert server.pid is None
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_refuses_the_files_of_another_major_version(data_dir: Path) -> None:
    data = data_dir / "postgres" / "data"
    (data / "PG_VERSION").write_text("17\n")
    assert await refusal(EmbeddedPostgres(data_dir)) == (
        f"{data} was written by PostgreSQL 17 and this is PostgreSQL 18: move its contents over "
        "with pg_dump, or choose another data folder."
    )


async def test_says_that_the_platform_has_no_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(programs, "distribution", nowhere)
    assert "set COMMERCE_DATABASE_URL" in await refusal(EmbeddedPostgres(folder))


async def test_says_that_the_programs_do_not_run(folder: Path) -> None:
    server = EmbeddedPostgres(folder, programs=Programs(folder / "bin"))
    assert await refusal(server) == (
        f"PostgreSQL's programs in {folder / 'bin'} do not run here: [Errno 2] No such file or "
        f"directory: '{folder / 'bin' / 'postgres'}'"
    )


async def test_says_why_no_database_can_be_made(folder: Path, start_user: StartUser) -> None:
    user = start_user(folder, "--file-bytes", "1000000")
    answer = await user.answer()
    assert answer["event"] == "refused"
    assert answer["reason"].startswith(f"No database could be made in {folder}/postgres/data: ")
    assert list((folder / "postgres").glob("data*")) == []


async def test_says_why_the_server_does_not_start(data_dir: Path) -> None:
    (data_dir / "postgres" / "data" / "global" / "pg_control").unlink()
    reason = await refusal(EmbeddedPostgres(data_dir))
    assert reason.startswith(f"PostgreSQL did not start in {data_dir}/postgres: ")
    assert "pg_control" in reason


async def test_refuses_a_folder_used_where_it_cannot_see(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As from another container: the lease is taken, by no process of this folder."""
    monkeypatch.setattr(instance, "_PATIENCE_SECONDS", 0.2)
    elsewhere = FileLock(data_dir / "postgres" / "lease.lock")
    assert elsewhere.try_alone()
    assert "cannot be seen from here" in await refusal(EmbeddedPostgres(data_dir))
    elsewhere.close()
    server = EmbeddedPostgres(data_dir)
    await server.start()
    await server.stop()


async def test_a_file_is_no_data_folder(folder: Path) -> None:
    (folder / "postgres").write_text("")
    assert "cannot be used" in await refusal(EmbeddedPostgres(folder))


@needs_root
async def test_says_that_the_folder_is_not_writable(folder: Path, start_user: StartUser) -> None:
    answer = await start_user(folder, "--become", "nobody").answer()
    assert answer["event"] == "refused"
    assert answer["reason"].startswith(f"The data folder {folder}/postgres is not writable: ")


@needs_root
async def test_refuses_a_socket_folder_that_somebody_else_made(
    data_dir: Path,
) -> None:
    os.chown(data_dir / "postgres" / "run", 12345, 12345)
    assert "belongs to another user" in await refusal(EmbeddedPostgres(data_dir))
