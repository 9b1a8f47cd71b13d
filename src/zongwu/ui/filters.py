"""The conditions of a list: what can be asked for, and what stands aside until it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters as f
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict

from zongwu.kernel.errors import Refused


class AmountFilter(f.NumberFilter):  # type: ignore[misc]
    """An amount as the records can hold it."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, min_value=0, max_value=10**12, decimal_places=4, **keywords)


class Filters(f.FilterSet):  # type: ignore[misc]
    """Conditions of one list. Made only where something is asked: half of its form are lists of people and rooms."""

    unless = ""
    """The condition that asks for the rows which otherwise stand aside, such as void cards."""

    @property
    def person(self) -> Any:
        """Who asks, where a person does: a condition such as 归我的 means him."""
        return getattr(getattr(self.request, "ctx", None), "person", None)

    @classmethod
    def asked(cls, query: QueryDict) -> bool:
        """Whether the address holds a condition at all."""
        return any(value for name in cls.base_filters for value in query.getlist(name))

    @classmethod
    def present(cls, rows: Any) -> QuerySet[Any]:
        """What is listed as long as nobody asks for the rest."""
        every: QuerySet[Any] = rows.all()
        return every

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get(self.unless) else self.present(rows)


def narrowed(kind: type[Filters], rows: Any, conditions: Mapping[str, str]) -> QuerySet[Any]:
    """The rows that conditions leave; values as an address has them, or as people say them (`department=信息中心`).

    :raises Refused: a condition that the list does not have, or a value that it does not know.
    """
    if strange := sorted(conditions.keys() - kind.base_filters.keys()):
        known = "、".join(f"{name}（{one.label}）" for name, one in kind.base_filters.items())
        raise Refused(f"没有叫「{'、'.join(strange)}」的筛选条件，可以用的有：{known}。")
    query = QueryDict(mutable=True)
    for name, value in conditions.items():
        query[name] = _meant(kind.base_filters[name], value)
    filters = kind(query, queryset=rows)
    if wrong := filters.form.errors.as_data():
        said = [
            _judged(str(kind.base_filters[name].label), conditions[name], errors[0]) for name, errors in wrong.items()
        ]
        raise Refused(f"筛选条件不对：{'；'.join(said)}。")
    found: QuerySet[Any] = filters.qs
    return found


def _judged(label: str, value: str, error: ValidationError) -> str:
    if error.code == "invalid_choice":
        return f"{label}里没有「{value}」"
    return f"{label}「{value}」：{error.messages[0].rstrip('。')}"


def _meant(narrowing: f.Filter, said: str) -> str:
    """A label or a name as the value that the condition takes; what is neither stays as it is, and is judged by the form."""
    if isinstance(narrowing, f.ModelChoiceFilter):
        things = [one for one in narrowing.extra["queryset"](None) if said in (str(one), getattr(one, "path", ""))]
        if len(things) > 1:
            raise Refused(f"有 {len(things)} 个「{said}」，请写编号：{'、'.join(str(one.pk) for one in things[:5])}。")
        return str(things[0].pk) if things else said
    choices = narrowing.extra.get("choices") or ()
    return next((str(value) for value, label in choices if said == label), said)
