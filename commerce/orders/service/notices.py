"""What the log of events has people told: messages queued as the events are numbered."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from commerce.events.repository.log import EventLog
from commerce.notifications.repository.settings import NotificationSettingRepository, SettingRow
from commerce.notifications.rules.reactions import HEARD, Notice, notices
from commerce.notifications.rules.topics import SMS, STAFF, TOPICS
from commerce.notifications.service import Following, NotificationQueue
from commerce.notifications.service.settings import is_enabled
from commerce.orders.repository.orders import OrderRepository, OrderRow
from commerce.staff.repository.members import StaffMemberRepository
from commerce.store.service import StoreService


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    locale: str


class NoticeService:
    """Runs in the transaction that numbers the events: each is told of once, or not yet."""

    def __init__(
        self,
        log: EventLog,
        queue: NotificationQueue,
        settings: NotificationSettingRepository,
        orders: OrderRepository,
        members: StaffMemberRepository,
        store: StoreService,
    ) -> None:
        self._log = log
        self._queue = queue
        self._settings = settings
        self._orders = orders
        self._members = members
        self._store = store

    async def take(self, positions: range, *, texts: bool) -> int:
        """How many messages follow from the events there. `texts`: somebody carries short ones.

        One statement where nothing does, and the same few for any number of events.
        """
        found = list(notices(await self._log.of_types(positions, HEARD)))
        if not found:
            return 0
        moved = await self._settings.by_way()
        wanted = [notice for notice in found if _is_wanted(notice, moved, texts=texts)]
        if not wanted:
            return 0
        orders = await self._orders.by_ids({each.order_id for each in wanted if each.order_id})
        staff = await self._staff(moved.values())
        following: list[Following] = []
        for notice in wanted:
            order = None if notice.order_id is None else orders.get(notice.order_id)
            if TOPICS[notice.queued_as].way.audience is STAFF:
                row = moved.get(TOPICS[notice.queued_as].way)
                following += _to_staff(notice, order, await self._recipients(row, staff))
            elif _reaches(notice, order):
                following.append(_message(notice, order, "customer", {}))
        if following:
            await self._queue.add_following(following)
        return len(following)

    async def _staff(self, moved: Collection[SettingRow]) -> dict[int, Any]:
        """Who of those that were chosen can still sign in."""
        ids = {id_ for row in moved for id_ in row.staff_ids}
        members = await self._members.by_ids(ids) if ids else {}
        return {id_: row for id_, row in members.items() if row.active and row.accepted_at}

    async def _recipients(
        self, row: SettingRow | None, staff: dict[int, Any]
    ) -> Sequence[Recipient]:
        """Whoever was chosen; the store's addresses where nobody was. Each address once."""
        store = await self._store.settings()
        emails = [] if row is None else list(row.emails)
        ids = [] if row is None else list(row.staff_ids)
        if not emails and not ids:
            emails = list(store.notification_emails)
        found = {email.lower(): Recipient(email, store.locale) for email in emails}
        for member in (staff[id_] for id_ in ids if id_ in staff):
            locale = member.locale or store.locale
            found[member.email.lower()] = Recipient(member.email, locale)
        return list(found.values())


def _is_wanted(notice: Notice, moved: dict[Any, SettingRow], *, texts: bool) -> bool:
    topic = TOPICS[notice.queued_as]
    carried = texts or topic.way.channel is not SMS
    return carried and is_enabled(topic, moved.get(topic.way))


def _reaches(notice: Notice, order: OrderRow | None) -> bool:
    if order is None:
        return False
    by_phone = TOPICS[notice.queued_as].way.channel is SMS
    return bool(order.phone if by_phone else order.email)


def _to_staff(
    notice: Notice, order: OrderRow | None, recipients: Sequence[Recipient]
) -> list[Following]:
    return [
        _message(notice, order, email.email, {"to": email.email, "locale": email.locale})
        for email in recipients
    ]


def _message(
    notice: Notice, order: OrderRow | None, recipient: str, more: dict[str, Any]
) -> Following:
    """The key holds no address: it stays when the message has gone."""
    short = sha256(recipient.lower().encode()).hexdigest()[:16]
    return Following(
        kind=notice.queued_as,
        event_key=f"{notice.about}:{notice.queued_as}:{short}",
        data={**notice.data, **more},
        customer_id=None if order is None else order.customer_id,
    )
