"""Whom a job is done for: its owner, with the rights of the moment it is done."""

from commerce.core.clock import Clock
from commerce.core.viewer import SYSTEM, Viewer, ViewerKind
from commerce.identity.kinds import Audience
from commerce.jobs.repository.jobs import JobRow
from commerce.oauth.authenticator import standing_viewer
from commerce.staff.authenticator import standing_key
from commerce.staff.rules.key_terms import scopes_of
from commerce.wiring import Repositories

AUDIENCES = {ViewerKind.STAFF: Audience.STAFF, ViewerKind.CUSTOMER: Audience.STOREFRONT}


async def owner_of(job: JobRow, repositories: Repositories, clock: Clock) -> Viewer | None:
    """Never with rights that the owner did not have when asking. None for somebody whose key was
    revoked, whose account was closed, or who is nobody in particular.
    """
    name, _, digits = job.owner.partition(":")
    kind = ViewerKind(name)
    if kind is ViewerKind.SYSTEM:
        return SYSTEM
    viewer = await _standing(kind, int(digits), repositories, clock) if digits else None
    return None if viewer is None else viewer.within(scopes_of(job.owner_scopes))


async def _standing(
    kind: ViewerKind, id_: int, repositories: Repositories, clock: Clock
) -> Viewer | None:
    if kind in AUDIENCES:
        return await repositories.accounts_by_audience[AUDIENCES[kind]].viewer(id_)
    if kind is ViewerKind.API_KEY:
        return standing_key(await repositories.api_keys.own(id_), clock())
    if kind is ViewerKind.OAUTH_CLIENT:
        return standing_viewer(await repositories.oauth_grants.standing(id_))
    return None
