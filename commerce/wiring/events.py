"""What happened, in order."""

from datetime import timedelta
from functools import cached_property

from commerce.events.repository.log import EventLog
from commerce.events.repository.outbox import EventOutbox
from commerce.events.service import EventService
from commerce.wiring.base import BaseRepositories, BaseServices


class EventsRepositories(BaseRepositories):
    @cached_property
    def event_outbox(self) -> EventOutbox:
        return EventOutbox(self._uow)

    @cached_property
    def event_log(self) -> EventLog:
        return EventLog(self._uow, self.sight)


class EventsServices(BaseServices):
    repositories: EventsRepositories

    @cached_property
    def events(self) -> EventService:
        kept = timedelta(days=self.ports.retention.event_days)
        return EventService(self.repositories.event_log, self.clock, kept)
