"""The kinds of things customers have."""

from enum import Enum


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
