"""The site's secrets, and text that carries proof of having been written by this site."""

import base64
import hmac
import os
import re
from collections.abc import Mapping, Sequence

from pyastro.runtime.errors import SetupError
from pyastro.runtime.patterns import pattern
from pyastro.runtime.secret import remember

VARIABLE = "PYASTRO_SECRET"
SHORTEST = 32
COMMAND = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'

_SIGNED = r"(?s)(?a)(.*)\.([0-9]{1,12})\.([\w-]{43})"


def read_secrets(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The site's secrets, with white space or commas between them: the first signs and encrypts, each is accepted.

    Raises SetupError, which tells how to make one, where there is none or one is too short to be a secret.
    """
    secrets = tuple(filter(None, re.split(r"[\s,]+", environment.get(VARIABLE, ""))))
    if not secrets:
        raise SetupError(
            f"This site signs or encrypts, and has no secret to do it with: set {VARIABLE}. `{COMMAND}` makes one."
        )
    if min(map(len, secrets)) < SHORTEST:
        raise SetupError(
            f"{VARIABLE} holds a secret of less than {SHORTEST} characters. `{COMMAND}` makes a good one."
        )
    for secret in secrets:
        remember(secret)
    return secrets


def derive_key(secret: str, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose: whoever learns it learns nothing of the secret, nor of other keys."""
    return hmac.digest(secret.encode("utf-8", "surrogateescape"), f"pyastro {purpose}".encode(), "sha256")


class Signer:
    """Signs texts for one purpose. A text that was signed for another one is not accepted."""

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        self._keys = [derive_key(secret, purpose) for secret in secrets]

    def sign(self, text: str, now: float) -> str:
        """The text with the time and a signature behind it."""
        dated = f"{text}.{int(now)}"
        return f"{dated}.{_signature(self._keys[0], dated)}"

    def unsign(self, signed: str, now: float, max_age: float | None = None) -> str | None:
        """The text that was signed; None where the signature is not ours, or older than `max_age` seconds."""
        found = pattern(_SIGNED).fullmatch(signed)
        if found is None:
            return None
        text, time, signature = found.groups()
        expected = [_signature(key, f"{text}.{time}") for key in self._keys]
        if not any(hmac.compare_digest(signature, each) for each in expected):
            return None
        return None if max_age is not None and now - int(time) > max_age else text


def _signature(key: bytes, text: str) -> str:
    digest = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
