"""What customers have, as GraphQL enums; inputs import them from here, so that they are."""

from commerce.customers.criteria import CustomerOrderField
from commerce.customers.kinds import ContactKind, ExtraFieldKind, GroupKind, MarketingChannel
from resolvers.enums import described

described(
    ContactKind,
    "Where else a customer can be reached.",
    EMAIL="An e-mail address.",
    PHONE="A phone number.",
    FACEBOOK="A profile at Facebook.",
    INSTAGRAM="A profile at Instagram.",
    TWITTER="A profile at Twitter.",
    YOUTUBE="A channel at YouTube.",
    TIKTOK="A profile at TikTok.",
    PINTEREST="A profile at Pinterest.",
    VK="A profile at VK.",
    FB_MESSENGER="Facebook's messenger.",
    WHATSAPP="A number at WhatsApp.",
    TELEGRAM="A name at Telegram.",
    VIBER="A number at Viber.",
    URL="An address of the web.",
    OTHER="Anything else.",
)
described(
    GroupKind,
    "What kind of customers a group is of.",
    called="CustomerGroupKind",
    B2C="People who buy for themselves.",
    B2B="Companies.",
    VIP="Customers the shop cares for in particular.",
    WHOLESALE="Those who sell on.",
    EMPLOYEE="The shop's own people.",
)
described(
    MarketingChannel,
    "How a customer can be written to.",
    EMAIL="By e-mail.",
    SMS="By text message.",
)
described(
    ExtraFieldKind,
    "What a field of the store's own holds.",
    TEXT="Any text.",
    DATETIME="A time: `2026-01-31T08:00:00Z`.",
)
described(
    CustomerOrderField,
    "What customers can be sorted by.",
    NAME="Both names, the given one first, whatever their case and accents.",
    EMAIL="The e-mail address.",
    CREATED_AT="When it was added.",
    UPDATED_AT="When it was last changed.",
)

__all__ = ["ContactKind", "CustomerOrderField", "ExtraFieldKind", "GroupKind", "MarketingChannel"]
