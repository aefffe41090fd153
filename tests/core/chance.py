"""Chance for the properties, as a shuffle needs it."""

from random import Random

from hypothesis import strategies as st

CHANCE = st.builds(Random, st.integers(0, 1_000_000))  # `st.randoms` draws every number of it one by one
