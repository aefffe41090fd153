"""What a sign-in leaves so that it can be compared with others: keyed hashes, never a name or an address."""

from typing import NamedTuple

from quiz.extensions import keyring
from quiz.keyring import new_token


class Trace(NamedTuple):
    """Keyed hashes of a device and of its network; "" where nothing is to be kept."""

    device: str = ""
    network: str = ""


NO_TRACE = Trace()


def trace_of(device: str, network: str) -> Trace:
    """Return the trace of a device's random name and its network; "" of either leaves none."""
    return Trace(_kept("device", device), _kept("network", network))


def new_device() -> str:
    """Return a random name for a device that has none."""
    return new_token()


def _kept(kind: str, value: str) -> str:
    return keyring.hash_token(f"{kind}:{value}")[:16] if value else ""
