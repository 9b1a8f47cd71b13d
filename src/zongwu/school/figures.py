"""Figures about the school itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from zongwu.kernel.accounts import Person
from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Count, Figure, Statement, Window
from zongwu.school.models import Place, Pupil, SchoolClass


def _classes(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = SchoolClass.objects.filter(Q(closed_on=None) | Q(closed_on__gt=window.until))
    return rows


def _pupils(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Pupil.objects.filter(status=Pupil.Status.PRESENT)
    return rows


def _people(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Person.objects.filter(Q(left_on=None) | Q(left_on__gt=window.until))
    return rows


def _rooms(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Place.objects.filter(
        Q(closed_on=None) | Q(closed_on__gt=window.until), level=Place.Level.ROOM
    )
    return rows


def _head_storerooms(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Place.objects.storerooms().filter(closed_on=None).exclude(parent__level=Place.Level.STOREROOM)
    return rows


def _branch_storerooms(window: Window) -> QuerySet[Any]:
    rows: QuerySet[Any] = Place.objects.storerooms().filter(closed_on=None, parent__level=Place.Level.STOREROOM)
    return rows


FIGURES = [
    Figure("school.classes", "教学班", "个", Count(), _classes, "期末在册、没有撤销的班级", as_of=True),
    Figure("school.pupils", "学生", "人", Count(), _pupils, "现在在校的学生", as_of=True),
    Figure("school.people", "教职工", "人", Count(), _people, "期末在校的教职工", as_of=True),
    Figure("school.rooms", "房间", "间", Count(), _rooms, "期末在用的房间，不含库房", as_of=True),
    Figure("school.head_storerooms", "总库房", "个", Count(), _head_storerooms, "不属于别的库房的库房", as_of=True),
    Figure("school.branch_storerooms", "分库房", "个", Count(), _branch_storerooms, "直属于总库房的库房", as_of=True),
]
STATEMENTS = [
    Statement("school.opening", "school", "保障{school.classes}个教学班、{school.pupils}名学生的日常运转。", ("school.classes", "school.pupils")),
    Statement(
        "school.storerooms", "assets", "学校设{school.head_storerooms}个总库房，直接管理{school.branch_storerooms}个分库房。",
        ("school.head_storerooms", "school.branch_storerooms"),
    ),
]  # fmt: skip
DUES: list[Due] = []
