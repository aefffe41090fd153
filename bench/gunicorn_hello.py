"""The product's gunicorn settings without its hooks: bare Flask has nothing to announce and nothing to close."""

import runpy
from pathlib import Path

_PRODUCT = Path(__file__).resolve().parent.parent / "gunicorn.conf.py"
globals().update(
    (name, value)
    for name, value in runpy.run_path(str(_PRODUCT)).items()
    if not name.startswith("_") and not callable(value)
)
