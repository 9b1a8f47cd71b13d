"""How the school's own lists are narrowed. What has ended stands aside unless it is asked for."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import Q, QuerySet

from zongwu.kernel import clock
from zongwu.kernel.accounts import Person
from zongwu.school.models import CalendarDay, Department, Place, Pupil, SchoolClass, Supplier
from zongwu.ui.filters import Filters


def _ended(label: str) -> f.ChoiceFilter:
    choices = [("yes", f"只看{label}的"), ("all", "都看")]
    return f.ChoiceFilter(label=label, choices=choices, method="is_ended", empty_label="不含")


class _Living(Filters):
    """Rows that end: on which day, stands in `ends`."""

    ends = "closed_on"
    unless = "ended"

    @classmethod
    def present(cls, rows: Any) -> QuerySet[Any]:
        return super().present(rows).filter(**{cls.ends: None})

    def is_ended(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows if value == "all" else rows.exclude(**{self.ends: None})


class PersonFilters(_Living):
    ends = "left_on"
    department = f.ModelChoiceFilter(
        label="部门",
        queryset=lambda request: Department.objects.filter(closed_on=None).order_by("pinyin"),
        method="of_department",
        empty_label="不限",
    )
    ended = _ended("离校")

    class Meta:
        model = Person
        fields: list[str] = []

    def of_department(self, rows: QuerySet[Any], name: str, department: Department) -> QuerySet[Any]:
        members = department.appointments.filter(until_on=None).values("person")
        return rows.filter(pk__in=members)


class PlaceFilters(_Living):
    level = f.MultipleChoiceFilter(label="类别", choices=Place.Level.choices, distinct=False)
    under = f.ModelChoiceFilter(
        label="在哪里", queryset=lambda request: Place.objects.exclude(level=Place.Level.ROOM).order_by("path"), method="inside",
        empty_label="不限",
    )  # fmt: skip
    ended = _ended("停用")

    class Meta:
        model = Place
        fields: list[str] = []

    def inside(self, rows: QuerySet[Any], name: str, place: Place) -> QuerySet[Any]:
        return rows.filter(pk__in=Place.objects.under(place).values("pk"))


class DepartmentFilters(_Living):
    ended = _ended("撤销")

    class Meta:
        model = Department
        fields: list[str] = []


class SupplierFilters(_Living):
    ended = _ended("停用")

    class Meta:
        model = Supplier
        fields: list[str] = []


class ClassFilters(_Living):
    grade = f.ChoiceFilter(
        label="年级",
        choices=[(n, f"{name}年级") for n, name in enumerate("一二三四五六七八九", 1)],
        empty_label="不限",
    )
    ended = _ended("毕业或撤班")

    class Meta:
        model = SchoolClass
        fields: list[str] = []


class PupilFilters(_Living):
    ends = "left_on"
    school_class = f.ModelChoiceFilter(
        label="班级",
        queryset=lambda request: SchoolClass.objects.open().order_by("grade", "number"),
        empty_label="不限",
    )
    ended = _ended("离校")

    class Meta:
        model = Pupil
        fields: list[str] = []


class CalendarFilters(Filters):
    unless = "year"

    year = f.ChoiceFilter(
        label="哪一年",
        choices=[("last", "去年"), ("next", "明年"), ("all", "所有年份")],
        method="in_year",
        empty_label="今年",
    )
    works = f.ChoiceFilter(
        label="放假还是补班", choices=[("false", "放假"), ("true", "补班")], method="is_works", empty_label="都看"
    )

    class Meta:
        model = CalendarDay
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> QuerySet[Any]:
        """The days of this year."""
        this_year: QuerySet[Any] = rows.live().filter(_year(0))
        return this_year

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return super().filter_queryset(queryset).filter(void=False)

    def in_year(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows if value == "all" else rows.filter(_year({"last": -1, "next": 1}[value]))

    def is_works(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(works=value == "true")


def _year(away: int) -> Q:
    return Q(day__year=clock.today().year + away)
