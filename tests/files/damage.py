"""Bytes spoilt as a bad line, a full disk or a bad hand spoils them."""


def damaged(data, chance):
    """Return `data` with a few bytes changed, cut out or doubled."""
    data = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data))
        what = chance.randrange(3)
        if what == 0:
            data[place] = chance.randrange(256)
        elif what == 1:
            del data[place : place + chance.randint(1, 20)]
        else:
            data[place:place] = data[place : place + chance.randint(1, 20)]
    return bytes(data)
