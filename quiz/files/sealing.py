"""Sealing a file that is carried by hand: nobody reads it without its key, and no changed byte goes unnoticed.

Encrypt-then-MAC with one primitive, HMAC-SHA-256, which the standard library has (AES it has not):

    master        argon2id(passphrase, salt), or the 256-bit secret of the package
    keys          HMAC(master, "encrypt" ‖ nonce), HMAC(master, "sign" ‖ nonce)
    keystream     HMAC(encrypt key, counter) for counter 0, 1, 2 …   (the counter mode of NIST SP 800-108)
    file          one line of JSON, the text XOR the keystream, HMAC(sign key, all before it)

A nonce is random and used once. The signature is checked before anything is decrypted, unpacked or believed.
"""

import hmac
import json
import secrets
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw

from quiz.core.errors import N_, RuleBroken

FORMAT = "htbt-1"
LARGEST = 10 * 1024 * 1024  # bytes of a sealed file
LONGEST_HEAD = 500
TAG = 32
BLOCK = 32
MEMORY, PASSES = 65_536, 3  # KiB and times argon2id goes through it: what one guess of a passphrase costs

NOT_OURS = N_("Đây không phải tệp mang đi, mang về của phần mềm này. Hãy chọn đúng tệp.")
TOO_LARGE = N_("Tệp lớn quá 10 MB nên không được đọc. Hãy chọn đúng tệp.")
DAMAGED = N_("Tệp bị hỏng hoặc đã bị sửa trên đường đi. Hãy chép lại tệp từ máy gốc.")
WRONG_PHRASE = N_(
    "Không mở được gói: mật khẩu chưa đúng, hoặc tệp đã bị sửa. "
    "Hãy chọn lại tệp và nhập lại mật khẩu được đọc cho bạn."
)


@dataclass(frozen=True, slots=True)
class Head:
    """What can be read from outside: the kind of the file and the package it belongs to."""

    kind: str
    package: str
    salt: str
    nonce: str


def seal(text: bytes, kind: str, package: str, key: str, is_phrase: bool) -> bytes:
    """Return `text` sealed with a passphrase, or with the secret of a package (64 hexadecimal digits)."""
    head = Head(kind, package, secrets.token_hex(16) if is_phrase else "", secrets.token_hex(16))
    line = json.dumps([FORMAT, head.kind, head.package, head.salt, head.nonce]).encode() + b"\n"
    encrypting, signing = _keys(head, key)
    body = line + _mixed(text, encrypting)
    return body + hmac.digest(signing, body, "sha256")


def head_of(data: bytes) -> Head:
    """Return the head of a sealed file, unproven; raise RuleBroken when it is something else or too large."""
    if len(data) > LARGEST:
        raise RuleBroken(TOO_LARGE)
    line, end, _ = data[:LONGEST_HEAD].partition(b"\n")
    try:
        name, *rest = json.loads(line) if end else [""]
        head = Head(*rest)
        for text in (head.salt, head.nonce):
            bytes.fromhex(text)
    except (ValueError, TypeError, RecursionError):
        raise RuleBroken(NOT_OURS) from None
    if name != FORMAT or not isinstance(head.kind, str) or not isinstance(head.package, str):
        raise RuleBroken(NOT_OURS)
    return head


def opened(data: bytes, key: str) -> bytes:
    """Return the text of a sealed file; raise RuleBroken when it was changed or `key` is not its key."""
    head = head_of(data)
    start = data.index(b"\n") + 1
    encrypting, signing = _keys(head, key)
    body, tag = data[:-TAG], data[-TAG:]
    if len(data) < start + TAG or not hmac.compare_digest(hmac.digest(signing, body, "sha256"), tag):
        raise RuleBroken(WRONG_PHRASE if head.salt else DAMAGED)
    return _mixed(body[start:], encrypting)


def _keys(head: Head, key: str) -> tuple[bytes, bytes]:
    master = _stretched(key, bytes.fromhex(head.salt)) if head.salt else bytes.fromhex(key)
    encrypting, signing = (
        hmac.digest(master, f"{use} {head.nonce}".encode(), "sha256") for use in ("encrypt", "sign")
    )
    return encrypting, signing


def _stretched(phrase: str, salt: bytes) -> bytes:
    if len(salt) != 16:
        raise RuleBroken(NOT_OURS)
    plain = "".join(phrase.upper().split()).replace("-", "")
    return hash_secret_raw(
        plain.encode(),
        salt,
        time_cost=PASSES,
        memory_cost=MEMORY,
        parallelism=1,
        hash_len=32,
        type=Type.ID,
    )


def _mixed(text: bytes, key: bytes) -> bytes:
    blocks = range(-(-len(text) // BLOCK))
    stream = b"".join(hmac.digest(key, number.to_bytes(8), "sha256") for number in blocks)[: len(text)]
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))
