"""Where the files of one instance live, and who may touch which."""

import os
from dataclasses import dataclass
from pathlib import Path

from commerce.integrations.embedded_postgres.account import Account

LOCKS = ("owner", "users", "lease")


@dataclass(frozen=True, slots=True)
class Home:
    """The folders `data`, `run` and `log` are PostgreSQL's, this one is who runs the server's.

    So root never writes in a folder where PostgreSQL's account could have planted a link.
    """

    path: Path

    @property
    def data(self) -> Path:
        return self.path / "data"

    @property
    def unfinished(self) -> Path:
        """Where a new cluster is made, to become `data` when it is whole."""
        return self.path / "data.new"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def log(self) -> Path:
        return self.path / "log" / "server.log"

    @property
    def password(self) -> Path:
        return self.path / "password"

    @property
    def marker(self) -> str:
        """Names this very folder in the command line of its processes.

        By device and inode, so that any path to it gives the same name; of one length, so that
        none begins with another.
        """
        place = self.path.stat()
        return f"storegraph-{place.st_dev:08x}-{place.st_ino:016x}"

    def lock(self, name: str) -> Path:
        return self.path / f"{name}.lock"

    def make(self, account: Account) -> None:
        """Make the folders and lock files that are missing."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o700 if account.uid is None else 0o711)
        account.clear_way(self.data)
        for folder in (self.run, self.log.parent):
            private_folder(folder, account)
        if self.log.exists():
            account.take(self.log)  # a copy that root made
        for name in LOCKS:
            self.lock(name).touch(0o600)
            account.take(self.lock(name))


def private_folder(folder: Path, account: Account) -> None:
    """Make `folder`, for `account` alone. Refuses one that somebody else put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid not in (account.effective_uid, 0) and account.effective_uid is not None:
        raise PermissionError(f"{folder} belongs to another user")
    account.take(folder)
    folder.chmod(0o700)


def write_whole(path: Path, text: str, account: Account) -> None:
    """Replace a file by another that `account` alone may read, never leaving half of one."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    account.take(fresh)
    fresh.replace(path)
