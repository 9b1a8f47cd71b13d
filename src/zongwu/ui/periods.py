"""The days that a figure on a page is about, unless the address says otherwise: the running term."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from zongwu.kernel.figures import Window

TERM_BEGINS = ((2, 1), (8, 1))
"""Month and day on which terms begin where a school has not said otherwise (decisions 6)."""

sources: list[Callable[[date], Window | None]] = []
"""Filled by `school` in `ready()`: the school's own term around a day."""


def term(today: date) -> Window:
    """The whole term in which the day lies."""
    for source in sources:
        if (window := source(today)) is not None:
            return window
    begins = sorted(date(year, *day) for year in range(today.year - 1, today.year + 2) for day in TERM_BEGINS)
    since = max(day for day in begins if day <= today)
    return Window(since, min(day for day in begins if day > today) - timedelta(days=1))


def so_far(today: date) -> Window:
    """The running term up to today: what a page shows when nobody asked for other days."""
    return Window(term(today).since, today)


def asked(query: Mapping[str, str], today: date) -> Window:
    """The window of `?since=&until=`; what cannot be read is taken from the running term."""
    default = so_far(today)
    since, until = _day(query.get("since", ""), default.since), _day(query.get("until", ""), default.until)
    return Window(since, until) if since <= until else default


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise
