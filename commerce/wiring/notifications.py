"""Mail and text messages on their way out."""

from commerce.wiring.base import BaseRepositories, BaseServices


class NotificationsRepositories(BaseRepositories):
    pass


class NotificationsServices(BaseServices):
    repositories: NotificationsRepositories
