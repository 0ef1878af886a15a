"""Joins everything: the only module that knows all of it."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy.pool import QueuePool
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from commerce.bootstrap import first_key, prepare_store
from commerce.chores import CHORES, doing
from commerce.core.db import UnitOfWork
from commerce.core.limiter import Unlimited
from commerce.core.origin import Origin
from commerce.core.problems import UnavailableError
from commerce.core.viewer import ANONYMOUS, SYSTEM, Viewer
from commerce.delivery import delivering, notifying
from commerce.dialect_calls import ServicesFor
from commerce.dialects import cartino_routes, rest_gateway
from commerce.event_feed import EventFeed, event_feed, feeding
from commerce.event_relay import relaying
from commerce.http.api_docs.routes import ApiDocs
from commerce.http.auth import Authenticate, by_bearer
from commerce.http.credential_limits import Check, CredentialLimits
from commerce.http.documents import Documents
from commerce.http.doors import Door, behind, checked
from commerce.http.errors import exception_handlers
from commerce.http.file_routes import file_routes
from commerce.http.graphql.batches import BatchHandler
from commerce.http.graphql.endpoint import GraphQLEndpoint
from commerce.http.graphql.execute import Executor, ExecutorOptions
from commerce.http.graphql.manifest import NO_MANIFEST, Manifest, read_manifest
from commerce.http.graphql.subscribe import LiveExecutor
from commerce.http.graphql.throttle import CallerThrottle, FreeRide, paces
from commerce.http.health import BacklogProbe, DatabaseProbe, health_routes
from commerce.http.live.routes import graphql_routes
from commerce.http.live.websocket import Live
from commerce.http.logos import Logos
from commerce.http.loop_watch import watch_loop
from commerce.http.metrics import Metrics
from commerce.http.middleware import middleware
from commerce.http.oauth.authorize import AuthorizePage
from commerce.http.oauth.endpoints import OAuthEndpoints
from commerce.http.oauth.seal import FormSeal
from commerce.http.pages import LandingFacts, graphiql_page, page_routes
from commerce.http.payment_events import PaymentEvents
from commerce.http.record import current_record
from commerce.http.server import spare_collector
from commerce.integrations.pdf import print_paper
from commerce.invoices.rules.papers import Paper
from commerce.invoices.service.papers import PaperService
from commerce.job_runner import JobPace, JobRunner, doing_jobs
from commerce.jobs.kinds import JobKind
from commerce.payments.ports import ProviderEvent
from commerce.rest.dialect_hooks import HOOKS
from commerce.rest.dialects import DIALECTS
from commerce.rest.hooks import dialect_formats
from commerce.rest.openapi.document import documented
from commerce.rest.openapi.documents import file_of
from commerce.runtime import Resources, running, secret_key
from commerce.settings import Settings
from commerce.shop_time import ShopTime
from commerce.webhook_delivery import delivering_webhooks, fanning_out, webhook_formats
from commerce.webhooks.kinds import WebhookFormat
from commerce.webhooks.ports import Format
from commerce.wiring import Services
from commerce.wiring.job_handlers import JOB_HANDLERS
from loaders.registry import Loaders
from resolvers.context import Context
from resolvers.schema import build_schema, core_schema


def create_app(resources: Resources) -> Starlette:
    """The server over these resources; the schema and every stored operation are checked here."""
    settings, metrics = resources.settings, Metrics()
    feed = event_feed(resources)
    schema = core_schema(build_schema())
    executor = LiveExecutor(
        schema,
        resources.open_unit,
        context_factory(resources),
        executor_options(settings, metrics),
    )
    limiter = resources.ports.limiter if settings.rate_limits else None
    credentials = CredentialLimits(checking(resources), limiter or Unlimited())
    throttle = CallerThrottle(limiter, paces(settings)) if limiter is not None else FreeRide()
    authenticate = credentials.viewer
    bearer = by_bearer(authenticate)
    facts = landing_facts(resources)
    graphql = GraphQLEndpoint(executor, bearer, lambda: graphiql_page(facts), throttle)
    live = Live(executor, authenticate, throttle, feed, settings.cors_origins, settings.public_url)
    services_for = opened_services(resources)
    gateway = rest_gateway(executor, resources, credentials, limiter, services_for)
    cartino = cartino_routes(executor, schema, gateway, throttle, resources, strangers(resources))
    if resources.database is not None:
        _watch_pool(metrics, resources)
    app = Starlette(
        routes=checked(
            [
                *graphql_routes(graphql, live),
                *_health(metrics, resources, authenticate),
                *api_docs().routes(),
                *cartino,
                *behind(Door.DIALECT, *gateway.routes()),
                *oauth_routes(resources),
                *payment_routes(resources),
                *document_routes(resources, authenticate),
                *file_routes(resources),
                *behind(Door.PUBLIC, *page_routes(facts)),
            ]
        ),
        middleware=middleware(settings, metrics, gateway.envelope),
        exception_handlers=exception_handlers(gateway.envelope),
        lifespan=_beside(metrics, feed),
    )
    app.state.webhook_formats = hook_formats(executor, resources)
    app.state.batches = BatchHandler(executor, throttle)
    return app


def executor_options(settings: Settings, metrics: Metrics) -> ExecutorOptions:
    return ExecutorOptions(
        timeout=settings.request_timeout,
        production=settings.production,
        manifest=trusted_documents(settings),
        compiled=settings.executor == "compiled",
        told=metrics.queries,
    )


def landing_facts(resources: Resources) -> LandingFacts:
    return LandingFacts(
        version=version("storegraph"),
        graphiql_allowed=not resources.settings.production,
        store_is_empty=lambda: store_is_empty(resources),
        command=_command(),
    )


def checking(resources: Resources) -> Check:
    """Who holds a credential, as sent from the address of the request being answered."""

    async def check(text: str, password: str | None = None) -> Viewer | None:
        return await resources.authenticator.viewer(text, _origin().address, password)

    return check


def oauth_routes(resources: Resources) -> list[BaseRoute]:
    """OAuth's endpoints and the page of consent, where they are switched on."""
    settings = resources.settings
    if not settings.oauth:
        return []
    services = strangers(resources)
    seal = FormSeal(secret_key(settings), resources.clock)
    endpoints = OAuthEndpoints(services, resources.ports.limiter, settings.public_url)
    return [*endpoints.routes(), *AuthorizePage(services, seal).routes()]


def strangers(resources: Resources) -> Callable[[], AbstractAsyncContextManager[Services]]:
    """Opens the services of one request by nobody in particular."""
    return partial(opened_services(resources), ANONYMOUS)


def opened_services(resources: Resources) -> ServicesFor:
    """Opens the services of whoever calls."""

    @asynccontextmanager
    async def services(viewer: Viewer) -> AsyncIterator[Services]:
        async with resources.open_unit() as uow:
            yield Services(uow, viewer, resources.clock, resources.ports, _origin())
            record = current_record()
            if record is not None:
                record.statements += uow.statements

    return services


def payment_routes(resources: Resources) -> list[BaseRoute]:
    """Where payment providers report."""

    async def take(event: ProviderEvent) -> None:
        async with resources.open_unit() as uow:
            services = Services(uow, SYSTEM, resources.clock, resources.ports, _origin())
            await services.settling.report(event)

    return PaymentEvents(resources.ports.payment_providers, take).routes()


def document_routes(resources: Resources, authenticate: Authenticate) -> list[BaseRoute]:
    """Invoices and receipts; nothing is held of the database while one is printed."""

    @asynccontextmanager
    async def papers(viewer: Viewer) -> AsyncIterator[PaperService]:
        async with resources.open_unit() as uow:
            yield Services(uow, viewer, resources.clock, resources.ports, _origin()).papers
            record = current_record()
            if record is not None:
                record.statements = uow.statements

    async def invoice(viewer: Viewer, id_: int) -> Paper | None:
        async with papers(viewer) as found:
            return await found.invoice(id_)

    async def receipt(viewer: Viewer, order_id: int) -> Paper | None:
        async with papers(viewer) as found:
            return await found.receipt(order_id)

    links, logo = resources.ports.document_links, Logos(resources.ports.file_storage).read
    return Documents(
        invoice, receipt, print_paper, logo, authenticate, links, resources.clock
    ).routes()


def trusted_documents(settings: Settings) -> Manifest:
    path = settings.trusted_documents
    required = settings.trusted_documents_mode == "required"
    return NO_MANIFEST if path is None else read_manifest(path, required=required)


def api_docs() -> ApiDocs:
    """The documents of every dialect that has endpoints."""
    return ApiDocs({dialect.name: file_of(dialect.name) for dialect in documented(DIALECTS)})


def hook_formats(executor: Executor, resources: Resources) -> Mapping[WebhookFormat, Format]:
    """How webhooks of every format are written; those of dialects ask the same executor."""
    origin = resources.settings.public_url
    zone = ShopTime(resources.open_unit).zone
    dialects = dialect_formats(HOOKS, executor.prepare, executor.execute, origin, zone)
    return webhook_formats(dialects)


def context_factory(resources: Resources) -> Callable[[UnitOfWork, Viewer], Context]:
    """What makes the context of each request."""

    def context(uow: UnitOfWork, viewer: Viewer) -> Context:
        services = Services(uow, viewer, resources.clock, resources.ports, _origin())
        return Context(services, Loaders(services.repositories), viewer, resources.cursors)

    return context


def _origin() -> Origin:
    record = current_record()
    if record is None:
        return Origin()
    return Origin(record.address, record.request_id, record.user_agent)


async def store_is_empty(resources: Resources) -> bool | None:
    """Whether there is no product at all; None when the database cannot tell just now."""
    try:
        async with resources.open_unit() as uow:
            return not await Services(uow, SYSTEM, resources.clock).products.any()
    except UnavailableError:
        return None


class ServerProcess:
    """The application of one server process: what it needs is opened when it starts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._open = AsyncExitStack()
        self._app: Starlette | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self._start()
        except Exception as error:
            await self._open.aclose()
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._open.aclose()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        resources = await self._open.enter_async_context(running(self._settings))
        open_unit, clock = resources.open_unit, resources.clock
        settings = self._settings
        await prepare_store(open_unit, clock, settings.currency, settings.store_name)
        app = create_app(resources)
        formats = app.state.webhook_formats
        if self._settings.database_url is None:
            _show_once(await first_key(open_unit, clock))
        await self._open.enter_async_context(app.router.lifespan_context(app))
        await self._open.enter_async_context(relaying_events(resources, app))
        await self._open.enter_async_context(delivering(resources))
        await self._open.enter_async_context(delivering_webhooks(resources, formats))
        await self._open.enter_async_context(doing(resources, CHORES))
        if settings.job_slots:
            await self._open.enter_async_context(doing_app_jobs(resources, app))
        spare_collector()
        self._app = app


def relaying_events(resources: Resources, app: Starlette) -> AbstractAsyncContextManager[None]:
    """Numbers events with all who take part in it: every process that does it needs all of them."""
    consumers = (fanning_out(app.state.webhook_formats), notifying(resources.settings))
    return relaying(resources, consumers)


def doing_app_jobs(resources: Resources, app: Starlette) -> AbstractAsyncContextManager[JobRunner]:
    """Does jobs, those that ask for operations by the application's executor."""
    handlers = {**JOB_HANDLERS, JobKind.BATCH: app.state.batches}
    return doing_jobs(resources, handlers, JobPace(resources.settings.job_slots))


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[None]:
    """Jobs are done until this is left, without serving anybody."""
    async with (
        running(settings) as resources,
        relaying_events(resources, app := create_app(resources)),
        doing_app_jobs(resources, app),
    ):
        yield


def server_process(settings: Settings) -> ASGIApp:
    """For the server: builds the application in the process that serves it."""
    return ServerProcess(settings)


def _command() -> str:
    """How a person in this folder types the command: with its path unless it is on the PATH."""
    script = Path(sys.executable).with_name("commerce")
    found = shutil.which("commerce")
    if found is not None and Path(found) == script:
        return "commerce"
    return str(script.relative_to(Path.cwd()) if script.is_relative_to(Path.cwd()) else script)


def _show_once(key: str | None) -> None:
    """On the terminal and nowhere else: logs are kept, and read by many."""
    if key is not None:
        print(f"\n  API key with every right, shown this once:\n\n    {key}\n", flush=True)  # noqa: T201  # not to a log


def _beside(metrics: Metrics, feed: EventFeed) -> Any:
    """What runs beside the requests."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        watching = asyncio.create_task(watch_loop(metrics))
        try:
            async with feeding(feed):
                yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    return lifespan


def _health(metrics: Metrics, resources: Resources, authenticate: Authenticate) -> list[BaseRoute]:
    metrics.watch_tries(resources.webhook_tries)
    backlog = BacklogProbe(resources.open_unit, metrics)
    return health_routes(DatabaseProbe(resources.open_unit), metrics, authenticate, backlog)


def _watch_pool(metrics: Metrics, resources: Resources) -> None:
    pool = resources.database.engine.pool if resources.database is not None else None
    if isinstance(pool, QueuePool):
        metrics.watch_pool(pool.checkedout)
