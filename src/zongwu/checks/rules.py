"""When a look is due, and what an answer means. No ORM, no clock."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple


class Period(NamedTuple):
    """The days within which one look is due, both inclusive."""

    from_on: date
    until_on: date


_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
DAY = timedelta(days=1)


def periods(
    every: str, since: date, until: date, *, works: Callable[[date], bool], terms: Sequence[tuple[date, date]] = ()
) -> Iterator[Period]:
    """The periods that touch the days from `since` to `until`, in order: days, weeks from Monday, months, halves of a year, terms.

    `works` says on which days the school works; a period in which it does not work at all asks for nothing, but for `day`.
    """
    for period in _raw(every, since, until, terms):
        if every == "day" or any(works(day) for day in _days(period)):
            yield period


def _raw(every: str, since: date, until: date, terms: Sequence[tuple[date, date]]) -> Iterable[Period]:
    if every in ("day", "workday"):
        return (Period(day, day) for day in _days(Period(since, until)))
    if every == "week":
        monday = since - timedelta(days=since.weekday())
        return (
            Period(start, start + timedelta(days=6)) for start in _days(Period(monday, until)) if start.weekday() == 0
        )
    if every == "term":
        return (Period(begins, ends) for begins, ends in terms if begins <= until and ends >= since)
    return _of_months(_MONTHS[every], since, until)


def _of_months(count: int, since: date, until: date) -> Iterator[Period]:
    """Calendar periods of one, three, six or twelve months."""
    year, month = since.year, (since.month - 1) // count * count + 1
    while (start := date(year, month, 1)) <= until:
        last = month + count - 1
        yield Period(start, date(year, last, monthrange(year, last)[1]))
        year, month = (year, month + count) if month + count <= 12 else (year + 1, 1)


def _days(period: Period) -> Iterator[date]:
    for n in range((period.until_on - period.from_on).days + 1):
        yield period.from_on + n * DAY


def within(number: Decimal, least: Decimal | None, most: Decimal | None) -> bool:
    """Whether a reading keeps its limits; a limit that is not set holds always."""
    return (least is None or number >= least) and (most is None or number <= most)


def streak(done: Sequence[bool]) -> str:
    """Of the last periods, oldest first: how many were kept, and which were not."""
    holes = [n for n, kept in enumerate(done, start=1) if not kept]
    told = f"查了 {len(done) - len(holes)} 次"
    return f"{told}，第 {'、'.join(map(str, holes[:4]))}{'……' if len(holes) > 4 else ''} 次没查" if holes else told


_NUMBER = r"(-?\d{1,8}(?:\.\d{1,3})?)"
_LIMITS = (
    (re.compile(rf"{_NUMBER}\s*(?:~|～|—|–|到|至)\s*{_NUMBER}\s*(\D{{0,10}})"), ("least", "most", "unit")),
    (re.compile(rf"(?:≥|>=|不低于|不少于|至少)\s*{_NUMBER}\s*(\D{{0,10}})"), ("least", "unit")),
    (re.compile(rf"(?:≤|<=|不高于|不超过|最多)\s*{_NUMBER}\s*(\D{{0,10}})"), ("most", "unit")),
)


def limits(text: str) -> dict[str, Any] | None:
    """`0~8 ℃`, `≥125 克`, `≤120 秒`: the limits of a reading and its unit; None for words."""
    for pattern, names in _LIMITS:
        if fits := pattern.fullmatch(text.strip()):
            found = dict(zip(names, (part.strip() for part in fits.groups()), strict=True))
            return {name: Decimal(word) if name != "unit" else word for name, word in found.items()}
    return None


def told(least: Decimal | None, most: Decimal | None, unit: str) -> str:
    """Limits as people write them, the way back from `limits`."""
    words = [f"{one.normalize():f}" if one is not None else "" for one in (least, most)]
    if words[0] and words[1]:
        return f"{words[0]}~{words[1]} {unit}".strip()
    return f"{'≥' if words[0] else '≤'}{words[0] or words[1]} {unit}".strip() if any(words) else ""
