"""Deadlines, who is told when, what makes a hazard a major one. No ORM, no clock."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple

GUIDE = "教发厅函〔2024〕20号"
"""《教育系统重大事故隐患判定指南》 (2024-06-24): any one of its direct items makes a hazard a major one. rules.md §4.6."""


class Direct(NamedTuple):
    """One item of the guide that is a major hazard by itself."""

    field: str
    item: str


@cache
def direct() -> tuple[Direct, ...]:
    """The direct items of the guide, as far as its text was at hand; a school writes others in its own words."""
    text = files("zongwu.safety").joinpath("data", "major.csv").read_text(encoding="utf-8")
    return tuple(Direct(**row) for row in csv.DictReader(text.splitlines()))


def is_direct(basis: str) -> bool:
    return any(one.item == basis for one in direct())


class Step(NamedTuple):
    """One step of the ladder: on which day who is told that it is not closed."""

    on: date
    who: str
    level: int


def ladder(due_on: date, supervisor_days: int, principal_days: int) -> list[Step]:
    """Who is told when a hazard is not closed in time: its owner on the day, his supervisor, the principal (ux.md §4.5)."""
    return [
        Step(due_on, "责任人", 1), Step(due_on + timedelta(days=supervisor_days), "督办人", 2), Step(due_on + timedelta(days=principal_days), "校长", 3),
    ]  # fmt: skip


def level(steps: Sequence[Step], today: date) -> int:
    """Which step of the ladder today has reached; 0 before the first."""
    return max((step.level for step in steps if step.on <= today), default=0)
