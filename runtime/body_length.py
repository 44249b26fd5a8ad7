"""The `Content-Length` of a response, which says how many bytes its body has and nothing else.

A connection on which fewer or more bytes follow than were announced carries somebody else's answer next.
"""

from collections.abc import AsyncGenerator, AsyncIterator

from pyastro.runtime.file_body import FileBody
from pyastro.runtime.outgoing import known_body
from pyastro.runtime.response import Response

_LONGEST_NUMBER = 18


class WrongLength(RuntimeError):
    """A response says of its body that it has another length than it has."""


def settle_length(response: Response, *, is_head: bool) -> None:
    """Makes what a response says of its length true: of a body that is known, which becomes bytes; a stream is measured
    while it is sent.

    The answer to HEAD says what GET would, without a body. Raises WrongLength for a length that is no number.
    """
    headers = response.headers
    data = known_body(response)
    if data is not None:
        response.body = data
        headers["content-length"] = str(len(data))
        return
    announced = headers.get_all("content-length")
    if not announced:
        return
    text = announced[0]
    if len(announced) > 1 or not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
        raise WrongLength(f"The response has the Content-Length {', '.join(announced)!r}, which is no number")
    if response.body is None:
        if not is_head:
            headers.delete("content-length")
    elif not isinstance(response.body, FileBody):
        response.body = _Measured(Response(response.body), int(text))


class _Measured:
    """The body of a response, which has to have as many bytes as its head says."""

    def __init__(self, plain: Response, length: int) -> None:
        self._plain = plain
        self._length = length
        self._pieces = self._measured(plain.stream())

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._pieces

    async def aclose(self) -> None:
        """Closes the stream behind it."""
        await self._pieces.aclose()
        await self._plain.close()

    async def _measured(self, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        left = self._length
        try:
            async for piece in pieces:
                left -= len(piece)
                if left < 0:
                    raise WrongLength(f"The body has more bytes than its Content-Length says, {self._length}")
                yield piece
            if left:
                raise WrongLength(f"The body lacks {left} of the {self._length} bytes of its Content-Length")
        finally:
            await pieces.aclose()
