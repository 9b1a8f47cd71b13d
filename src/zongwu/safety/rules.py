"""Deadlines, who is told when, what makes a hazard a major one. No ORM, no clock."""

from __future__ import annotations

import csv
import re
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


OWNER, SUPERVISOR, PRINCIPAL = 1, 2, 3
"""The levels of the ladder, by whom each tells."""


class Step(NamedTuple):
    """One step of the ladder: on which day who is told that it is not closed."""

    on: date
    who: str
    level: int


def ladder(due_on: date, supervisor_days: int, principal_days: int) -> list[Step]:
    """Who is told when a hazard is not closed in time: its owner on the day, his supervisor, the principal (ux.md §4.5)."""
    return [
        Step(due_on, "责任人", OWNER), Step(due_on + timedelta(days=supervisor_days), "督办人", SUPERVISOR), Step(due_on + timedelta(days=principal_days), "校长", PRINCIPAL),
    ]  # fmt: skip


def level(steps: Sequence[Step], today: date) -> int:
    """Which step of the ladder today has reached; 0 before the first."""
    return max((step.level for step in steps if step.on <= today), default=0)


_FIELDS = (
    ("utility", r"燃气|煤气|电线|线路|漏电|插座|配电|电箱|水管|漏水"), ("food", r"食|餐|厨|饮水"), ("fire", r"消防|火|灭火|疏散|烟感|应急灯"), ("traffic", r"校车|交通|车辆|停车"), ("lab", r"实验|实训|危化|危险品|药品"),
    ("special", r"特种|电梯|锅炉|压力容器"), ("utility", r"电|水|气|燃|热|暖|线路|插座|漏"), ("crowd", r"踩踏|拥挤|楼梯口"),
    ("building", r"校舍|房|墙|屋|楼|栏杆|扶手|门窗|玻璃|建筑|护栏|地砖|吊顶|体育器材|器材"), ("security", r"治安|安防|监控|门卫|保安|围栏|刀"), ("around", r"周边|校门口|摊"),
)  # fmt: skip


def field_of(*words: str) -> str:
    """The field to which the first words that point to one point: what it is, then where; `other` where none does."""
    return next((field for said in words for field, pattern in _FIELDS if re.search(pattern, said)), "other")
