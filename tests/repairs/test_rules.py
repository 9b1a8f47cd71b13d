"""Whose a repair is, by when, and how long it took."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from zongwu.repairs import rules
from zongwu.repairs.rules import Post

POSTS = [
    Post(1, "", ""),
    Post(2, "light", ""),
    Post(3, "", "本部/教学楼A"),
    Post(4, "light", "本部/教学楼A"),
    Post(5, "", "本部/教学楼A/301"),
]


@pytest.mark.parametrize(
    ("fault", "path", "worker"),
    [
        ("water", "本部/图书馆", 1), ("light", "本部/图书馆", 2), ("water", "本部/教学楼A/101", 3), ("light", "本部/教学楼A/101", 4),
        ("light", "本部/教学楼A/301", 5), ("water", "本部/教学楼A", 3), ("water", "本部/教学楼AB/1", 1),
    ],
)  # fmt: skip
def test_the_nearest_place_then_the_named_kind(fault: str, path: str, worker: int) -> None:
    assert rules.whose(POSTS, fault, path) == worker


def test_nobody_where_no_line_fits() -> None:
    assert rules.whose([Post(2, "light", "本部/食堂")], "light", "本部/图书馆") is None


def test_what_is_urgent_is_due_the_same_day() -> None:
    assert rules.due(date(2026, 11, 23), True, 3) == date(2026, 11, 23)
    assert rules.due(date(2026, 11, 23), False, 3) == date(2026, 11, 26)


def test_time_put_off_is_not_counted() -> None:
    began = datetime(2026, 11, 23, 8)
    assert rules.minutes(began, began + timedelta(hours=5), 120) == 180
    assert rules.minutes(began, began + timedelta(minutes=5), 10) == 0
