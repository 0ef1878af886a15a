"""One PostgreSQL shared by several processes. Everything here blocks: call it in a thread."""

import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from commerce.integrations.embedded_postgres.account import Account, account_for
from commerce.integrations.embedded_postgres.cluster import Cluster
from commerce.integrations.embedded_postgres.endpoint import Endpoint, kept_endpoint, new_endpoint
from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError, plain_errors
from commerce.integrations.embedded_postgres.home import Home
from commerce.integrations.embedded_postgres.locks import FileLock
from commerce.integrations.embedded_postgres.postmaster import Postmaster
from commerce.integrations.embedded_postgres.programs import Programs

_GRACE_SECONDS = 1.0  # for the children of a dead server to end by themselves
_PATIENCE_SECONDS = 10.0  # then whoever holds the files cannot be seen from here


@dataclass(frozen=True, slots=True)
class Running:
    process: psutil.Process
    endpoint: Endpoint
    found: bool  # and not started by us


class Instance:
    """Three locks tell who is there:

    - `owner`: held alone while the server is made, started or stopped. `enter`, `revive` and
      `leave` want it held.
    - `users`: shared by every process that uses the server. Who can have it alone is the last.
    - `lease`: inherited by the server and its children, so it is free when the last of them is
      gone, in whatever container or under whatever number they ran.
    """

    def __init__(self, data_dir: Path, programs: Programs, *, over_tcp: bool) -> None:
        self.home = Home(data_dir.expanduser().resolve() / "postgres")
        self._owner = FileLock(self.home.lock("owner"))
        self._users = FileLock(self.home.lock("users"))
        self._lease = FileLock(self.home.lock("lease"))
        self._programs = programs
        self._over_tcp = over_tcp
        self._postmaster = Postmaster(self.home, programs, Account())

    def open(self) -> None:
        """Make the folders and find out who PostgreSQL runs as."""
        with plain_errors(self.home.path):
            account = account_for(self.home.data)
            self.home.make(account)
            if self._programs.folder.exists():
                account.clear_way(self._programs.folder / "postgres")
            self._postmaster = Postmaster(self.home, self._programs, account)

    def try_to_own(self) -> bool:
        with plain_errors(self.home.path):
            return self._owner.try_alone()

    def disown(self) -> None:
        self._owner.close()

    def enter(self) -> Running:
        """Become a user, the first of which starts the server."""
        with plain_errors(self.home.path):
            first = self._users.try_alone()
            self._users.try_shared()
            return self._up(first=first)

    def revive(self) -> Running:
        """Start the server again, unless another user was faster."""
        with plain_errors(self.home.path):
            return self._up(first=False)

    def leave(self) -> int | None:
        """Stop being a user, the last of which stops the server. The number of what it stopped."""
        try:
            return self._stop() if self._users.try_alone() else None
        finally:
            self._users.close()

    def _stop(self) -> int | None:
        process = self._postmaster.running()
        if process is None:
            return None
        self._postmaster.stop()
        if endpoint := kept_endpoint(self.home):
            endpoint.remove_folder(self.home)
        return process.pid

    @property
    def password(self) -> str:
        return self.home.password.read_text()

    @property
    def log(self) -> Path:
        return self.home.log

    def is_ready(self) -> bool:
        return self._postmaster.is_ready()

    def _up(self, *, first: bool) -> Running:
        try:
            process = self._settled()
            endpoint = None if first and process is None else kept_endpoint(self.home)
            endpoint = endpoint or self._new_endpoint()
            found = process is not None
            return Running(process or self._start(endpoint), endpoint, found=found)
        finally:
            self._lease.close()

    def _settled(self) -> psutil.Process | None:
        """The running server; or None when nothing is left of a dead one, and the lease is ours."""
        since = time.monotonic()
        while (process := self._postmaster.running()) is None and not self._lease.try_alone():
            waited = time.monotonic() - since
            if waited > _PATIENCE_SECONDS:
                raise EmbeddedPostgresError(
                    f"{self.home.path} is in use by a PostgreSQL that cannot be seen from here: "
                    "stop it, perhaps in another container, or choose another data folder."
                )
            if waited > _GRACE_SECONDS:
                self._postmaster.kill_survivors()
            time.sleep(0.02)
        return process

    def _start(self, endpoint: Endpoint) -> psutil.Process:
        hold = self._lease.inherited()
        self._postmaster.account.clear_way(self.home.data)  # it may have been closed meanwhile
        cluster = Cluster(self.home, self._programs, self._postmaster.account)
        cluster.prepare(endpoint, hold)
        self._postmaster.forget_dead()
        endpoint.clear_stale_lock()
        return self._postmaster.start(hold)

    def _new_endpoint(self) -> Endpoint:
        return new_endpoint(self.home, self._postmaster.account, over_tcp=self._over_tcp)
