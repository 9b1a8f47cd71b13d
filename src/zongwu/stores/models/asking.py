"""What people ask the storeroom for, and how much a department may take without asking. ux.md §2.2."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.fields import QuantityField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet
from zongwu.stores.models.items import Item
from zongwu.stores.models.slips import Slip

UNIQUE = SchoolModel.Meta.constraints


class RequisitionQuerySet(ScopedQuerySet):
    reads = "stores.read_requisition"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span == "own" and ctx.person:
            return Q(applicant=ctx.person) | about(ctx, Requisition.kind)
        return super().in_range(ctx, span)

    def ready(self) -> RequisitionQuerySet:
        """To be handed out: within the quota, or approved."""
        return self.filter(state=DocumentState.APPROVED, slip=None)


class Requisition(Document):
    """Somebody asks for goods (领用申请). Within the quotas it goes straight to the keeper; above them it is approved first."""

    kind = "requisition"

    place = models.ForeignKey("school.Place", models.PROTECT, related_name="+", db_index=False, verbose_name="仓库")
    department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="记在部门"
    )  # fmt: skip
    school_class = models.ForeignKey(
        "school.SchoolClass", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="记在班级"
    )  # fmt: skip
    purpose = models.CharField("用途", max_length=100, blank=True)
    above = models.CharField("超出定额", max_length=200, blank=True)
    code = models.CharField("取货码", max_length=6, blank=True)
    slip = models.OneToOneField(
        Slip, models.PROTECT, null=True, blank=True, related_name="requisition", verbose_name="出库单"
    )

    objects: ClassVar[Any] = Scoped.from_queryset(RequisitionQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="requisition_number"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "applied_on", "id"], name="requisition_by_applied_on"),
            models.Index(fields=["school", "state", "id"], name="requisition_by_state"),
        ]
        verbose_name = "领用申请"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def stage(self) -> str:
        """Where it stands, in one word."""
        if self.slip_id:
            return "已领"
        return "待领取" if self.state == DocumentState.APPROVED else str(self.get_state_display())


class RequisitionLine(SchoolModel):
    requisition = models.ForeignKey(Requisition, models.PROTECT, related_name="lines", db_index=False)
    seq = models.PositiveIntegerField()
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_index=False, verbose_name="物品")
    quantity = QuantityField("数量")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "requisition", "item"], name="requisition_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="requisition_line_some"),
        ]
        verbose_name = "领用申请明细"

    def __str__(self) -> str:
        return str(self.item)


class QuotaQuerySet(ScopedQuerySet):
    reads = "stores.read_quota"

    def in_range(self, ctx: Any, span: str) -> Q:
        if span in ("own", "department"):
            return Q(department__in=ctx.departments)
        return super().in_range(ctx, span)


class Quota(SchoolModel):
    """How much of an item a department may take in a month or a term without being asked why."""

    kind = "quota"

    class Period(models.TextChoices):
        MONTH = "month", "每月"
        TERM = "term", "每学期"

    department = models.ForeignKey(
        "school.Department", models.PROTECT, related_name="+", db_index=False, verbose_name="部门"
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="quotas", db_index=False, verbose_name="物品")
    period = models.CharField("期间", max_length=6, choices=Period, default=Period.MONTH)
    quantity = QuantityField("定额")
    set_on = models.DateField("定于")

    objects: ClassVar[Any] = Scoped.from_queryset(QuotaQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "item", "department"], name="quota_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="quota_not_negative"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "set_on", "id"], name="quota_by_set_on")]
        verbose_name = "领用定额"

    def __str__(self) -> str:
        return f"{self.department} {self.item}"
