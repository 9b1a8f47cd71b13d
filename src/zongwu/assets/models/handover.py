"""Things change hands: one slip for many things, signed by both sides (领用单、调拨单、移交单、借用单). Seeds R1.16, R2.05."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from zongwu.assets.models.cards import Asset, Condition
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.models import Document, DocumentState, about
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

UNIQUE = SchoolModel.Meta.constraints


class HandoverQuerySet(ScopedQuerySet):
    reads = "assets.read_handover"

    def in_range(self, ctx: Any, span: str) -> Q:
        """Those that one drew up, receives or signs."""
        mine = NOBODY
        if ctx.person and span in ("own", "department"):
            mine = Q(applicant=ctx.person) | Q(receiver=ctx.person) | about(ctx, Handover.kind)
        if span == "department":
            return mine | Q(from_department__in=ctx.departments) | Q(to_department__in=ctx.departments)
        return mine if span == "own" and ctx.person else super().in_range(ctx, span)

    def lent(self) -> HandoverQuerySet:
        """Loans of which something is still out."""
        out = HandoverLine.objects.filter(returned_on=None).values("handover")
        return self.filter(form=Handover.Form.LOAN, state=DocumentState.APPROVED, pk__in=out)

    def overdue(self, today: date) -> HandoverQuerySet:
        return self.lent().filter(due_on__lt=today)


NOBODY = Q(pk__in=())


class Handover(Document):
    """A slip by which things pass from one to another; the register follows with the last signature."""

    kind = "handover"

    class Form(models.TextChoices):
        ISSUE = "issue", "领用"
        LOAN = "loan", "借用"
        TRANSFER = "transfer", "部门调拨"
        LEAVE = "leave", "保管移交"

    form = models.CharField("办什么", max_length=10, choices=Form)
    giver = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="移交人"
    )
    receiver = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+", verbose_name="接收人")
    witness = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="监交人"
    )
    from_department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="移出部门"
    )  # fmt: skip
    to_department = models.ForeignKey(
        "school.Department", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="移入部门"
    )  # fmt: skip
    to_place = models.ForeignKey(
        "school.Place", models.PROTECT, null=True, blank=True, db_index=False, related_name="+", verbose_name="放到哪里"
    )  # fmt: skip
    reason = models.CharField("用途或原因", max_length=200, blank=True)
    due_on = models.DateField("归还期限", null=True, blank=True)
    cards = models.PositiveIntegerField("卡片数", default=0)

    objects: ClassVar[Any] = Scoped.from_queryset(HandoverQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "number"], name="handover_number"),
            models.CheckConstraint(condition=~Q(form="loan") | Q(due_on__isnull=False), name="handover_loan_is_due"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "applied_on", "id"], name="handover_by_applied_on"),
            models.Index(fields=["school", "form", "state", "due_on"], name="handover_lent"),
        ]
        verbose_name = "交接单"

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class HandoverLine(SchoolModel):
    """One thing on a slip; of a loan also how it came back."""

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="lines", db_index=False)
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="handover_lines", db_index=False)
    seq = models.PositiveIntegerField()
    state_before = models.CharField(max_length=10, blank=True)
    place_before = models.ForeignKey("school.Place", models.PROTECT, null=True, related_name="+", db_index=False)
    user_before = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False)
    returned_on = models.DateField("归还日期", null=True, blank=True)
    condition = models.CharField("归还时", max_length=8, choices=Condition, blank=True)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *UNIQUE,
            models.UniqueConstraint(fields=["school", "handover", "asset"], name="handover_line_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "asset", "returned_on"], name="handover_line_of_asset")
        ]
        verbose_name = "交接明细"

    def __str__(self) -> str:
        return str(self.asset)
