"""The register held against the card list that the finance bureau's system exports (与财政资产卡片核对)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from zongwu.assets.models.cards import Asset
from zongwu.kernel.accounts import Person
from zongwu.kernel.fields import MoneyField, QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class ReconciliationQuerySet(ScopedQuerySet):
    reads = "assets.reconcile"


class Reconciliation(SchoolModel):
    """One comparison: how many cards are the same, and every one that is not as a line of its own."""

    kind = "reconciliation"

    number = models.CharField("单号", max_length=40)
    file_name = models.CharField("文件", max_length=160)
    made_on = models.DateField("核对日期")
    made_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="核对人"
    )
    ours = models.PositiveIntegerField("台账卡片", default=0)
    theirs = models.PositiveIntegerField("财政卡片", default=0)
    our_value = MoneyField("台账原值", default=0)
    their_value = MoneyField("财政原值", default=0)
    same = models.PositiveIntegerField("一致", default=0)
    differ = models.PositiveIntegerField("不一致", default=0)
    only_here = models.PositiveIntegerField("只在台账", default=0)
    only_there = models.PositiveIntegerField("只在财政", default=0)
    unread = models.PositiveIntegerField("没读懂的行", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(ReconciliationQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE, models.UniqueConstraint(fields=["school", "number"], name="reconciliation_number")
        ]  # fmt: skip
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "made_on", "id"], name="reconciliation_by_made_on")
        ]
        verbose_name = "财政核对"

    def __str__(self) -> str:
        return f"{self.number} {self.file_name}"

    @property
    def gap(self) -> Any:
        """Yuan by which the register is worth more than the finance bureau's list."""
        return self.our_value - self.their_value


class Mismatch(SchoolModel):
    """One card that is not the same on both sides."""

    kind = "mismatch"

    class Result(models.TextChoices):
        DIFFERS = "differs", "不一致"
        HERE = "here", "只在台账"
        THERE = "there", "只在财政"

    reconciliation = models.ForeignKey(
        Reconciliation, models.PROTECT, related_name="lines", db_index=False, verbose_name="核对"
    )
    result = models.CharField("结果", max_length=8, choices=Result)
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="台账卡片"
    )
    finance_number = models.CharField("财政卡片号", max_length=40, blank=True)
    name = models.CharField("财政名称", max_length=100, blank=True)
    quantity: Any = QuantityField("财政数量", null=True)  # type: ignore[misc]
    value: Any = MoneyField("财政原值", null=True)  # type: ignore[misc]
    says = models.CharField("差在哪里", max_length=300, blank=True)
    row = models.PositiveIntegerField("表上第几行", null=True)
    settled_on = models.DateField("办完日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=100, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(ReconciliationQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = UNIQUE
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "reconciliation", "result", "id"], name="mismatch_of"),
            models.Index(fields=["school", "result", "id"], name="mismatch_by_result"),
        ]
        verbose_name = "核对差异"

    def __str__(self) -> str:
        return f"{self.finance_number or self.asset} {self.get_result_display()}"
