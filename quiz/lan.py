"""By which addresses other devices of the local network reach this machine: a hall's phones know no "localhost"."""

import socket
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from ipaddress import IPv4Address

ADDRESS_OF = 0x8915  # SIOCGIFADDR: the IPv4 address of a network interface, on Linux
VIRTUAL = ("docker", "br-", "veth", "virbr", "tun", "tap", "wg", "zt", "tailscale")


def addresses() -> list[str]:
    """Return the IPv4 addresses of this machine in local networks, Wi-Fi first; empty when it is in none."""
    found = dict.fromkeys([*_of_interfaces(), *_of_routes()])
    return [
        address
        for address in found
        if IPv4Address(address).is_private and not IPv4Address(address).is_loopback
    ]


def _of_interfaces() -> Iterator[str]:
    """Yield the address of every real interface; none where the system tells it in another way."""
    try:
        import fcntl
    except ImportError:
        return
    names = [name for _, name in socket.if_nameindex() if not name.startswith((*VIRTUAL, "lo"))]
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asking:
        for name in sorted(names, key=lambda name: not name.startswith(("wl", "ap"))):
            with suppress(OSError):  # an interface that is down has none
                answer = fcntl.ioctl(asking.fileno(), ADDRESS_OF, struct.pack("256s", name.encode()[:15]))
                yield socket.inet_ntoa(answer[20:24])


def _of_routes() -> Iterator[str]:
    """Yield the address this machine would speak from; asking sends nothing."""
    for far in ("192.168.255.254", "10.255.255.254", "172.31.255.254"):
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asking, suppress(OSError):
            asking.connect((far, 9))
            yield asking.getsockname()[0]
