"""Secrets as they are stored: argon2id for what people choose or type, a keyed hash for long random tokens."""

import hashlib
import hmac
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import Flask, current_app

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: nothing to mistake on paper
_hasher = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)  # OWASP minimum for argon2id
_DUMMY = _hasher.hash("nobody has this password")


class Keyring:
    """Hashes with the key of the running application, which lives outside its database; bound in create_app."""

    def init_app(self, app: Flask, key: str) -> None:
        """Give `app` the key of its installation."""
        app.extensions["keyring"] = hashlib.sha256(key.encode()).digest()

    def hash_token(self, token: str) -> str:
        """Return the HMAC-SHA-256 of a long random token, hex."""
        return hmac.digest(current_app.extensions["keyring"], token.encode(), "sha256").hex()


def new_token() -> str:
    """Return a random token of 128 bits or more for a cookie or QR link."""
    return secrets.token_urlsafe(24)


def new_code(length: int) -> str:
    """Return random characters that are easy to read out and type."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(length))


def new_pin() -> str:
    """Return a random six-digit PIN."""
    return f"{secrets.randbelow(1_000_000):06d}"


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a password or PIN."""
    return _hasher.hash(secret)


def matches(secret: str, stored: str | None) -> bool:
    """Tell whether `secret` has the hash `stored`; takes as long when there is no such account (None)."""
    try:
        return _hasher.verify(stored or _DUMMY, secret) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False
