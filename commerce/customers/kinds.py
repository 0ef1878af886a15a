"""The kinds of things customers have."""

from enum import Enum
from typing import Final

# Built in: everybody without another group; legacy clients know its id.
GENERAL_GROUP: Final = 0


class GroupKind(Enum):
    """What kind of customers a group is of. Nothing follows from it."""

    B2C = "b2c"
    B2B = "b2b"
    VIP = "vip"
    WHOLESALE = "wholesale"
    EMPLOYEE = "employee"


class ContactKind(Enum):
    """Where else a customer can be reached."""

    EMAIL = "email"
    PHONE = "phone"
    FACEBOOK = "facebook"
    INSTAGRAM = "instagram"
    TWITTER = "twitter"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    PINTEREST = "pinterest"
    VK = "vk"
    FB_MESSENGER = "fb_messenger"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"
    VIBER = "viber"
    URL = "url"
    OTHER = "other"


class MarketingChannel(Enum):
    EMAIL = "email"
    SMS = "sms"


class ExtraFieldKind(Enum):
    TEXT = "text"
    DATETIME = "datetime"
