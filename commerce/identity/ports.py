"""What identity needs of a domain whose people sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from commerce.core.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can be asked for a password.

    `password_hash` is None before one was chosen. Whoever is not `active` (blocked, deactivated)
    is answered like an unknown address.
    """

    id: int
    email: str
    password_hash: str | None
    active: bool
    locale: str
    name: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose session it is, and when it was last used."""

    viewer: Viewer
    last_used_at: datetime


class Accounts(Protocol):
    """The accounts of one audience. Spelling of an e-mail address never depends on case."""

    async def by_email(self, email: str) -> Account | None: ...

    async def by_id(self, id_: int) -> Account | None: ...

    async def confirm(self, id_: int, password_hash: str, at: datetime) -> bool:
        """Note the sign-in, and lock the account until the transaction ends.

        False, and nothing is written, when it is not active or has another password by now: the
        check of a password takes a while.
        """

    async def store_password(
        self,
        id_: int,
        new_hash: str,
        at: datetime,
        *,
        replacing: str | None,
        by_mail: bool = False,
    ) -> bool:
        """Write the hash of a password in place of `replacing`, in one statement.

        False, and nothing is written, when another one is stored by now or the account is not
        active. `by_mail` means that a link in a mail to the account's address led here, which
        proves the address.
        """

    async def signed_in(self, session_id: int, at: datetime) -> SignedIn | None:
        """The viewer of a session, with the rights of this moment, in one statement.

        None when the session has ended by `at` (`sessions.live`) or its holder is not active.
        """

    async def viewer(self, id_: int) -> Viewer | None:
        """Somebody with the rights of this moment, without a session; None when not active."""
