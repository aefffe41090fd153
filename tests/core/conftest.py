"""How hard the properties look: a modest, repeatable search here; `HYPOTHESIS_PROFILE=long` searches on."""

import os

from hypothesis import settings

settings.register_profile("short", max_examples=20, derandomize=True, deadline=None)
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))
