"""Passwords: kept as what scrypt makes of them (RFC 7914)."""

import hashlib
import hmac
import secrets


def new_salt() -> bytes:
    """Random bytes that make equal passwords look different."""
    return secrets.token_bytes(16)


def hash_password(password: str, salt: bytes) -> bytes:
    """What is kept of a password. It takes a while, so that guessing takes long."""
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


def is_password(password: str, salt: bytes, expected: bytes) -> bool:
    """Is this the password that was kept?"""
    return hmac.compare_digest(hash_password(password, salt), expected)
