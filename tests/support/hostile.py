"""Addresses that are to lead nowhere, and a name service that leads some of them to loopback."""

import socket

from commerce.core.network import CallingRules
from tests.support.web import Names

EVERY_PORT = "1-65535"
STRANGER = "127.0.0.2"  # stands for a public place: the one address that the tests allow

# Names that the stub resolver knows, with what leads to loopback first.
NAMES = {
    "loop.test": ["127.0.0.1"],
    "loop6.test": ["::1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "mixed.test": [STRANGER, "127.0.0.1"],
    "mixed6.test": [STRANGER, "::1"],
    "zero.test": ["0.0.0.0"],
    "private.test": ["10.0.0.1"],
    "cloud.test": ["169.254.169.254"],
    "nat64.test": ["64:ff9b::7f00:1"],
    "zone.test": ["fe80::1%lo"],
    "nothing.test": [],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "xn--bcher-kva.test": ["127.0.0.1"],
}

# These reach the canary as soon as nobody looks at the addresses.
FOUR = (
    "http://127.0.0.1:{port}/", "http://127.0.0.1:{port}", "HTTP://127.0.0.1:{port}/#x",
    "http://127.0.0.1:{port}?q", "http://127.8.9.10:{port}/", "http://127.255.255.254:{port}/",
    "http://0.0.0.0:{port}/", "http://loop.test:{port}/", "http://LOOP.test:{port}/",
    "http://zero.test:{port}/", "http://localhost:{port}/", "http://LocalHost:{port}/",
    "http://localhost.localdomain:{port}/", "http://b\u00fccher.test:{port}/",
    "http://xn--bcher-kva.test:{port}/",
)  # fmt: skip
SIX = (
    "http://[::1]:{port}/", "http://[::]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[0000:0000::0001]:{port}/", "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/", "http://[::FFFF:7F00:0001]:{port}/",
    "http://loop6.test:{port}/", "http://mapped.test:{port}/",
)  # fmt: skip
# These are spelled so that the system or another parser reads an address of loopback into them.
SPELLED = (
    "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://017700000001:{port}/",
    "http://0x7f.0.0.1:{port}/", "http://0x7F.0x0.0x0.0x1:{port}/", "http://0177.0.0.1:{port}/",
    "http://0177.0.0.01:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/",
    "http://0x7f.1:{port}/", "http://0:{port}/", "http://0x0:{port}/",
    "http://user@127.0.0.1:{port}/", "http://user:secret@127.0.0.1:{port}/",
    "http://stranger.test@127.0.0.1:{port}/", "http://stranger.test:80@127.0.0.1:{port}/",
    "http://127.0.0.1:0{port}/../", "http://\uff11\uff12\uff17.\uff10.\uff10.\uff11:{port}/",
)  # fmt: skip
# No look at an address is needed to see that these are none, or there is nobody to be reached.
OTHERS = (
    "http://127\u30020\u30020\u30021:{port}/", "http://\u2460\u2461\u2466.0.0.1:{port}/",
    "http://0x7f000001.:{port}/", "http://127.0.0.1.:{port}/",
    "http://localhost.:{port}/", "http://%31%32%37.0.0.1:{port}/",
    "http://127.0.0.1%00.stranger.test:{port}/", "http://127.0.0.1%2f@stranger.test:{port}/",
    "http://127.0.0.1\\@stranger.test:{port}/", "http://stranger.test\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\.stranger.test/", "http://127.0.0.1:{port} /",
    " http://127.0.0.1:{port}/", "http://127.0.0.1\t:{port}/", "ht\ntp://127.0.0.1:{port}/",
    "http://stranger.test:{port}\r\nHost: 127.0.0.1/", "http:127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/",
    "127.0.0.1:{port}", "http://[::1%25lo]:{port}/", "http://[fe80::1%25lo]:{port}/",
    "http://[::1]stranger.test:{port}/", "http://::1:{port}/", "http://[127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/", "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/", "http://[2001:0:7f00:1::80ff:fffe]:{port}/",
    "http://[::ffff:0:7f00:1]:{port}/", "http://[fd00:ec2::254]/", "http://[fe80::1]:{port}/",
    "http://[ff02::1]:{port}/", "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.0.1/",
    "http://100.64.0.1/", "http://100.100.100.200/", "http://169.254.169.254/latest/meta-data/",
    "http://192.0.0.192/", "http://168.63.129.16/", "http://198.18.0.1/", "http://224.0.0.1/",
    "http://240.0.0.1/", "http://255.255.255.255/", "http://256.0.0.1/", "http://private.test/",
    "http://cloud.test/", "http://nat64.test:{port}/", "http://zone.test:{port}/",
    "http://mixed.test:{port}/", "http://mixed6.test:{port}/", "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/_x", "ftp://127.0.0.1:{port}/", "dict://127.0.0.1:{port}/",
    "ldap://127.0.0.1:{port}/", "ws://127.0.0.1:{port}/", "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/", "data:text/plain,x", "jar:http://127.0.0.1:{port}!/",
)  # fmt: skip
HOSTILE = (*FOUR, *SIX, *SPELLED, *OTHERS)


def rules(*allowed: str) -> CallingRules:
    return CallingRules.read([EVERY_PORT], allowed, plain_http=True)


def names() -> Names:
    return Names({host: [addresses] for host, addresses in NAMES.items()})


def speaks_six() -> bool:
    """Whether this machine has the loopback of IPv6."""
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True
