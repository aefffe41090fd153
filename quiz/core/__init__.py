"""The rule book: short pure functions over plain values, standard library only.

Nothing here reads the clock, the database, the request or draws randomness it was not handed.
"""
