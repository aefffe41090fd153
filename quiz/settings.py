"""Every setting of the product, typed, read from the environment; production refuses to start without its secrets."""

import json
import secrets
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

from click import ClickException
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent.parent
_DATABASES = ("sqlite", "postgres", "postgresql", "postgresql+psycopg")


class Environment(StrEnum):
    """Where the product runs."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


class SettingsError(ClickException):
    """The settings do not allow a start; the text says what to set, and a command shows nothing else."""


class Settings(BaseSettings):
    """Read from variables named QUIZ_… (and DATABASE_URL); `flask --app app settings` prints them without secrets."""

    model_config = SettingsConfigDict(env_prefix="QUIZ_", extra="ignore", populate_by_name=True, frozen=True)

    environment: Environment = Field(Environment.DEMO, description="demo, production or test")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="empty: SQLite in the data folder; or postgresql://…"
    )
    data_dir: Path = Field(
        ROOT / "instance", description="folder of the embedded database and generated secrets"
    )
    secret_key: SecretStr = Field(SecretStr(""), description="signs cookies; 32 characters or more")
    card_key: SecretStr = Field(
        SecretStr(""), description="keys the hash of card and session tokens; 32 or more"
    )
    trusted_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="host names served; empty: any"
    )
    proxy_count: int = Field(0, ge=0, le=5, description="trusted reverse proxies in front")
    https: bool = Field(False, description="served over TLS: Secure cookies and HSTS")
    session_hours: int = Field(12, ge=1, le=72, description="how long a sign-in lasts, hours")
    backup_days: int = Field(
        14, ge=0, le=400, description="how many daily backups are kept in the data folder; 0: none are made"
    )
    allow_old_sqlite: bool = Field(
        False, description="start although SQLite is older than 3.51.3 (risk of damage)"
    )

    @field_validator("database_url")
    @classmethod
    def _of_a_known_database(cls, value: str) -> str:
        try:
            known = not value or make_url(value).drivername in _DATABASES
        except (ArgumentError, ValueError):
            known = False
        if not known:
            raise ValueError("leave it empty, or write it as postgresql://user:password@host/name")
        return value

    @field_validator("trusted_hosts", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        try:
            return json.loads(value) if isinstance(value, str) else value
        except ValueError:
            raise ValueError(f"write it as {json.dumps([value])}") from None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        short = [
            f"QUIZ_{name.upper()}"
            for name in ("secret_key", "card_key")
            if len(getattr(self, name).get_secret_value()) < 32
        ]
        if short:
            texts = "a random text" if len(short) == 1 else "random texts"
            raise ValueError(f"set {' and '.join(short)} to {texts} of at least 32 characters")
        return self

    @property
    def is_production(self) -> bool:
        """Tell whether demo accounts are refused and secrets required."""
        return self.environment is Environment.PRODUCTION

    def sqlalchemy_url(self) -> str:
        """Return the database address with the driver this product uses."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'quiz.db'}"
        for scheme in ("postgres://", "postgresql://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    def secret(self, name: str) -> str:
        """Return a secret; outside production a missing one is made once and kept in the data folder."""
        given: str = getattr(self, name).get_secret_value()
        return given or _kept_secret(self.data_dir / f"{name}.txt")


def read_settings() -> Settings:
    """Return the settings of the environment; raise SettingsError naming every variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("; ".join(_explained(fault) for fault in error.errors())) from None


def _explained(fault: Any) -> str:
    """Return what is wrong with which variable; its value is not repeated, it may be a secret."""
    said: str = fault["msg"].removeprefix("Value error, ")
    if not fault["loc"]:
        return said
    field = str(fault["loc"][0])
    return f"{field if field.isupper() else f'QUIZ_{field.upper()}'}: {said}"


def make_folder(path: Path) -> None:
    """Make the data folder if it is not there, closed to other users; raise SettingsError when that cannot be."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise SettingsError(f"QUIZ_DATA_DIR: {path} cannot be made ({fault.strerror})") from None


def _kept_secret(path: Path) -> str:
    if not path.exists():
        make_folder(path.parent)
        try:
            with path.open("x") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another worker was quicker
    return path.read_text().strip()
