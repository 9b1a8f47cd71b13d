"""What a person keeps about pages: views of a list, and which columns he wants to see."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet


class SavedViewQuerySet(ScopedQuerySet):
    def visible_to(self, ctx: Any) -> SavedViewQuerySet:
        """His own and those that colleagues share."""
        return self.filter(Q(shared=True) | Q(person=ctx.person), removed_on=None)


class ListChoiceQuerySet(ScopedQuerySet):
    def visible_to(self, ctx: Any) -> ListChoiceQuerySet:
        """One's own."""
        return self.filter(person=ctx.person)


class SavedView(SchoolModel):
    """A named filter and order of one list, kept as its query string."""

    kind = "saved_view"

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="建立人")
    screen = models.CharField("列表", max_length=60)
    name = models.CharField("名称", max_length=20)
    query = models.CharField("条件", max_length=1000, blank=True)
    shared = models.BooleanField("全校可见", default=False)
    removed_on = models.DateField("删除日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(SavedViewQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(
                fields=["school", "person", "screen", "name"], condition=Q(removed_on=None), name="saved_view_name"
            ),
        ]
        verbose_name = "视图"

    def __str__(self) -> str:
        return self.name


class ListChoice(SchoolModel):
    """The columns and the page length that a person chose for one list."""

    kind = "list_choice"

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name="人员")
    screen = models.CharField("列表", max_length=60)
    columns = models.JSONField("列", default=list)
    page_length = models.PositiveSmallIntegerField("每页", default=50)

    objects: ClassVar[Any] = Scoped.from_queryset(ListChoiceQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "person", "screen"], name="list_choice_once"),
        ]
        verbose_name = "列的选择"

    def __str__(self) -> str:
        return self.screen
