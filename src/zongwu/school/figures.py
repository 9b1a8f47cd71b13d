"""Figures about the school itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from zongwu.kernel.accounts import Person
from zongwu.kernel.dues import Due
from zongwu.kernel.figures import Count, Figure, Statement, Window
from zongwu.kernel.scope import SchoolModel
from zongwu.school import queries
from zongwu.school.models import Place, Pupil, SchoolClass


def _stood(model: type[SchoolModel], **narrowed: Any) -> Callable[[Window], QuerySet[Any]]:
    """What stood on the last day of the window."""
    return lambda window: queries.standing(model, window.until).filter(**narrowed)


LEVEL = Place.Level
FIGURES = [
    Figure("school.classes", "教学班", "个", Count(), _stood(SchoolClass), "期末在册的班级：已建班，还没有毕业或撤销", as_of=True),
    Figure("school.pupils", "学生", "人", Count(), _stood(Pupil), "期末在校的学生：已入学，还没有离校；离校后又回来的，离开那一段不算", as_of=True),
    Figure("school.people", "教职工", "人", Count(), _stood(Person), "期末在校的教职工：已入校，还没有离校；离校后又回来的，离开那一段不算", as_of=True),
    Figure("school.rooms", "房间", "间", Count(), _stood(Place, level=LEVEL.ROOM), "期末在用的房间，不含库房；类别以现在登记的为准", as_of=True),
    Figure("school.head_storerooms", "总库房", "个", Count(), _stood(Place, level=LEVEL.HEAD_STOREROOM), "期末在用的总库房；类别以现在登记的为准", as_of=True),
    Figure("school.branch_storerooms", "分库房", "个", Count(), _stood(Place, level=LEVEL.STOREROOM), "期末在用、由总库房管理的库房；类别以现在登记的为准", as_of=True),
]  # fmt: skip
STATEMENTS = [
    Statement("school.opening", "school", "保障{school.classes}个教学班、{school.pupils}名学生的日常运转。", ("school.classes", "school.pupils")),
    Statement(
        "school.storerooms", "assets", "学校设{school.head_storerooms}个总库房，直接管理{school.branch_storerooms}个分库房。",
        ("school.head_storerooms", "school.branch_storerooms"),
    ),
]  # fmt: skip
DUES: list[Due] = []
