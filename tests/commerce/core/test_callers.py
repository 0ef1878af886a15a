import pytest

from commerce.core.callers import caller_of, network_of
from commerce.core.viewer import ANONYMOUS, Viewer, ViewerKind


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("testclient", "unknown"),
        ("192.0.2.7\r\nx", "unknown"),
    ],
)
def test_addresses_count_for_the_network_one_customer_of_a_provider_has(
    address: str, network: str
) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("viewer", "caller"),
    [
        (ANONYMOUS, "192.0.2.7"),
        (Viewer(ViewerKind.GUEST, tokens=frozenset({"t"})), "192.0.2.7"),
        (Viewer(ViewerKind.CUSTOMER, 7), "customer:7"),
        (Viewer(ViewerKind.API_KEY, 7), "api_key:7"),
    ],
)
def test_who_is_known_counts_for_themselves(viewer: Viewer, caller: str) -> None:
    assert caller_of(viewer, "192.0.2.7") == caller
