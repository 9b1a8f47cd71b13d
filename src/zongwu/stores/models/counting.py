"""Book and shelf compared (三相符): what the books say is frozen, what lies there is written down, differences go through approval."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.approvals.models import Document, about
from zongwu.kernel.fields import QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.stores.models.items import Item
from zongwu.stores.models.slips import Slip

UNIQUE = SchoolModel.Meta.constraints


class StockCountQuerySet(ScopedQuerySet):
    reads = "stores.read_count"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            return Q(applicant=ctx.person) | Q(place__keeper=ctx.person) | about(ctx, StockCount.kind)
        return super().in_range(ctx, span)


class StockCount(Document):
    """One storeroom counted once."""

    kind = "stock_count"

    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="仓库")
    blind = models.BooleanField("盲盘", default=True, help_text="盘的人看不到账上有多少")
    slip = models.OneToOneField(
        Slip, models.PROTECT, null=True, blank=True, related_name="count", verbose_name="调整单"
    )
    kinds = models.PositiveIntegerField("几种", default=0)
    wrong = models.PositiveIntegerField("不符", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(StockCountQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="stock_count_number"),
            models.UniqueConstraint(
                fields=["school", "place"],
                condition=Q(state__in=("draft", "returned", "running")),
                name="stock_count_one_at_a_time",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "applied_on", "id"], name="stock_count_by_applied_on")
        ]
        verbose_name = "库存盘点"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def differs(self) -> str:
        """How many kinds differ; nothing before the count is handed in."""
        return "—" if self.may_change else str(self.wrong)


class StockCountLine(SchoolModel):
    """One batch as the books had it when the count began, and how many were counted."""

    count = models.ForeignKey(StockCount, models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveIntegerField("序号")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name="物品")
    lot = models.CharField("批次", max_length=30, blank=True)
    book = QuantityField("账面")
    counted = QuantityField("实盘", null=True, blank=True)  # type: ignore[misc]
    reason = models.CharField("差异原因", max_length=60, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "count", "item", "lot"], name="stock_count_line_once"),
            models.CheckConstraint(condition=Q(counted=None) | Q(counted__gte=0), name="stock_count_line_some"),
        ]
        verbose_name = "盘点明细"

    def __str__(self) -> str:
        return f"{self.item}{f' 批次 {self.lot}' if self.lot else ''}"

    @property
    def difference(self) -> Any:
        return None if self.counted is None else self.counted - self.book
