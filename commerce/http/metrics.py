"""What the process counts for Prometheus, in a registry of its own.

Labels are bounded: routes are templates, and only operations stored with the server are named.
Each worker process counts for itself; `storegraph_process_info` tells them apart.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from math import nan
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.exposition import generate_latest
from prometheus_client.metrics_core import CounterMetricFamily
from prometheus_client.registry import Collector

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
STATEMENTS: Final = (0, 1, 2, 4, 6, 8, 12, 20, 50)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
KNOWN_LABELS: Final = 1_024
# Of the whole shop: every process says the same.
BACKLOG: Final = {
    "events_waiting": "Events that have no place in the log yet.",
    "event_lag_seconds": "For how long the oldest of these has been waiting.",
    "webhooks_due": "Messages to endpoints of webhooks that are due.",
    "webhooks_due_seconds": "For how long the oldest of these has been due.",
    "webhooks_dead": "Messages that were given up, as long as they are kept.",
    "webhook_endpoints_disabled": "Endpoints that the server gave up.",
}


class QueryMetrics:
    """How GraphQL queries are executed."""

    def __init__(self, registry: CollectorRegistry) -> None:
        queries = Counter(
            "storegraph_queries",
            "GraphQL queries by how they were executed: compiled, or why not.",
            ("how",),
            registry=registry,
        )
        self._compiling = Histogram(
            "storegraph_query_compile_seconds", "Time to compile a query.", registry=registry
        )
        self._queries_of = lru_cache(KNOWN_LABELS)(queries.labels)

    def observe_compiled(self, seconds: float) -> None:
        self._compiling.observe(seconds)

    def count_executed(self, how: str) -> None:
        self._queries_of(how).inc()


class Metrics:
    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self.in_flight = Gauge(
            "storegraph_requests_in_flight", "Requests being answered.", registry=self.registry
        )
        self.loop_lag = Gauge(
            "storegraph_event_loop_lag_seconds",
            "How late the event loop woke up last.",
            registry=self.registry,
        )
        self._seconds = Histogram(
            "storegraph_request_seconds",
            "Time to answer a request.",
            ("method", "route", "status", "operation"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._statements = Histogram(
            "storegraph_request_statements",
            "SQL statements of a request.",
            ("route", "operation"),
            buckets=STATEMENTS,
            registry=self.registry,
        )
        self._refused = Counter(
            "storegraph_requests_refused",
            "Requests refused before they were executed.",
            ("reason",),
            registry=self.registry,
        )
        self.queries = QueryMetrics(self.registry)
        self._pool = Gauge(
            "storegraph_database_connections_in_use",
            "Connections taken from the pool.",
            registry=self.registry,
        )
        self._backlog = {
            name: Gauge(f"storegraph_{name}", told, registry=self.registry)
            for name, told in BACKLOG.items()
        }
        info = Info("storegraph_process", "The answering process.", registry=self.registry)
        info.info({"pid": str(os.getpid())})
        # Looking a label up costs more than counting; there are few of them.
        self._seconds_of = lru_cache(KNOWN_LABELS)(self._seconds.labels)
        self._statements_of = lru_cache(KNOWN_LABELS)(self._statements.labels)

    def watch_pool(self, in_use: Callable[[], float]) -> None:
        self._pool.set_function(in_use)

    def watch_tries(self, tally: Mapping[str, int]) -> None:
        """What came of messages to endpoints of webhooks: `delivered`, `postponed`, `dead`."""
        self.registry.register(_Tries(tally))

    def show_backlog(self, seen: Mapping[str, float]) -> None:
        """What is not among `seen` is not known."""
        for name, gauge in self._backlog.items():
            gauge.set(seen.get(name, nan))

    def observe(self, method: str, route: str, status: int, operation: str, seconds: float) -> None:
        known = method if method in METHODS else "other"
        self._seconds_of(known, route, f"{status // 100}xx", operation).observe(seconds)

    def observe_statements(self, route: str, operation: str, statements: int) -> None:
        self._statements_of(route, operation).observe(statements)

    def count_refused(self, reason: str) -> None:
        self._refused.labels(reason).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)


class _Tries(Collector):
    def __init__(self, tally: Mapping[str, int]) -> None:
        self._tally = tally

    def collect(self) -> Iterator[CounterMetricFamily]:
        told = "Messages that were sent to endpoints of webhooks, by what came of it."
        family = CounterMetricFamily("storegraph_webhook_tries", told, labels=("outcome",))
        for outcome, count in self._tally.items():
            family.add_metric((outcome,), count)
        yield family
