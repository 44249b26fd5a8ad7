"""The exceptions of the runtime."""

import pytest

from pyastro.runtime import errors


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.RequestError, 400),
        (errors.BadRequest, 400),
        (errors.ContentTooLarge, 413),
        (errors.UnsupportedMediaType, 415),
    ],
)
def test_the_status_of_a_request_error(error: type[errors.RequestError], status: int) -> None:
    assert error.status == status
    assert issubclass(error, errors.RequestError)


def test_kinds() -> None:
    assert issubclass(errors.BadRequest, ValueError)
    assert issubclass(errors.BodyUsed, RuntimeError)
    assert issubclass(errors.NoSession, RuntimeError)
    assert not issubclass(errors.FetchError, (OSError, ValueError, errors.RequestError))
