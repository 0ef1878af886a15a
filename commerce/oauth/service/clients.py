"""Registering and changing OAuth clients."""

from dataclasses import dataclass, replace
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.paging import Count, Page, PageArgs
from commerce.core.problems import Invalid, NotFound, Problem
from commerce.core.viewer import SYSTEM, Viewer, ViewerKind
from commerce.oauth.kinds import GrantType
from commerce.oauth.repository.clients import ClientRepository, ClientRow
from commerce.oauth.rules.clients import ClientTerms, client_flaw
from commerce.oauth.rules.scopes import meaning
from commerce.staff.problems import ScopeNotHeld
from commerce.staff.repository.api_keys import ApiKeyRepository
from commerce.staff.rules.api_keys import SECRET_LENGTH, KeyParts, random_text

ID_PREFIX: Final = "client_"
ID_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """`secret` is shown this once; None for a public client."""

    row: ClientRow
    secret: str | None


class ClientService:
    """Nobody registers or changes a client that can be granted more than they hold."""

    def __init__(
        self,
        clients: ClientRepository,
        keys: ApiKeyRepository,
        clock: Clock,
        viewer: Viewer = SYSTEM,
    ) -> None:
        self._clients = clients
        self._keys = keys
        self._clock = clock
        self._viewer = viewer

    async def page(self, args: PageArgs) -> Page[ClientRow]:
        return await self._clients.page(args)

    async def count(self, limit: int | None) -> Count:
        return await self._clients.count(limit)

    async def create(self, terms: ClientTerms) -> RegisteredClient | Problem:
        flaw = self._flaw(terms) or await self._caller_flaw()
        if flaw is not None:
            return flaw
        secret = None if terms.is_public else random_text(SECRET_LENGTH)
        row = await self._clients.add(
            client_id=ID_PREFIX + random_text(ID_LENGTH),
            secret_sha256=None if secret is None else KeyParts("", secret).secret_sha256,
            is_public=terms.is_public,
            owner_id=self._viewer.id if self._viewer.kind is ViewerKind.STAFF else None,
            **_columns(terms),
        )
        return RegisteredClient(row, secret)

    async def update(self, id_: int, changes: dict[str, Any]) -> ClientRow | Problem:
        """What is left out stays. Fewer scopes count for tokens that are out already."""
        stored = await self._to_change(id_)
        if isinstance(stored, Problem):
            return stored
        terms = replace(terms_of(stored), **changes)
        flaw = self._flaw(terms)
        if flaw is not None:
            return flaw
        return await self._clients.change(id_, _columns(terms), self._clock())

    async def new_secret(self, id_: int) -> RegisteredClient | Problem:
        """Another secret for a client that has one; the old one ends at once, tokens do not."""
        stored = await self._to_change(id_)
        if isinstance(stored, Problem):
            return stored
        if stored.is_public:
            return NotFound("A public client has no secret.", ("id",))
        secret = random_text(SECRET_LENGTH)
        hashed = KeyParts("", secret).secret_sha256
        row = await self._clients.change(id_, {"secret_sha256": hashed}, self._clock())
        return RegisteredClient(row, secret)

    async def delete(self, id_: int) -> ClientRow | Problem:
        """The client and every token of it, on every server within a second."""
        stored = await self._to_change(id_)
        if not isinstance(stored, Problem):
            await self._clients.delete(id_)
        return stored

    async def _to_change(self, id_: int) -> ClientRow | Problem:
        stored = await self._clients.to_change(id_)
        if stored is None:
            return NotFound("There is no OAuth client with this id.", ("id",))
        if not self._viewer.may(*meaning(stored.scopes)):
            return ScopeNotHeld("This client may be granted more than you hold.", ("id",))
        return await self._caller_flaw() or stored

    async def _caller_flaw(self) -> Invalid | None:
        """A client lives on and calls from anywhere: a key that may not, makes and takes none."""
        if (await self._keys.bounds()).narrow:
            return Invalid("A key that is itself limited cannot do this.")
        return None

    def _flaw(self, terms: ClientTerms) -> Problem | None:
        flaw = client_flaw(terms)
        if flaw is None and not self._viewer.may(*meaning(terms.scopes)):
            return ScopeNotHeld("You cannot give rights that you do not have.", ("scopes",))
        return flaw


def terms_of(row: ClientRow) -> ClientTerms:
    return ClientTerms(
        row.name,
        tuple(row.scopes),
        frozenset(map(GrantType, row.grants)),
        tuple(row.redirect_uris),
        row.is_public,
        row.dialect,
    )


def _columns(terms: ClientTerms) -> dict[str, Any]:
    return {
        "name": terms.name.strip(),
        "scopes": list(dict.fromkeys(terms.scopes)),
        "grants": sorted(grant.value for grant in terms.grants),
        "redirect_uris": list(dict.fromkeys(terms.redirect_uris)),
        "dialect": terms.dialect,
    }
