"""HTTP dates."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pyastro.runtime.dates import http_date, read_http_date


def test_a_date() -> None:
    assert http_date(datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert http_date(datetime(2024, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1)))) == (
        "Sun, 31 Dec 2023 23:30:00 GMT"
    )


def test_a_date_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        http_date(datetime(2024, 1, 1))


def test_a_date_is_read_again() -> None:
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert read_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777
    for other in (None, "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT", "x" * 9999):
        assert read_http_date(other) is None
