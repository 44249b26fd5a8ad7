"""Sealing with Fernet, of the package `cryptography`, and the same without it where a JavaScript host brings WebCrypto.

What one of the two has sealed the other opens.
"""

import base64
import hmac
import os
import sys
import time
from collections.abc import Sequence
from typing import Protocol

from pyastro.runtime.errors import SetupError
from pyastro.runtime.javascript import to_object

_VERSION = b"\x80"
_HEAD, _BLOCK, _MAC = 1 + 8, 16, 32


class BadToken(ValueError):
    """A text that was not sealed with one of the keys."""


class Sealer(Protocol):
    """Seals bytes, and opens what it sealed."""

    async def seal(self, data: bytes) -> bytes:
        """A token that says nothing of the data but its length."""

    async def unseal(self, token: bytes) -> bytes:
        """The data. Raises BadToken."""


class Aes(Protocol):
    """AES in the mode CBC, with padding as PKCS #7 has it."""

    async def encrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        """The data, encrypted."""

    async def decrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        """The data. Raises ValueError for what cannot be decrypted."""


def make_sealer(keys: Sequence[bytes]) -> Sealer:
    """What seals with the first key, of 32 bytes, and opens with each: with what there is on this host."""
    return WebFernet(keys, WebCryptoAes()) if sys.platform == "emscripten" else PackageFernet(keys)


class PackageFernet:
    """Fernet of the package `cryptography`."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        """Make it; raises SetupError where the package is not installed."""
        try:
            from cryptography.fernet import Fernet, InvalidToken, MultiFernet
        except ImportError:
            raise SetupError(
                "Sessions in cookies need the package cryptography: `pip install 'pyastro-web[cookie]'`."
            ) from None
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
        self._invalid = InvalidToken

    async def seal(self, data: bytes) -> bytes:
        """See Sealer."""
        return self._fernet.encrypt(data)

    async def unseal(self, token: bytes) -> bytes:
        """See Sealer."""
        try:
            return self._fernet.decrypt(token)
        except self._invalid as error:
            raise BadToken from error


class WebFernet:
    """Fernet (github.com/fernet/spec), with somebody else's AES.

    A token is a version, the time, an initialization vector and the encrypted data, then an HMAC of all that. A key is
    16 bytes for the HMAC, and 16 for AES.
    """

    def __init__(self, keys: Sequence[bytes], aes: Aes) -> None:
        self._keys = keys
        self._aes = aes

    async def seal(self, data: bytes) -> bytes:
        """See Sealer."""
        key, vector = self._keys[0], os.urandom(_BLOCK)
        head = _VERSION + int(time.time()).to_bytes(8, "big")
        body = head + vector + await self._aes.encrypt(key[16:], vector, data)
        return base64.urlsafe_b64encode(body + _mac(key, body))

    async def unseal(self, token: bytes) -> bytes:
        """See Sealer."""
        try:
            raw = base64.urlsafe_b64decode(token)
            body, mac = raw[:-_MAC], raw[-_MAC:]
            if len(body) < _HEAD + 2 * _BLOCK or not body.startswith(_VERSION):
                raise BadToken
            key = next((each for each in self._keys if hmac.compare_digest(_mac(each, body), mac)), None)
            if key is None:
                raise BadToken
            vector, data = body[_HEAD : _HEAD + _BLOCK], body[_HEAD + _BLOCK :]
            return await self._aes.decrypt(key[16:], vector, data)
        except BadToken:
            raise
        except ValueError as error:
            raise BadToken from error


def _mac(key: bytes, body: bytes) -> bytes:
    return hmac.digest(key[:16], body, "sha256")


class WebCryptoAes:
    """The AES of WebCrypto (W3C Web Cryptography API, 27), which all JavaScript hosts have."""

    async def encrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        """See Aes."""
        return await self._call("encrypt", key, vector, data)

    async def decrypt(self, key: bytes, vector: bytes, data: bytes) -> bytes:
        """See Aes."""
        from pyodide.ffi import JsException

        try:
            return await self._call("decrypt", key, vector, data)
        except JsException as error:
            raise ValueError("this cannot be decrypted") from error

    async def _call(self, operation: str, key: bytes, vector: bytes, data: bytes) -> bytes:
        import js
        from pyodide.ffi import to_js

        subtle = js.crypto.subtle
        imported = await subtle.importKey("raw", to_js(key), "AES-CBC", False, to_js([operation]))
        algorithm = to_object({"name": "AES-CBC", "iv": vector})
        result = await getattr(subtle, operation)(algorithm, imported, to_js(data))
        made: bytes = result.to_bytes()
        return made
