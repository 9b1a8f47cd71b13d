"""Somebody asks for a thing; before it is bought, he is told what stands idle elsewhere. Seed R1.16."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.assets.models.handover import Handover
from zongwu.kernel.accounts import Person
from zongwu.kernel.fields import QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class ItemRequestQuerySet(ScopedQuerySet):
    reads = "assets.ask_for_item"

    def in_range(self, ctx: Any, span: str) -> Q:
        """One's own, and those of one's department."""
        if span == "own" and ctx.person:
            return Q(asked_by=ctx.person)
        if span == "department" and ctx.person:
            return Q(asked_by=ctx.person) | Q(department__in=ctx.departments)
        return super().in_range(ctx, span)

    def open(self) -> ItemRequestQuerySet:
        return self.filter(answered_on=None)


class ItemRequest(SchoolModel):
    """What is wanted, and what became of it: a slip by which it was handed out, or a word why not."""

    kind = "itemrequest"

    number = models.CharField("单号", max_length=40)
    what = models.CharField("要什么", max_length=60)
    quantity = QuantityField("数量", default=1)
    reason = models.CharField("用途", max_length=200)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name="申请人")
    department = models.ForeignKey(
        "school.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="部门",
    )
    asked_on = models.DateField("申请日期")
    told = models.CharField("申请时闲置的", max_length=300, blank=True, editable=False)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    handover = models.ForeignKey(
        Handover, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="交接单"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(ItemRequestQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "number"], name="itemrequest_number")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "asked_on", "id"], name="itemrequest_by_asked_on"),
            models.Index(fields=["school", "answered_on"], name="itemrequest_open"),
        ]
        verbose_name = "要东西"

    def __str__(self) -> str:
        return f"{self.number} {self.what}"
