"""How the school's own lists are narrowed."""

from __future__ import annotations

from typing import Any

import django_filters as f
from django.db.models import QuerySet

from zongwu.kernel.accounts import Person
from zongwu.school.models import Department, Place, Pupil, SchoolClass


class PersonFilters(f.FilterSet):  # type: ignore[misc]
    department = f.ModelChoiceFilter(
        label="部门",
        queryset=lambda request: Department.objects.order_by("pinyin"),
        method="of_department",
        empty_label="不限",
    )
    present = f.ChoiceFilter(
        label="在校", choices=[("yes", "在校"), ("no", "已离校")], method="is_present", empty_label="不限"
    )

    class Meta:
        model = Person
        fields: list[str] = []

    def of_department(self, rows: QuerySet[Any], name: str, department: Department) -> QuerySet[Any]:
        members = department.appointments.filter(until_on=None).values("person")
        return rows.filter(pk__in=members)

    def is_present(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(left_on__isnull=value == "yes")


class PlaceFilters(f.FilterSet):  # type: ignore[misc]
    level = f.MultipleChoiceFilter(label="类别", choices=Place.Level.choices)
    under = f.ModelChoiceFilter(
        label="在哪里", queryset=lambda request: Place.objects.exclude(level=Place.Level.ROOM).order_by("path"), method="inside",
        empty_label="不限",
    )  # fmt: skip

    class Meta:
        model = Place
        fields: list[str] = []

    def inside(self, rows: QuerySet[Any], name: str, place: Place) -> QuerySet[Any]:
        return rows.filter(pk__in=Place.objects.under(place).values("pk"))


class PupilFilters(f.FilterSet):  # type: ignore[misc]
    school_class = f.ModelChoiceFilter(
        label="班级", queryset=lambda request: SchoolClass.objects.order_by("grade", "number"), empty_label="不限"
    )
    status = f.ChoiceFilter(label="状态", choices=Pupil.Status.choices, empty_label="不限")

    class Meta:
        model = Pupil
        fields: list[str] = []
