"""How the register is narrowed. Labels are given here: the filter library's own would come out in English."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django_filters as f
from django.db.models import Q, QuerySet

from zongwu.assets.models import Asset, Condition, Method, State
from zongwu.kernel import clock
from zongwu.kernel.accounts import Person
from zongwu.school.models import Department, Place
from zongwu.ui.filters import AmountFilter, Filters

_WAITING: dict[str, tuple[str, Callable[[Any, date], Any]]] = {
    "date": ("日期待确认", lambda rows, today: rows.waiting_for_date()),
    "category": ("分类待确认", lambda rows, today: rows.on_books().filter(category_confirmed=False)),
    "state": ("状况待确认", lambda rows, today: rows.on_books().filter(state_known=False)),
    "value": ("原值为 0", lambda rows, today: rows.on_books().filter(value=0)),
    "broken": ("损坏未处理", lambda rows, today: rows.broken()),
    "overdue": ("借出过期没还", lambda rows, today: rows.lent_beyond(today)),
    "warranty": (
        "保修快到期", lambda rows, today: rows.on_books().filter(warranty_until__range=(today, today + timedelta(days=30)))
    ),
}  # fmt: skip


class AssetFilters(Filters):
    unless = "void"

    state = f.MultipleChoiceFilter(label="状况", choices=State.choices, distinct=False)
    condition = f.ChoiceFilter(label="完好", choices=Condition.choices, empty_label="不限")
    place = f.ModelChoiceFilter(
        label="地点", queryset=lambda request: Place.objects.order_by("path"), method="in_place", empty_label="不限"
    )
    department = f.ModelChoiceFilter(
        label="部门", queryset=lambda request: Department.objects.order_by("pinyin"), empty_label="不限"
    )
    person = f.ModelChoiceFilter(
        label="人员",
        queryset=lambda request: Person.objects.present().order_by("pinyin"),
        method="of_person",
        empty_label="不限",
    )
    category = f.CharFilter(label="分类代码", lookup_expr="startswith")
    method = f.ChoiceFilter(label="取得方式", choices=Method.choices, empty_label="不限")
    acquired_after = f.DateFilter(label="取得不早于", field_name="acquired_on", lookup_expr="gte")
    acquired_before = f.DateFilter(label="取得不晚于", field_name="acquired_on", lookup_expr="lte")
    value_min = AmountFilter(label="原值不少于（元）", field_name="value", lookup_expr="gte")
    value_max = AmountFilter(label="原值不超过（元）", field_name="value", lookup_expr="lte")
    waiting = f.ChoiceFilter(
        label="待办", choices=[(k, v[0]) for k, v in _WAITING.items()], method="is_waiting", empty_label="不限"
    )

    void = f.ChoiceFilter(label="作废", choices=[("yes", "已作废")], method="is_void", empty_label="不含作废")

    class Meta:
        model = Asset
        fields: list[str] = []

    @classmethod
    def present(cls, rows: Any) -> QuerySet[Any]:
        """Void cards stand aside."""
        live: QuerySet[Any] = rows.live()
        return live

    def is_void(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(void=True)

    def in_place(self, rows: QuerySet[Any], name: str, place: Place) -> QuerySet[Any]:
        """The place and everything in it."""
        return rows.filter(place__in=Place.objects.under(place).values("pk"))

    def of_person(self, rows: QuerySet[Any], name: str, person: Person) -> QuerySet[Any]:
        return rows.filter(Q(custodian=person) | Q(user=person) | Q(responsible=person))

    def is_waiting(self, rows: Any, name: str, what: str) -> QuerySet[Any]:
        today: date = clock.today()
        narrowed: QuerySet[Any] = _WAITING[what][1](rows, today)
        return narrowed
