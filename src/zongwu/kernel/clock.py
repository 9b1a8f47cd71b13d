"""The one clock. Business dates are days in the school's time zone; instants are UTC."""

from datetime import UTC, date, datetime
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
