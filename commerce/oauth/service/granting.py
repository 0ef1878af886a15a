"""From requests of OAuth clients to codes and tokens."""

from dataclasses import replace
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from commerce.core.clock import Clock
from commerce.core.db import UnitOfWork
from commerce.core.viewer import ViewerKind
from commerce.oauth.kinds import CODE_LIFETIME, REFRESH_IDLE, TOKEN_LIFETIME, GrantType
from commerce.oauth.protocol import (
    Asked,
    Consent,
    Known,
    Outcome,
    Reply,
    Wish,
    claimed_client,
    consent_of,
    consent_outcome,
    revocation_outcome,
    token_outcome,
    used_up,
)
from commerce.oauth.repository.clients import ClientRepository
from commerce.oauth.repository.grants import GrantRepository
from commerce.oauth.rules.credentials import hash_of, read_refresh_token
from commerce.staff.rules.api_keys import KeyParts

NOTHING: Final = KeyParts("", "")


class GrantingService:
    """Call it outside of transactions: what a misused code or token loses stays lost, although
    an error is answered."""

    def __init__(
        self, uow: UnitOfWork, clients: ClientRepository, grants: GrantRepository, clock: Clock
    ) -> None:
        self._uow = uow
        self._clients = clients
        self._grants = grants
        self._clock = clock

    async def token(self, asked: Asked) -> Reply:
        """RFC 6749, section 3.2."""
        now, known = self._clock(), await self._known(asked)
        presented = known.grant
        if presented is not None and not _counts(presented, asked, now):
            known.grant = None
        outcome = token_outcome(asked, known, now)
        if outcome.wish.token is None:
            if _error_of(outcome) == "invalid_grant":
                await self._take_back(known, presented, now)
            return outcome.reply
        self._act_for(known.client, "oauthToken")
        if await self._uow.transact(lambda: self._store(asked, known, outcome.wish, now)):
            return outcome.reply
        await self._take_back(known, presented, now, late=True)
        return used_up()

    async def revoke(self, asked: Asked) -> Reply:
        """RFC 7009: the refresh token's whole grant, or one access token."""
        now, known = self._clock(), await self._known(asked)
        if known.grant is not None and not _is_present(known.grant, asked.parameters.get("token")):
            known.grant = None
        outcome = revocation_outcome(asked, known, now)
        if outcome.wish.ends:
            self._act_for(known.client, "oauthRevoke")
            await self._uow.transact(lambda: self._end(known, now))
        return outcome.reply

    async def question(self, asked: Asked) -> Consent | Reply:
        """What to ask staff for a request to the authorization endpoint."""
        return consent_of(asked, Known(await self._client(asked)), self._clock())

    async def answer(self, asked: Asked, staff_id: int | None) -> Reply:
        """The redirect for a request that could be asked; without `staff_id`, of a refusal."""
        now, client = self._clock(), await self._client(asked)
        if client is not None and not await self._clients.hold(client.id):
            client = None
        outcome = consent_outcome(asked, Known(client), now, staff_id)
        if outcome.wish.code is not None:
            await self._grants.add_code(
                code_sha256=hash_of(outcome.wish.code),
                client_id=client.id,
                staff_id=staff_id,
                redirect_uri=asked.parameters.get("redirect_uri"),
                scopes=list(outcome.wish.scopes),
                challenge=asked.parameters.get("code_challenge"),
                expires_at=now + CODE_LIFETIME,
            )
        return outcome.reply

    def _act_for(self, client: Any, action: str) -> None:
        """The audit log is to name the client that has proven itself."""
        actor = f"{ViewerKind.OAUTH_CLIENT.value}:{client.id}"
        self._uow.stamp = replace(self._uow.stamp, actor=actor, action=action)

    async def _end(self, known: Known, now: datetime) -> None:
        if known.grant is not None:
            await self._grants.revoke(known.grant.id, now)
        else:
            await self._grants.delete_token(known.token.id)

    async def _client(self, asked: Asked) -> Any:
        named = claimed_client(asked)
        return None if named is None else await self._clients.by_client_id(named)

    async def _known(self, asked: Asked) -> Known:
        known, given = Known(await self._client(asked)), asked.parameters
        if "code" in given:
            known.code = await self._grants.code(hash_of(given["code"]))
        text = given.get("refresh_token") or given.get("token")
        parts = None if text is None else read_refresh_token(text)
        if parts is not None:
            known.grant = await self._grants.by_public_id(parts.public_id)
        elif text is not None:
            known.token = await self._grants.token(hash_of(text))
        return known

    async def _store(self, asked: Asked, known: Known, wish: Wish, now: datetime) -> bool:
        """False, and nothing is stored, for a code or refresh token that is used up by now, or a
        client that is gone."""
        if not await self._clients.hold(known.client.id):
            return False
        await self._grants.tidy(known.client.id, now)
        grant_id = await self._grant(asked, known, wish, now)
        if grant_id is None or wish.token is None:
            return False
        await self._grants.add_token(
            token_sha256=hash_of(wish.token["access_token"]),
            grant_id=grant_id,
            scopes=list(wish.scopes),
            expires_at=now + TOKEN_LIFETIME,
        )
        return True

    async def _grant(self, asked: Asked, known: Known, wish: Wish, now: datetime) -> int | None:
        """The grant that a token is of: a new one, or the refreshed one."""
        fresh = read_refresh_token((wish.token or {}).get("refresh_token", ""))
        if wish.grant_type == GrantType.REFRESH_TOKEN.value:
            used = read_refresh_token(asked.parameters["refresh_token"]) or NOTHING
            sha256, id_ = (fresh or NOTHING).secret_sha256, int(known.grant.id)
            rotated = await self._grants.rotate(id_, used.secret_sha256, sha256, now, REFRESH_IDLE)
            return id_ if rotated else None
        by_code = wish.grant_type == GrantType.AUTHORIZATION_CODE.value
        if by_code and not await self._grants.use_code(known.code.id, now):
            return None
        grant_id = await self._grants.add(
            client_id=known.client.id,
            staff_id=known.code.staff_id if by_code else None,
            scopes=list(wish.scopes),
            public_id=None if fresh is None else fresh.public_id,
            refresh_sha256=None if fresh is None else fresh.secret_sha256,
            refresh_expires_at=None if fresh is None else now + REFRESH_IDLE,
            created_at=now,
        )
        if by_code:
            await self._grants.remember_gift(known.code.id, grant_id)
        return grant_id

    async def _take_back(
        self, known: Known, presented: Any, now: datetime, late: bool = False
    ) -> None:
        """A code or refresh token that is used twice was stolen: what it gave ends for both."""
        client, code = known.client, known.code
        used = code is not None and (late or code.used_at is not None)
        misused = presented is not None and (late or known.grant is None)

        async def end() -> None:
            if used and code.client_id == client.id:
                await self._grants.revoke_gift(code.id, now)
            if misused and presented.client_id == client.id:
                await self._grants.revoke(presented.id, now)

        self._act_for(client, "oauthToken")
        await self._uow.transact(end)


def _counts(grant: Any, asked: Asked, now: datetime) -> bool:
    live = grant.revoked_at is None and grant.refresh_expires_at > now
    return bool(live and _is_present(grant, asked.parameters.get("refresh_token")))


def _is_present(grant: Any, text: str | None) -> bool:
    parts = None if text is None else read_refresh_token(text)
    return parts is not None and compare_digest(parts.secret_sha256, grant.refresh_sha256)


def _error_of(outcome: Outcome) -> str | None:
    body = outcome.reply[1]
    return body.get("error") if isinstance(body, dict) else None
