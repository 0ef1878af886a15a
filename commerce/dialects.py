"""The REST dialects over the executor, and what Cartino documents beside its endpoints."""

from graphql import GraphQLSchema
from starlette.routing import BaseRoute, Route

from commerce.core.limiter import RateLimiter
from commerce.core.viewer import Viewer
from commerce.dialect_calls import ServicesFor, once_for
from commerce.http.credential_limits import CredentialLimits
from commerce.http.doors import Door, behind
from commerce.http.graphql.endpoint import GraphQLEndpoint
from commerce.http.graphql.execute import Executor
from commerce.http.graphql.throttle import Throttle
from commerce.http.sessions import CsrfTokens, OpenServices, SessionPages
from commerce.rest.cartino.routes import CARTINO
from commerce.rest.entrances import Entrance
from commerce.rest.limits import DialectRates
from commerce.rest.route import Credential, Doors
from commerce.rest.router import Gateway, RestOptions
from commerce.runtime import Resources, secret_key
from commerce.settings import Settings
from commerce.shop_time import ShopTime
from commerce.staff.rules.api_keys import dialect_of
from resolvers.cartino import cartino_schema


def rest_gateway(
    executor: Executor,
    resources: Resources,
    credentials: CredentialLimits,
    limiter: RateLimiter | None,
    services_for: ServicesFor,
) -> Gateway:
    """The REST dialects, as clients of the same executor."""
    csrf = csrf_tokens(resources)

    async def authenticate(credential: Credential, _dialect: str) -> Viewer | None:
        return await credentials.viewer(credential.key, credential.password)

    async def key_dialect(credential: Credential) -> str | None:
        if await credentials.refuses(credential.key):
            return dialect_of(credential.key)
        return await resources.authenticator.dialect(credential.key)

    def meant(credential: Credential) -> bool:
        return csrf.meant(credential.key, credential.password)

    zone = ShopTime(resources.open_unit).zone
    doors = Doors(
        executor.prepare,
        executor.execute,
        authenticate,
        key_dialect,
        limiter,
        meant,
        zone,
        once_for(services_for),
    )
    return Gateway(doors, _options(resources.settings))


def cartino_routes(
    executor: Executor,
    schema: GraphQLSchema,
    gateway: Gateway,
    throttle: Throttle,
    resources: Resources,
    services: OpenServices,
) -> list[BaseRoute]:
    """What Cartino's documents have beside its endpoints: GraphQL, and sessions of browsers.

    Paths of GraphQL may end with a slash.
    """
    pages = SessionPages(services, csrf_tokens(resources))
    view = executor.over(cartino_schema(schema))
    who = gateway.who(CARTINO.name)
    endpoint = GraphQLEndpoint(view, who, throttle=throttle, envelope=gateway.envelope)
    doors = {f"{base}/graphql": Entrance(endpoint) for base in CARTINO.bases}
    paths = (Route(path + end, door) for path, door in doors.items() for end in ("/", ""))
    return [*behind(Door.KEYED_FIELDS, *paths), *pages.routes()]


def csrf_tokens(resources: Resources) -> CsrfTokens:
    return CsrfTokens(secret_key(resources.settings))


def _options(settings: Settings) -> RestOptions:
    return RestOptions(
        settings.default_dialect,
        settings.dialect_hosts,
        settings.public_url,
        DialectRates.read(
            settings.dialect_rates, settings.storefront_requests, settings.litekart_anonymous
        ),
        settings.sandbox,
    )
