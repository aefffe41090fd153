"""Reading the QR code of a printed card, as a phone's camera does once it has found the squares.

The picture is a drawing made of runs of dark squares ("M2 2.5h7m1 0h2…"); it is clean, so no error needs mending.
Terms are those of ISO/IEC 18004: modules are the squares, codewords the bytes, a mask flips modules by a formula.
"""

import re
from collections.abc import Iterator

Matrix = list[list[bool]]

# version → correction level → [(blocks, data codewords in each)…]
_BLOCKS = {
    1: {"L": [(1, 19)], "M": [(1, 16)], "Q": [(1, 13)], "H": [(1, 9)]},
    2: {"L": [(1, 34)], "M": [(1, 28)], "Q": [(1, 22)], "H": [(1, 16)]},
    3: {"L": [(1, 55)], "M": [(1, 44)], "Q": [(2, 17)], "H": [(2, 13)]},
    4: {"L": [(1, 80)], "M": [(2, 32)], "Q": [(2, 24)], "H": [(4, 9)]},
    5: {"L": [(1, 108)], "M": [(2, 43)], "Q": [(2, 15), (2, 16)], "H": [(2, 11), (2, 12)]},
    6: {"L": [(2, 68)], "M": [(4, 27)], "Q": [(4, 19)], "H": [(4, 15)]},
}
_LEVELS = {0b01: "L", 0b00: "M", 0b11: "Q", 0b10: "H"}
_FORMAT_MASK = 0b101010000010010
_MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: (r * c) % 2 + (r * c) % 3 == 0,
    lambda r, c: ((r * c) % 2 + (r * c) % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + (r * c) % 3) % 2 == 0,
)
_BYTES = 0b0100
_STEP = re.compile(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?")


def read_drawing(path: str) -> str:
    """Return the text of a QR code drawn as the path of an SVG."""
    return read(_modules(path))


def read(modules: Matrix) -> str:
    """Return the text of a QR code; raise ValueError for what this reader does not know."""
    size = len(modules)
    version = (size - 17) // 4
    level, mask = _format(modules)
    if version not in _BLOCKS:
        raise ValueError(f"QR version {version} is not known here")
    bits = [modules[r][c] != _MASKS[mask](r, c) for r, c in _path(size, version)]
    codewords = [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    return _text(_data(codewords, _BLOCKS[version][level]))


def _modules(path: str) -> Matrix:
    dark: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    for command, first, second in _STEP.findall(path):
        if command == "h":
            dark |= {(int(y), int(x) + offset) for offset in range(int(float(first)))}
            x += float(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    top, left = min(row for row, _ in dark), min(column for _, column in dark)
    size = max(row for row, _ in dark) - top + 1
    return [[(top + row, left + column) in dark for column in range(size)] for row in range(size)]


def _format(modules: Matrix) -> tuple[str, int]:
    """Return the correction level and mask named beside the upper left finder."""
    column = [(row, 8) for row in (0, 1, 2, 3, 4, 5, 7)]
    row = [(8, place) for place in (8, 7, 5, 4, 3, 2, 1, 0)]
    bits = 0
    for r, c in reversed(column + row):  # the highest bit stands last
        bits = bits << 1 | modules[r][c]
    bits ^= _FORMAT_MASK
    return _LEVELS[bits >> 13], bits >> 10 & 0b111


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Yield the places that carry data, in the order they are read: up and down in columns of two from the right."""
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                if not _is_reserved(row, column, size, version):
                    yield row, column
        upwards = not upwards


def _is_reserved(row: int, column: int, size: int, version: int) -> bool:
    finder = (row < 9 and column < 9) or (row < 9 and column >= size - 8) or (row >= size - 8 and column < 9)
    timing = 6 in (row, column)
    centre = size - 7  # up to version 6 there is one alignment square
    alignment = version > 1 and abs(row - centre) <= 2 and abs(column - centre) <= 2
    return finder or timing or alignment


def _data(codewords: list[int], groups: list[tuple[int, int]]) -> list[int]:
    """Return the data codewords in order: the blocks are written interleaved."""
    sizes = [size for count, size in groups for _ in range(count)]
    blocks: list[list[int]] = [[] for _ in sizes]
    rest = iter(codewords)
    for place in range(max(sizes)):
        for block, size in zip(blocks, sizes, strict=True):
            if place < size:
                block.append(next(rest))
    return [codeword for block in blocks for codeword in block]


def _text(data: list[int]) -> str:
    bits = "".join(f"{codeword:08b}" for codeword in data)
    if int(bits[:4], 2) != _BYTES:
        raise ValueError(f"QR mode {bits[:4]} is not known here")
    count = int(bits[4:12], 2)
    return bytes(int(bits[at : at + 8], 2) for at in range(12, 12 + 8 * count, 8)).decode()
