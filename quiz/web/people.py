"""Pages about people."""

from flask import Blueprint

blueprint = Blueprint("people", __name__)
