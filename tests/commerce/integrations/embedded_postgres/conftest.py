import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from commerce.integrations.embedded_postgres import EmbeddedPostgres
from tests.support.database_users import User, kill_servers

MEMORY = Path("/dev/shm")


def open_folder() -> Path:
    """In memory where there is room: no test here pulls the plug of the machine."""
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 1_000_000_000
    path = Path(tempfile.mkdtemp(prefix="storegraph-test-", dir=MEMORY if roomy else None))
    path.chmod(0o755)
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder in a place that other OS users may pass through."""
    path = open_folder()
    yield path
    kill_servers(path)
    shutil.rmtree(path)


@pytest.fixture(scope="session")
async def template() -> AsyncIterator[Path]:
    path = open_folder()
    server = EmbeddedPostgres(path)
    await server.start()
    await server.stop()
    yield path
    shutil.rmtree(path)


@pytest.fixture
def data_dir(template: Path, folder: Path) -> Path:
    """A data folder whose database was made and stopped before."""
    subprocess.run(["cp", "-a", template / "postgres", folder], check=True)
    return folder


@pytest.fixture
async def server(data_dir: Path) -> AsyncIterator[EmbeddedPostgres]:
    running = EmbeddedPostgres(data_dir)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def start_user() -> Iterator[Callable[..., User]]:
    users: list[User] = []

    def start(folder: Path, *options: str) -> User:
        users.append(User(folder, *options))
        return users[-1]

    yield start
    for user in users:
        user.kill()


@pytest.fixture
async def url(server: EmbeddedPostgres) -> str:
    return await server.start()
