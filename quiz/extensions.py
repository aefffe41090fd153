"""Every extension is created here once and bound to the application in create_app."""

from flask import Response
from flask_babel import Babel
from flask_compress import Compress
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from quiz.demo_gate import DemoGate
from quiz.keyring import Keyring

SHORT = 400  # bytes under which an answer is not made smaller
NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every model; constraint names are fixed so that migrations can name them on both databases."""

    metadata = MetaData(naming_convention=NAMING)


class Compression(Compress):
    """Compression that does not ask what the browser takes when an answer is too short to gain."""

    def after_request(self, response: Response | None) -> Response:
        """Return the answer, smaller where that helps."""
        if response is not None and 0 < (response.content_length or 0) < SHORT:
            return response
        return super().after_request(response)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()
compress = Compression()
login_manager = LoginManager()
login_manager.session_protection = (
    None  # a phone changes its network; sessions are kept, and ended, on the server
)
keyring = Keyring()
demo_gate = DemoGate()
