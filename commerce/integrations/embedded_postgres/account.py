"""The OS user PostgreSQL runs as: it refuses to be root."""

import os
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import structlog

from commerce.integrations.embedded_postgres.errors import EmbeddedPostgresError

if sys.platform != "win32":
    import pwd

NAME = "storegraph"


@dataclass(frozen=True, slots=True)
class Account:
    """None for both: the user this process already is."""

    uid: int | None = None
    gid: int | None = None

    @property
    def groups(self) -> list[int] | None:
        """Other groups of its processes; None keeps ours."""
        return None if self.uid is None else []

    @property
    def effective_uid(self) -> int | None:
        """None where users have no numbers."""
        if sys.platform == "win32":
            return None
        return os.geteuid() if self.uid is None else self.uid

    def take(self, path: Path) -> None:
        """Give it `path`, if it is another user than we are."""
        if self.uid is not None and self.gid is not None and sys.platform != "win32":
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def take_tree(self, folder: Path) -> None:
        for path in (folder, *folder.rglob("*")):
            self.take(path)

    def clear_way(self, path: Path) -> None:
        """Let it walk to `path`: folders like /root are closed to others. Nothing is listed."""
        if self.uid is None:
            return
        for folder in path.parents:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH and folder.stat().st_uid != self.uid:
                folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
                structlog.get_logger().warning("folder opened for passing", folder=str(folder))


if sys.platform == "win32":

    def account_for(data: Path) -> Account:
        """Ourselves: pg_ctl gives up an administrator's rights by itself."""
        return Account()

else:

    def account_for(data: Path) -> Account:
        """The owner of the existing cluster in `data`, or a user made for it, or ourselves."""
        if os.geteuid() != 0:
            return Account()
        if data.exists() and (owner := data.stat()).st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
        return _dedicated()

    def _dedicated() -> Account:
        try:
            entry = _entry() or _created()
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            raise EmbeddedPostgresError(
                f"PostgreSQL refuses to run as root and the OS user {NAME} cannot be created: "
                f"run `useradd --system {NAME}`, or start Storegraph as an ordinary user."
            ) from error
        return Account(entry.pw_uid, entry.pw_gid)

    def _entry() -> pwd.struct_passwd | None:
        try:
            return pwd.getpwnam(NAME)
        except KeyError:
            return None

    def _created() -> pwd.struct_passwd:
        options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
        shell = ["--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", *options, *shell, NAME], check=True, capture_output=True)  # noqa: S603, S607  # fixed words; distributions differ in where it lives
        structlog.get_logger().info("OS user created", name=NAME)
        return pwd.getpwnam(NAME)
