"""Rules tried on many invented rounds: pure as those of tests/core, but too long for them."""
