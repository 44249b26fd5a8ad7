"""The people who have an account."""

from dataclasses import dataclass

from .db import database
from .passwords import is_password


@dataclass(frozen=True)
class User:
    """Someone with an account."""

    id: int
    email: str
    name: str


def find_user(user_id: int) -> User | None:
    """The user with this number, or None."""
    rows = database.rows("SELECT id, email, name FROM users WHERE id = ?", user_id)
    return User(**rows[0]) if rows else None


def check_login(email: str, password: str) -> User | None:
    """The user who has this address and this password, or None."""
    rows = database.rows("SELECT * FROM users WHERE email = ?", email.strip().lower())
    salt, expected = (rows[0]["salt"], rows[0]["password"]) if rows else (b"", b"")
    # An unknown address takes as long as a wrong password: the time must not tell who has an account.
    is_right = is_password(password, salt, expected)
    return find_user(rows[0]["id"]) if rows and is_right else None
