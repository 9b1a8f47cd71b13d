"""The one clock. Business dates are days in the school's time zone; instants are UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

SCHOOL_ZONE = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant in UTC; it stands still where the settings say so (demo and tests only)."""
    fixed = settings.FIXED_NOW()
    if not fixed:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(fixed)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SCHOOL_ZONE)).astimezone(UTC)


def day_of(moment: datetime) -> date:
    """The school day on which this instant falls."""
    return moment.astimezone(SCHOOL_ZONE).date()


def today() -> date:
    return day_of(now())


EARLY, LATE = timedelta(minutes=10), timedelta(days=7)
"""How far a telephone's clock is believed: a few minutes ahead, and as long back as something may have waited for signal."""


def believed(device_at: datetime | None, now: datetime) -> datetime:
    """When something was done in the field: by the phone's own clock, unless that cannot be right; never later than now."""
    if device_at is None or not now - LATE <= device_at <= now + EARLY:
        return now
    return min(device_at, now)
