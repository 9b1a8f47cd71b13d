"""The conditions of a list: what can be asked for, and what stands aside until it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters as f
from django.db.models import QuerySet


class Filters(f.FilterSet):  # type: ignore[misc]
    """Conditions of one list. Made only where something is asked: half of its form are lists of people and rooms."""

    unless = ""
    """The condition that asks for the rows which otherwise stand aside, such as void cards."""

    @classmethod
    def asked(cls, query: Mapping[str, Any]) -> bool:
        """Whether the address holds a condition at all."""
        return any(query.get(name) for name in cls.base_filters)

    @classmethod
    def present(cls, rows: Any) -> QuerySet[Any]:
        """What is listed as long as nobody asks for the rest."""
        every: QuerySet[Any] = rows.all()
        return every

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get(self.unless) else self.present(rows)
