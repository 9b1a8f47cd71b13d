"""When a look is due, and what a grid means."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zongwu.checks import rules
from zongwu.checks.rules import Period

D = date


def weekdays(day: date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("every", "since", "until", "found"),
    [
        ("day", D(2026, 11, 21), D(2026, 11, 23), [(21, 21), (22, 22), (23, 23)]), ("workday", D(2026, 11, 20), D(2026, 11, 23), [(20, 20), (23, 23)]),
        ("week", D(2026, 11, 19), D(2026, 11, 23), [(16, 22), (23, 29)]), ("month", D(2026, 11, 19), D(2026, 11, 23), [(1, 30)]),
    ],
)  # fmt: skip
def test_periods_that_touch_the_days(every: str, since: date, until: date, found: list[tuple[int, int]]) -> None:
    told = [(one.from_on.day, one.until_on.day) for one in rules.periods(every, since, until, works=weekdays)]
    assert told == found


def test_longer_periods_follow_the_calendar_and_the_terms() -> None:
    day = D(2026, 11, 23)
    terms = [(D(2026, 8, 1), D(2027, 1, 31)), (D(2027, 2, 1), D(2027, 7, 31))]
    for every, period in (
        ("quarter", Period(D(2026, 10, 1), D(2026, 12, 31))), ("half", Period(D(2026, 7, 1), D(2026, 12, 31))), ("year", Period(D(2026, 1, 1), D(2026, 12, 31))),
        ("term", Period(D(2026, 8, 1), D(2027, 1, 31))),
    ):  # fmt: skip
        assert list(rules.periods(every, day, day, works=weekdays, terms=terms)) == [period]


def test_a_week_of_holidays_asks_for_nothing_but_what_is_daily() -> None:
    since, until = D(2026, 10, 5), D(2026, 10, 11)

    def holiday(day: date) -> bool:
        return False

    assert list(rules.periods("week", since, until, works=holiday)) == []
    assert len(list(rules.periods("day", since, until, works=holiday))) == 7


@given(
    st.dates(D(2020, 1, 1), D(2035, 1, 1)),
    st.integers(0, 800),
    st.sampled_from(["day", "workday", "week", "month", "quarter", "half", "year"]),
)
def test_periods_tile_time_and_each_touches_the_days(since: date, days: int, every: str) -> None:
    until = since + timedelta(days=days)
    found = list(rules.periods(every, since, until, works=lambda day: True))
    assert all(one.from_on <= until and one.until_on >= since for one in found)
    assert all(after.from_on == before.until_on + rules.DAY for before, after in pairwise(found))
    assert found[0].from_on <= since
    assert found[-1].until_on >= until


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0~8 ℃", {"least": Decimal(0), "most": Decimal(8), "unit": "℃"}), ("-18到-15℃", {"least": Decimal(-18), "most": Decimal(-15), "unit": "℃"}), ("≥125 克", {"least": Decimal(125), "unit": "克"}),
        ("不高于 120 秒", {"most": Decimal(120), "unit": "秒"}), ("优、良", None), ("", None), ("8℃", None),
    ],
)  # fmt: skip
def test_limits_of_a_reading(text: str, found: dict[str, Any] | None) -> None:
    assert rules.limits(text) == found
    if found:
        assert rules.limits(rules.told(found.get("least"), found.get("most"), found["unit"])) == found


def test_a_streak_is_told_with_its_holes() -> None:
    assert rules.streak([True] * 8 + [False] + [True] * 3) == "查了 11 次，第 9 次没查"
    assert rules.streak([True, True]) == "查了 2 次"
