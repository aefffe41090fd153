"""Pictures of black on white that are small on the line: sixteen greys instead of 16 million colours.

The drawing library writes eight bits for each of red, green, blue and opacity; of a page of text that is ten times
what is needed. Only the red of each point is read: where everything is grey, the others say the same.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from itertools import accumulate

SIGN = b"\x89PNG\r\n\x1a\n"
EIGHT_BITS_RGBA = (8, 6)
FOUR_BITS_GREY = (4, 0)


def in_greys(png: bytes) -> bytes:
    """Return a grey and opaque PNG of 8-bit RGBA as one of sixteen greys; raise ValueError for any other."""
    chunks = list(_chunks(png))
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[0][1])
    if tuple(kind) != (*EIGHT_BITS_RGBA, 0, 0, 0):
        raise ValueError("not an 8-bit RGBA PNG without interlacing")
    data = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = b"".join(b"\0" + _packed(line) for line in _reds(data, width))
    head = struct.pack(">IIBBBBB", width, height, *FOUR_BITS_GREY, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return SIGN + b"".join(_chunk(name, body) for name, body in parts)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGN)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        yield name, png[at + 8 : at + 8 + length]
        at += 12 + length


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _reds(data: bytes, width: int) -> Iterator[bytes]:
    """Yield the red of each point, row by row; each row names the way it was written (PNG, part 9)."""
    length = 1 + 4 * width
    above = bytes(width)
    for at in range(0, len(data), length):
        above = bytes(_unfiltered(data[at], data[at + 1 : at + length : 4], above))
        yield above


def _unfiltered(way: int, line: bytes, above: bytes) -> Iterable[int]:
    if way == 1:
        return (value & 255 for value in accumulate(line))
    if way == 2:
        return (value + up & 255 for value, up in zip(line, above, strict=True))
    if way in (3, 4):
        return _predicted(way, line, above)
    return line


def _predicted(way: int, line: bytes, above: bytes) -> Iterator[int]:
    left = corner = 0
    for value, up in zip(line, above, strict=True):
        guess = (left + up) // 2 if way == 3 else _paeth(left, up, corner)
        left, corner = value + guess & 255, up
        yield left


def _paeth(left: int, up: int, corner: int) -> int:
    """Return the neighbour that is nearest to left + up - corner."""
    aside, over, across = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
    if aside <= over and aside <= across:
        return left
    return up if over <= across else corner


def _packed(line: bytes) -> bytes:
    """Return two points a byte."""
    even = line + line[-1:] if len(line) % 2 else line
    return bytes(first & 240 | second >> 4 for first, second in zip(even[::2], even[1::2], strict=True))
