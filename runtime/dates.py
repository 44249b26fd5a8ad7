"""Dates as HTTP writes them."""

from __future__ import annotations

from datetime import UTC, datetime

from pyastro.runtime.patterns import pattern

__all__ = ["http_date", "read_http_date"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FIXDATE = rf"(?a)(?:{'|'.join(_DAYS)}), (\d\d) ({'|'.join(_MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d) GMT"


def http_date(when: datetime | int) -> str:
    """The moment as an IMF-fixdate, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).

    A number counts the seconds since 1970. Raises ValueError when `when` has no time zone: which moment it means would
    depend on the machine.
    """
    if isinstance(when, int):
        when = datetime.fromtimestamp(when, UTC)
    if when.tzinfo is None:
        raise ValueError(f"{when!r} has no time zone; write datetime(…, tzinfo=UTC)")
    utc = when.astimezone(UTC)
    # strftime would write the names in the language of the locale
    day, month = _DAYS[utc.weekday()], _MONTHS[utc.month - 1]
    return f"{day}, {utc.day:02} {month} {utc.year:04} {utc:%H:%M:%S} GMT"


def read_http_date(text: str | None) -> int | None:
    """The seconds since 1970 that an IMF-fixdate says; None for anything else, obsolete spellings included."""
    found = pattern(_FIXDATE).fullmatch(text) if text else None
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    try:
        moment = datetime(
            int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC
        )
    except ValueError:
        return None
    return int(moment.timestamp())
