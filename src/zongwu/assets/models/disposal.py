"""How things leave the register: an application with its list, frozen while it is being signed. Seeds R1.12–R1.14."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.assets.models.cards import Asset, State
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.fields import MoneyField
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet


class DisposalQuerySet(ScopedQuerySet):
    reads = "assets.read_disposal"

    def in_range(self, ctx: Any, span: str) -> Q:
        """One's own applications, and those on whose way one stands."""
        if span == "own" and ctx.person:
            return Q(applicant=ctx.person) | about(ctx, Disposal.kind)
        if span == "department":
            return Q(department__in=ctx.departments) | Q(applicant=ctx.person) | about(ctx, Disposal.kind)
        return super().in_range(ctx, span)

    def present(self) -> DisposalQuerySet:
        return self.exclude(state=DocumentState.DROPPED)

    def unsettled(self) -> DisposalQuerySet:
        """Struck off, and nobody has said yet what it brought."""
        return self.filter(state=DocumentState.APPROVED, settled_on=None)

    def awaiting(self) -> DisposalQuerySet:
        """Paperwork in hand, not yet struck off (R1.14)."""
        return self.filter(state__in=(DocumentState.RUNNING, DocumentState.RETURNED))


class Disposal(Document):
    """An application to dispose of things (资产处置申请). Forms: rules.md §1.6."""

    kind = "disposal"

    class Form(models.TextChoices):
        SCRAP = "scrap", "报废"
        LOSS = "loss", "报损"
        HAND_OUT = "hand_out", "无偿调出"
        DONATE = "donate", "对外捐赠"
        SALE = "sale", "出售"
        EXCHANGE = "exchange", "置换"

    form = models.CharField("处置形式", max_length=10, choices=Form, default=Form.SCRAP)
    reason = models.CharField("处置原因", max_length=300)
    department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="使用部门"
    )  # fmt: skip
    appraiser = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="鉴定人"
    )
    second_appraiser = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="第二鉴定人"
    )
    receiver = models.CharField("接收或回收单位", max_length=60, blank=True)
    cards = models.PositiveIntegerField("卡片数", default=0)
    value = MoneyField("原值合计", default=0)
    proceeds = MoneyField("处置收入", default=0)
    receipt_number = models.CharField("缴款凭证号", max_length=40, blank=True)
    settled_on = models.DateField("收入上缴日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(DisposalQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "number"], name="disposal_number"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", column, "id"], name=f"disposal_by_{column}")
            for column in ("applied_on", "state", "value")
        ]
        verbose_name = "资产处置"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def net(self) -> Any:
        """Net book value of the list, yuan."""
        return sum((line.net for line in self.lines.all()), Decimal(0))


class DisposalLine(SchoolModel):
    """One card on the list, with what the books said of it when the list was made."""

    disposal = models.ForeignKey(Disposal, models.PROTECT, related_name="lines", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="disposal_lines", db_index=False)
    seq = models.PositiveIntegerField()
    reason = models.CharField("报废原因", max_length=60, blank=True)
    finding = models.CharField("鉴定意见", max_length=60, blank=True)
    value = MoneyField("原值")
    accumulated = MoneyField("累计折旧", default=0)
    state_before = models.CharField(max_length=10, choices=State)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "disposal", "asset"], name="disposal_line_once"),
        ]
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "asset"], name="disposal_line_of_asset")]
        verbose_name = "处置明细"

    def __str__(self) -> str:
        return str(self.asset)

    @property
    def net(self) -> Any:
        return self.value - self.accumulated
