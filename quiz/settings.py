"""Every setting of the product, typed, read from the environment; production refuses to start without its secrets."""

import secrets
from enum import StrEnum
from pathlib import Path
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"
ROOT = Path(__file__).resolve().parent.parent


class Environment(StrEnum):
    """Where the product runs."""

    DEMO = "demo"
    PRODUCTION = "production"
    TEST = "test"


class SettingsError(Exception):
    """The settings do not allow a start; the text says what to set."""


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
    trusted_hosts: list[str] = Field(default_factory=list, description="host names served; empty: any")
    proxy_count: int = Field(0, ge=0, le=5, description="trusted reverse proxies in front")
    https: bool = Field(False, description="served over TLS: Secure cookies and HSTS")
    session_hours: int = Field(12, ge=1, le=72, description="how long a sign-in lasts, hours")
    backup_days: int = Field(
        14, ge=0, le=400, description="how many daily backups are kept in the data folder; 0: none are made"
    )
    allow_old_sqlite: bool = Field(
        False, description="start although SQLite is older than 3.51.3 (risk of damage)"
    )

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
            raise ValueError(f"set {' and '.join(short)} to random texts of at least 32 characters")
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


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x") as file:
                path.chmod(0o600)
                file.write(secrets.token_urlsafe(48))
        except FileExistsError:
            pass  # another worker was quicker
    return path.read_text().strip()
