"""The object gunicorn and flask load."""

from quiz import create_app

app = create_app()
