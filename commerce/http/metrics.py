"""What the process counts for Prometheus, in a registry of its own.

Labels are bounded: routes are templates, and only operations stored with the server are named.
Each worker process counts for itself; `storegraph_process_info` tells them apart.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.exposition import generate_latest

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0)
STATEMENTS: Final = (0, 1, 2, 4, 6, 8, 12, 20, 50)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
KNOWN_LABELS: Final = 1_024


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
        self._pool = Gauge(
            "storegraph_database_connections_in_use",
            "Connections taken from the pool.",
            registry=self.registry,
        )
        info = Info("storegraph_process", "The answering process.", registry=self.registry)
        info.info({"pid": str(os.getpid())})
        # Looking a label up costs more than counting; there are few of them.
        self._seconds_of = lru_cache(KNOWN_LABELS)(self._seconds.labels)
        self._statements_of = lru_cache(KNOWN_LABELS)(self._statements.labels)

    def watch_pool(self, in_use: Callable[[], float]) -> None:
        self._pool.set_function(in_use)

    def observe(self, method: str, route: str, status: int, operation: str, seconds: float) -> None:
        known = method if method in METHODS else "other"
        self._seconds_of(known, route, f"{status // 100}xx", operation).observe(seconds)

    def observe_statements(self, route: str, operation: str, statements: int) -> None:
        self._statements_of(route, operation).observe(statements)

    def count_refused(self, reason: str) -> None:
        self._refused.labels(reason).inc()

    def text(self) -> bytes:
        return generate_latest(self.registry)
