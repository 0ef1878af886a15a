"""Where the server listens: a Unix socket in a private folder, or a port with a password."""

import contextlib
import hashlib
import json
import os
import re
import socket
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlencode

from commerce.integrations.embedded_postgres.account import Account
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError
from commerce.integrations.embedded_postgres.home import Home, private_folder, write_whole

_LOOPBACK = "127.0.0.1"
_SOCKET_PORT = 5432  # only a part of the socket's name
_LONGEST = 103  # bytes in a socket's path on macOS; Linux allows 107
# What needs no quoting in any of: PostgreSQL's list of folders, a URL's list of hosts, a shell.
_PLAIN = re.compile(r"[\w/. +@=~-]+")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`host` is a folder for a socket. Kept in a file: all users and all restarts share one."""

    host: str
    port: int

    @property
    def over_tcp(self) -> bool:
        return self.host == _LOOPBACK

    def url(self, user: str, database: str, password: str) -> str:
        """For SQLAlchemy. The socket needs no password: only its owner gets into its folder."""
        if self.over_tcp:
            return f"postgresql+asyncpg://{user}:{password}@{self.host}:{self.port}/{database}"
        place = urlencode({"host": self.host, "port": self.port})
        return f"postgresql+asyncpg://{user}@/{database}?{place}"

    @property
    def access_rules(self) -> str:
        """The whole of pg_hba.conf."""
        if self.over_tcp:
            return f"host all all {_LOOPBACK}/32 scram-sha-256\n"
        return "local all all trust\n"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "listen_addresses": self.host if self.over_tcp else "",
            "unix_socket_directories": "" if self.over_tcp else f'"{self.host}"',
            "unix_socket_permissions": "0700",
            "port": str(self.port),
        }

    def remove_folder(self, home: Home) -> None:
        """Take away a socket's folder outside the data folder, if nobody uses it."""
        if not self.over_tcp and Path(self.host) != home.run:
            with contextlib.suppress(OSError):
                Path(self.host).rmdir()

    def clear_stale_lock(self) -> None:
        """Forget a socket's dead owner: its number may belong to another process by now."""
        if not self.over_tcp:
            Path(self.host, f".s.PGSQL.{self.port}.lock").unlink(missing_ok=True)


def kept_endpoint(home: Home) -> Endpoint | None:
    try:
        return Endpoint(**json.loads(_file(home).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def new_endpoint(home: Home, account: Account, *, over_tcp: bool) -> Endpoint:
    """Choose one and keep it."""
    chosen = Endpoint(_LOOPBACK, _free_port()) if over_tcp else _socket(home, account)
    write_whole(_file(home), json.dumps(asdict(chosen)), account)
    return chosen


def _file(home: Home) -> Path:
    return home.path / "endpoint.json"


def _socket(home: Home, account: Account) -> Endpoint:
    folder = home.run if _fits(home.run) else _short_folder(home)
    private_folder(folder, account)
    account.clear_way(folder)
    return Endpoint(str(folder), _SOCKET_PORT)


def _short_folder(home: Home) -> Path:
    name = hashlib.sha256(os.fsencode(home.path)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()).resolve() / f"storegraph-{name}"
    if not _fits(folder):
        raise EmbeddedPostgresError(
            f"Neither {home.path} nor {folder} can hold a socket: choose a shorter data folder."
        )
    return folder


def _fits(folder: Path) -> bool:
    name = folder / f".s.PGSQL.{_SOCKET_PORT}"
    return len(os.fsencode(name)) <= _LONGEST and _PLAIN.fullmatch(str(folder)) is not None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
