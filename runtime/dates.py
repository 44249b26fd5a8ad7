"""Dates as HTTP writes them."""

from __future__ import annotations

from datetime import UTC, datetime

__all__ = ["http_date"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def http_date(when: datetime) -> str:
    """The moment as an IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).

    Raises ValueError when `when` has no time zone: which moment it means would depend on the machine.
    """
    if when.tzinfo is None:
        raise ValueError(f"{when!r} has no time zone; write datetime(…, tzinfo=UTC)")
    utc = when.astimezone(UTC)
    # strftime would write the names in the language of the locale
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    return f"{day}, {utc.day:02} {month} {utc.year:04} {utc:%H:%M:%S} GMT"
