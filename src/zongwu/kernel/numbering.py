"""Gap-free numbers: one counter row per school, kind and year, locked before the journal head."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.db import connection, models

from zongwu.kernel.scope import SchoolModel


class Counter(SchoolModel):
    series = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "series", "year"], name="counter_once"),
        ]


def take(school_id: int, series: str, year: int, count: int = 1) -> list[str]:
    """The next `count` numbers such as `ZC-2026-0001`, reserved at once. Rolls back with its transaction."""
    table = Counter._meta.db_table
    with connection.cursor() as cursor:  # one statement, which also locks the row until the transaction ends
        cursor.execute(
            f'INSERT INTO "{table}" (school_id, series, year, last) VALUES (%s, %s, %s, %s) '
            f'ON CONFLICT (school_id, series, year) DO UPDATE SET last = "{table}".last + excluded.last RETURNING last',
            [school_id, series, year, count],
        )
        first = cursor.fetchone()[0] - count + 1
    return [f"{series}-{year}-{number:04d}" for number in range(first, first + count)]


def observe(school_id: int, series: str, numbers: list[str]) -> None:
    """Move the counters past imported numbers that fit the pattern; others do not concern them."""
    highest: dict[int, int] = {}
    for number in numbers:
        if fits := re.fullmatch(rf"{re.escape(series)}-(\d{{4}})-(\d{{4,9}})(?:~(\d{{4,9}}))?", number):
            year, last = int(fits[1]), int(fits[3] or fits[2])
            highest[year] = max(highest.get(year, 0), last)
    for year in sorted(highest):
        counter = _locked(school_id, series, year)
        if counter.last < highest[year]:
            Counter.objects.filter(pk=counter.pk).update(last=highest[year])


def _locked(school_id: int, series: str, year: int) -> Counter:
    counter: Counter = Counter.objects.select_for_update().get_or_create(school_id=school_id, series=series, year=year)[
        0
    ]
    return counter
